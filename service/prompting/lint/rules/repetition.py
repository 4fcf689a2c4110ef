"""Lines that say again what another says, and lines that nothing ever sends."""

import re
from collections.abc import Iterator

from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE
from service.prompting.lint.sentences import Sentence
from service.prompting.lint.sources import BrandSource, Sources

_MIN_WORDS = 4
_LISTS = ("links", "contacts", "disclosure_channels")
_HEADING = re.compile(r"^[ \t]*#+[ \t]*(system|user|assistant|développeur|developer|utilisateur)\b.*$", re.IGNORECASE)
_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_SECTION = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)


def check(sources: Sources) -> Iterator[LintFinding]:
    template = [*sources.template.sentences()]
    yield from _repeated(template, {})
    said = {_key(sentence): sentence for sentence in reversed(template)}
    for tone in sources.tones:
        yield from _repeated([*tone.sentences()], said)
    for brand in sources.brands:
        yield from _repeated_items(brand)
    yield from _dead(sources)


def _key(sentence: Sentence) -> tuple[str, ...]:
    return tuple(word.casefold() for word in sentence.words)


def _repeated(sentences: list[Sentence], said: dict[tuple[str, ...], Sentence]) -> Iterator[LintFinding]:
    known = dict(said)
    for sentence in sentences:
        key = _key(sentence)
        if len(key) >= _MIN_WORDS and key in known:
            yield sentence.place.warning("duplicate_line", place=known[key].place)
        known.setdefault(key, sentence)


def _repeated_items(source: BrandSource) -> Iterator[LintFinding]:
    if source.brand is None:
        return
    lists: list[tuple[tuple[object, ...], tuple[str, ...]]] = [((key,), getattr(source.brand, key)) for key in _LISTS]
    lists += [(("voice", language, "avoid"), voice.avoid) for language, voice in source.brand.voice.items()]
    lists += [(("handoff_topics", topic), words) for topic, words in source.brand.handoff_topics.items()]
    for path, items in lists:
        for number, item in enumerate(items):
            first = [each.casefold() for each in items].index(item.casefold())
            if first < number:
                yield source.place(*path, number).warning("duplicate_line", place=source.place(*path, first))


def _dead(sources: Sources) -> Iterator[LintFinding]:
    """Yield text above the first section, headings that begin none, and sections that say nothing."""
    text = sources.template.text
    matter = _MATTER.match(text)
    first = _SECTION.search(text, matter.end() if matter else 0)
    if first and text[matter.end() if matter else 0 : first.start()].strip():
        begins = text.index(text[matter.end() if matter else 0 : first.start()].strip().split("\n")[0])
        yield Place(TEMPLATE, text.count("\n", 0, begins) + 1).warning("dead_text")
    for section in sources.template.sections:
        if not section.body:
            yield Place(TEMPLATE, section.line).warning("empty_section", section=section.role)
        for number, line in enumerate(section.body.split("\n")):
            if _HEADING.match(line):
                yield Place(TEMPLATE, section.line + number).warning("dead_heading", heading=line.strip())
