"""Words that a brand avoids, and words that it puts in the place of others."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from service.prompting.language.fault import Fault, FaultCode, apart
from service.prompting.language.french.elision import agreed
from service.prompting.language.untouched import Untouched

_ENDINGS = {"fr": "(?:e?s|x|e)?", "en": "(?:['’]s|e?s|ed|ing)?"}
_MIN_INFLECTED = 4
"""Letters from which a word may take an ending; shorter ones, and capitals, stay themselves."""


def vocabulary_faults(
    text: str,
    language: str,
    avoid: Sequence[str],
    prefer: Mapping[str, str],
    untouched: Untouched | None = None,
) -> tuple[Fault, ...]:
    """
    Return the words of *avoid*, without a repair, and those of *prefer*, with the word to write instead.

    Whole words count, whatever their case, accents, apostrophes and common endings.
    """
    untouched = untouched or Untouched(text)
    folded = _folded(text)
    found = [*_preferred(text, folded, language, prefer, avoid), *_avoided(text, folded, language, avoid)]
    return apart(fault for fault in found if not untouched.touches(fault.start, fault.end))


def _avoided(text: str, folded: str, language: str, avoid: Sequence[str]) -> Iterator[Fault]:
    for words in avoid:
        for found in _pattern(words, language).finditer(folded):
            said = text[found.start() : found.end()]
            yield Fault(
                *found.span(), FaultCode.VOCABULARY, f"The brand avoids “{said}”", f"La marque évite « {said} »"
            )


def _preferred(
    text: str, folded: str, language: str, prefer: Mapping[str, str], avoid: Sequence[str]
) -> Iterator[Fault]:
    for words, better in prefer.items():
        inside = [place.span() for place in re.finditer(re.escape(_folded(better)), folded)]
        for found in _pattern(words, language).finditer(folded):
            if any(start <= found.start() and found.end() <= end for start, end in inside):
                continue
            said = text[found.start() : found.end()]
            written = _as_written(better, said, words)
            taken, led = agreed(text[: found.start()], written) if language == "fr" else (0, "")
            yield Fault(
                found.start() - taken,
                found.end(),
                FaultCode.VOCABULARY,
                f"The brand says “{better}”, not “{said}”",
                f"La marque dit « {better} », et non « {said} »",
                None if _is_wanted_elsewhere(written, language, prefer, avoid) else led + written,
            )


def _is_wanted_elsewhere(written: str, language: str, prefer: Mapping[str, str], avoid: Sequence[str]) -> bool:
    """Whether the better word is itself one to replace or avoid: rules that contradict each other repair nothing."""
    return any(_pattern(words, language).search(_folded(written)) for words in (*prefer, *avoid))


def _as_written(better: str, said: str, words: str) -> str:
    """Return *better* with the plural and the capitals of what was *said*."""
    ending = _folded(said)[len(_folded(words)) :]
    if ending in {"s", "es", "x"} and " " not in better and better[-1].isalpha() and better[-1] not in "sxz":
        better += "s"
    if len(said) > 1 and said.isupper():
        return better.upper()
    return better[0].upper() + better[1:] if said[0].isupper() else better


@lru_cache(maxsize=2048)
def _pattern(words: str, language: str) -> re.Pattern[str]:
    parts = "[ \u00a0\u202f]+".join(_inflected(word, language) for word in _folded(words).split())
    return re.compile(rf"(?<![\w-]){parts}(?![\w-])")


def _inflected(word: str, language: str) -> str:
    core = re.escape(word).replace("'", "['’]")
    if len(word) < _MIN_INFLECTED or not word[-1].isalpha():
        return core
    if language == "en" and word.endswith("e"):
        return rf"{core[:-1]}(?:e['’]s|e[sd]?|ing)"
    return core + _ENDINGS.get(language, "")


def _folded(text: str) -> str:
    """Return *text* as long as before, in small letters without accents, with straight apostrophes."""
    return text.lower() if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return "'" if base in "’ʼ‘" else base if len(base) == 1 else letter
