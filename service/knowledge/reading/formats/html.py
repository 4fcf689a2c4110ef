"""Reads HTML, a help-centre fragment or a whole saved page, as the Markdown of its main part."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Tag

from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.web.main_part import main_part
from service.knowledge.reading.formats.web.to_markdown import to_markdown
from service.knowledge.reading.metadata import Known, known
from service.knowledge.reading.text import clean, decode, one_line

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_SITE = re.compile(r"\s+[|·•–—-]\s+[^|·•–—]{1,60}$")


def read_html(file: ForeignFile) -> Iterator[Draft]:
    """Yield the page's one article."""
    declared = _DECLARED.search(file.data[:4096])
    yield draft_of(decode(file.data, declared[1].decode("ascii") if declared else None), file.title)


def draft_of(html: str, name: str) -> Draft:
    """Return the article that *html* holds; *name* is its title when the page has none."""
    page = BeautifulSoup(html, "html.parser")
    facts, stated_title = _facts(page)
    main = main_part(page)
    heading = main.find("h1")
    title = (one_line(heading.get_text(" ")) if heading else "") or _SITE.sub("", stated_title) or name
    return Draft(title=title, text=clean(to_markdown(main, facts.get("url"))), **facts)


def markdown_of(html: str, base: str | None = None) -> str:
    """Return a fragment of HTML as Markdown, whole."""
    return clean(to_markdown(main_part(BeautifulSoup(html, "html.parser")), base))


def _facts(page: BeautifulSoup) -> tuple[Known, str]:
    stated: dict[str, object] = {}
    for meta in page.find_all("meta", limit=200):
        name, content = meta.get("name") or meta.get("property"), meta.get("content")
        if isinstance(name, str) and isinstance(content, str):
            stated.setdefault(name.lower(), content)
    facts = known({key: stated[key] for key in ("audience", "product", "updated", "owner", "expires") if key in stated})
    facts.update(known({"source": _address(page, stated), "lang": _language(page)}))
    title = page.title.get_text() if page.title else ""
    return facts, one_line(title) or one_line(str(stated.get("og:title", "")))


def _address(page: BeautifulSoup, stated: dict[str, object]) -> object:
    canonical = page.find("link", rel="canonical")
    saved = page.find(string=lambda text: isinstance(text, Comment) and "saved from url" in text)
    from_comment = _SAVED_FROM.search(saved) if saved else None
    return (
        (canonical.get("href") if isinstance(canonical, Tag) else None)
        or stated.get("og:url")
        or stated.get("url")
        or stated.get("source")
        or (from_comment[1] if from_comment else None)
    )


def _language(page: BeautifulSoup) -> object:
    root = page.find("html")
    stated = (root.get("lang") or root.get("xml:lang")) if isinstance(root, Tag) else None
    if stated is None:
        first = page.find(["article", "main", "div", "section"], recursive=False)
        stated = first.get("lang") if isinstance(first, Tag) else None
    return stated
