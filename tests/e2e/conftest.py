"""A real Chromium before the real service on a port of this machine."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from service.app import create_app
from service.assembly import assemble
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_START_S = 60.0
_STOP_S = 30.0
_TIMEOUT_MS = 20_000

Open: TypeAlias = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service with the demo brands' articles, stopped at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "APLOMB_CHAT_MODEL", "DATABASE_URL", "APLOMB_CHROMA_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("APLOMB_EMBEDDINGS", "hashed")
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("site"), prompts_dir=ROOT / "prompts", knowledge_dir=ROOT / "knowledge"
        )
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=_serve, args=(settings, server), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{_port(server)}"
    finally:
        server.should_exit = True
        thread.join(_STOP_S)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for one file of tests: while it is open, Playwright holds the thread that asynchronous tests need."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What a page's console complained of; a test that leaves any fails."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: str, complaints: list[str]) -> Iterator[Open]:
    """Open a page in a window of its own: `width`, `scheme`, `language`, `touch`, `script` as the test needs."""
    with ExitStack() as stack:

        def open_one(  # noqa: PLR0913 - what a visitor's device differs in
            address: str,
            *,
            width: int = 1280,
            scheme: str = "light",
            language: str = "en-GB",
            touch: bool = False,
            script: bool = True,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
                locale=language,
                has_touch=touch,
                java_script_enabled=script,
                timezone_id="Europe/Paris",
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(_TIMEOUT_MS)
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(site + address)
            return page

        yield open_one
    assert complaints == []


def _serve(settings: Settings, server: uvicorn.Server) -> None:
    asyncio.run(_ingest(settings))
    server.run()


async def _ingest(settings: Settings) -> None:
    async with assemble(settings) as services:
        for brand in ("maison-lune", "larkline"):
            await services.ingest.apply(await services.ingest.plan(settings.knowledge_dir / brand, brand))


def _port(server: uvicorn.Server) -> int:
    limit = time.monotonic() + _START_S
    while not server.started:
        assert time.monotonic() < limit, "the service did not start"
        time.sleep(0.05)
    return int(server.servers[0].sockets[0].getsockname()[1])
