"""Tickets to try with one click, for the demo brands; a brand of one's own simply has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.web.form import TryForm


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
            key="colis-en-retard",
            language="fr",
            subject="Colis en retard",
            name="Ana Duarte",
            message="Bonjour,\n\nMa commande est partie il y a plus d’une semaine et je n’ai toujours rien reçu. "
            "Le colis est en retard : à partir de quand pouvez-vous ouvrir une enquête auprès du transporteur, "
            "et que se passe-t-il s’il est perdu ?\n\nMerci d’avance.",
            variables={"order_id": "20417", "delivery_date": "2026-11-24"},
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
            key="delivery-to-switzerland",
            language="en",
            subject="Delivery to Switzerland",
            name="Thomas Keller",
            message="Hello, do you deliver to Switzerland? "
            "How long does a standard parcel take, and what does it cost?",
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
            key="roaming-in-turkey",
            language="en",
            subject="Phone in Turkey",
            name="Ellie Hart",
            message="We fly to Turkey on Saturday. Will my data work there, and how much is a day pass?",
            variables={"plan": "Hop 50 GB"},
        ),
        Example(
            key="outage-credit",
            language="en",
            subject="Three days without fibre",
            name="",
            message="Our fibre was completely dead for four days before you fixed it. "
            "Do I get any money back, and how is it paid?",
        ),
        Example(
            key="resilier-mobile",
            language="fr",
            subject="Résilier mon forfait",
            name="Claire Morel",
            message="Bonjour, je voudrais résilier mon forfait mobile et garder mon numéro chez un autre opérateur. "
            "Comment faire, et y a-t-il un préavis ?",
        ),
    ),
}
