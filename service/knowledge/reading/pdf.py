"""Reads the text layer of a PDF: running heads and page numbers go, lines become paragraphs again."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.text import MAX_CHARACTERS, clean, one_line

MAX_PAGES = 2_000
_NO_TITLE = re.compile(
    r"\.(?:docx?|pdf|indd|pptx?|xlsx?|tex|jpe?g|png)$|^(?:untitled|microsoft word|document\d*)", re.IGNORECASE
)
_CONTENTS_LINE = re.compile(r"(?:\.[ .]{3,}|…{2,}|_{4,})\s*[\divxlc]+\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:/|of|sur|de)\s*\d{1,4})?\W*$", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[•●▪■◦‣∙·–]\s*(?=\S)")
_HYPHEN_END = re.compile(r"(?<=[a-zà-ÿ])-$")
_STARTS_LOWER = re.compile(r"^[a-zà-ÿ(«]")


def read_pdf(file: ForeignFile) -> Iterator[Draft]:
    """
    Yield the file's one article.

    Raises:
        UnreadableFileError: It is encrypted, too long, damaged, or pages of pictures without text.
    """
    # pypdf tells of every oddity that it works around.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in file.data[:1024]:
        raise UnreadableFileError("The file is not a PDF, whatever its name says.")
    try:
        reader = PdfReader(io.BytesIO(file.data))
        pages = _pages(reader)
        stated = reader.metadata.title if reader.metadata else None
    except (FileNotDecryptedError, DependencyError) as exc:
        raise UnreadableFileError("The PDF is protected by a password; save it without one.") from exc
    except PyPdfError as exc:
        raise UnreadableFileError("The PDF is damaged or incomplete.") from exc
    text = "\n\n".join(filter(None, map(_paragraphs, _without_running_heads(pages))))
    if not any(char.isalnum() for char in text):
        raise UnreadableFileError("The PDF holds no text, only pictures of it; run it through text recognition first.")
    yield Draft(title=_title(stated, pages) or file.title, text=text)


def _pages(reader: PdfReader) -> list[list[str]]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileNotDecryptedError
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableFileError(f"The PDF has more than {MAX_PAGES} pages; split it.")
    pages, characters = [], 0
    for page in reader.pages:
        lines = [line.rstrip() for line in clean(page.extract_text()).split("\n")]
        characters += sum(map(len, lines))
        if characters > MAX_CHARACTERS:
            raise UnreadableFileError(f"The PDF holds more than {MAX_CHARACTERS} characters; split it.")
        pages.append(lines)
    return pages


def _title(stated: str | None, pages: Sequence[Sequence[str]]) -> str:
    title = one_line(str(stated or ""))
    if title and not _NO_TITLE.search(title):
        return title
    first = next((line.strip() for page in pages for line in page if line.strip()), "")
    return one_line(first) if 3 <= len(first) <= 120 and not _STARTS_LOWER.match(first) else ""


def _without_running_heads(pages: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """A line that opens or closes most pages, figures aside, belongs to the paper and not to the text."""
    edges = Counter(mark for page in pages for mark in {_mark(line) for line in _edges(page)})
    running = {mark for mark, count in edges.items() if count >= 3 and count >= 0.3 * len(pages)}
    for page in pages:
        edge = set(_edges(page))
        kept = [line for line in page if not (line in edge and (_mark(line) in running or _PAGE_NUMBER.match(line)))]
        contents = sum(bool(_CONTENTS_LINE.search(line)) for line in kept)
        yield [line for line in kept if not _CONTENTS_LINE.search(line)] if contents >= 3 else kept


def _edges(page: Sequence[str]) -> list[str]:
    filled = [line for line in page if line.strip()]
    return filled[:2] + filled[-2:]


def _mark(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _paragraphs(lines: Sequence[str]) -> str:
    """Return a page's lines as Markdown: a word cut at a line's end is joined, bullets become list items."""
    joined: list[str] = []
    for line in lines:
        line = _BULLET.sub("- ", line)  # noqa: PLW2901
        if joined and _HYPHEN_END.search(joined[-1]) and _STARTS_LOWER.match(line):
            joined[-1] = joined[-1][:-1] + line
        else:
            joined.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(joined)).strip("\n")
