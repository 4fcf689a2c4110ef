"""A handbook in one language: the book, our words, and what the lint says in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.prompting.handbook.book import Book
from service.prompting.handbook.markdown import table
from service.prompting.handbook.words import WORDS
from service.prompting.lint.findings import LintFinding

Words: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    book: Book
    language: str
    """`en` or `fr`."""

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    def findings(self, lint: Iterable[LintFinding]) -> str:
        """Return a table of *lint*, or that there is nothing to mend."""
        rows = (
            (f"{each.file}:{each.line}", each.code, each.why(self.language), each.fix(self.language)) for each in lint
        )
        words = self.words
        return table((words["file"], "", words["why"], words["fix"]), rows) or words["clean"]

    def findings_in(self, file: str) -> str:
        """Return what the lint says of one file as it stands."""
        said = self.findings(each for each in self.book.lint if each.file == file)
        return f"## {self.words['lint']}\n\n{said}"
