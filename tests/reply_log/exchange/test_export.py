"""The log in the formats of spreadsheets and trainers."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.ext.asyncio import AsyncEngine

from service.errors import InvalidInputError
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.exchange.export import Exporter, Format
from service.reply_log.exchange.opinion import Opinion
from service.reply_log.exchange.reading import Wanted
from service.reply_log.exchange.tables import COLUMNS
from service.reply_log.store import ReplyFilter, ReplyLog
from tests.reply_log.conftest import Make

HOSTILE = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a"b,c\nd']


async def bytes_of(exporter: Exporter, form: Format, wanted: Wanted | None = None) -> bytes:
    return b"".join([line async for line in exporter.lines(form, wanted or Wanted())])


async def corrected(reply_ids: Sequence[str]) -> Mapping[str, Opinion]:
    return dict.fromkeys(sorted(reply_ids)[:1], Opinion(better="Mieux"))


async def test_no_cell_of_a_table_is_computed(engine: AsyncEngine, log: ReplyLog, make: Make, tmp_path: Path) -> None:
    """In CSV a dangerous text begins with an apostrophe and every cell is quoted; in XLSX it stays a text."""
    for text in HOSTILE:
        await log.begin(make(text))
    exporter = Exporter(engine)

    written = (await bytes_of(exporter, Format.CSV)).decode()
    await exporter.write_xlsx(tmp_path / "log.xlsx", Wanted())

    table = list(csv.DictReader(io.StringIO(written, newline="")))
    assert [row["text"] for row in table] == [f"'{text}" for text in HOSTILE[:-1]] + HOSTILE[-1:]
    assert all(line.startswith('"') for line in written.split("\r\n")[:2])
    rows = CalamineWorkbook.from_path(tmp_path / "log.xlsx").get_sheet_by_name("replies").to_python()
    assert rows[0] == list(COLUMNS)
    assert [row[COLUMNS.index("text")] for row in rows[1:4]] == HOSTILE[:3]


async def test_an_export_goes_on_where_it_broke_off(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """The first part and what comes after its last reply are together the whole export."""
    ids = [(await log.begin(make(str(number), brand="b" if number % 2 else "c"))).reply.id for number in range(5)]
    exporter = Exporter(engine)

    whole = await bytes_of(exporter, Format.CSV)
    rest = await bytes_of(exporter, Format.CSV, Wanted(after=ids[2]))
    of_brand = await bytes_of(exporter, Format.CSV, Wanted(filter=ReplyFilter(brand="c")))

    assert whole.endswith(rest)
    assert len(rest.splitlines()) == 2
    assert len(of_brand.splitlines()) == 4


async def test_examples_hold_what_was_asked_and_the_better_answer(
    engine: AsyncEngine, log: ReplyLog, make: Make
) -> None:
    """A corrected reply is a preference pair; fine-tuning takes the correction, else the reply; promptfoo a case."""
    for number in range(2):
        await log.begin(make(f"Réponse {number}"))
    exporter = Exporter(engine, corrected)

    [pair] = map(json.loads, (await bytes_of(exporter, Format.PREFERENCE)).splitlines())
    tuned = [json.loads(line) for line in (await bytes_of(exporter, Format.FINETUNE)).splitlines()]
    cases = [json.loads(line) for line in (await bytes_of(exporter, Format.PROMPTFOO)).splitlines()]

    assert (pair["chosen"][0]["content"], pair["rejected"][0]["content"]) == ("Mieux", "Réponse 0")
    assert pair["prompt"] == [{"role": "user", "content": "x"}]
    assert [each["messages"][-1]["content"] for each in tuned] == ["Mieux", "Réponse 1"]
    assert cases[1]["assert"][0]["value"] == "Réponse 1"


@pytest.mark.parametrize("form", [Format.JSONL, Format.CSV, Format.PREFERENCE, Format.FINETUNE, Format.PROMPTFOO])
async def test_tables_and_examples_hold_placeholders(
    engine: AsyncEngine, log: ReplyLog, make: Make, form: Format
) -> None:
    """A customer's values leave only in a backup."""
    logged = make("Bonjour [NAME_1]", asked="Je suis [NAME_1]")
    await log.begin(replace(logged, personal={"[NAME_1]": "Zelmire"}))

    exporter = Exporter(engine, corrected) if form is Format.PREFERENCE else Exporter(engine)
    said = await bytes_of(exporter, form)

    assert b"[NAME_1]" in said
    assert b"Zelmire" not in said


async def test_a_correction_that_says_a_value_is_exported_with_its_placeholder(
    engine: AsyncEngine, log: ReplyLog, make: Make
) -> None:
    """Who corrects over the API reads the customer's name and writes it; trainers get the placeholder on both sides."""
    logged = make("Bonjour [NAME_1]")
    await log.begin(replace(logged, personal={"[NAME_1]": "Zelmire", "[VALUE_1]": "12", "/variables/x": '"Bon"'}))

    async def better(reply_ids: Sequence[str]) -> Mapping[str, Opinion]:
        return dict.fromkeys(reply_ids, Opinion(better="Bonjour chère Zelmire, 12 jours"))

    [pair] = map(json.loads, (await bytes_of(Exporter(engine, better), Format.PREFERENCE)).splitlines())

    assert pair["chosen"][0]["content"] == "Bonjour chère [NAME_1], 12 jours"


async def test_an_erased_reply_is_exported_as_erased(engine: AsyncEngine, log: ReplyLog, make: Make) -> None:
    """The table says when; examples leave it out; its words are in no export."""
    await log.begin(make("mot-secret", customer="c1"))
    await Eraser(engine).erase(Selection(customer_id="c1"), "customer")
    exporter = Exporter(engine)

    said = {form: await bytes_of(exporter, form) for form in Format if form is not Format.XLSX}

    assert not any(b"mot-secret" in each for each in said.values())
    [row] = csv.DictReader(io.StringIO(said[Format.CSV].decode(), newline=""))
    assert (bool(row["erased_at"]), row["text"]) == (True, "")
    assert said[Format.FINETUNE] == b""


async def test_a_workbook_has_no_lines(engine: AsyncEngine) -> None:
    """Who asks for a workbook line by line is told to name a file."""
    with pytest.raises(InvalidInputError):
        await bytes_of(Exporter(engine), Format.XLSX)
