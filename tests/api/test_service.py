from fastapi.testclient import TestClient


def test_health_readiness_and_version_answer(client: TestClient) -> None:
    """An orchestrator sees that the service lives and can reply, and which version it is."""
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"]["database"] == "ready"
    assert client.get("/version").json()["chat_model"] == "extractive:extractive-1"


def test_search_returns_passages_most_relevant_first(client: TestClient) -> None:
    """A knowledge manager sees what a reply would rest on."""
    found = client.get("/v1/knowledge/search", params={"brand": "maison-lune", "q": "délai remboursement carte"}).json()
    relevances = [passage["relevance"] for passage in found["passages"]]
    assert relevances == sorted(relevances, reverse=True)
    assert found["passages"][0]["article"].startswith("fr/")
    assert 0 <= found["answerability"] <= 1


def test_internal_articles_are_not_found(client: TestClient) -> None:
    """What is written for agents never reaches a customer."""
    question = "geste commercial montant avoir agents contrôle fraude"
    asked: dict[str, str | int] = {"brand": "maison-lune", "q": question, "limit": 20}
    found = client.get("/v1/knowledge/search", params=asked).json()
    assert not [passage for passage in found["passages"] if "interne" in passage["article"]]


def test_every_operation_documents_itself(client: TestClient) -> None:
    """Each public operation has a stable id, and its failures are problems."""
    document = client.get("/openapi.json").json()
    operations = [
        operation
        for path, methods in document["paths"].items()
        if path.startswith("/v1")
        for operation in methods.values()
    ]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all("application/problem+json" in str(operation["responses"]) for operation in operations)
