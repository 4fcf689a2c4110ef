"""After an erasure a customer's words are nowhere: not in the database's files, not in exports, not in log lines."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import LargeBinary, Text, create_engine, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.app import create_app
from service.assembly import Services
from service.database import metadata
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.rows import replies
from service.reply_log.seals.verification import verify
from service.settings import Settings
from tests.conftest import ROOT
from tests.reply_log.filling import fill_every_table

WORDS = ("Zelmire", "Quartzmarmotte", "zelmire@exemple.fr", "Korrekturwort", "Notizwort", "Gesendetwort", "klient-77")
TICKET = {
    "id": "T-5512",
    "subject": "Quartzmarmotte",
    "customer": {"id": "klient-77", "name": "Zelmire Essai"},
    "messages": [{"text": "Remboursement de ma Quartzmarmotte ? zelmire@exemple.fr, Zelmire"}],
}
ARTICLE = {
    "source": "r.md",
    "title": "Remboursements",
    "text": "Le remboursement par carte arrive sous 5 jours ouvrés.",
}
FORMS = ("jsonl", "csv", "xlsx", "preference", "finetune", "promptfoo")
_CODES = frozenset({"reasons", "draft_reasons", "error_detail"})
"""Texts of a reply's rows that are codes of ours, and never anybody's words."""


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that the service's log lines go to."""
    before = structlog.get_config()
    file = tmp_path / "service.log"
    with file.open("w", encoding="utf-8", buffering=1) as opened:
        monkeypatch.setattr(sys, "stderr", opened)
        monkeypatch.setattr(sys, "stdout", opened)
        yield file
        monkeypatch.undo()
        structlog.configure(**before)


@pytest.fixture
def client(database_url: str, data_dir: Path, lines: Path) -> Iterator[TestClient]:
    assert lines
    settings = Settings(
        data_dir=data_dir, prompts_dir=ROOT / "prompts", embeddings="hashed", min_answerability=0, log_format="json",
        log_level="debug", openai_api_key=None,
    )  # fmt: skip
    if not database_url.startswith("sqlite"):
        settings = settings.model_copy(update={"database_url": SecretStr(database_url)})
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as started:
        yield started


def told(data: bytes) -> list[str]:
    return [word for word in WORDS if word.encode() in data]


def files_of(folder: Path) -> bytes:
    """Every file's bytes; PostgreSQL's own log of changes is recycled in its own time, and not looked at."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and "pg_wal" not in path.parts)
    return b"".join(path.read_bytes() for path in found)


@pytest.fixture
def stored(database_url: str, data_dir: Path) -> Callable[[], bytes]:
    """All that the databases keep: their files, and every row as PostgreSQL would dump it."""

    def read() -> bytes:
        data = files_of(data_dir)
        if database_url.startswith("sqlite"):
            return data
        engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Old files of rewritten tables are dropped at a checkpoint.
            connection.execute(text("CHECKPOINT"))
            place = connection.execute(text("SHOW data_directory")).scalar_one()
            cursor = connection.connection.cursor()
            for table in metadata.tables:
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    data += b"".join(bytes(block) for block in copy)
        engine.dispose()
        return data + files_of(Path(place))

    return read


@pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
def test_a_customers_words_are_nowhere_after_an_erasure(
    client: TestClient, stored: Callable[[], bytes], lines: Path
) -> None:
    """Ticket, reply, review, correction, note, outcome and values are gone from every place; the chain verifies."""
    services: Services = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    assert client.portal is not None
    call = client.portal.call
    client.post("/v1/knowledge/ingests", json={"brand": "maison-lune", "articles": [ARTICLE]}).raise_for_status()
    asked: dict[str, Any] = {"brand": "maison-lune", "ticket": TICKET}
    reply = client.post("/v1/replies", json=asked, headers={"Idempotency-Key": "klient-77-key"}).json()
    said = {"verdict": "reject", "reasons": ["tone"], "note": "Notizwort", "correction": "Korrekturwort Zelmire"}
    client.post(f"/v1/replies/{reply['id']}/reviews", json=said).raise_for_status()
    client.put(f"/v1/replies/{reply['id']}/outcome", json={"sent_text": "Gesendetwort"}).raise_for_status()
    record = call(_record, services, reply["id"])
    before = stored()
    assert told(before) == list(WORDS)
    assert record[100:140] in before
    client.get("/v1/replies/export", params={"ticket": "T-5512"}).raise_for_status()

    erased = client.post("/v1/erasures", json={"customer": "klient-77", "dry_run": False}).json()

    assert erased == {"erased": True, "replies": [reply["id"]]}
    left = stored()
    assert told(left) == []
    assert record[100:140] not in left
    assert call(verify, services.engine).findings == ()
    for form in FORMS:
        assert told(client.get("/v1/replies/export", params={"format": form}).content) == [], form
    backup = b"".join(call(_backup, services))
    assert reply["id"].encode() in backup
    assert told(backup) == []
    written = lines.read_bytes()
    assert b"review.saved" in written
    assert told(written) == []


async def _record(services: Services, reply_id: str) -> bytes:
    async with services.engine.connect() as connection:
        return bytes(await connection.scalar(select(replies.c.record).where(replies.c.id == reply_id)) or b"")


async def _backup(services: Services) -> list[bytes]:
    from service.reply_log.exchange.export import Format  # noqa: PLC0415 - beside its use
    from service.reply_log.exchange.reading import Wanted  # noqa: PLC0415 - beside its use

    return [line async for line in services.exporter.lines(Format.BACKUP, Wanted())]


def test_every_text_that_belongs_to_a_reply_says_whether_it_is_personal() -> None:
    """A table that is added later cannot forget it: an erasure goes by these marks."""
    assert metadata.tables
    for table in metadata.tables.values():
        if "reply_id" not in table.c or table.info.get("personal"):
            continue
        texts = [column for column in table.c if isinstance(column.type, Text | LargeBinary)]
        assert [each.name for each in texts if not each.info.get("personal") and each.name not in _CODES] == [], table


async def test_an_erasure_empties_every_table_that_holds_words(engine: AsyncEngine) -> None:
    """Whatever column is marked as personal is empty for the erased replies, and the others keep theirs."""
    ids = await fill_every_table(engine)
    await Eraser(engine).erase(Selection(customer_id="c1"), "customer")

    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "reply_id" not in table.c:
                continue
            rows = (await connection.execute(select(table).where(table.c.reply_id.in_(ids)))).mappings().all()
            assert bool(rows) is not bool(table.info.get("personal")), table.name
            words = [column.name for column in table.c if column.info.get("personal")]
            assert all(row[name] is None for row in rows for name in words), table.name


def test_a_command_erases_as_much_as_the_service() -> None:
    """A process that only runs `aplomb log erase` knows the same tables."""
    program = """
import json
from service.cli import logs
from service.reply_log.erasures import _personal
print(json.dumps(sorted(table.name for table in _personal())))
"""
    alone = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    known = {name for name, table in metadata.tables.items() if "reply_id" in table.c and _holds(name)}
    assert set(json.loads(alone)) == known


def _holds(name: str) -> bool:
    table = metadata.tables[name]
    return bool(table.info.get("personal")) or any(column.info.get("personal") for column in table.c)
