"""Reads the text layer of a PDF; what is in bookmarks becomes headings."""

import io
import logging
import re
from collections.abc import Iterator, Sequence

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError
from pypdf.generic import Destination

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.printed.lines import Bookmark, markdown_of_pages
from service.knowledge.reading.formats.printed.table_rows import as_table_lines, looks_exploded
from service.knowledge.reading.text import MAX_CHARACTERS, clean, one_line, without_rules

MAX_PAGES = 2_000
MAX_BOOKMARKS = 5_000
_NO_TITLE = re.compile(
    r"\.(?:docx?|pdf|indd|pptx?|xlsx?|tex|jpe?g|png)$|^\W*(?:untitled|sans titre|microsoft word|anonymous|unspecified)",
    re.IGNORECASE,
)
_TITLE_LENGTHS = range(3, 121)


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
        bookmarks = list(_bookmarks(reader, reader.outline, 1))[:MAX_BOOKMARKS]
    except (FileNotDecryptedError, DependencyError) as exc:
        raise UnreadableFileError("The PDF is protected by a password; save it without one.") from exc
    except PyPdfError as exc:
        raise UnreadableFileError("The PDF is damaged or incomplete.") from exc
    text = markdown_of_pages(pages, bookmarks)
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
        lines = _lines(page)
        characters += sum(map(len, lines))
        if characters > MAX_CHARACTERS:
            raise UnreadableFileError(f"The PDF holds more than {MAX_CHARACTERS} characters; split it.")
        pages.append(lines)
    return pages


def _lines(page: PageObject) -> list[str]:
    lines = [line.rstrip() for line in without_rules(clean(page.extract_text())).split("\n")]
    if not looks_exploded(lines):
        return lines
    layout = clean(page.extract_text(extraction_mode="layout"))
    laid_out = as_table_lines([line.rstrip() for line in layout.split("\n")])
    return laid_out if any(line.startswith("|") for line in laid_out) else lines


def _bookmarks(reader: PdfReader, outline: Sequence[object], level: int) -> Iterator[Bookmark]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry, level + 1)
        elif isinstance(entry, Destination):
            page = reader.get_destination_page_number(entry)
            title = one_line(str(entry.title or ""))
            if page is not None and title:
                yield Bookmark(page=page, title=title, level=min(level + 1, 6))


def _title(stated: str | None, pages: Sequence[Sequence[str]]) -> str:
    title = one_line(str(stated or ""))
    if title and not _NO_TITLE.search(title):
        return title
    first = next((one_line(line) for page in pages for line in page if line.strip()), "")
    return first if len(first) in _TITLE_LENGTHS and not first[0].islower() else ""
