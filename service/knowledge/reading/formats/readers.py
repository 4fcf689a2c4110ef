"""Chooses a file's reader by its name, and says what to do about files that have none."""

from collections.abc import Callable, Iterator
from importlib import import_module

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped

Reader = Callable[[ForeignFile], Iterator[Draft | Skipped]]

_READERS = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd"), ("markdown", "read_markdown")),
    **dict.fromkeys((".html", ".htm", ".xhtml"), ("html", "read_html")),
    **dict.fromkeys((".csv", ".tsv"), ("tables", "read_csv")),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), ("tables", "read_workbook")),
    ".pdf": ("pdf", "read_pdf"),
    ".docx": ("docx", "read_docx"),
    **dict.fromkeys((".txt", ".text"), ("plain", "read_plain")),
}
_READERS |= {
    ".eml": ("mail", "read_mail"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), ("exports", "read_export")),
}
_ADVICE = {
    ".doc": "The document is in the old binary Word format; save it as .docx.",
    ".ppt": "Slides are not read; export them as PDF.",
    ".pptx": "Slides are not read; export them as PDF.",
    ".rtf": "Rich text is not read; save it as .docx.",
    ".odt": "OpenDocument text is not read; save it as .docx.",
    ".pages": "Pages documents are not read; export them as .docx.",
    ".msg": "Outlook messages are not read; save them as .eml.",
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".ico"),
        "Pictures are not read; only the words of an article are.",
    ),
}


def refusal_of(suffix: str) -> str | None:
    """Return why files that end in *suffix* are not read, or None when they are."""
    if suffix in _READERS:
        return None
    return _ADVICE.get(
        suffix, f"Files that end in '{suffix}' are not read." if suffix else "A file without ending is not read."
    )


def read(file: ForeignFile) -> Iterator[Draft | Skipped]:
    """
    Yield what the file holds.

    Raises:
        UnreadableFileError: Nothing in it can be read.
    """
    reason = refusal_of(file.suffix)
    if reason is not None:
        raise UnreadableFileError(reason)
    if not file.data.strip():
        raise UnreadableFileError("The file is empty.")
    module, name = _READERS[file.suffix]
    # Each parser is imported when its first file comes: a folder of Markdown starts at once.
    reader: Reader = getattr(import_module(f"{__package__}.{module}"), name)
    yield from reader(file)
