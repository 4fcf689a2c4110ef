"""A FAQ table becomes an article a row, any other table one article, whatever program saved it."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped
from service.knowledge.reading.formats.readers import read


def items(data: str | bytes, name: str = "faq.csv") -> list[Draft | Skipped]:
    return list(read(ForeignFile(source=name, data=data if isinstance(data, bytes) else data.encode())))


def drafts(data: str | bytes, name: str = "faq.csv") -> list[Draft]:
    return [item for item in items(data, name) if isinstance(item, Draft)]


def workbook(sheets: dict[str, list[list[str | float]]]) -> bytes:
    file = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
        )
        entries = [
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)
        ]
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{"".join(entries)}</sheets></workbook>',
        )
        links = [
            f'<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        ]
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{"".join(links)}</Relationships>'
        )
        for number, rows in enumerate(sheets.values(), 1):
            cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
            )
    return file.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


@pytest.mark.parametrize(
    "header", ["Question;Réponse;Langue", "question;reponse;lang", "TITRE;Corps;langue", "Title;Answer;Language"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_faq_rows_are_articles(header: str, delimiter: str) -> None:
    """French and English headers and every usual delimiter are understood."""
    text = f"{header}\nOù est mon colis ?;En route.;fr\nWhere is it?;On its way.;en\n".replace(";", delimiter)
    found = [(draft.title, draft.text, draft.language) for draft in drafts(text)]
    assert found == [("Où est mon colis ?", "En route.", "fr"), ("Where is it?", "On its way.", "en")]


def test_keys_survive_reordering() -> None:
    """An article of a table is recognised by its id, else by its question, wherever its row moves."""
    rows = ["Quel délai ?,Deux jours.", "Quel prix ?,Cinq euros.", "Quel délai ?,Trois jours."]
    assert [draft.key for draft in drafts("\n".join(["question,answer", *rows]))] == [
        "quel-delai", "quel-prix", "quel-delai-2",
    ]  # fmt: skip
    assert [draft.key for draft in drafts("id,question,answer\n7,A?,B.\n9,C?,D.")] == ["7", "9"]


def test_rows_without_answer_are_named() -> None:
    """A question that nobody answered is skipped with its row number, and the others are read."""
    found = items("question,answer\nA?,\nB?,C.\n")
    assert found[0] == Skipped(key="a", reason="Row 2 has no answer.")
    assert isinstance(found[1], Draft)


def test_columns_are_front_matter() -> None:
    """Address, date and product of a row are kept, under the names that exports give them."""
    (draft,) = drafts("Question,Réponse,HTML_URL,Mise à jour,Produit\nA?,B.,https://a.example/1,2026/11/02,Lampe\n")
    assert (draft.url, draft.updated, draft.product) == ("https://a.example/1", "2026-11-02", "Lampe")


def test_row_with_a_wrong_audience_is_skipped() -> None:
    """A row never becomes public by a typing mistake."""
    found = items("question,answer,audience\nA?,B.,intrenal\nC?,D.,interne\n")
    assert isinstance(found[0], Skipped)
    assert isinstance(found[1], Draft)
    assert found[1].audience == "internal"


def test_cells_may_hold_html_and_lines() -> None:
    """Answers exported as HTML, with quotes and line breaks inside their cell, come out as Markdown."""
    found = drafts('title,body\n"A ""B""?","<p>One</p>\n<ul><li>Two</li></ul>"\nC?,"Line 1\nline 2"\n')
    assert [(draft.title, draft.text) for draft in found] == [('A "B"?', "One\n\n- Two"), ("C?", "Line 1\nline 2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_office_encoding_is_read(encoding: str) -> None:
    """Excel's many ways to save a CSV keep accents, quotes and euros."""
    text = "question;réponse\nQuel coût à l'été ?;3,50 € – « œuvre » d’art\n"
    assert drafts(text.encode(encoding))[0].text == "3,50 € – « œuvre » d’art"


def test_other_tables_are_one_article() -> None:
    """A price list is one article with its header row, not one article a row."""
    (draft,) = drafts("Pays;Prix;;\nFrance;5 €;;\nSuisse;9 €;;\n", "tarifs-2026.csv")
    assert (draft.title, draft.key) == ("tarifs 2026", "")
    assert draft.text == "| Pays | Prix |\n| --- | --- |\n| France | 5 € |\n| Suisse | 9 € |"


def test_lists_of_things_keep_all_their_columns() -> None:
    """A catalogue stays a table, so that no price is lost; the same two columns alone are articles."""
    assert drafts("Name,Description,Price\nLamp,Bright,9\n")[0].text.endswith("| Lamp | Bright | 9 |")
    assert drafts("Name,Description,Lang\nLamp,Bright,en\n")[0].text == "Bright"


def test_workbooks_are_read_sheet_by_sheet() -> None:
    """Each sheet of a workbook is a table; whole numbers stay whole."""
    data = workbook({"FAQ": [["Question", "Réponse"], ["Prix ?", 5.0]], "Tarifs": [["Pays", "€"], ["France", 4.5]]})
    found = drafts(data, "aide.xlsx")
    assert [(draft.key, draft.title, draft.text) for draft in found] == [
        ("FAQ/prix", "Prix ?", "5"),
        ("Tarifs", "aide – Tarifs", "| Pays | € |\n| --- | --- |\n| France | 4.5 |"),
    ]


def test_damaged_workbook_is_refused() -> None:
    """A workbook that is none gets a sentence, not a crash."""
    with pytest.raises(UnreadableFileError, match="damaged"):
        items(workbook({"A": [["x"]]})[:300], "a.xlsx")


def test_too_many_rows_are_refused() -> None:
    """A table of a hundred thousand rows is a database, not knowledge."""
    with pytest.raises(UnreadableFileError, match="50000 rows"):
        items("a,b\n" + "x,y\n" * 60_000)
