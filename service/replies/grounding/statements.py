"""A passage's statements: its sentences and table rows, with what a check compares, worked out when it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.domain import Passage
from service.knowledge.wording.words import stem, words
from service.replies.grounding.level import level
from service.replies.grounding.names import names, spelled
from service.replies.grounding.polarity import Mark, marks
from service.replies.grounding.values import Value, values
from service.replies.plain import strip_markdown
from service.replies.sentences import split_sentences


class Statement:
    """A text and what can be compared of it."""

    def __init__(self, text: str, language: str, markdown: str = "") -> None:
        self.text = text
        self.language = language
        self._markdown = markdown

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Of the content words that are no figures, in their order."""
        return tuple(stem(word, self.language) for word in words(self.text) if not word.isdigit())

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """All words, function words too."""
        return frozenset(level(self.text).replace("'", " ").split())

    @cached_property
    def values(self) -> tuple[Value, ...]:
        hidden = values(self._markdown) if "](" in self._markdown or "<" in self._markdown else ()
        return values(self.text) + tuple(value for value in hidden if value.is_address)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return marks(self.text, self.language)

    @cached_property
    def names(self) -> frozenset[str]:
        return names(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return spelled(self.text)


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
        self.slices: Sequence[tuple[int, int]] = split_sentences(text)
        self.statements = [_read(text[start:end], language) for start, end in self.slices]
        self.head = Statement(f"{title}. {heading}", language)
        self.text, self._language = text, language

    @cached_property
    def whole(self) -> Statement:
        return _read(self.text, self._language)

    def window(self, first: int, last: int) -> Window:
        if first == last:
            return Window(self, first, last, self.statements[first])
        markdown = self.text[self.slices[first][0] : self.slices[last][1]]
        return Window(self, first, last, _read(markdown, self._language))


def _read(markdown: str, language: str) -> Statement:
    return Statement(strip_markdown(markdown), language, markdown)


def source_of(passage: Passage, language: str) -> Source:
    """Return the passage's statements; equal passages are cut once."""
    return _source(passage.text, passage.title, passage.heading, language)


_source = lru_cache(maxsize=1024)(Source)
