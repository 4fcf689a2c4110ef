"""The page of one prompt version: what came of it, what changed, and its full text."""

import difflib
from collections.abc import Iterator

from service.prompting.handbook.book import VersionChapter
from service.prompting.handbook.edition import Edition, Words
from service.prompting.handbook.figures import labels_of, results_table
from service.prompting.handbook.markdown import Link, fence, page, table


def version_page(edition: Edition, chapter: VersionChapter) -> str:
    words, text = edition.words, chapter.text
    title = f"{words['version']} {chapter.version}"
    known = {brand_id for brand_id, _, _ in edition.book.brands}
    brand = Link.to(text.brand_id, f"../brands/{text.brand_id}.md") if text.brand_id in known else text.brand_id
    return page(
        {
            "title": title,
            "version": chapter.version,
            "brand": text.brand_id,
            "tone": text.tone_id,
            "first_used": chapter.created_at.isoformat(timespec="seconds"),
            "labels": labels_of(chapter),
        },
        f"# {title}",
        f"{words['brand']} {brand}",
        f"## {words['results']}",
        results_table([chapter], "../", words),
        _moves(chapter, words),
        f"## {words['lint']}",
        edition.findings(chapter.lint),
        *_changes(edition, chapter),
        f"## {words['template']}",
        fence(text.template, "markdown"),
        f"## {words['brand']}",
        fence(text.brand, "yaml"),
        f"## {words['tone']}",
        fence(text.tone, "markdown"),
    )


def _moves(chapter: VersionChapter, words: Words) -> str:
    heads = (words["label"], words["moved"], words["author"], words["note"])
    rows = ((each.label, each.at.isoformat(timespec="seconds"), each.author, each.note) for each in chapter.moves)
    moved = table(heads, rows)
    return f"## {words['labels']}\n\n{moved}" if moved else ""


def _changes(edition: Edition, chapter: VersionChapter) -> Iterator[str]:
    """Yield the lines that changed since the version of the same brand that came before."""
    own = [each for each in edition.book.versions if each.text.brand_id == chapter.text.brand_id]
    place = own.index(chapter)
    if place == 0:
        return
    before = own[place - 1]
    yield f"## {edition.words['changes'].format(version=before.version)}"
    yield fence("\n".join(_difference(before, chapter)), "diff")


def _difference(before: VersionChapter, after: VersionChapter) -> Iterator[str]:
    for name in ("template", "brand", "tone"):
        old, new = (getattr(each.text, name).splitlines() for each in (before, after))
        yield from difflib.unified_diff(old, new, name, name, lineterm="", n=1)
