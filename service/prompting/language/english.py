"""English typography, and what a formal register does without: contractions, slang, exclamation marks."""

import re
from typing import Final

from service.prompting.language.fault import FaultCode
from service.prompting.language.rules import Rule

_SP = "[ \u00a0\u2009\u202f]"
_QUOTES = ("Quotation marks are “ ”", "Les guillemets anglais sont “ ”")

TYPOGRAPHY: Final = (
    Rule(
        re.compile(rf"(?<=[\w)\]%”’*]){_SP}+(?P<mark>[!?]+|[;:])(?=\s|$|[)\]”])"),
        r"\g<mark>",
        "No space stands before ; : ! ?",
        "Aucune espace ne précède ; : ! ? en anglais",
    ),
    Rule(
        re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])|(?<=[^\W\d_]s)'(?=\s|$)"),
        "’",
        "An apostrophe is ’",
        "L’apostrophe s’écrit ’",
    ),
    Rule(re.compile(r"(?<![^\s(\[‘'*_—–])\"(?=[^\s\"“”][^\"“”\n]{0,300}\"(?![\w\"]))"), "“", *_QUOTES),
    Rule(
        re.compile(r"(?<=[^\s\"“])\"(?![\w\"])"),
        lambda found: "”" if _is_opened(found) else found.group(),
        *_QUOTES,
    ),
    Rule(re.compile(rf"«{_SP}*(?=[^\s»][^«»\n]*»)"), "“", *_QUOTES),
    Rule(re.compile(rf"(?<=[^\s«]){_SP}*»"), lambda found: "”" if _is_opened(found) else found.group(), *_QUOTES),
    Rule(
        re.compile(r"(?<!\.)\.{3}(?!\.)"),
        "…",
        "An ellipsis is one character",
        "Les points de suspension sont un seul caractère",
    ),
    Rule(
        re.compile(rf"(?<=\d){_SP}+(?=%(?!\w))"),
        "",
        "No space stands before %",
        "Aucune espace ne précède % en anglais",
    ),
    Rule(re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|;:!?»%])"), " ", "One space is enough", "Une seule espace suffit"),
)

_EXPANDED: Final = {
    "can't": "cannot", "won't": "will not", "shan't": "shall not", "ain't": "is not", "let's": "let us", "y'all": "you",
    "i'm": "I am", "cannot've": "cannot have",
}  # fmt: skip
_SLANG: Final = {
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "kinda": "rather", "sorta": "rather",
    "lemme": "let me", "gimme": "give me", "dunno": "do not know", "outta": "out of", "cuz": "because",
    "coz": "because", "thx": "thank you", "thnx": "thank you", "pls": "please", "plz": "please", "ur": "your",
    "yeah": "yes", "yep": "yes", "yup": "yes", "nope": "no", "nah": "no", "hey": "hello", "hiya": "hello",
    "howdy": "hello", "heya": "hello", "asap": "as soon as possible", "fyi": "for your information",
    "btw": "by the way", "tbh": "to be honest", "imho": "in our view", "gotcha": "understood",
}  # fmt: skip
_UNMENDED: Final = (
    "lol", "omg", "wtf", "sup", "bro", "dude", "buddy", "guys", "folks", "awesome", "no worries", "no biggie",
    "oops", "whoops", "yay", "woohoo", "my bad", "cheers", "you bet", "hang tight", "super easy", "heads up",
    "no prob", "brb", "thanks a bunch", "wow",
)  # fmt: skip
_R = FaultCode.REGISTER
_FORMAL = ("Formal English writes contractions out", "L’anglais soutenu écrit les formes pleines")
_NO_SLANG = ("Formal English avoids slang", "L’anglais soutenu évite l’argot")


_EARLIER = r" (?:already |just |now |always |never |not )?"
_ITSELF = (
    "arrived|happened|stopped|started|changed|expired|failed|disappeared|vanished|worked|crashed|ended|appeared|dropped"
)
_DONE = re.compile(rf"{_EARLIER}(?:been|had|got|gone|come|made|sent|\w{{3,}}ed)\b")
_BEEN = re.compile(rf"{_EARLIER}(?:been|had|got|become|{_ITSELF})\b")
_PEOPLE = frozenset({"he", "she", "who"})
_ASKING = re.compile(r"(?:^|[.!?:;,\n(“\"]\s*|\b(?:why|when|where|how|what|which|who|and|or|but|so) )$", re.IGNORECASE)
"""What stands before a verb that asks."""
_IRREGULAR_STEMS: Final = {"can't": "can", "won't": "will", "shan't": "shall", "ain't": "is"}


