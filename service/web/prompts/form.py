"""The playground's form: a ticket, the version and the parameters to try it with, and the trial that they make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError
from starlette.datastructures import FormData

from service.domain import Ticket
from service.errors import InvalidInputError
from service.prompting.brands import Sampling
from service.prompting.prompts import PromptText
from service.prompting.variables.declared import Declaration
from service.prompting.versions.labels import PRODUCTION
from service.replies.playground import Edited, Trial
from service.web.trying.form import TryForm

PARAMETERS = {
    "temperature": "0 – 2",
    "top_p": "0 – 1",
    "frequency_penalty": "-2 – 2",
    "presence_penalty": "-2 – 2",
    "max_tokens": "16 – 8192",
}
"""Each with its range."""
TEXTS = ("template", "brand_text", "tone_text")
_FIELDS = (
    "reply", "prompt", "against", "chat_model", "language", "texts_of", "name_of_scenario", *PARAMETERS, *TEXTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrialForm:
    ticket: TryForm
    values: Mapping[str, str]
    """What stands in the other fields, by name; empty ones too."""

    @classmethod
    def of(cls, sent: FormData | Mapping[str, str]) -> "TrialForm":
        texts = {key: str(sent.get(key) or "").replace("\r\n", "\n") for key in _FIELDS}
        defaults = {"prompt": PRODUCTION, "against": PRODUCTION}
        values = {key: text or defaults.get(key, "") for key, text in texts.items()}
        form = TryForm.of(sent) if isinstance(sent, FormData) else TryForm(brand=str(sent.get("brand") or ""))
        return cls(form, values)

    @property
    def reply(self) -> str | None:
        """The logged reply whose ticket is tried."""
        return self.values["reply"] or None

    @property
    def sets_parameters(self) -> bool:
        """Whether anything but the version is chosen."""
        return bool(self.ticket.tone or any(self.values[name] for name in ("language", "chat_model", *PARAMETERS)))

    def without(self, shown: PromptText) -> "TrialForm":
        """Return the form without the texts that stand in its fields as *shown* has them: nobody changed those."""
        own = dict(zip(TEXTS, (shown.template, shown.brand, shown.tone), strict=True))
        same = {name: "" for name, text in own.items() if self.values[name].strip() == text.strip()}
        return replace(self, values={**self.values, **same})

    def to_ticket(self, declared: Mapping[str, Declaration]) -> Ticket:
        """Return the ticket that was typed; ValidationError when a field breaks a rule."""
        return self.ticket.to_ticket(declared)

    def to_trial(self, ticket: Ticket, *, write: bool) -> Trial:
        """Return the trial; InvalidInputError when a parameter is out of its range."""
        given = {name: text.replace(",", ".") for name in PARAMETERS if (text := self.values[name].strip())}
        try:
            sampling = Sampling.model_validate(given) if given else None
        except ValidationError as exc:
            raise InvalidInputError("A parameter is out of its range.") from exc
        edited = (self.values[name] or None for name in TEXTS)
        return Trial(
            ticket=ticket,
            edited=Edited(**dict(zip(("template", "brand", "tone"), edited, strict=True))),
            sampling=sampling,
            chat_model=self.values["chat_model"].strip() or None,
            against=self.values["against"],
            write=write,
        )
