"""Finds the part of a saved web page that its readers came for, and cuts away what surrounds it."""

import re

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import PreformattedString

MAX_DEPTH = 100
"""Deeper elements are unwrapped: their words stay, their nesting goes."""
_NEVER_TEXT = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "picture", "source", "map", "head", "select", "option", "textarea", "input", "dialog",
]  # fmt: skip
_AROUND = ["nav", "footer", "aside"]
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary", "menu", "menubar"}
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|gdpr|rgpd|tarteaucitron|didomi|onetrust|axeptio|breadcrumbs?|fil-ariane|share|sharing|"
    r"partage|social|newsletter|sidebar|navbar|nav|navigation|menu|footer|skip-?links?|skiplinks|pagination|pager|related|"
    r"advert|ads|popup|modal|comments|feedback|votes?|toc|table-of-contents|sommaire|print|sr-only|visually-hidden)(?:$|[-_ ])",
    re.IGNORECASE,
)
_KEEP = ["main", "article", "h1", "body", "html"]
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[^.\d]|$)", re.IGNORECASE)


def main_part(page: BeautifulSoup) -> Tag:
    """Return what is left of *page* when its furniture is gone: its `main`, its one `article`, or its body."""
    for comment in page.find_all(string=lambda text: isinstance(text, Comment | PreformattedString)):
        comment.extract()
    for element in page.find_all(_NEVER_TEXT):
        element.decompose()
    _flatten(page)
    _open_buttons(page)
    part = _chosen(page)
    _prune(part)
    return part


def _flatten(page: BeautifulSoup) -> None:
    """Walk without recursion: hostile or merely unclosed markup nests thousands deep."""
    depths, too_deep = {id(page): 0}, []
    for element in page.find_all(True):
        depth = depths[id(element.parent)] + 1
        depths[id(element)] = depth
        if depth > MAX_DEPTH:
            too_deep.append(element)
    for element in too_deep:
        element.unwrap()


def _open_buttons(page: BeautifulSoup) -> None:
    """Accordions keep their questions in buttons and their answers in hidden panels: both are the article."""
    for button in page.find_all("button"):
        if button.find_parent(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"]) or button.get("aria-controls"):
            button.unwrap()
        else:
            button.decompose()


def _chosen(page: BeautifulSoup) -> Tag:
    mains = page.select("main, [role=main]")
    whole = mains[0] if len(mains) == 1 else page
    articles = [article for article in whole.find_all("article") if not article.find_parent("article")]
    if len(articles) == 1 and _size(articles[0]) >= 0.5 * _size(whole if mains else articles[0]):
        return articles[0]
    return whole


def _prune(part: Tag) -> None:
    whole = _size(part)
    for element in part.find_all(True):
        if element.decomposed or not _is_furniture(element):
            continue
        # A page whose whole body hangs under a badly named element is still an article.
        if element.find(_KEEP) is None and _size(element) <= 0.5 * whole:
            element.decompose()


def _is_furniture(element: Tag) -> bool:
    if element.name in _AROUND or element.get("role") in _ROLES or _is_hidden(element):
        return True
    if element.name in {
        "body",
        "html",
        "main",
        "article",
        "table",
        "tr",
        "td",
        "th",
        "code",
        "pre",
        "span",
        "a",
        "li",
        "p",
    }:
        return False
    names = " ".join([*(element.get_attribute_list("class")), str(element.get("id") or "")] if element.attrs else [])
    return bool(_FURNITURE.search(names))


def _is_hidden(element: Tag) -> bool:
    return bool(_HIDDEN_STYLE.search(str(element.get("style") or "")))


def _size(element: Tag) -> int:
    return len(element.get_text(strip=True))
