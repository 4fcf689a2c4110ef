"""The keys and the audit log in both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog
from service.access.callers import Scope
from service.access.keys import mint, parts
from service.access.store import KeyStore
from service.errors import NameTakenError, NotFoundError

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


async def test_a_key_comes_back_as_it_was_kept(engine: AsyncEngine) -> None:
    """Name, scopes, brands, rate and dates survive, and the secret opens the key; a second one of its name does not."""
    store = KeyStore(engine)
    made = [
        mint(name, [Scope.REPLY_READ], brands, per_minute=60, created_at=NOW, expires_at=ends)
        for name, brands, ends in (("one", ["maison-lune"], NOW + timedelta(days=1)), ("all", None, None))
    ]
    for key, text in made:
        await store.add(key)
        found = parts(text)
        assert found is not None
        assert key.opens_with(found[1])
        assert not key.opens_with(found[1][::-1])
    assert set(await store.all()) == {key for key, _ in made}
    with pytest.raises(NameTakenError):
        await store.add(made[0][0])
    assert (await store.revoke("one", NOW)).prefix == made[0][0].prefix
    with pytest.raises(NotFoundError):
        await store.revoke("one", NOW)


async def test_the_audit_log_is_read_page_by_page(engine: AsyncEngine) -> None:
    """Entries come newest first, after a cursor, and for the brands that are asked for."""
    audit = AuditLog(engine)
    for number in range(3):
        await audit.note("label.moved", f"label-{number}", brand="one" if number else "two")
    newest, *older = await audit.page(limit=3)
    assert newest.target == "label-2"
    assert await audit.page(after=newest.id) == tuple(older)
    assert [each.target for each in await audit.page(brands=["two"])] == ["label-0"]
    assert await audit.page(brands=[]) == ()
