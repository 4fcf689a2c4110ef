"""Sessions of the pages, their forms, and the keys behind them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from service.access.callers import Scope
from service.access.keys import mint
from service.access.rates import Rates
from service.access.sessions import COOKIE, LASTS, Sessions, open_sessions
from tests.access.conftest import OURS, Desk

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HERE = {"Sec-Fetch-Site": "same-origin"}


def _log_in(desk: Desk, key: str, place: str = "/replies") -> str:
    """Log in as a browser without JavaScript does, and return the session's cookie."""
    desk.client.cookies.clear()
    token = BeautifulSoup(desk.client.get("/login").text, "html.parser").select_one("main [name=csrf]")
    assert token is not None
    sent = {"key": key, "next": place, "csrf": str(token["value"])}
    answer = desk.client.post("/login", data=sent, headers=HERE, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == place
    told = answer.headers["set-cookie"].lower()
    assert all(word in told for word in ("httponly", "samesite=strict", "max-age=28800"))
    return str(desk.client.cookies[COOKIE])


def test_a_visitor_logs_in_reads_and_logs_out(desk: Desk) -> None:
    """A key opens the pages for a session; after logging out they ask for a key again."""
    key = desk.key("visitor", Scope.REPLY_READ, brands=[OURS])
    sent_away = desk.client.get("/replies?brand=x", follow_redirects=False)
    assert sent_away.headers["location"] == "/login?next=%2Freplies%3Fbrand%3Dx"
    cookie = _log_in(desk, key)
    page = desk.client.get("/replies")
    assert "visitor" in page.text
    assert desk.client.get("/prompts/try").status_code == 403
    out = {"csrf": desk.services.door.sessions.form_token(cookie)}
    desk.client.post("/logout", data=out, headers=HERE, follow_redirects=False)
    assert COOKIE not in desk.client.cookies
    assert desk.client.get("/replies", follow_redirects=False).status_code == 303


def test_a_form_needs_its_sessions_token(desk: Desk) -> None:
    """A form without the token, or with another session's, changes nothing; a session's JSON needs it too."""
    key = desk.key("editor", Scope.ADMIN)
    cookie = _log_in(desk, key)
    body = {"brand": OURS, "ticket": {"messages": [{"text": "Hello, what does the warranty cover?"}]}}
    other = desk.services.door.sessions.form_token("another session")
    for token in ("", other):
        form = {"brand": OURS, "message": "hello", "csrf": token}
        assert desk.client.post("/", data=form, headers=HERE).status_code == 403
        assert desk.client.post("/v1/replies", json=body, headers={"X-CSRF-Token": token}).status_code == 403
    right = desk.services.door.sessions.form_token(cookie)
    assert desk.client.post("/v1/replies", json=body, headers={"X-CSRF-Token": right}).status_code == 201
    desk.client.cookies.clear()


@pytest.mark.parametrize(
    "place", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_logging_in_never_leads_elsewhere(desk: Desk, place: str) -> None:
    """A log-in link that was sent by somebody else ends on our own pages."""
    key = desk.key(f"led {place}", Scope.ADMIN)
    sent = {"key": key, "next": place, "csrf": desk.services.door.sessions.form_token("")}
    desk.client.cookies.clear()
    answer = desk.client.post("/login", data=sent, headers=HERE, follow_redirects=False)
    assert answer.headers["location"] == "/"
    desk.client.cookies.clear()


def test_expired_and_revoked_keys_open_nothing(desk: Desk) -> None:
    """A key that is over opens neither the API nor the session that it began."""
    old = desk.key("old", Scope.ADMIN, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    key = desk.key("leaver", Scope.ADMIN)
    assert desk.client.get("/v1/replies", headers=desk.as_(old)).status_code == 401
    assert desk.client.get("/v1/replies", headers=desk.as_(key)).status_code == 200
    _log_in(desk, key)
    desk.call(desk.services.door._store.revoke, "leaver", datetime.now(UTC))
    desk.services.door._fresh_until = 0.0
    assert desk.client.get("/v1/replies", headers=desk.as_(key)).status_code == 401
    assert desk.client.get("/replies", follow_redirects=False).status_code == 303
    desk.client.cookies.clear()


def test_a_key_that_asks_too_often_waits(desk: Desk) -> None:
    """Beyond its rate a key gets 429 and is told when to come back."""
    headers = desk.as_(desk.key("busy", Scope.ADMIN, per_minute=2))
    answers = [desk.client.get("/v1/replies", headers=headers) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30


def test_what_a_key_changes_is_in_the_audit_log(desk: Desk) -> None:
    """A moved label is told with the key's name, to admins only, and without the key itself."""
    key = desk.key("promoter", Scope.PROMPTS_WRITE, Scope.ADMIN, brands=[OURS])
    body = {"brand": OURS, "version": desk.versions[OURS]}
    assert desk.client.put("/v1/prompts/labels/candidate", json=body, headers=desk.as_(key)).status_code == 200
    page = desk.client.get("/v1/audit?limit=1", headers=desk.as_(key))
    (newest,) = page.json()["changes"]
    assert (newest["who"], newest["action"], newest["target"]) == ("promoter", "label.moved", "candidate")
    assert key not in page.text


def test_a_key_is_kept_as_a_hash(desk: Desk) -> None:
    """The secret is nowhere in the database's files."""
    # What stands behind `apl_` and eight letters; it may hold the mark between them itself.
    secret = desk.key("kept", Scope.REPLY_READ)[len("apl_12345678_") :].encode()
    files = list(Path(desk.services.settings.data_dir).glob("aplomb.db*"))
    assert files
    assert not any(secret in path.read_bytes() for path in files)


@given(st.text(max_size=200))
def test_only_what_was_signed_is_a_session(cookie: str) -> None:
    """No text that we did not sign is a session, and none breaks the reading."""
    assert Sessions(b"k" * 32).key_id(cookie, NOW) is None


def test_a_session_ends_after_its_hours(tmp_path: Path) -> None:
    """A session holds for eight hours, for the secret that signed it."""
    ours, theirs = open_sessions(tmp_path), Sessions(b"x" * 32)
    cookie = ours.begin("abcdefgh", NOW)
    assert open_sessions(tmp_path).key_id(cookie, NOW + LASTS - timedelta(seconds=1)) == "abcdefgh"
    assert ours.key_id(cookie, NOW + LASTS) is None
    assert theirs.key_id(cookie, NOW) is None
    assert (tmp_path / "sessions.key").stat().st_mode & 0o777 == 0o600


def test_a_rate_is_a_minutes_worth() -> None:
    """A key may use up its minute at once, and no more; another key has its own."""
    rates = Rates()
    assert [rates.wait_s("a", 3) > 0 for _ in range(4)] == [False, False, False, True]
    assert rates.wait_s("b", 3) == 0


def test_a_key_ends_with_the_second_that_it_names() -> None:
    """It holds until just before, and from then on never again; a revoked one not even before."""
    ends = datetime(2026, 11, 23, 12, tzinfo=UTC)
    key, _ = mint("k", [Scope.ADMIN], None, per_minute=1, created_at=ends - timedelta(days=1), expires_at=ends)

    assert key.holds(ends - timedelta(microseconds=1))
    assert not key.holds(ends)
    assert not replace(key, revoked_at=ends - timedelta(hours=1)).holds(ends - timedelta(minutes=1))
