"""Finds the part of a saved web page that its readers came for, and cuts away what surrounds it."""

import re

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import PreformattedString

from service.knowledge.reading.formats.web.repair import repair

_NEVER_TEXT = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video",
    "picture", "source", "map", "head", "select", "option", "textarea", "input", "dialog",
]  # fmt: skip
_AROUND = ["nav", "footer", "aside"]
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary", "menu", "menubar"}
_FURNITURE = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|gdpr|rgpd|tarteaucitron|didomi|onetrust|axeptio|breadcrumbs?|fil-ariane|share|"
    r"sharing|partage|social|newsletter|sidebar|navbar|nav|navigation|menu|footer|skip-?links?|skiplinks|pagination|"
    r"pager|related|advert|ads|popup|modal|comments|feedback|votes?|toc|table-of-contents|sommaire|print|sr-only|"
    r"visually-hidden)(?:$|[-_ ])",
    re.IGNORECASE,
)
_NEVER_AROUND = {
    "body", "html", "main", "article", "table", "tr", "td", "th", "code", "pre", "span", "a", "li", "p",
}  # fmt: skip
_OPENS = re.compile(r"accord|collaps|panel|tab|toggle|answer|reponse|faq|content|dropdown|expand", re.IGNORECASE)
_KEEP = ["main", "article", "h1", "body", "html"]
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[^.\d]|$)", re.IGNORECASE)


def main_part(page: BeautifulSoup) -> Tag:
    """Return what is left of *page* when its furniture is gone: its `main`, its one `article`, or its body."""
    for comment in page.find_all(string=lambda text: isinstance(text, Comment | PreformattedString)):
        comment.extract()
    for element in page.find_all(_NEVER_TEXT):
        element.decompose()
    repair(page)
    _open_buttons(page)
    part = _chosen(page)
    _prune(part)
    return part


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
    for element in part.find_all():
        if element.decomposed:
            continue
        # A page whose whole text hangs under a badly named element is still an article.
        is_around = _is_furniture(element) and element.find(_KEEP) is None and _size(element) <= whole / 2
        if is_around or _is_hidden(element):
            element.decompose()


def _is_furniture(element: Tag) -> bool:
    if element.name in _AROUND or element.get("role") in _ROLES:
        return True
    return element.name not in _NEVER_AROUND and bool(_FURNITURE.search(_names(element)))


def _is_hidden(element: Tag) -> bool:
    """Tell what no visitor can see from an accordion's panel that waits to be opened."""
    hides = bool(_HIDDEN_STYLE.search(str(element.get("style") or "")))
    return hides and element.get("role") != "tabpanel" and not _OPENS.search(_names(element))


def _names(element: Tag) -> str:
    classes = element.get("class") or ""
    return f"{classes if isinstance(classes, str) else ' '.join(classes)} {element.get('id') or ''}"


def _size(element: Tag) -> int:
    return len(element.get_text(strip=True))
