"""Bounds for zip archives, also those that go by the name of .docx or .xlsx: expansion, number, ratio, no entities."""

import io
import zipfile
from typing import BinaryIO

from service.errors import UnreadableFileError

MAX_MEMBERS = 20_000
MAX_EXPANDED = 400_000_000
MAX_OFFICE_EXPANDED = 150_000_000
MAX_RATIO = 200
"""Plain text shrinks to a tenth, at best a fiftieth; bombs to a thousandth."""
_RATIO_MATTERS_FROM = 5_000_000
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_archive(file: BinaryIO | bytes, max_expanded: int = MAX_EXPANDED) -> zipfile.ZipFile:
    """
    Return the archive in *file*, checked by its directory before anything is unpacked.

    Raises:
        UnreadableFileError: It is damaged, or its directory promises more than we unpack.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file)
    except zipfile.BadZipFile as exc:
        raise UnreadableFileError("The archive is damaged or incomplete.") from exc
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableFileError(f"The archive holds more than {MAX_MEMBERS} files; split it.")
    if sum(member.file_size for member in members) > max_expanded or any(map(_is_bomb, members)):
        raise UnreadableFileError("The archive unpacks to far more than its size; it was not opened.")
    return archive


def check_office_archive(data: bytes) -> None:
    """
    Raise unless *data* is an office document that is safe to parse.

    Raises:
        UnreadableFileError: It is protected, in the old format, damaged, a bomb, or declares XML entities.
    """
    if data.startswith(_OLE):
        protected = _PROTECTED in data[:65536] or _PROTECTED in data[-65536:]
        raise UnreadableFileError(
            "The document is protected by a password; save it without one."
            if protected
            else "The document is in the old binary Office format; save it as .docx or .xlsx."
        )
    with open_archive(data, MAX_OFFICE_EXPANDED) as archive:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")) and _declares_entities(archive.read(member)):
                raise UnreadableFileError("The document declares XML entities, which real documents never do.")


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > _RATIO_MATTERS_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1)


def _declares_entities(xml: bytes) -> bool:
    plain = xml.replace(b"\0", b"")
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain
