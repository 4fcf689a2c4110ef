"""A service of two small brands, each with a marker in everything that is its own, and keys of every kind."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.access.callers import Scope
from service.access.keys import mint
from service.app import create_app
from service.assembly import Services
from service.review.comparison.comparisons import Order
from service.review.comparison.sides import Tickets
from service.settings import Settings
from tests.review.comparison.waiting import until_written

ROOT = Path(__file__).resolve().parents[2]
OURS, THEIRS = "maison-lune", "larkline"
MARKERS = {OURS: "Quartzmarmotte", THEIRS: "Zirkonwapiti"}
QUESTION = "What does the warranty of the {marker} cover?"


@dataclass(frozen=True)
class Desk:
    """The running service, and what each brand has in it."""

    client: TestClient
    services: Services
    replies: dict[str, str]
    """By brand: the id of a logged reply."""
    versions: dict[str, str]
    """By brand: a prompt version."""
    comparisons: dict[str, str]
    """By brand: a comparison of that version with another one."""
    pairs: dict[str, str]
    """By brand: a pair of it."""
    jobs: dict[str, str]
    """By brand: an upload that is under way."""

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 - any coroutine function
        assert self.client.portal is not None
        return self.client.portal.call(work, *arguments)

    def key(self, name: str, *scopes: Scope, brands: list[str] | None = None, **changed: Any) -> str:  # noqa: ANN401 - mint's
        how: dict[str, Any] = {"per_minute": 1_000_000, "created_at": datetime.now(UTC), "expires_at": None} | changed
        key, text = mint(name, scopes, brands, **how)
        self.call(self.services.door._store.add, key)
        self.services.door._fresh_until = 0.0
        return text

    def as_(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}


def brands_of(root: Path) -> list[str]:
    return sorted(path.stem for path in (root / "brands").glob("*.yaml"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("access")
    shutil.copytree(ROOT / "prompts", folder / "prompts")
    for brand in brands_of(folder / "prompts"):
        file = folder / "prompts" / "brands" / f"{brand}.yaml"
        file.write_text(f"# {MARKERS.get(brand, 'none')}\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "articles" / brand).mkdir(parents=True)
        marker = MARKERS.get(brand, "none")
        text = f"# {marker}\n\nThe warranty of the {marker} covers the {marker} for two years.\n"
        (folder / "articles" / brand / "warranty.md").write_text(text, encoding="utf-8")
    settings = Settings(
        data_dir=folder / "data",
        prompts_dir=folder / "prompts",
        knowledge_dir=folder / "articles",
        embeddings="hashed",
        min_answerability=0,
        openai_api_key=None,
        log_format="json",
    )
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        services: Services = app.state.services
        assert client.portal is not None
        replies, versions, jobs = {}, {}, {}
        comparisons, pairs = {}, {}
        for brand, marker in MARKERS.items():
            plan = client.portal.call(services.ingest.plan, folder / "articles" / brand, brand)
            client.portal.call(services.ingest.apply, plan)
            body = {
                "brand": brand,
                "ticket": {"id": f"T-{marker}", "messages": [{"text": QUESTION.format(marker=marker)}]},
            }
            answer = client.post("/v1/replies", json=body)
            assert answer.status_code == 201, answer.text
            replies[brand], versions[brand] = answer.json()["id"], answer.json()["prompt"]["version"]
            jobs[brand] = client.portal.call(_planned, services, brand)
            comparisons[brand], pairs[brand] = client.portal.call(_compare, services, brand, replies[brand])
        yield Desk(client, services, replies, versions, comparisons, pairs, jobs)


async def _compare(services: Services, brand: str, reply: str) -> tuple[str, str]:
    """Begin a comparison on the reply's ticket and write its pair."""
    kept = await services.prompts.resolve(brand, None, "files")
    other = replace(kept.text, tone=kept.text.tone + "\nBe brief.\n")
    await services.prompts.keep(other)
    order = Order(brand=brand, baseline=kept.version, candidate=other.version, tickets=Tickets.NAMED, replies=(reply,))
    comparison = await services.comparisons.begin(order, "lea")
    await until_written(services, comparison)
    progress = await services.comparisons.progress(comparison)
    found = await services.comparison_results.of(comparison, progress)
    pair = await services.pairs.next(comparison, "ana")
    return comparison.id, pair.id if pair else found.judged[0].pair_id


async def _planned(services: Services, brand: str) -> str:
    """Return the id of an upload of the brand that waits for its owner."""
    job = services.ingest_jobs.begin(brand, lambda _: services.ingest.plan_articles([], brand))
    await job.idle.wait()
    return job.id
