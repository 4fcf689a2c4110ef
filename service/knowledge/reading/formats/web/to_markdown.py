"""Writes a pruned tree of HTML as Markdown that reads well in a reply."""

import re
from collections.abc import Sequence

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from markdownify import MarkdownConverter

from service.knowledge.reading.links import link

_EMPTY_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t]*$\n?", re.MULTILINE)
_EMPTY_HEADING = re.compile(r"^#{1,6}[ \t]*$\n?", re.MULTILINE)
_MAX_SPAN = 50
_CELL_END = re.compile(r"(?<!\\)\|")
_TRAILING = re.compile(r"[ \t\xa0]+$", re.MULTILINE)
_STRAY_SPACE = re.compile(r"(?<=\n\n) (?=\S)")
_GAPS = re.compile(r"\n{3,}")


def to_markdown(tree: Tag, base: str | None = None) -> str:
    """Return *tree* as Markdown; links are made absolute against *base* or become their words."""
    _flatten_tables(tree)
    _join_bold(tree)
    text = _Converter(base).convert_soup(tree)
    for debris, rest in ((_TRAILING, ""), (_EMPTY_ITEM, ""), (_EMPTY_HEADING, ""), (_GAPS, "\n\n"), (_STRAY_SPACE, "")):
        text = debris.sub(rest, text)
    return text.strip()


def _join_bold(tree: Tag) -> None:
    """Make one of bold words that stand side by side, which editors leave in pieces."""
    for element in tree.find_all(["b", "strong"]):
        space = element.next_sibling
        following = space.next_sibling if isinstance(space, NavigableString) and not space.strip() else space
        if isinstance(following, Tag) and following.name in {"b", "strong"} and element.parent is not None:
            between: list[PageElement] = [space] if space is not None and space is not following else []
            for part in [*between, *reversed(list(element.children))]:
                following.insert(0, part)
            element.decompose()


def _flatten_tables(tree: Tag) -> None:
    """Make tables of one column, which are layout, and tables within a cell plain words."""
    for table in tree.find_all("table"):
        rows = table.find_all("tr")
        is_layout = all(len(_cells(row)) <= 1 for row in rows)
        if is_layout or table.find_parent("table"):
            for part in table.find_all(["tr", "td", "th", "thead", "tbody"]):
                part.name = "div" if is_layout else "span"
                part.append(" ")
            table.name = "div"
        else:
            _repeat_tall_cells(rows)


def _repeat_tall_cells(rows: Sequence[Tag]) -> None:
    """Put a cell that spans several rows into each of them, so that every row can be read alone."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(_cells(row)):
            height = str(cell.attrs.pop("rowspan", "1"))
            for below in rows[number + 1 : number + min(int(height) if height.isdecimal() else 1, _MAX_SPAN)]:
                copy = Tag(name="td")
                copy.string = cell.get_text(" ", strip=True)
                _insert(below, column, copy)


def _insert(row: Tag, column: int, copy: Tag) -> None:
    cells = _cells(row)
    if column < len(cells):
        cells[column].insert_before(copy)
    else:
        row.append(copy)


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


class _Converter(MarkdownConverter):
    def __init__(self, base: str | None) -> None:
        super().__init__(
            heading_style="ATX", bullets="-", wrap=True, wrap_width=None, sub_symbol="", sup_symbol="",
            escape_asterisks=False, escape_underscores=False, escape_misc=False,
        )  # fmt: skip
        self._base = base

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if parent_tags & {"pre", "code"} else link(text, str(el.get("href") or ""), self._base)

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return ""

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return " " if parent_tags & {"td", "th", "_inline"} else "\n"

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"|{text}\n" if text.strip(" |") else ""

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        columns = str(el.get("colspan") or "1")
        more = min(int(columns), _MAX_SPAN) - 1 if columns.isascii() and columns.isdigit() else 0
        cell = " ".join(text.split()).replace("|", "\\|")
        return f" {cell} |" + " |" * more

    convert_th = convert_td

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        lines = [line.strip() for line in text.splitlines()]
        rows = [line for line in lines if line.startswith("|")]
        if not rows:
            return f"\n\n{text.strip()}\n\n"
        columns = max(len(_CELL_END.findall(row)) - 1 for row in rows)
        rows = [row + " |" * (columns + 1 - len(_CELL_END.findall(row))) for row in rows]
        rule = "|" + " --- |" * columns
        caption = " ".join(line for line in lines if line and not line.startswith("|"))
        return "\n".join(["\n", caption, "", rows[0], rule, *rows[1:], "\n"])

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    convert_dt = convert_summary

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002
        return f"\n\n{text.strip()}\n\n"
