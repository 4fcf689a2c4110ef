"""Makes text again of the lines on printed pages: running heads go, sentences and words cut by line ends are joined."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_CONTENTS_LINE = re.compile(r"(?:\.[ .]{3,}|…{2,}|_{4,})\s*[\divxlc]+\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*[•●▪■◦‣∙·–\uf0b7\uf0a7]\s*(?=\S)")
_HASH = re.compile(r"^(?=#{1,6}\s)")
_HYPHEN_END = re.compile(r"(?<=[a-zà-ÿ])-$")
_SENTENCE_END = re.compile(r"[.!?:;]['\"»”)\]]*$")
_STARTS_WITHIN = re.compile(r"[a-zà-ÿ(«“]")
_STARTS_OWN_LINE = re.compile(r"\s{2,}|[-*+|#>\\]|\d+[.)]\s")
_FEW_CONTENTS_LINES = 3
_RUNNING_PAGES = 3
_RUNNING_SHARE = 0.3
_FULL_LINE = 0.75
"""Of the usual line's length: what is shorter ends a paragraph, a heading or an item."""
_LEAST_FULL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    page: int
    """0 for the first."""
    title: str
    level: int


def markdown_of_pages(pages: Sequence[Sequence[str]], bookmarks: Sequence[Bookmark]) -> str:
    """Return the *pages*' lines as Markdown."""
    text = _Text(full=max(_usual_width(pages) * _FULL_LINE, _LEAST_FULL))
    for page in _with_headings(list(_without_running_heads(pages)), bookmarks):
        text.turn_page(next((line for line in page if line.strip()), ""))
        for line in page:
            text.add(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text.lines)).strip("\n")


class _Text:
    """The lines so far, joined where the paper's edge had cut a sentence or a word."""

    def __init__(self, full: float) -> None:
        self.lines: list[str] = [""]
        self._full = full
        self._last = 0
        """The length of the last line as it was printed."""

    def turn_page(self, first: str) -> None:
        """Begin a paragraph, unless the *first* line of the new page goes on with the last sentence."""
        before = self.lines[-1]
        if not (before and not _SENTENCE_END.search(before) and _STARTS_WITHIN.match(first)):
            self.lines.append("")

    def add(self, line: str) -> None:
        line = line[1:] if line.startswith("\f") else _HASH.sub(r"\\", _BULLET.sub("- ", line))
        before = self.lines[-1]
        if _HYPHEN_END.search(before) and line[:1].islower():
            self.lines[-1] = before[:-1] + line
        elif len(before) == 1 and before.isupper() and line[:1].islower():
            self.lines[-1] = before + line  # a drop capital
        elif self._goes_on(before, line):
            self.lines[-1] = f"{before} {line.lstrip()}"
        else:
            self.lines.append(line)
        self._last = len(line)

    def _goes_on(self, before: str, line: str) -> bool:
        if not before or not line or before.startswith(("#", "|")) or _STARTS_OWN_LINE.match(line):
            return False
        is_open = not _SENTENCE_END.search(before) or line[0].islower()
        return self._last >= self._full and is_open


def _usual_width(pages: Sequence[Sequence[str]]) -> int:
    lengths = sorted(len(line) for page in pages for line in page if line.strip())
    return lengths[len(lengths) * 8 // 10] if lengths else 0


def _without_running_heads(pages: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Leave out what opens or closes many pages, figures aside: it belongs to the paper and not to the text."""
    edges = Counter(mark for page in pages for mark in {_mark(line) for line in _edges(page)})
    running = {
        mark for mark, count in edges.items() if count >= _RUNNING_PAGES and count >= _RUNNING_SHARE * len(pages)
    }
    for page in pages:
        edge = set(_edges(page))
        kept = [line for line in page if not (line in edge and (_mark(line) in running or _PAGE_NUMBER.match(line)))]
        contents = sum(bool(_CONTENTS_LINE.search(line)) for line in kept)
        yield [line for line in kept if not _CONTENTS_LINE.search(line)] if contents >= _FEW_CONTENTS_LINES else kept


def _edges(page: Sequence[str]) -> list[str]:
    filled = [line for line in page if line.strip()]
    return filled[:2] + filled[-2:]


def _mark(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _with_headings(pages: Sequence[list[str]], bookmarks: Sequence[Bookmark]) -> Iterator[list[str]]:
    wanted: Mapping[int, list[Bookmark]] = defaultdict(list)
    for bookmark in bookmarks:
        wanted[bookmark.page].append(bookmark)
    titles = {_key(bookmark.title) for bookmark in bookmarks}
    for number, page in enumerate(pages):
        filled = [line for line in page if line.strip()]
        # A page repeats the section that it stands in at its top; the heading itself comes where it is marked.
        repeats = len(filled) > 1 and _key(filled[0]) in titles
        is_own = repeats and [_key(line) for line in filled].count(_key(filled[0])) == 1 and number in wanted
        is_own = is_own and any(_key(each.title) == _key(filled[0]) for each in wanted[number])
        rest = page[page.index(filled[0]) + 1 :] if repeats and not is_own else page
        yield list(_marked(rest, wanted.get(number, [])))


def _marked(page: Sequence[str], bookmarks: Sequence[Bookmark]) -> Iterator[str]:
    levels = {_key(bookmark.title): bookmark for bookmark in bookmarks}
    for line in page:
        bookmark = levels.pop(_key(line), None) if line.strip() else None
        if bookmark is None:
            yield line
        else:
            # A form feed tells the next step that this mark is ours and not the page's.
            yield from ("", f"\f{'#' * bookmark.level} {bookmark.title}", "")


def _key(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).casefold()
