"""Tickets to try with one click, for the demo brands; a brand of one's own simply has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.web.trying.form import TryForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    key: str
    """Unique within the brand; it stands in the page's address."""
    language: str
    subject: str
    name: str
    message: str
    variables: Mapping[str, str] = field(default_factory=dict)


def examples_of(brand: str, language: str) -> list[Example]:
    """Return the brand's examples, those in *language* first."""
    return sorted(_EXAMPLES.get(brand, ()), key=lambda example: example.language != language)


def example_form(brand: str, key: str) -> TryForm | None:
    """Return the form that the example fills, or None when there is no such example."""
    for example in _EXAMPLES.get(brand, ()):
        if example.key == key:
            return TryForm(
                brand=brand,
                subject=example.subject,
                name=example.name,
                message=example.message,
                variables=example.variables,
            )
    return None


_EXAMPLES: dict[str, tuple[Example, ...]] = {
    "maison-lune": (
        Example(
            key="changer-adresse",
            language="fr",
            subject="Changement d’adresse",
            name="Ana Duarte",
            message="Bonjour,\n\nJe me suis trompée d’adresse en passant commande hier. "
            "Est-il encore possible de modifier l’adresse de livraison ?\n\nMerci d’avance.",
            variables={"order_id": "20417"},
        ),
        Example(
            key="retour-cadeau",
            language="fr",
            subject="Retourner un cadeau de Noël",
            name="Julien Favre",
            message="Bonjour, je pense offrir une lampe à ma sœur pour Noël, commandée le 20 novembre. "
            "Combien de temps aura-t-elle pour la retourner, et comment sera-t-elle remboursée ?",
        ),
        Example(
            key="vaisselle-cassee",
            language="fr",
            subject="Assiettes cassées",
            name="Mme Benali",
            message="Deux assiettes sur six sont arrivées cassées ce matin. Dois-je vous renvoyer les morceaux ? "
            "Quelles photos vous faut-il ?",
            variables={"order_id": "20398"},
        ),
        Example(
            key="brulure",
            language="fr",
            subject="Brûlure avec une lampe",
            name="Paul Girard",
            message="En changeant l’ampoule de votre lampe, j’ai eu une brûlure à la main. Est-ce normal ?",
        ),
        Example(
            key="late-parcel",
            language="en",
            subject="Parcel not moving",
            name="Thomas Keller",
            message="Hello,\n\nMy parcel is late: the tracking has not moved for two weeks. "
            "When do you open an enquiry with the carrier, and what if the parcel is lost?",
            variables={"order_id": "20365", "delivery_date": "2026-11-10"},
        ),
        Example(
            key="lamp-guarantee",
            language="en",
            subject="Lamp guarantee",
            name="Priya Nair",
            message="My lamp stopped working after three years. "
            "Is it still under guarantee, and do I have to send it back?",
        ),
    ),
    "larkline": (
        Example(
            key="amber-light",
            language="en",
            subject="Amber light on the router",
            name="Sam Okafor",
            message="Hi! My Perch shows a solid amber light and there's no internet since this morning. "
            "What does the light mean and what should I do?",
            variables={"account_id": "LK-558201", "plan": "Nest 300"},
        ),
        Example(
            key="new-phone",
            language="en",
            subject="eSIM on a new phone",
            name="Ellie Hart",
            message="I'm moving my eSIM to a new phone. How do I do it, and must I delete it from the old phone first?",
            variables={"plan": "Hop 50 GB"},
        ),
        Example(
            key="keep-number",
            language="en",
            subject="Leaving with my number",
            name="Dev Patel",
            message="I want to leave my Hop plan and keep my number. "
            "How do I get a porting code, and is there a notice to give?",
        ),
        Example(
            key="bereavement",
            language="en",
            subject="My father's line",
            name="Grace Lowe",
            message="My father passed away last week and his phone line is in his name. How do we close it?",
        ),
        Example(
            key="voyant-orange",
            language="fr",
            subject="Voyant orange",
            name="Claire Morel",
            message="Bonjour, le voyant de ma Perch est orange fixe et je n’ai plus internet. Que dois-je faire ?",
        ),
        Example(
            key="resilier-mobile",
            language="fr",
            subject="Résilier mon forfait",
            name="Marc Petit",
            message="Bonjour, je voudrais résilier mon forfait mobile et garder mon numéro chez un autre opérateur. "
            "Comment faire, et y a-t-il un préavis ?",
        ),
    ),
}
