"""Reads tables: a FAQ (a question and an answer a row) as an article a row, any other table as one article."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from service.errors import UnreadableFileError
from service.knowledge.reading.archive import check_office_archive
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped
from service.knowledge.reading.formats.markdown import clean_markdown
from service.knowledge.reading.metadata import WORDS, known
from service.knowledge.reading.text import clean, decode, one_line

MAX_ROWS = 50_000
MAX_COLUMNS = 200
_QUESTIONS = ("question", "questions", "title", "titre", "intitule", "sujet", "subject", "name", "nom")
_ANSWERS = (
    "answer", "answers", "reponse", "reponses", "body", "corps", "text", "texte", "content", "contenu", "response",
    "description", "answer html", "body html",
)  # fmt: skip
_THINGS = ("name", "nom")
_THEMES = ("theme", "topic", "category", "categorie", "rubrique", "section", "tags")
_KEYS = ("id", "key", "cle", "identifiant", "article id", "ref", "reference", "uuid")
_LOOKS_HTML = re.compile(r"</(?:p|div|a|ul|ol|li|strong|b|em|span|h\d|table)>|<br\s*/?>", re.IGNORECASE)
_DELIMITERS = ",;\t|"


def read_csv(file: ForeignFile) -> Iterator[Draft | Skipped]:
    """Yield the file's articles; the delimiter is the one that cuts its first lines most evenly."""
    text = decode(file.data)
    csv.field_size_limit(10_000_000)
    delimiter = "\t" if file.suffix == ".tsv" else _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True))
    except csv.Error as exc:
        raise UnreadableFileError(f"The table's quoting is broken: {exc}.") from exc
    yield from read_rows(rows, file.title)


def read_workbook(file: ForeignFile) -> Iterator[Draft | Skipped]:
    """Yield the articles of each sheet; a sheet's name goes before its row's key when there are several."""
    # Slow to import, and most folders hold no workbook.
    import python_calamine  # noqa: PLC0415

    if file.data.startswith(b"PK"):
        check_office_archive(file.data)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data))
    except python_calamine.PasswordError as exc:
        raise UnreadableFileError("The workbook is protected by a password; save it without one.") from exc
    except (python_calamine.CalamineError, OSError) as exc:
        raise UnreadableFileError("The workbook is damaged or is no spreadsheet.") from exc
    visible = [sheet.name for sheet in workbook.sheets_metadata if "Visible" in str(sheet.visible)]
    for name in visible:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > MAX_ROWS:
            raise UnreadableFileError(f"The sheet '{name}' has more than {MAX_ROWS} rows; split it.")
        rows = [[_cell(value) for value in row] for row in sheet.to_python()]
        title = file.title if len(visible) == 1 else f"{file.title} – {name}"
        yield from read_rows(rows, title, prefix="" if len(visible) == 1 else f"{one_line(name)}/")


def read_rows(rows: Sequence[Sequence[str]], title: str, prefix: str = "") -> Iterator[Draft | Skipped]:
    """Yield the articles of a table whose first row that is not empty is its header."""
    filled = [[clean(cell).strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in filled[:100]):
        raise UnreadableFileError(f"The table has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns; split it.")
    if not filled:
        return
    header, body = filled[0], filled[1:]
    names = [_plain_name(name) for name in header]
    if body and _is_faq(names):
        yield from _faq(names, body, prefix)
    else:
        yield Draft(title=title, text=as_markdown(filled), key=prefix.rstrip("/"))


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return *rows*, the first of them the header, as a Markdown table without the columns that are empty."""
    columns = [index for index in range(max(map(len, rows))) if any(_at(row, index) for row in rows[1:] or rows)]
    cells = [[one_line(_at(row, index)).replace("|", "\\|") for index in columns] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(columns), *lines[1:]])


def content(text: str, base: str | None = None) -> str:
    """Return a cell or field, written as HTML, Markdown or plain text, as Markdown."""
    if not _LOOKS_HTML.search(text):
        return clean_markdown(text, base)
    # Slow to import, and many tables hold plain text only.
    from service.knowledge.reading.formats.html import markdown_of  # noqa: PLC0415

    return markdown_of(text.replace("\n", "<br>") if "<p" not in text and "<br" not in text else text, base)


def slug(words: str) -> str:
    """Return a readable key that survives reordering: letters, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", words.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:80].strip("-")


def _is_faq(names: Sequence[str]) -> bool:
    """Tell a FAQ from a list of things, whose further columns (a price, a size) say as much as their description."""
    question, answer = _first(names, _QUESTIONS), _first(names, _ANSWERS)
    if question is None or answer is None:
        return False
    further = {name for name in names if name and name not in {*_QUESTIONS, *_ANSWERS, *_KEYS, *_THEMES, *WORDS}}
    return names[question] not in _THINGS or not further


def _faq(names: Sequence[str], body: Sequence[Sequence[str]], prefix: str) -> Iterator[Draft | Skipped]:
    question, answer, key = (_first(names, wanted) for wanted in (_QUESTIONS, _ANSWERS, _KEYS))
    seen: Counter[str] = Counter()
    for number, row in enumerate(body, start=2):
        title = one_line(_at(row, question))
        stem = prefix + (one_line(_at(row, key)) or slug(title) or f"row-{number}")
        seen[stem] += 1
        row_key = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        if not title or not _at(row, answer):
            missing = "question" if not title else "answer"
            yield Skipped(key=row_key, reason=f"Row {number} has no {missing}.")
            continue
        yield _row_article(row_key, title, _at(row, answer), dict(zip(names, row, strict=False)))


def _row_article(key: str, title: str, answer: str, cells: Mapping[str, str]) -> Draft | Skipped:
    try:
        facts = known(cells)
    except UnreadableFileError as exc:
        return Skipped(key=key, reason=exc.detail)
    return Draft(title=title, text=content(answer, facts.get("url")), key=key, **facts)


def _delimiter(text: str) -> str:
    lines = text[:20_000].split("\n")[:20]
    first = next((line for line in lines if line.strip()), "")
    return max(_DELIMITERS, key=lambda mark: (first.count(mark), -_DELIMITERS.index(mark)))


def _plain_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", one_line(name)).encode("ascii", "ignore").decode().lower()
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


def _first(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _at(row: Sequence[str], index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""


def _cell(value: object) -> str:
    """Excel knows numbers only: 3.0 was written 3."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
