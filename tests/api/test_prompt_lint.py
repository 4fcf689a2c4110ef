from fastapi.testclient import TestClient


def test_the_lint_is_served_in_both_languages(client: TestClient) -> None:
    """The shipped prompts have no error; an unknown brand or version is a 404 and an unknown language a 422."""
    for language in ("en", "fr"):
        answer = client.get("/v1/prompts/lint", params={"brand": "maison-lune", "language": language})
        assert answer.status_code == 200
        assert (answer.json()["errors"], answer.json()["warnings"]) == (0, 0)
    assert client.get("/v1/prompts/lint", params={"brand": "nobody"}).status_code == 404
    assert client.get("/v1/prompts/lint", params={"language": "de"}).status_code == 422
    assert client.get("/v1/prompts/000000000000/lint").status_code == 404


def test_a_version_that_wrote_a_reply_can_be_linted(client: TestClient) -> None:
    """What stood in a logged reply's prompt is judged by its version."""
    ticket = {"messages": [{"text": "Sous combien de jours arrive un remboursement ?"}]}
    written = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": ticket}).json()
    answer = client.get(f"/v1/prompts/{written['prompt']['version']}/lint")
    assert answer.status_code == 200
    assert answer.json()["errors"] == 0
