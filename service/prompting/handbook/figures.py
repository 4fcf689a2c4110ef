"""What came of each version's replies, as a table in a page and as rows for a spreadsheet."""

from collections.abc import Sequence

from service.prompting.handbook.book import VersionChapter
from service.prompting.handbook.edition import Words
from service.prompting.handbook.markdown import Link, table
from service.prompting.lint.findings import Severity
from service.spreadsheet import csv_line

_COLUMNS = ("version", "brand", "tone", "first_used", "labels", "replies", "send", "review", "handoff", "handoff_rate")
_CSV_COLUMNS = (*_COLUMNS, "failed", "lint_errors", "lint_warnings", "notes")


def results_csv(versions: Sequence[VersionChapter]) -> str:
    """Return a row for each version; a cell that a spreadsheet would calculate begins with an apostrophe."""
    return "".join((csv_line(_CSV_COLUMNS), *(csv_line(_csv_row(each)) for each in versions)))


def results_table(versions: Sequence[VersionChapter], up: str, words: Words) -> str:
    """Return the versions with their figures; *up* leads from the page to the handbook's folder. Empty without any."""
    rows = []
    for each in versions:
        link = Link.to(each.version, f"{up}versions/{each.version}.md")
        rate = each.results.handoff_rate
        rows.append(_row(each, link, each.created_at.date().isoformat(), "" if rate is None else f"{100 * rate:.1f} %"))
    return table([words[column] for column in (*_COLUMNS, "failed", "errors", "warnings")], rows)


def labels_of(chapter: VersionChapter) -> list[str]:
    """Return the labels that were put on the version, each once."""
    return list(dict.fromkeys(move.label for move in chapter.moves))


def _csv_row(chapter: VersionChapter) -> tuple[str, ...]:
    rate = chapter.results.handoff_rate
    first_used = chapter.created_at.isoformat(timespec="seconds")
    row = _row(chapter, chapter.version, first_used, "" if rate is None else f"{rate:.4f}")
    return (*(str(value) for value in row), "; ".join(move.note for move in chapter.moves if move.note))


def _row(chapter: VersionChapter, name: str, first_used: str, rate: str) -> tuple[object, ...]:
    text, results = chapter.text, chapter.results
    return (
        name,
        text.brand_id,
        text.tone_id,
        first_used,
        ", ".join(labels_of(chapter)),
        results.replies,
        results.send,
        results.review,
        results.handoff,
        rate,
        results.failed,
        chapter.count(Severity.ERROR),
        chapter.count(Severity.WARNING),
    )
