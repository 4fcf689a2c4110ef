"""Repairs a parsed page: elements that nobody closed end where the next begins, and no nesting is too deep to walk."""

from bs4 import BeautifulSoup

MAX_DEPTH = 100
"""Of what lies deeper the words stay and the elements go."""
_CLOSED_BY = {
    "p": ["p"], "li": ["li"], "tr": ["tr"], "td": ["td", "th"], "th": ["td", "th"],
    "dt": ["dt", "dd"], "dd": ["dt", "dd"],
}  # fmt: skip
_SCOPES = {
    "p": ["td", "th", "li", "dd", "blockquote", "div", "section"], "li": ["ul", "ol"], "tr": ["table"],
    "td": ["tr", "table"], "th": ["tr", "table"], "dt": ["dl"], "dd": ["dl"],
}  # fmt: skip


def repair(page: BeautifulSoup) -> None:
    """Bring *page* into the shape that a browser would give it, without recursion."""
    _close_implied(page)
    _flatten(page)


def _close_implied(page: BeautifulSoup) -> None:
    """`<td>1<td>2` comes as one cell within another: make them neighbours again."""
    for element in page.find_all(list(_CLOSED_BY)):
        enclosing = element.find_parent([*_CLOSED_BY[element.name], *_SCOPES[element.name]])
        if enclosing is not None and enclosing.name in _CLOSED_BY[element.name]:
            enclosing.insert_after(element)


def _flatten(page: BeautifulSoup) -> None:
    depths, deepest = {id(page): 0}, []
    for element in page.find_all():
        depths[id(element)] = depth = depths[id(element.parent)] + 1
        if depth == MAX_DEPTH:
            deepest.append(element)
    for element in deepest:
        words = element.get_text(" ")
        element.clear(decompose=True)
        element.string = words
