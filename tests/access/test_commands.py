"""`aplomb keys` beside a running service."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from service.app import create_app
from service.settings import Settings
from tests.access.conftest import ROOT
from tests.cli.invoking import invoke

_START_S = 60.0


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service that other processes find, on a data directory that the commands are told."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {
        "DATA_DIR": tmp_path_factory.mktemp("data"),
        "PROMPTS_DIR": ROOT / "prompts",
        "EMBEDDINGS": "hashed",
        "PORT": port,
        "LOG_LEVEL": "error",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"APLOMB_{name}", str(value))
    server = uvicorn.Server(uvicorn.Config(create_app(Settings()), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    limit = time.monotonic() + _START_S
    while not server.started:
        assert time.monotonic() < limit, "the service did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)


def test_a_key_closes_the_service_and_commands_go_on(address: str) -> None:
    """The first key closes a running service within a second; commands hand over with the owner's token meanwhile."""
    assert httpx.get(f"{address}/v1/replies").status_code == 200
    made = json.loads(invoke("keys", "create", "desk", "--brand", "maison-lune", "--days", "1", "--json").stdout)
    time.sleep(1.2)
    assert httpx.get(f"{address}/v1/replies").status_code == 401
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert httpx.get(f"{address}/v1/replies", headers=headers).json()["replies"] == []
    listed = invoke("prompts", "list", "--json")
    assert listed.exit_code == 0, listed.output
    assert len(json.loads(listed.stdout)["prompts"]) > 1
    shown = json.loads(invoke("keys", "list", "--json").stdout)
    assert [each["name"] for each in shown] == ["desk"]
    assert shown[0]["last_used_at"]
    assert made["key"][len("apl_12345678_") :] not in json.dumps(shown)
    assert invoke("keys", "revoke", "desk", "--json").exit_code == 0
    time.sleep(1.2)
    # Revoking the last key does not open the service again.
    assert httpx.get(f"{address}/v1/replies", headers=headers).status_code == 401
    assert httpx.get(f"{address}/v1/replies").status_code == 401
    told = json.loads(invoke("keys", "audit", "--json").stdout)
    assert [each["action"] for each in told] == ["key.revoked", "key.created"]
    assert {each["who"] for each in told} == {"local"}


def test_names_and_brands_are_checked(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is given once, and a brand that does not exist is refused."""
    monkeypatch.setenv("APLOMB_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("APLOMB_PROMPTS_DIR", str(ROOT / "prompts"))
    assert invoke("keys", "create", "lea", "--brand", "nobody").exit_code == 2
    assert invoke("keys", "create", "lea", "--scope", "admin").exit_code == 0
    assert invoke("keys", "create", "lea").exit_code == 1
    assert invoke("keys", "create", "local").exit_code == 1
    assert invoke("keys", "revoke", "nobody").exit_code == 2
