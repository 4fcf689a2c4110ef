"""A knowledge base whose vectors come from an endpoint of OpenAI's form."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from service.domain import Article
from service.errors import EmbeddingError
from service.knowledge.embedding import openai_embeddings
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.knowledge_base import open_knowledge
from service.settings import Settings

ARTICLES = [
    Article(
        brand="larkline", source="a.md", title="Refunds", text="We refund to your card in five days.", language="en"
    ),
    Article(brand="larkline", source="b.md", title="Delivery", text="Parcels arrive within three days.", language="en"),
]


class Endpoint(BaseHTTPRequestHandler):
    """Answers with hashed vectors."""

    def do_POST(self) -> None:
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        vectors = HashedEmbeddings().embed_now(texts).tolist()
        answer = json.dumps({"data": [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


async def test_an_endpoint_embeds_articles_and_questions(
    endpoint: HTTPServer, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint says how long its vectors are; without it the base still opens, and keywords find."""
    monkeypatch.setattr(openai_embeddings, "_FIRST_PAUSE_S", 0.0)
    settings = Settings(
        data_dir=data_dir, embeddings="openai", openai_base_url=f"http://127.0.0.1:{endpoint.server_port}/v1"
    )
    async with open_knowledge(settings) as base:
        report = await base.ingest.apply(await base.ingest.plan_articles(ARTICLES, "larkline"))
        assert (report.embedded, report.vectors) == (2, "ready")
        found = await base.finder.find("larkline", "refund to my card")
        assert found.passages[0].passage.article == "a.md"
        near = await base.vectors.nearest("larkline", HashedEmbeddings().embed_now(["parcels arrive"])[0], 1)
        assert len(near) == 1
    endpoint.shutdown()
    endpoint.server_close()
    async with open_knowledge(settings) as base:
        assert base.embeddings.dimension == HashedEmbeddings.dimension
        found = await base.finder.find("larkline", "refund to my card")
        assert found.passages[0].passage.article == "a.md"


async def test_an_endpoint_that_never_answered_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first vector nothing tells how long they are, and opening says why it cannot go on."""
    monkeypatch.setattr(openai_embeddings, "_FIRST_PAUSE_S", 0.0)
    settings = Settings(data_dir=data_dir, embeddings="openai", openai_base_url="http://127.0.0.1:9/v1")
    with pytest.raises(EmbeddingError):
        async with open_knowledge(settings):
            pass
