"""A second brand with articles of its own, for pages that change what is served."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import Article, Audience
from tests.web.parts import HOSTILE

OURS = "larkline"
PUBLIC = "The porting code is sent by text message within 2 hours of your request, at no charge to you."
STAFF = "Internal use only: a retention offer of 10 euros may be given to customers who ask for the porting code."


def article(source: str, title: str, text: str, **more: Any) -> Article:  # noqa: ANN401 - any of an article's values
    return Article(brand=OURS, source=source, title=title, text=text, language="en", **more)


ARTICLES = (
    article("porting.md", "Keep your number", f"## Porting code\n\n{PUBLIC}", owner="Ines", updated=date(2026, 11, 2)),
    article("porting-old.md", "Keeping a number", f"## Porting code\n\n{PUBLIC.replace('2 hours', '5 hours')}"),
    article("offers.md", "Retention offers", STAFF, url="javascript:alert(1)"),
    article("trial.md", "Trial of 2025", "The trial plan of 2025 lasts fourteen days.", expires=date(2025, 12, 31)),
    article("staff.md", "For the team", "Escalations go to the second line.", audience=Audience.INTERNAL),
)


@pytest.fixture
def publish(services: Services, call: Callable[..., Any]) -> Callable[..., Any]:
    """Make these articles all that the brand has, and return the report."""

    def apply(*articles: Article) -> Any:  # noqa: ANN401 - the report
        plan = call(lambda: services.ingest.plan_articles(articles, OURS, delete_missing=True))
        return call(services.ingest.apply, plan)

    return apply


@pytest.fixture
def published(publish: Callable[..., Any], client: TestClient) -> TestClient:
    publish(*ARTICLES)
    return client


@pytest.fixture
def hostile(publish: Callable[..., Any]) -> tuple[Article, ...]:
    """Articles of which everything is hostile."""
    articles = tuple(
        article(f"{number}-{text}.md", text, f"Frobnication {text} {number}", owner=text, product=text, url=text)
        for number, text in enumerate(HOSTILE)
        if "\x00" not in text
    )
    publish(*articles)
    return articles