def _expand(found: re.Match[str]) -> str:
    word = found.group()
    whole = _EXPANDED.get(word.lower().replace("’", "'")) or _by_ending(word, found.string[found.end() :])
    return _cased(whole, word)


def _inverted(found: re.Match[str]) -> str:
    """Put "not" behind the subject where the verb stands before it: "Don't you", "why isn't it"."""
    if not _ASKING.search(found.string[: found.start()]):
        return found.group()
    verb = found["verb"].lower().replace("’", "'")
    stem = _IRREGULAR_STEMS.get(verb, verb.removesuffix("n't"))
    return f"{_cased(stem, found['verb'])} {found['who']} not"


def _by_ending(word: str, after: str) -> str:
    if never := re.fullmatch(r"(\w+)n['’]t['’]ve", word, re.IGNORECASE):
        return f"{never[1]} not have"
    stem, ending = re.split(r"(?=n['’]t$)|(?=['’]\w+$)", word, maxsplit=1, flags=re.IGNORECASE)
    endings = {"n't": "not", "re": "are", "ve": "have", "ll": "will", "m": "am"}
    key = ending.lower().replace("’", "'").removeprefix("'")
    if key == "d":
        return f"{stem} {'had' if _DONE.match(after) or after.startswith(' better') else 'would'}"
    if key == "s":
        # What is refunded or shipped is a thing; who has refunded is a person, and what has arrived came by itself.
        has = (_DONE if stem.lower() in _PEOPLE else _BEEN).match(after) and not after.startswith(" not ")
        return f"{stem} {'has' if has else 'is'}"
    return f"{stem} {endings[key]}"


def _cased(words: str, model: str) -> str:
    if len(model) > 2 and model.isupper():  # noqa: PLR2004 - "I'm" and "OK" shout nothing
        return words.upper()
    return words[0].upper() + words[1:] if model[0].isupper() else words


FORMALITY: Final = (
    Rule(
        re.compile(r"\b(?P<verb>[a-z]+n['’]t) (?P<who>i|you|he|she|it|we|they)\b(?!['’])", re.IGNORECASE),
        _inverted,
        *_FORMAL,
        _R,
    ),
    Rule(
        re.compile(
            r"\b(?:[a-z]+n['’]t(?:['’]ve)?|y['’]all|let['’]s|i['’]m|[a-z]+['’](?:re|ve|ll)"
            r"|(?:i|you|we|they|he|she|it|that|there|who|what)['’]d"
            r"|(?:he|she|it|that|there|here|who|what|where|how|when|everything|something|nothing)['’]s"
            r"|[a-z]+['’]s(?= (?:on|in|at|not|been|going|being|the|an?)(?![\w-])))(?![\w’'-])",
            re.IGNORECASE,
        ),
        _expand,
        *_FORMAL,
        _R,
    ),
    Rule(
        re.compile(rf"(?<![\w'’-])(?:{'|'.join(_SLANG)})(?![\w'’-])", re.IGNORECASE),
        lambda found: _cased(_SLANG[found.group().lower()], "Ab" if found.group()[0].isupper() else "ab"),
        *_NO_SLANG,
        _R,
    ),
    Rule(
        re.compile(rf"{_SP}*[!?]*![!?]*"),
        lambda found: "?" if "?" in found.group() else ".",
        "Formal English does without exclamation marks",
        "L’anglais soutenu se passe de points d’exclamation",
        _R,
    ),
)
"""Contractions first, then slang that has a plain word; each has its repair."""

INFORMAL: Final = re.compile(rf"(?<![\w'’-])(?:{'|'.join(_UNMENDED)})(?![\w'’-])", re.IGNORECASE)
"""Informal words that only a person can replace."""

NO_SLANG: Final = _NO_SLANG


def _is_opened(closing: re.Match[str]) -> bool:
    line = closing.string[closing.string.rfind("\n", 0, closing.start()) + 1 : closing.start()]
    if "»" in closing.group():
        return line.count("«") + line.count("“") > line.count("”") + line.count("»")
    return line.count("“") > line.count("”") or bool(re.search(r"(?:^|[\s(\[‘'*_—–])\"(?=[^\s\"“”])[^\"“”]*$", line))
