"""Reads Word documents: as HTML first, then like any HTML."""

import io
import zipfile
from collections.abc import Iterator

import mammoth

from service.errors import UnreadableFileError
from service.knowledge.reading.archive import check_office_archive
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.html import draft_of

_STYLES = "p[style-name='Title'] => h1:fresh"


def read_docx(file: ForeignFile) -> Iterator[Draft]:
    """
    Yield the document's one article; comments, pictures and linked files are left out.

    Raises:
        UnreadableFileError: It is protected, damaged, or expands beyond its bounds.
    """
    check_office_archive(file.data)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(file.data), convert_image=lambda _: [], external_file_access=False, style_map=_STYLES
        )
    except (KeyError, OSError, zipfile.BadZipFile) as exc:
        raise UnreadableFileError("The file is no Word document, or a damaged one.") from exc
    yield draft_of(result.value, file.title)
