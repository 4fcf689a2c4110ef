"""The sentences of a passage that could stand in a reply: whole statements, no headings, tables, code or debris."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.replies.text.plain import strip_markdown
from service.replies.text.sentences import split_sentences

_HEADING = re.compile(r"^\s*#{1,6}\s")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,3}[.)]\s")
_DEBRIS = re.compile(r"^\s*(?:\||!\[|(?:[-*_]\s*){3,}$|\[[^\]]+\]:|<)")
_CODE = re.compile(r"^\s*(?:```|~~~)")
_ENDED = re.compile(r"[.!?…][\"»”)\]]*$")
_LEADS_IN = re.compile(r"[:：]$")
_LEANS = re.compile(
    r"^(?:il(?! (?:est|faut|suffit|convient|existe|y a|s['’]agit|n['’]est pas))|elle|ils|elles|cela|ceci|cette|cet|ces"
    r"|celui-ci|celle-ci|ceux-ci|ce dernier|dans ce cas|en revanche|toutefois|cependant|de même|en effet|ainsi|sinon"
    r"|ensuite|puis|enfin|it|this|that|these|those|they|he|she|however|otherwise|then|also|in this case|in that case"
    r"|such|if so|if not)\b",
    re.IGNORECASE,
)
_SAYS_YES = re.compile(r"^(?:oui|non|yes|no)[ \u00a0\u202f]?[,.!:;–—]", re.IGNORECASE)
_MIN_WORDS = 4
_MIN_ITEM_WORDS = 8
"""A shorter item says little without the heading above its list."""
_MAX_CHARS = 600


@dataclass(frozen=True, slots=True)
class Extract:
    """One sentence, or a lead-in with its list, as it could be written into a reply."""

    passage: int
    """The passage's number in the prompt, from 1."""
    position: int
    """The place among the extracts of its passage, from 0."""
    lines: tuple[str, ...]
    """One for a sentence; a lead-in and its items, each with its mark, for a list."""
    leans: bool
    """Whether it only makes sense after the extract before it ("Il doit…", "However…")."""
    heading: str = ""
    """The nearest heading above it within the passage; empty when there is none."""

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def says_yes_or_no(self) -> bool:
        """Whether it answers a question that can be answered so: "Oui, sous 14 jours."."""
        return bool(_SAYS_YES.match(self.lines[0]))


def extracts(passage: int, markdown: str) -> tuple[Extract, ...]:
    """Return the extracts of a passage in their order; empty when nothing in it is a whole statement."""
    found = [(heading, lines) for heading, lines in _statements(markdown) if _stands(lines)]
    return tuple(
        Extract(passage, position, lines, bool(_LEANS.match(lines[0])), heading)
        for position, (heading, lines) in enumerate(found)
    )


def is_item(line: str) -> bool:
    """Whether *line* begins with the mark of a list's item."""
    return bool(_ITEM.match(line))


def _statements(markdown: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each statement below its heading."""
    for heading, section in _sections(markdown):
        yield from ((heading, lines) for lines in _said(section))


def _sections(markdown: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the blocks between two headings, each after the heading above."""
    heading, section = "", list[tuple[str, str]]()
    for kind, text in _blocks(markdown):
        if kind == "heading":
            yield heading, section
            heading, section = text, []
        else:
            section.append((kind, text))
    yield heading, section


def _said(blocks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    lead: str | None = None
    items: list[str] = []
    for kind, text in blocks:
        if kind == "item" and (not items or bool(_NUMBERED.match(text)) == bool(_NUMBERED.match(items[0]))):
            items.append(text)
            continue
        yield from _list(lead, items)
        lead, items = None, []
        if kind == "item":
            items = [text]
            continue
        sentences = [text[start:end] for start, end in split_sentences(text)]
        if sentences and _LEADS_IN.search(sentences[-1]):
            lead = sentences.pop()
        for sentence in sentences:
            yield (sentence,)
    yield from _list(lead, items)


def _list(lead: str | None, items: list[str]) -> Iterator[tuple[str, ...]]:
    """Keep a list with what announces it, and steps together; other items must stand alone."""
    if items and (lead or _NUMBERED.match(items[0])):
        yield (lead, *items) if lead else tuple(items)
        return
    for item in items:
        words = _ITEM.sub("", item)
        if len(words.split()) >= _MIN_ITEM_WORDS:
            yield from ((words[start:end],) for start, end in split_sentences(words))


def _blocks(markdown: str) -> Iterator[tuple[str, str]]:
    """Yield paragraphs and list items as plain text; lines that belong together are joined."""
    kind, gathered, in_code = "", [""], False
    for line in [*markdown.splitlines(), ""]:
        if _CODE.match(line):
            in_code = not in_code
        skipped = in_code or _CODE.match(line) or _HEADING.match(line) or _DEBRIS.match(line)
        begins_item = not skipped and _ITEM.match(line)
        if (skipped or begins_item or not line.strip()) and any(gathered):
            yield kind, " ".join(filter(None, gathered))
            gathered = []
        if skipped:
            is_heading = _HEADING.match(line) and not in_code
            yield ("heading", strip_markdown(line)) if is_heading else ("break", "")
        if begins_item:
            mark = line.split()[0] if _NUMBERED.match(line) else "-"
            kind, gathered = "item", [f"{mark} {strip_markdown(line)}"]
        elif not skipped and line.strip():
            kind = kind if gathered and any(gathered) else "paragraph"
            gathered.append(strip_markdown(line))


def _stands(lines: tuple[str, ...]) -> bool:
    if sum(map(len, lines)) > _MAX_CHARS:
        return False
    first = lines[0]
    if len(lines) > 1:
        return _ITEM.sub("", first)[:1].isupper() and all(len(line.split()) > 1 for line in lines)
    is_statement = bool(_ENDED.search(first)) and not first.endswith("?")
    begins = first[:1].isupper() or first[:1].isdigit() or first[:1] in "«“\"'’("
    return is_statement and begins and len(first.split()) >= _MIN_WORDS
