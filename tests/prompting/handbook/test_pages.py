import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from service.domain import Article
from service.knowledge.reading import read_path
from service.prompting.brands import parse_brand
from service.prompting.handbook.book import Book, Move, Results, VersionChapter
from service.prompting.handbook.markdown import fence, plain
from service.prompting.handbook.pages import pages_of
from service.prompting.lint.lint import lint_version
from service.prompting.own_files import write_own
from service.prompting.tones import parse_tone
from tests.prompting.lint.edits import edited, shipped, tone

FIRST_USED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Book:
    text, changed = shipped(), edited(tone("", "We will refund you. ``` <b> | x"))
    lint = lint_version(changed, date(2026, 11, 23))
    moves = (Move("candidate", FIRST_USED, "Prompt desk", "=HYPERLINK(1) | “warmer”"),)
    return Book(
        template=changed.template,
        brands=[("maison-lune", changed.brand, parse_brand("maison-lune", changed.brand)), ("broken", "name: [", None)],
        tones=[("attentive", changed.tone, parse_tone("attentive", changed.tone))],
        lint=lint,
        versions=[
            VersionChapter(text=text, created_at=FIRST_USED, results=Results(0, 6, 2, 1)),
            VersionChapter(text=changed, created_at=FIRST_USED, moves=moves, lint=lint),
        ],
    )


def links(text: str) -> list[str]:
    tokens = [each for token in MarkdownIt().enable("table").parse(text) for each in token.children or ()]
    return [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_link_leads_to_a_page(book: Book, tmp_path: Path, language: str) -> None:
    """No reader of the handbook meets a dead link, and every page can be reached from the first."""
    pages = pages_of(book, language)
    write_own(tmp_path, pages, "handbook")
    reached: set[Path] = set()
    for path, text in pages.items():
        for link in links(frontmatter.parse(text)[1]) if path.endswith(".md") else ():
            target = (tmp_path / path).parent / link
            assert target.is_file(), link
            reached.add(target.resolve())
    assert {tmp_path / path for path in pages} - reached == {tmp_path / "handbook.md"}


def test_file_names_hold_nothing_that_a_tool_trips_over(book: Book) -> None:
    """Names keep to small letters, digits, hyphens and dots, so they survive every system and import."""
    assert all(re.fullmatch(r"([a-z0-9_-]+/)?[a-z0-9_-]+\.(md|csv)", path) for path in pages_of(book, "en"))


def test_our_own_reader_reads_the_pages(book: Book, tmp_path: Path) -> None:
    """What we write is Markdown that we would take from anyone else."""
    pages = pages_of(book, "fr")
    write_own(tmp_path, {path: text for path, text in pages.items() if path.endswith(".md")}, "handbook")
    found = list(read_path(tmp_path, "handbook"))
    assert all(isinstance(each, Article) for each in found)
    titles = {each.source: each.title for each in found if isinstance(each, Article)}
    assert titles["brands/maison-lune.md"] == "Maison Lune"
    assert len(titles) == len(pages) - 1


def test_a_version_page_tells_results_lint_and_changes(book: Book) -> None:
    """One page says what a version is, who put which label on it, what it changed and what came of it."""
    pages: Mapping[str, str] = pages_of(book, "en")
    old, new = book.versions
    assert "| 8 | 0 | 6 | 2 | 25.0 % | 1 |" in pages[f"versions/{old.version}.md"]
    shown = pages[f"versions/{new.version}.md"]
    assert frontmatter.parse(shown)[0]["labels"] == ["candidate"]
    assert "+We will refund you." in shown
    assert "bare\\_promise" in shown
    assert "Prompt desk" in shown
    assert new.text.tone.strip() in shown


def test_a_spreadsheet_calculates_nothing_from_the_table(book: Book) -> None:
    """A note that begins like a formula stays text."""
    rows = list(csv.DictReader(io.StringIO(pages_of(book, "en")["results.csv"])))
    assert rows[0]["handoff_rate"] == "0.2500"
    assert rows[1]["notes"].startswith("'=")
    assert rows[1]["handoff_rate"] == ""


def test_the_same_state_gives_the_same_bytes(book: Book, tmp_path: Path) -> None:
    """A second run changes no file, so a handbook in version control shows real changes only."""
    assert write_own(tmp_path, pages_of(book, "en"), "handbook")
    assert write_own(tmp_path, pages_of(book, "en"), "handbook") == ()


@given(st.text(max_size=80))
def test_no_text_leaves_its_fence_or_its_cell(text: str) -> None:
    """A prompt's text is shown as it is, whatever marks it holds."""
    block = [token for token in MarkdownIt().parse(fence(text.replace("\r", ""))) if token.level == 0]
    assert [token.type for token in block] == ["fence"]
    inline = MarkdownIt().enable("table").parseInline(plain(text))
    assert all(child.type in {"text", "text_special", "softbreak"} for child in inline[0].children or ())
