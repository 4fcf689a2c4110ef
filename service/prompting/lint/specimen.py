"""What the service fills into a template, made from specimens, so that the lint needs no list of names."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from service.domain import Message, Passage, Sender, Ticket
from service.prompting.brands import Brand
from service.prompting.prompts import Prompt, PromptText
from service.prompting.tones import Tone
from service.prompting.variables.declared import Variable

Values = Mapping[str, object]

_NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_PASSAGE = Passage(
    id="psg_specimen", brand="specimen", article="a.md", title="Title", heading="", text="Text.", position=0, start=0
)
_VARIABLE = Variable("order_id", "The order's number", "20417")
_BRAND = Brand.model_validate(
    {
        "id": "specimen",
        "name": "Specimen",
        "about": "Specimen sells specimens.",
        "languages": ["en"],
        "tone": "specimen",
        "voice": {
            "en": {
                "greeting": "Hello {name},",
                "greeting_unnamed": "Hello,",
                "closing": "Regards,",
                "signature": "Specimen",
                "handoff": "We have your message.",
                "prefer": {"a": "b"},
                "avoid": ["c"],
            }
        },
    }
)
_TONE = Tone(id="specimen", text="Calm.")


def values_of(brands: tuple[Brand, ...], tones: tuple[Tone, ...]) -> Iterator[Values]:
    """Yield what the service would fill in: for each brand, tone and language, with variables and without."""
    # The specimen brand stands for the brands to come: it has every list that one of these may leave out.
    for brand in (*brands, _BRAND):
        for tone in tones or (_TONE,):
            for language in brand.languages:
                yield _values(brand, tone, language, (_VARIABLE,))
                yield _values(brand, tone, language, ())


def supplied() -> Values:
    """Return one set of values that lacks nothing."""
    return next(values_of((), ()))


def _values(brand: Brand, tone: Tone, language: str, variables: tuple[Variable, ...]) -> Values:
    prompt = Prompt(PromptText("", brand.id, "", tone.id, ""), brand, tone, None)
    ticket = Ticket(brand=brand.id, subject="Subject", messages=(Message(sender=Sender.CUSTOMER, text="Hello"),))
    return prompt.values(ticket, prompt.frame(language, "Ana", _NOW), [_PASSAGE], variables)
