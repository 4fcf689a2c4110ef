"""
Ways to spoil a true sentence, and ways to say it otherwise without changing it; French and English, seeded.

Nothing here is shared with the checks: what recognises a change must not be what made it.
"""

import random
import re
from collections.abc import Callable, Sequence

Change = Callable[[str, random.Random, Sequence[str]], str | None]
"""Sentence, dice and other texts' names → the changed sentence; None when it has nothing of the kind."""

_ADDRESS = re.compile(r"https?://\S+[\w/]|[\w.+-]+@[\w-]+\.[\w.-]*\w|\bwww\.\S+\w")
_MONEY = re.compile(r"[€£$]\s?\d[\d.,]*\d|[€£$]\s?\d|\d[\d.,  ]*\s?(?:€|euros?\b|EUR\b|dollars?\b|pounds?\b)")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:er)? (?:{'|'.join(_MONTHS)})(?: \d{{4}})?|\b(?:{'|'.join(_MONTHS)}) \d{{1,2}}(?:, \d{{4}})?\b"
    rf"|\b\d{{1,2}}/\d{{1,2}}/\d{{4}}|\b\d{{4}}-\d\d-\d\d\b|\b(?:{'|'.join(_MONTHS)}) \d{{4}}\b"
)
_SPAN_OF_TIME = re.compile(
    r"\b(jours? ouvrés|jours?|semaines?|mois|ans?|heures?|minutes?|business days?|days?|weeks?|months?|years?|hours?)\b"
)
_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)?(?![\w/-]|[.,]\d)")
_NUMBER_WORD = re.compile(
    r"\b(deux|trois|quatre|cinq|six|sept|huit|dix|quinze|trente|two|three|four|five|seven|eight|ten|thirty)\b"
    r"(?= (?:jours?|mois|ans|semaines?|heures?|fois|days?|months?|years?|weeks?|hours?|times))"
)
_OTHER_WORD = {
    "deux": "trois", "trois": "cinq", "quatre": "six", "cinq": "huit", "six": "quatre", "sept": "dix", "huit": "cinq",
    "dix": "quinze", "quinze": "trente", "trente": "quinze", "two": "three", "three": "five", "four": "six",
    "five": "eight", "seven": "ten", "eight": "five", "ten": "fifteen", "thirty": "twenty",
}  # fmt: skip
_OTHER_TIME = {
    "jours ouvrés": "jours", "jour": "mois", "jours": "semaines", "semaine": "mois", "semaines": "jours",
    "mois": "ans", "an": "mois", "ans": "mois", "heure": "minute", "heures": "jours", "minute": "heure",
    "minutes": "heures", "business day": "day", "business days": "days", "day": "week", "days": "weeks",
    "week": "month", "weeks": "days", "month": "year", "months": "years", "year": "month", "years": "months",
    "hour": "minute", "hours": "days",
}  # fmt: skip
NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][\w’'-]+(?: (?:[A-ZÀ-Ý][\w’'-]+))*")
_FRENCH_DENIED = (
    (re.compile(r"\bn['’](est|ont|a|était|êtes) pas\b"), r"\1"),
    (re.compile(r"\bne (\w+) (?:pas|plus|jamais)\b"), r"\1"),
)
_FRENCH_STATED = (
    (re.compile(r"(?<!n['’])\b(est|ont|était|êtes)\b(?! (?:pas|plus))"), r"n’\1 pas"),
    (
        re.compile(r"(?<!ne )\b(peut|peuvent|doit|doivent|sont|permet|permettent|concerne|faut|pouvez|devez)\b"),
        r"ne \1 pas",
    ),
)
_ENGLISH_DENIED = (
    (re.compile(r"\bcannot\b|\bcan't\b|\bcan’t\b"), "can"),
    (re.compile(r"\b(is|are|was|were|can|must|will|should|may|has|have) not\b"), r"\1"),
    (re.compile(r"\b(?:do|does) not "), ""),
    (re.compile(r"\b(?:don|doesn)['’]t "), ""),
)
_ENGLISH_STATED = (
    (re.compile(r"\b(is|are|was|were|can|must|will|should|may)\b(?! not|not)"), r"\1 not"),
    (re.compile(r"\b(supports?|requires?|includes?|allows?|applies|apply)\b"), r"does not \1"),
)
_OPPOSITES = (
    ("avant", "après"), ("before", "after"), ("au moins", "au plus"), ("at least", "at most"), ("avec", "sans"),
    ("with", "without"), ("gratuit", "payant"), ("obligatoire", "facultatif"), ("autorisé", "interdit"),
    ("toujours", "jamais"), ("always", "never"), ("more than", "less than"), ("plus de", "moins de"),
    ("minimum", "maximum"), ("inclut", "exclut"), ("includes", "excludes"), ("enable", "disable"),
    ("possible", "impossible"), ("accepte", "refuse"), ("required", "optional"), ("supérieur", "inférieur"),
    ("increase", "decrease"), ("publique", "privée"), ("public", "private"), ("first", "last"),
    ("sauf", "y compris"), ("except", "including"), ("valid", "invalid"), ("successful", "failed"),
)  # fmt: skip
_OTHER_WORDS = {
    "afin de": "pour", "également": "aussi", "obtenir": "recevoir", "par exemple": "notamment", "lorsque": "quand",
    "indiquer": "préciser", "utiliser": "se servir de", "nécessaire": "indispensable", "demander": "solliciter",
    "in order to": "to", "obtain": "get", "provides": "gives", "provide": "give", "such as": "like",
    "specify": "indicate", "choose": "select", "verify": "check", "contains": "holds", "customers": "clients",
    "use": "employ", "create": "make", "information": "details",
}  # fmt: skip
_LEADS = {
    "fr": ("À noter : ", "Pour information, ", "Sachez que "),
    "en": ("Please note that ", "Note: ", "In short, "),
}
_SPOKEN = {"2": ("deux", "two"), "3": ("trois", "three"), "5": ("cinq", "five"), "7": ("sept", "seven"),
           "10": ("dix", "ten"), "14": ("quatorze", "fourteen"), "30": ("trente", "thirty")}  # fmt: skip


