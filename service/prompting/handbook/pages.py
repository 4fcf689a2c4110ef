"""The pages of a handbook, by their path; the same book gives the same bytes."""

from collections.abc import Iterator

from service.prompting.brands import Brand
from service.prompting.handbook.book import Book
from service.prompting.handbook.edition import Edition
from service.prompting.handbook.figures import results_csv, results_table
from service.prompting.handbook.files import brand_page, template_page, tone_page
from service.prompting.handbook.markdown import Link, page, table
from service.prompting.handbook.versions import version_page

INDEX = "handbook.md"
TEMPLATE = "template.md"
LINT = "lint.md"
TABLE = "results.csv"


def pages_of(book: Book, language: str) -> dict[str, str]:
    """Return text by path below the handbook's folder; *language* is `en` or `fr`."""
    return dict(_pages(Edition(book, language)))


def _pages(edition: Edition) -> Iterator[tuple[str, str]]:
    yield INDEX, _index(edition)
    yield TEMPLATE, template_page(edition)
    yield LINT, _lint(edition)
    for brand_id, text, brand in edition.book.brands:
        yield f"brands/{brand_id}.md", brand_page(edition, brand_id, text, brand)
    for tone_id, text, tone in edition.book.tones:
        yield f"tones/{tone_id}.md", tone_page(edition, tone_id, text, tone)
    for chapter in edition.book.versions:
        yield f"versions/{chapter.version}.md", version_page(edition, chapter)
    yield TABLE, results_csv(edition.book.versions)


def _index(edition: Edition) -> str:
    words = edition.words
    brands = (
        (Link.to(brand.name if brand else brand_id, f"brands/{brand_id}.md"), _spoken(brand), _tone_of(brand))
        for brand_id, _, brand in edition.book.brands
    )
    tones = (
        (Link.to(tone_id, f"tones/{tone_id}.md"), tone.description if tone else words["broken"])
        for tone_id, _, tone in edition.book.tones
    )
    return page(
        {"title": words["handbook"]},
        f"# {words['handbook']}",
        words["intro"],
        f"- [{words['template']}]({TEMPLATE})\n- [{words['lint']}]({LINT})\n- [{words['table']}]({TABLE})",
        f"## {words['brands']}",
        table((words["brand"], words["languages"], words["tone"]), brands),
        f"## {words['tones']}",
        table((words["tone"], words["description"]), tones),
        f"## {words['versions']}",
        results_table(edition.book.versions, "", words) or words["no_versions"],
    )


def _lint(edition: Edition) -> str:
    title = edition.words["lint"]
    return page({"title": title}, f"# {title}", edition.findings(edition.book.lint))


def _spoken(brand: Brand | None) -> str:
    return ", ".join(brand.languages) if brand else ""


def _tone_of(brand: Brand | None) -> str:
    return brand.tone if brand else ""
