"""Which helpdesks are connected."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog
from service.access.callers import LOCAL, Caller, Scope
from service.access.connections import CONNECTED, Connections
from tests.access.conftest import MARKERS, OURS, QUESTION, THEIRS, Desk

KEY = Caller(name="helpdesk", scopes=frozenset({Scope.REPLY_WRITE}), key_id="abcdefgh")


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_a_helpdesk_is_noted_once(engine: AsyncEngine) -> None:
    """However often it asks, and after a restart too; who needs no key is none, and each brand is told for itself."""
    audit = AuditLog(engine)
    connections = Connections(engine, audit)
    await connections.note(LOCAL, OURS)
    assert not await connections.any()
    for _ in range(2):
        await connections.note(KEY, OURS)
    await Connections(engine, audit).note(KEY, OURS)
    assert [(each.action, each.who, each.brand) for each in await audit.page()] == [(CONNECTED, "helpdesk", OURS)]
    for seen in (connections, Connections(engine, audit)):
        assert await seen.any()
        assert await seen.any(frozenset({OURS}))
        assert not await seen.any(frozenset({THEIRS}))


async def test_an_audit_log_that_cannot_be_written_keeps_no_reply(engine: AsyncEngine) -> None:
    """A database that is away leaves the line out; nothing is raised."""
    await engine.dispose()
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE audit")
    await Connections(engine, AuditLog(engine)).note(KEY, OURS)


def test_a_reply_over_the_api_connects(desk: Desk) -> None:
    """The first reply that a key gets is in the audit log, with the key's name and its brand."""
    headers = desk.as_(desk.key("zendesk", Scope.REPLY_WRITE))
    ticket = {"messages": [{"from": "customer", "text": QUESTION.format(marker=MARKERS[OURS])}]}
    client: TestClient = desk.client
    for accept in ("application/json", "text/event-stream"):
        sent = {"brand": OURS, "ticket": ticket}
        assert client.post("/v1/replies", json=sent, headers=headers | {"Accept": accept}).status_code < 300
    admin = desk.as_(desk.key("reads the audit log", Scope.ADMIN))
    told = client.get("/v1/audit?limit=50", headers=admin).json()["changes"]
    assert [each["brand"] for each in told if (each["action"], each["who"]) == (CONNECTED, "zendesk")] == [OURS]
