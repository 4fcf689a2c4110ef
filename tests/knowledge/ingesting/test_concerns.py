"""What the report tells the owner of the articles: doubles, contradictions, expired and internal ones."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.domain import Article, Audience, Passage
from service.knowledge.ingesting.concerns import Concern, ConcernKind
from service.knowledge.ingesting.figures import Claims, contradiction
from service.knowledge.ingesting.report import IngestReport
from tests.knowledge.conftest import Room

LONG = "Vous suivez votre commande sur la page Mes commandes, avec le numéro reçu par courriel et votre code postal."


def passage(text: str, title: str, language: str = "en") -> Passage:
    return Passage(
        id=text, brand="ml", article=title, title=title, heading="", text=text, position=0, start=0, language=language
    )


@pytest.mark.parametrize(
    ("left", "right", "title", "language"),
    [
        ("Standard delivery takes 3 to 5 working days.", "Standard delivery takes 2 days in France.", "Delivery", "en"),
        ("La livraison coûte 4,90 €.", "La livraison coûte 5,90 euros.", "Livraison", "fr"),
        ("The sale ends on 31 August 2026.", "The sale ends on 30 August 2026!", "Summer sale", "en"),
        (
            "Vous disposez de 30 jours pour retourner un article.",
            "Vous avez 14 jours pour nous retourner un article.",
            "Retours",
            "fr",
        ),
        ("The warranty covers parts for 24 months.", "For 36 months the warranty covers all parts.", "Warranty", "en"),
        ("Members get 10 % off every order.", "Members get 15 percent off on every order.", "Club", "en"),
    ],
)
def test_one_thing_with_two_figures_contradicts(left: str, right: str, title: str, language: str) -> None:
    """The same statement with another figure, date or amount is found, with both sentences as they stand."""
    one, other = passage(f"Bonjour. {left} Merci.", title, language), passage(right, title, language)
    assert contradiction(Claims(one), Claims(other)) == (left, right)


@pytest.mark.parametrize(
    ("left", "left_title", "right", "right_title"),
    [
        ("Standard delivery takes 3 days.", "Delivery", "Express delivery takes 1 day.", "Delivery"),
        (
            "A search for a late parcel takes 8 days.",
            "Late parcels",
            "A search for a lost parcel takes 10 days.",
            "Lost parcels",
        ),
        ("The default is 30 seconds.", "Timeout", "The default is 60 seconds.", "Heartbeat"),
        ("Delivery costs 4.90 €.", "Delivery", "Delivery costs €4.9 in Europe.", "Delivery"),
        ("The sofa costs 1,000 € in blue.", "Sofa", "The sofa costs 1 000 euros in blue.", "Sofa"),
        ("Call us between 9 and 18 hours.", "Contact", "We answer within 24 hours.", "Contact"),
    ],
)
def test_two_things_do_not_contradict(left: str, left_title: str, right: str, right_title: str) -> None:
    """Another subject, or the same figure in another spelling, is no contradiction."""
    assert contradiction(Claims(passage(left, left_title)), Claims(passage(right, right_title))) is None


Report = Callable[..., IngestReport]


async def ingest(room: Room, *articles: Article) -> IngestReport:
    return await room.ingest.apply(await room.ingest.plan_articles(articles, "ml"))


def article(source: str, text: str, **more: Any) -> Article:  # noqa: ANN401
    return replace(Article(brand="ml", source=source, title="Livraison", text=text, language="fr"), **more)


def kinds(report: IngestReport) -> list[tuple[ConcernKind, tuple[str, ...]]]:
    return [(concern.kind, concern.articles) for concern in report.concerns]


async def test_doubles_and_contradictions_are_named(room: Room) -> None:
    """A new article is compared with what is there; an unchanged one is not told again."""
    first = article("a.md", f"{LONG}\n\nLa livraison coûte 5 €.")
    second = article("b.md", LONG)
    third = article("c.md", f"{LONG} Et voilà.\n\nLa livraison coûte 6 €.")
    assert kinds(await ingest(room, first)) == []
    assert kinds(await ingest(room, first, second)) == [(ConcernKind.DUPLICATE, ("a.md", "b.md"))]
    report = await ingest(room, first, second, third)
    assert (ConcernKind.NEAR_DUPLICATE, ("a.md", "c.md")) in kinds(report)
    quotes = [concern.quotes for concern in report.concerns if concern.kind is ConcernKind.CONTRADICTION]
    assert quotes == [("La livraison coûte 5 €.", "La livraison coûte 6 €.")]
    assert kinds(await ingest(room, first, second, third)) == []


async def test_expired_articles_are_named_each_time(room: Room) -> None:
    """An expired article is told until it goes; it is served all the same."""
    old = article("a.md", LONG, expires=date(2020, 1, 1))
    for _ in range(2):
        report = await ingest(room, old, article("b.md", "Bonjour", expires=date(2999, 1, 1)))
        assert kinds(report) == [(ConcernKind.EXPIRED, ("a.md",))]


async def test_internal_words_in_public_are_named(room: Room) -> None:
    """A public article that says it is internal, lies in such a folder, or was internal before, is told."""
    report = await ingest(
        room,
        article("a.md", "Note\n\nUsage interne uniquement : rembourser sans demander."),
        article("interne/b.md", "Les marges"),
        article("c.md", "CONFIDENTIEL\n\nLes marges de l’an dernier"),
        article("d.md", "Vos données sont confidentielles et un message confidentiel le reste."),
        article("e.md", "Usage interne", audience=Audience.INTERNAL),
    )
    assert kinds(report) == [(ConcernKind.INTERNAL, (source,)) for source in ("a.md", "c.md", "interne/b.md")]
    opened = await ingest(room, article("e.md", "Bienvenue"))
    assert opened.concerns[0].detail == "it was internal and becomes public"


async def test_a_report_survives_its_journey(room: Room) -> None:
    """What the service tells as JSON is the report again on the other side."""
    report = await ingest(room, article("a.md", LONG), article("b.md", LONG))
    assert isinstance(report.concerns[0], Concern)
    assert IngestReport.from_json(report.as_json()) == report
