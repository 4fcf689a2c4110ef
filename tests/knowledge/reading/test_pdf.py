"""The text layer of a PDF becomes paragraphs again; a PDF without one is refused in words."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.readers import read

Word = tuple[int, int, str]


def pdf(pages: list[list[str]], title: str = "") -> bytes:
    return placed([[(50, 780 - 14 * row, line) for row, line in enumerate(lines)] for lines in pages], title)


def placed(pages: list[list[Word]], title: str = "") -> bytes:
    """Write a PDF with words at positions, by hand: the whole format that is needed."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    font = "/Resources<</Font<</F1 3 0 R>>>>"
    for number, words in enumerate(pages):
        stream = "".join(f"BT /F1 10 Tf {x} {y} Td ({_escaped(word)}) Tj ET\n" for x, y, word in words)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * number} 0 R{font}>>",
            f"<</Length {len(stream.encode('cp1252'))}>>stream\n{stream}endstream",
        ]
    info = len(objects) + 1
    objects.append(f"<</Title({_escaped(title)})>>")
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj{content}endobj\n".encode("cp1252")
    start = len(file)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    file += f"xref\n0 {info + 1}\n0000000000 65535 f \n{table}".encode()
    file += f"trailer<</Size {info + 1}/Root 1 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(file)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def article(data: bytes) -> Draft:
    draft = next(read(ForeignFile(source="manuals/garantie.pdf", data=data)))
    assert isinstance(draft, Draft)
    return draft


def test_lines_become_sentences_again() -> None:
    """A sentence or a word that the paper's edge had cut is whole, and accents survive."""
    draft = article(
        pdf(
            [
                [
                    "Garantie légale", "", "La garantie couvre les défauts qui apparaissent dans les deux ans qui sui-",
                    "vent la livraison, même si la lampe a été offerte à quelqu’un d’autre, et elle", "est gratuite.",
                    "• Gardez la facture", "• Gardez la boîte", "# 3 rue de la Paix",
                ]
            ]
        )
    )  # fmt: skip
    assert draft.title == "Garantie légale"
    assert draft.text == (
        "Garantie légale\n"
        "La garantie couvre les défauts qui apparaissent dans les deux ans qui suivent la livraison, même si la lampe "
        "a été offerte à quelqu’un d’autre, et elle est gratuite.\n"
        "- Gardez la facture\n- Gardez la boîte\n\\# 3 rue de la Paix"
    )


def test_running_heads_and_page_numbers_go() -> None:
    """What stands on every page of the paper is no knowledge."""
    pages = [
        ["Guide 2026", f"Chapter {name} tells one thing.", f"Page {number} / 4"]
        for number, name in enumerate("ABCD", 1)
    ]
    assert article(pdf(pages, "My guide")).text == "\n\n".join(f"Chapter {name} tells one thing." for name in "ABCD")


def test_bookmarks_are_headings() -> None:
    """The chapters that a PDF lists in its margin head their passages."""
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(pdf([["Intro text."], ["Returns", "Thirty days.", "Costs", "None."]])))
    )
    chapter = writer.add_outline_item(title="Returns", page_number=1)
    writer.add_outline_item(title="Costs", page_number=1, parent=chapter)
    file = io.BytesIO()
    writer.write(file)
    assert article(file.getvalue()).text == "Intro text.\n\n## Returns\n\nThirty days.\n\n### Costs\n\nNone."


def test_table_without_lines_keeps_its_rows() -> None:
    """A price and its product stay in one row though the PDF knows only positions of words."""
    table = [
        ["Code", "Colour", "Price"],
        ["L-100", "White", "19 EUR"],
        ["L-200", "", "29 EUR"],
        ["L-300", "Red", "39 EUR"],
    ]
    table += [["L-400", "Blue", "49 EUR"], ["L-500", "Pink", "59 EUR"]]
    cells = [(column, row) for column in range(3) for row in range(6) if table[row][column]]
    columns = [(50 + 150 * column, 700 - 20 * row, table[row][column]) for column, row in cells]
    text = article(placed([columns])).text
    assert text.startswith(
        "| Code | Colour | Price |\n| --- | --- | --- |\n| L-100 | White | 19 EUR |\n| L-200 |  | 29 EUR |"
    )


def test_stated_title_is_used_unless_a_program_wrote_it() -> None:
    """The document's own title names the article; a program's file name does not."""
    assert article(pdf([["Text here."]], "Notice lampe")).title == "Notice lampe"
    assert article(pdf([["Text here."]], "Microsoft Word - notice_v3.docx")).title == "Text here."


@pytest.mark.parametrize("password", ["secret"])
def test_encrypted_pdf_is_refused(password: str) -> None:
    """A protected PDF is refused with the advice to remove its password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["Secret."]]))))
    writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(UnreadableFileError, match="password"):
        article(file.getvalue())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([[], []]), "only pictures"),
        (pdf([["Some text."]])[:150], "damaged|only pictures"),
        (b"Hello, I am a text file.", "not a PDF"),
        (pdf([[]] * 2_001), "more than 2000 pages"),
    ],
)
def test_unreadable_pdf_says_why(data: bytes, reason: str) -> None:
    """A scan without text, half a file, a false name and a file without end each get their own sentence."""
    with pytest.raises(UnreadableFileError, match=reason):
        article(data)
