"""Which of the earlier ingests' concerns still stand."""

from dataclasses import replace

from service.domain import Audience
from service.knowledge.ingesting.concerns import Concern, ConcernKind
from service.knowledge.ingesting.report import IngestReport
from service.knowledge.ingesting.standing import standing
from service.knowledge.storing.content import StoredArticle


def _stored(source: str, born: int) -> StoredArticle:
    return StoredArticle(
        source=source, version="v", title="", language=None, url=None, audience=Audience.PUBLIC, product=None,
        updated=None, owner=None, expires=None, passages=1, born=born,
    )  # fmt: skip


REPORT = IngestReport(
    brand="ml", base=2, generation=3, added=(), changed=(), removed=(), missing=(), kept=0, refused=(), passages=0,
    embedded=0, vectors="ready", took_ms=1.0,
    concerns=(
        Concern(kind=ConcernKind.DUPLICATE, articles=("a", "b"), detail="same"),
        Concern(kind=ConcernKind.EXPIRED, articles=("a",), detail="yesterday"),
    ),
)  # fmt: skip


def test_a_concern_stands_while_its_articles_are_as_they_were() -> None:
    """Both articles live and are no newer than the report: the doubles stand; what expired is told anew each day."""
    assert [each.kind for each in standing(REPORT, (_stored("a", 1), _stored("b", 3)))] == [ConcernKind.DUPLICATE]


def test_a_concern_falls_with_one_of_its_articles() -> None:
    """One that is gone, or came back or changed in a later generation, takes its concern with it."""
    assert standing(REPORT, (_stored("a", 1),)) == ()
    assert standing(REPORT, (_stored("a", 1), _stored("b", 4))) == ()
    assert standing(replace(REPORT, concerns=()), (_stored("a", 1),)) == ()
