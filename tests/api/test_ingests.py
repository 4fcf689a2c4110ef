import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings


@pytest.fixture
def empty(tmp_path: Path, demo_settings: Settings) -> Iterator[TestClient]:
    """A service of its own without articles."""
    settings = demo_settings.model_copy(update={"data_dir": tmp_path / "data", "embeddings": "hashed"})
    with TestClient(create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def article(source: str, text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"source": source, "title": source.title(), "text": text, **more}


def ingest(client: TestClient, *articles: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    response = client.post("/v1/knowledge/ingests", json={"brand": "maison-lune", "articles": articles, **more})
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


def found(client: TestClient, question: str) -> list[str]:
    answer = client.get("/v1/knowledge/search", params={"brand": "maison-lune", "q": question}).json()
    return [passage["article"] for passage in answer["passages"]]


RETURNS = article("retours", "Un article peut être retourné sous 30 jours après la livraison.")
CANDLES = article("bougies", "Une bougie ouverte ne peut être ni reprise ni échangée.")


def test_articles_come_go_and_come_back(empty: TestClient) -> None:
    """Ingested articles are found, a deleted one is not, and a rollback brings it back as it was."""
    assert ingest(empty, RETURNS, CANDLES)["generation"] == 1
    assert "bougies" in found(empty, "bougie ouverte reprise")
    deleted = empty.delete("/v1/knowledge/articles", params={"brand": "maison-lune", "source": "bougies"})
    assert deleted.json()["removed"] == ["bougies"]
    assert "bougies" not in found(empty, "bougie ouverte reprise")
    rolled_back = empty.post("/v1/knowledge/rollbacks", json={"brand": "maison-lune", "generation": 1}).json()
    assert rolled_back["number"] == 3
    assert "bougies" in found(empty, "bougie ouverte reprise")
    listed = empty.get("/v1/knowledge/generations", params={"brand": "maison-lune"}).json()
    assert [each["number"] for each in listed["generations"]] == [3, 2, 1]


def test_a_plan_says_what_would_change_and_changes_nothing(empty: TestClient) -> None:
    """A plan lists the articles, and the base is as empty as before."""
    assert ingest(empty, RETURNS, plan=True)["added"] == ["retours"]
    assert found(empty, "retourner un article") == []


def test_an_ingest_tells_its_progress(empty: TestClient) -> None:
    """The stream counts articles, texts and vectors, and ends with the report."""
    response = empty.post(
        "/v1/knowledge/ingests",
        json={"brand": "maison-lune", "articles": [RETURNS]},
        headers={"Accept": "text/event-stream"},
    )
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    assert {block[0] for block in blocks[:-1]} == {"event: progress"}
    assert blocks[-1][0] == "event: finished"
    assert json.loads(blocks[-1][1].removeprefix("data: "))["added"] == ["retours"]


def test_uploaded_files_are_read_or_refused_by_name(empty: TestClient) -> None:
    """A readable file becomes an article; a damaged one, or one with a path for a name, harms nobody."""
    files = [
        ("files", ("../../retours.md", b"# Retours\n\nUn article peut \xc3\xaatre retourn\xc3\xa9 sous 30 jours.")),
        ("files", ("plan.pdf", b"%PDF-1.7 nothing")),
    ]
    report = empty.post("/v1/knowledge/uploads", data={"brand": "maison-lune"}, files=files).json()
    assert report["added"] == ["retours.md"]
    assert [refusal["source"] for refusal in report["refused"]] == ["plan.pdf"]


def test_wrong_ingests_are_clear_problems(empty: TestClient) -> None:
    """Unknown brands, fields, sources and generations are named, and nothing is written."""
    for response, status in (
        (empty.post("/v1/knowledge/ingests", json={"brand": "nobody", "articles": []}), 404),
        (empty.post("/v1/knowledge/ingests", json={"brand": "maison-lune", "articles": [{"source": "x"}]}), 422),
        (empty.post("/v1/knowledge/rollbacks", json={"brand": "maison-lune", "generation": 9}), 404),
        (empty.delete("/v1/knowledge/articles", params={"brand": "maison-lune", "source": "x"}), 404),
        (empty.get("/v1/knowledge/generations", params={"brand": "nobody"}), 404),
    ):
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"


def test_a_search_explains_every_candidate(empty: TestClient) -> None:
    """A knowledge manager sees why a passage stands where it stands, or why it was dropped."""
    ingest(empty, RETURNS, CANDLES, article("interne", "Geste commercial : bougie offerte.", audience="internal"))
    asked: dict[str, str | bool] = {"brand": "maison-lune", "q": "bougie ouverte", "explain": True}
    explained = empty.get("/v1/knowledge/search", params=asked).json()
    assert {each["article"] for each in explained["candidates"]} >= {"bougies"}
    assert all("fused" in each["scores"] for each in explained["candidates"])
    assert "interne" not in {passage["article"] for passage in explained["passages"]}
