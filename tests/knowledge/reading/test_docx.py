"""Word documents are read for their text, tables and lists, not for their comments."""

import io
import zipfile

import pytest

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.readers import read

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, prolog: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr(
            "word/styles.xml",
            f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
            "</w:styles>",
        )
        archive.writestr("word/document.xml", f"{prolog}<w:document {_W}><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def article(data: bytes) -> Draft:
    draft = next(read(ForeignFile(source="Retours et échanges.docx", data=data)))
    assert isinstance(draft, Draft)
    return draft


def test_headings_and_tables_come_out() -> None:
    """A document's first heading is its title, and its tables keep their header row."""
    draft = article(
        docx(paragraph("Retours", "H1") + paragraph("Sous 30 jours.") + table(("Pays", "Prix"), ("France", "5 €")))
    )
    assert draft.title == "Retours"
    assert draft.text == "# Retours\n\nSous 30 jours.\n\n| Pays | Prix |\n| --- | --- |\n| France | 5 € |"


def test_title_style_is_the_title() -> None:
    """What Word calls the title of a document is the title of its article."""
    assert article(docx(paragraph("Bonjour") + paragraph("Nos retours", "T"))).title == "Nos retours"


def test_document_without_heading_is_named_after_its_file() -> None:
    """Without a heading the file's name is the title."""
    assert article(docx(paragraph("Sous 30 jours."))).title == "Retours et échanges"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(paragraph("x"))[:200], "damaged"),
        (b"not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old binary Office format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (docx("&a;", '<!DOCTYPE w [<!ENTITY a "aaaa">]>'), "XML entities"),
    ],
)
def test_unreadable_document_says_why(data: bytes, reason: str) -> None:
    """Half a file, the old format, a password and XML entities each get their own sentence."""
    with pytest.raises(UnreadableFileError, match=reason):
        article(data)