def number(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    spans = _free(_NUMBER, sentence, (_ADDRESS, _MONEY, _DATE)) + list(_NUMBER_WORD.finditer(sentence))
    return _replace(sentence, dice, spans, lambda found: _OTHER_WORD.get(found) or _other_figure(found, dice))


def amount(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    return _replace(sentence, dice, list(_MONEY.finditer(sentence)), lambda found: _other_digits(found, dice))


def date(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    return _replace(sentence, dice, list(_DATE.finditer(sentence)), lambda found: _other_day(found, dice))


def time_unit(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    spans = [found for found in _SPAN_OF_TIME.finditer(sentence) if re.search(r"\d ?$", sentence[: found.start()])]
    return _replace(sentence, dice, spans, lambda found: _OTHER_TIME[found])


def address(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    def other(found: str) -> str:
        places = [place for place, letter in enumerate(found) if letter.isalpha() and place > len(found) // 3]
        place = dice.choice(places)
        return found[:place] + dice.choice("qxzkw".replace(found[place].lower(), "")) + found[place + 1 :]

    return _replace(sentence, dice, list(_ADDRESS.finditer(sentence)), other)


def entity(sentence: str, dice: random.Random, names: Sequence[str]) -> str | None:
    said = set(re.findall(r"\w+", sentence.lower()))
    others = [name for name in names if not said & set(re.findall(r"\w+", name.lower()))]
    return _replace(sentence, dice, list(NAME.finditer(sentence)), lambda _: dice.choice(others)) if others else None


def negation(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    french = bool(re.search(r"\b(?:le|la|les|des|une|est|dans|pour)\b", sentence))
    denied, stated = (_FRENCH_DENIED, _FRENCH_STATED) if french else (_ENGLISH_DENIED, _ENGLISH_STATED)
    for pattern, other in denied:
        if pattern.search(sentence):
            return pattern.sub(other, sentence, count=1)
    usable = [(pattern, other) for pattern, other in stated if pattern.search(sentence)]
    if not usable:
        return None
    pattern, other = dice.choice(usable)
    return pattern.sub(other, sentence, count=1)


def opposite(sentence: str, dice: random.Random, _names: Sequence[str]) -> str | None:
    swaps = [swap for pair in _OPPOSITES for swap in (pair, pair[::-1])]
    usable = [(old, new) for old, new in swaps if re.search(rf"\b{old}\b", sentence)]
    if not usable:
        return None
    old, new = dice.choice(usable)
    return re.sub(rf"\b{old}\b", new, sentence, count=1)


def reworded(sentence: str, dice: random.Random, language: str) -> str:
    """Return the sentence said a little otherwise: other words, figures written otherwise, a few words in front."""
    usable = [(old, new) for old, new in _OTHER_WORDS.items() if re.search(rf"\b{old}\b", sentence)]
    for old, new in dice.sample(usable, min(2, len(usable))):
        sentence = re.sub(rf"\b{old}\b", new, sentence)
    sentence = re.sub(r" ?%", " pour cent" if language == "fr" else " percent", sentence, count=dice.randint(0, 1))
    sentence = re.sub(
        r"(?<![\w.,/-])(2|3|5|7|10|14|30)(?= (?:jours|mois|ans|days|months|years|heures|hours))",
        lambda found: _SPOKEN[found.group()][language != "fr"],
        sentence,
    )
    sentence = re.sub(r"(\d) ?€", r"\1 euros", sentence)
    if dice.random() < 0.5:
        lead = dice.choice(_LEADS[language])
        first = sentence[0].lower() if re.match(r"[A-ZÀ-Ý][a-zà-ÿ'’ ]", sentence) else sentence[0]
        sentence = lead + first + sentence[1:]
    return sentence


CHANGES: dict[str, Change] = {
    "number": number,
    "amount": amount,
    "date": date,
    "time_unit": time_unit,
    "address": address,
    "entity": entity,
    "negation": negation,
    "opposite": opposite,
}


def _free(pattern: re.Pattern[str], sentence: str, taken: Sequence[re.Pattern[str]]) -> list[re.Match[str]]:
    spans = [found.span() for other in taken for found in other.finditer(sentence)]
    return [
        found
        for found in pattern.finditer(sentence)
        if not any(a < found.end() and found.start() < b for a, b in spans)
    ]


def _replace(
    sentence: str, dice: random.Random, spans: Sequence[re.Match[str]], other: Callable[[str], str]
) -> str | None:
    if not spans:
        return None
    found = dice.choice(spans)
    new = other(found.group())
    return sentence[: found.start()] + new + sentence[found.end() :] if new != found.group() else None


def _other_figure(figure: str, dice: random.Random) -> str:
    return dice.choice(
        (_other_digits(figure, dice), str(int(float(figure.replace(",", "."))) + dice.choice((1, 2, 10))))
    )


def _other_digits(written: str, dice: random.Random) -> str:
    places = [place for place, letter in enumerate(written) if letter.isdigit()]
    place = places[0] if len(places) == 1 else dice.choice(places[: max(1, len(places) - 1)])
    digit = dice.choice([each for each in "123456789" if each != written[place]])
    return written[:place] + digit + written[place + 1 :]


def _other_day(written: str, dice: random.Random) -> str:
    months = [month for month in _MONTHS if month in written]
    if months and dice.random() < 0.5:
        place = _MONTHS.index(months[0])
        return written.replace(months[0], _MONTHS[place // 12 * 12 + (place + dice.randint(1, 11)) % 12])
    if re.match(r"\d{1,2}\D", written):
        day = re.match(r"\d{1,2}", written)
        return str((int(day.group()) + dice.randint(0, 20)) % 28 + 1) + written[day.end() :] if day else written
    return re.sub(r"\d{4}", lambda year: str(int(year.group()) + dice.choice((-2, -1, 1, 2))), written, count=1)
