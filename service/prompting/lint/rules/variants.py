"""Lines that lack one of the brand's languages, that nobody gets, or that are in another language than they say."""

import re
from collections.abc import Iterator

from service.prompting.lint.findings import LintFinding
from service.prompting.lint.function_words import ENGLISH, FRENCH, folded
from service.prompting.lint.sources import BrandSource, Sources

_WORDS = {"en": ENGLISH - FRENCH, "fr": FRENCH - ENGLISH}
_MIN_WORDS = 2
"""Function words of the other language, and none of its own, that give a line away."""
_KEYS = ("disclosure", "at_hours")


def check(sources: Sources) -> Iterator[LintFinding]:
    for brand in sources.brands:
        yield from _voices(brand)
    yield from _tones(sources)
    yield from _foreign(sources)


def _voices(source: BrandSource) -> Iterator[LintFinding]:
    if source.brand is None:
        return
    voices = {language: source.brand.voice[language] for language in source.brand.languages}
    for language in source.brand.voice:
        if language not in voices:
            yield source.place("voice", language).warning("unused_language", language=language)
    keys = {key: [each for each, voice in voices.items() if getattr(voice, key)] for key in _KEYS}
    for topic in source.brand.handoff_topics:
        keys[f"handoff_for.{topic}"] = [each for each, voice in voices.items() if topic in voice.handoff_for]
    for key, given in keys.items():
        for missing in voices:
            if given and missing not in given:
                place = source.place("voice", given[0], *key.split("."))
                yield place.warning("missing_language", key=key, given=", ".join(given), missing=missing)


def _tones(sources: Sources) -> Iterator[LintFinding]:
    for tone in sources.tones:
        for key in ("opening", "ending"):
            given = [*getattr(tone.tone, key)] if tone.tone else []
            for missing in sources.languages:
                if given and missing not in given:
                    said = {"key": key, "given": ", ".join(given), "missing": missing}
                    yield tone.place(key).warning("missing_language", **said)


def _foreign(sources: Sources) -> Iterator[LintFinding]:
    for language, text, place in sources.read_lines():
        # The language identifier would take longer to load than all the rest together.
        words = re.findall(r"[^\W\d_]+", folded(text))
        heard = {spoken: sum(word in known for word in words) for spoken, known in _WORDS.items()}
        for found, count in heard.items():
            if found != language and count >= _MIN_WORDS and not heard.get(language, 1):
                yield place.warning("wrong_language", expected=language, found=found)
