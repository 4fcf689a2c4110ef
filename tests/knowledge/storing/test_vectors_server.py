"""The vector index on a Chroma server, which may go away and come back empty."""

import asyncio
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from service.errors import KnowledgeError
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.storing.vectors import ChromaVectors
from tests.knowledge.conftest import Room
from tests.knowledge.parts import split_paragraphs
from tests.knowledge.revisions import BRAND, articles

pytestmark = pytest.mark.slow
QUESTION = np.ones(8, np.float32)


class Server:
    """Chroma's own server on a free port of loopback."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        chroma = Path(sys.executable).with_name("chroma")
        self.process = await asyncio.create_subprocess_exec(
            chroma, "run", "--path", str(self.directory), "--port", str(self.port), "--host", "127.0.0.1",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return
        pytest.fail("the Chroma server did not start")

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    await server.stop()


async def all_keys(vectors: ChromaVectors) -> set[str]:
    return {key for key, _ in await vectors.nearest(BRAND, QUESTION, 1_000)}


async def test_a_server_that_comes_back_empty_is_filled_again(room: Room, server: Server) -> None:
    """Replicas read what one wrote; without the server an ingest still moves the generation, and the index follows."""
    await server.start()
    writer, reader = (
        ChromaVectors(room.store, room.embeddings.id, room.embeddings.dimension, server.url, repair_pause_s=0.1)
        for _ in range(2)
    )
    await writer.open()
    await writer.settled()
    ingest = Ingest(room.store, writer, room.embeddings, room.data_dir, split=split_paragraphs)
    for revision in range(3):
        await ingest.apply(await ingest.plan_articles(articles(revision), BRAND, delete_missing=True))
    await reader.open()
    await reader.settled()
    assert await all_keys(writer) == await all_keys(reader) == await room.needed()
    await server.stop()
    with pytest.raises(KnowledgeError):
        await all_keys(writer)
    report = await ingest.apply(await ingest.plan_articles(articles(3), BRAND, delete_missing=True))
    assert (report.generation, report.vectors) == (4, "unavailable")
    shutil.rmtree(server.directory)
    await server.start()
    for _ in range(100):
        try:
            found = await all_keys(writer)
        except KnowledgeError:
            found = set()
        if found == await room.needed():
            break
        await asyncio.sleep(0.1)
    assert found == await room.needed()
    await writer.close()
    await reader.close()
