"""Starts the service for a person: articles, then the server, a sample reply and where things are."""

import asyncio
import json
import signal
import socket

import typer
import uvicorn
from rich.console import Console
from rich.panel import Panel
from uvicorn.loops.auto import auto_loop_factory

from service.access.store import KeyStore
from service.api.schemas.reply import ReplyOut
from service.app import create_app
from service.assembly import Services, assemble
from service.cli.database import opened
from service.cli.ingesting import Wanted, ingest_into
from service.cli.showing import show_reply
from service.domain import Customer, Message, Sender, Ticket
from service.errors import ConfigurationError, ServiceError
from service.settings import Settings

_SAMPLE_BRAND = "maison-lune"
_SAMPLE_MESSAGE = (
    "Bonjour, je pense offrir une lampe à Noël, commandée le 20 novembre. "
    "Combien de temps aura-t-on pour la retourner ?"
)
_GRACE_S = 20
_LOOK_S = 0.02


def serve(settings: Settings, console: Console, *, as_json: bool) -> None:
    """
    Ingest the demo articles when there are none, say where everything is, and serve until stopped.

    Raises:
        ConfigurationError: The port is taken, or the address is open to a network that nothing guards.
        IngestBusyError: Another process owns the data directory.
    """
    asyncio.run(_refuse_open_network(settings))
    _refuse_taken_port(settings)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(settings, console, as_json=as_json))


async def _serve(settings: Settings, console: Console, *, as_json: bool) -> None:
    async with assemble(settings) as services:
        await _ingest_demo(services, console)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings, opened=services),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        greeting = asyncio.create_task(_greet(server, services, console, as_json=as_json))
        # uvicorn drains, and then raises the signal again: a stop that was asked for and done is no failure.
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: None)
        await server.serve()
        greeting.cancel()


async def _greet(server: uvicorn.Server, services: Services, console: Console, *, as_json: bool) -> None:
    """Show a reply and say where everything is, once the server listens."""
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(_LOOK_S)
    if not as_json and _SAMPLE_BRAND in services.prompt_files.brand_ids():
        try:
            await _show_sample(services, console)
        except ServiceError as exc:
            console.print(f"{exc.title}: {exc.detail}", style="red", markup=False, soft_wrap=True)
    _announce(services.settings, console, as_json=as_json)


async def _refuse_open_network(settings: Settings) -> None:
    if settings.is_on_loopback or settings.allow_open_network:
        return
    async with opened(settings) as engine:
        if not await KeyStore(engine).all():
            raise ConfigurationError(
                f"{settings.host} is open to the network and there is no access key: make one with "
                "`aplomb keys create NAME`, listen on 127.0.0.1, or set APLOMB_ALLOW_OPEN_NETWORK=true when a proxy in "
                "front guards the service"
            )


def _refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as exc:
            raise ConfigurationError(
                f"port {settings.port} is taken ({exc.strerror}); choose another one: --port {settings.port + 1}"
            ) from exc


async def _ingest_demo(services: Services, console: Console) -> None:
    """Ingest the articles that came with the product when the knowledge base has none at all."""
    if any((await services.knowledge.brands()).values()):
        return
    for brand in services.prompt_files.brand_ids():
        folder = services.settings.knowledge_dir / brand
        if folder.is_dir():
            await ingest_into(services, Wanted(folder, brand), Console(stderr=True))
            console.print(f"Ingested the demo articles of {brand}.", highlight=False)


async def _show_sample(services: Services, console: Console) -> None:
    message = Message(sender=Sender.CUSTOMER, text=_SAMPLE_MESSAGE)
    ticket = Ticket(brand=_SAMPLE_BRAND, messages=(message,), customer=Customer(name="Ana"))
    console.print(Panel(_SAMPLE_MESSAGE, title=f"a ticket for {_SAMPLE_BRAND}", title_align="left"))
    show_reply(ReplyOut.of(await services.writer.write(ticket)), console)


def _announce(settings: Settings, console: Console, *, as_json: bool) -> None:
    base = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104 - compared, not bound
    if as_json:
        typer.echo(json.dumps({"url": base, "data_dir": str(settings.data_dir.resolve())}))
        return
    body = '{"brand":"maison-lune","ticket":{"messages":[{"text":"Comment retourner un article ?"}]}}'
    lines = [
        f"Pages      {base}/",
        f"Log        {base}/replies",
        f"API        {base}/openapi.json",
        f"Data       {settings.data_dir.resolve()}",
    ]
    if not settings.has_chat_model:
        lines.append(
            "Chat model none: no model key: replies are extracts from your articles; "
            "set OPENAI_API_KEY to have a chat model write them (OPENAI_BASE_URL for one of your own)"
        )
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    console.print(f"Try        curl -s {base}/v1/replies -H 'Content-Type: application/json' -d '{body}'\n",
                  markup=False, highlight=False, soft_wrap=True)  # fmt: skip
