"""How long a line wants a text to be: at most so many words, at least so many sentences."""

import re

_NUMBERS = {
    **dict.fromkeys(("one", "un", "une"), 1), **dict.fromkeys(("two", "deux"), 2),
    **dict.fromkeys(("three", "trois"), 3), **dict.fromkeys(("four", "quatre"), 4),
    **dict.fromkeys(("five", "cinq"), 5), "six": 6, **dict.fromkeys(("seven", "sept"), 7),
    **dict.fromkeys(("eight", "huit"), 8), **dict.fromkeys(("nine", "neuf"), 9), **dict.fromkeys(("ten", "dix"), 10),
}  # fmt: skip
_UNITS = {"word": r"words?|mots?", "sentence": r"sentences?|phrases?", "line": r"lines?|lignes?",
          "paragraph": r"(?:short )?paragraphs?|(?:courts? )?paragraphes?"}  # fmt: skip
_NUMBER = rf"(?P<{{name}}>\d{{{{1,4}}}}|{'|'.join(_NUMBERS)})"
_MOST = (
    r"at most|no more than|not more than|a maximum of|under|fewer than|less than|within|au plus|pas plus de|au maximum"
    r"|un maximum de|moins de"
)
_LEAST = r"at least|no fewer than|not less than|a minimum of|au moins|au minimum|un minimum de|pas moins de"
_AFTER = r"at most|or fewer|or less|maximum|max|au plus|au maximum"
_PER_SENTENCE = re.compile(r"\b(?:sentences?|phrases?)\b", re.IGNORECASE)


def _pattern(unit: str) -> re.Pattern[str]:
    before = rf"\b(?:(?P<most>{_MOST})|{_LEAST}) {_NUMBER.format(name='number')} (?:{unit})\b"
    after = rf"\b{_NUMBER.format(name='figure')} (?:{unit}) (?:{_AFTER})\b"
    return re.compile(f"{before}|{after}", re.IGNORECASE)


_PATTERNS = {unit: _pattern(words) for unit, words in _UNITS.items()}


def lengths(text: str) -> dict[str, tuple[int | None, int | None]]:
    """Return by unit the least and the most that *text* asks for; words of a sentence are a unit of their own."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for unit, pattern in _PATTERNS.items():
        if bound := pattern.search(text):
            count = _count(bound["number"] or bound["figure"])
            of = "word of a sentence" if unit == "word" and _PER_SENTENCE.search(text) else unit
            found[of] = (None, count) if bound["most"] or bound["figure"] else (count, None)
    return found


def without_lengths(text: str) -> str:
    for pattern in _PATTERNS.values():
        text = pattern.sub(" ", text)
    return text


def disagree(one: dict[str, tuple[int | None, int | None]], other: dict[str, tuple[int | None, int | None]]) -> bool:
    """Say whether no text can have both lengths."""
    for unit in one.keys() & other.keys():
        for (least, _), (_, most) in ((one[unit], other[unit]), (other[unit], one[unit])):
            if least is not None and most is not None and least > most:
                return True
    return False


def _count(written: str) -> int:
    return _NUMBERS[written.lower()] if written.lower() in _NUMBERS else int(written)
