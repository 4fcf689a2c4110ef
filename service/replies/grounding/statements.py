"""A passage's statements: its sentences and table rows, with what a check compares, worked out when it is needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.domain import Passage
from service.knowledge.wording.words import stem, words
from service.replies.grounding.level import level
from service.replies.grounding.names import names, spelled
from service.replies.grounding.senses.polarity import Mark, directed, marks
from service.replies.grounding.values.values import Value, values, without_addresses
from service.replies.text.plain import strip_markdown
from service.replies.text.sentences import split_sentences

_WORD = re.compile(r"[^\W_]+")
_CLOSING = ".!?…:;|"


class Statement:
    """A text and what can be compared of it."""

    def __init__(self, text: str, language: str, markdown: str = "") -> None:
        self.text = text
        self.language = language
        self._markdown = markdown

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Of the content words that are no figures, in their order."""
        return tuple(stem(word, self.language) for word in words(self._prose) if not word.isdigit())

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All words, function words too, in their order."""
        return tuple(_WORD.findall(level(self._prose)))

    @cached_property
    def token_set(self) -> frozenset[str]:
        return frozenset(self.tokens)

    @cached_property
    def _prose(self) -> str:
        """The text without its addresses, which are values."""
        return without_addresses(self.text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        hidden = values(self._markdown) if "](" in self._markdown or "<" in self._markdown else ()
        return values(self.text) + tuple(value for value in hidden if value.is_address)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return marks(self.text, self.language)

    @cached_property
    def directed(self) -> tuple[str, ...]:
        """All words, with the phrases that turn a statement as a word each."""
        return directed(self.text)

    @cached_property
    def names(self) -> frozenset[str]:
        return names(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return spelled(self.text)


class Together(Statement):
    """Statements that follow each other."""

    def __init__(self, parts: Sequence[Statement]) -> None:
        super().__init__(" ".join(part.text for part in parts), parts[0].language)
        self._parts = parts

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(stem for part in self._parts for stem in part.stems)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(token for part in self._parts for token in part.tokens)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        return tuple(value for part in self._parts for value in part.values)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for part in self._parts for mark in part.marks)

    @cached_property
    def directed(self) -> tuple[str, ...]:
        return tuple(word for part in self._parts for word in part.directed)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self._parts))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset().union(*(part.words for part in self._parts))


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One statement, or a few that follow each other, of a passage: what a sentence may rest on."""

    source: "Source"
    first: int
    last: int
    said: Statement

    @property
    def start(self) -> int:
        return self.source.slices[self.first][0]

    @property
    def end(self) -> int:
        return self.source.slices[self.last][1]


class Source:
    """A passage cut into statements."""

    def __init__(self, text: str, title: str, heading: str, language: str) -> None:
        self.slices = _unwrapped(text, split_sentences(text))
        self.statements = [_read(text[start:end], language) for start, end in self.slices]
        self.head = Statement(f"{title}. {heading}", language)
        self.text = text

    @cached_property
    def whole(self) -> Statement:
        return Together(self.statements) if self.statements else Statement("", self.head.language)

    def window(self, first: int, last: int) -> Window:
        if first == last:
            return Window(self, first, last, self.statements[first])
        return Window(self, first, last, Together(self.statements[first : last + 1]))


def _unwrapped(text: str, slices: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the lines of a sentence that a narrow page broke: the first ends openly, the next begins small."""
    joined: list[tuple[int, int]] = []
    for start, end in slices:
        if joined and text[start].islower() and text[joined[-1][1] - 1] not in _CLOSING:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _read(markdown: str, language: str) -> Statement:
    return Statement(strip_markdown(markdown), language, markdown)


def source_of(passage: Passage, language: str) -> Source:
    """Return the passage's statements; equal passages are cut once."""
    return _source(passage.text, passage.title, passage.heading, language)


_source = lru_cache(maxsize=1024)(Source)
