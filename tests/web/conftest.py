"""What the tests of the pages share: the real service on a small knowledge base, and a browser's way of asking."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.app import create_app
from service.assembly import Services
from service.domain import LoggedReply, new_id
from service.settings import Settings
from tests.web.parts import ARTICLES, BRAND, MESSAGE, PageClient

ROOT = Path(__file__).resolve().parents[2]
Log: TypeAlias = Callable[..., LoggedReply]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service as it starts without a model key; forms come from its own pages."""
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "APLOMB_CHAT_MODEL", "DATABASE_URL", "APLOMB_CHROMA_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("APLOMB_EMBEDDINGS", "hashed")
        settings = Settings(data_dir=tmp_path_factory.mktemp("data"), prompts_dir=ROOT / "prompts", min_answerability=0)
        with PageClient(
            create_app(settings), base_url="http://127.0.0.1", headers={"Sec-Fetch-Site": "same-origin"}
        ) as opened:
            services = _services(opened)
            call = _portal(opened)
            call(services.ingest.apply, call(services.ingest.plan, folder, BRAND))
            yield opened


@pytest.fixture
def services(client: TestClient) -> Services:
    return _services(client)


@pytest.fixture
def call(client: TestClient) -> Callable[..., Any]:
    """Run a coroutine function of the service's parts where the service runs."""
    return _portal(client)


@pytest.fixture
def read(client: TestClient) -> Callable[..., BeautifulSoup]:
    """Get a page and take it apart; in English unless the test asks otherwise."""

    def page(address: str, language: str = "en") -> BeautifulSoup:
        client.cookies.clear()
        response = client.get(address, headers={"Accept-Language": language})
        assert response.status_code == 200
        return BeautifulSoup(response.text, "html.parser")

    return page


@pytest.fixture
def try_ticket(client: TestClient) -> Callable[..., str]:
    """Send the form and return the address of the reply's page."""

    def send(**fields: str) -> str:
        response = client.post("/", data={"brand": BRAND, "message": MESSAGE, **fields}, follow_redirects=False)
        assert response.status_code == 303
        return str(response.headers["location"])

    return send


@pytest.fixture
def log_again(services: Services, call: Callable[..., Any], try_ticket: Callable[..., str]) -> Log:
    """Log a copy of a real reply with some of its values replaced, the ticket's and the record's too."""
    original = call(services.reply_log.get, try_ticket().rpartition("/")[2])

    def again(ticket: dict[str, Any] | None = None, logged: dict[str, Any] | None = None, **reply: Any) -> LoggedReply:  # noqa: ANN401 - any of their values
        copy: LoggedReply = replace(
            original,
            reply=replace(original.reply, id=new_id("rep_"), **reply),
            ticket=replace(original.ticket, **(ticket or {})),
            **(logged or {}),
        )
        call(services.reply_log.begin, copy)
        return copy

    return again


def _services(client: TestClient) -> Services:
    services: Services = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    return services


def _portal(client: TestClient) -> Callable[..., Any]:
    assert client.portal is not None
    return client.portal.call
