"""A brand: whose voice a reply has and what holds for it, read from `prompts/brands/<brand>.yaml`."""

import re
import unicodedata
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from service.errors import PromptError
from service.prompting.key_faults import first_fault
from service.prompting.variables.declared import Declaration
from service.prompting.voices import Line, Strict, Voice
from service.prompting.yaml_text import read_yaml

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
ChatModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+:\S+$", max_length=200)]


class Sampling(Strict):
    """Parameters of the chat model; those left out are the provider's own."""

    temperature: float | None = Field(None, ge=0, le=2)
    """0 for the most likely words, higher for more variety."""
    top_p: float | None = Field(None, gt=0, le=1)
    """The share of likely words that are considered."""
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    """Above 0: fewer repeated words."""
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    """Above 0: more new words."""
    max_tokens: int = Field(700, ge=16, le=8192)
    """A reply that would be longer is cut, marked `incomplete` and not offered for sending."""


class LabelChoice(Strict):
    """What differs for the replies of one prompt label."""

    chat_models: tuple[ChatModelName, ...] = ()
    """Instead of the brand's `chat_models`."""
    sampling: Sampling | None = None
    """Values here take the place of the brand's; those left out stay."""


class BrandFile(Strict):
    """The keys of a brand's file."""

    name: Line
    """As customers know it."""
    about: Line
    """One sentence for the chat model: what the brand offers."""
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    """The languages it answers in (ISO 639-1); the first one when the ticket's is unknown."""
    timezone: Line = "UTC"
    """IANA name, such as Europe/Paris: whose hours `at_hours` means."""
    tone: Slug
    """The tone of its replies: a file name in prompts/tones."""
    voice: dict[LanguageCode, Voice]
    """By language: how it speaks."""
    variables: dict[VariableName, Declaration] = Field(default={})
    """By name: the business values that a helpdesk may send with a ticket."""
    links: tuple[Line, ...] = ()
    """A reply may point at and below these addresses, whatever the passages say."""
    contacts: tuple[Line, ...] = ()
    """E-mail addresses and phone numbers that a reply may give, whatever the passages say."""
    handoff_topics: dict[Slug, tuple[Line, ...]] = Field(default={})
    """By subject that always goes to a person: the words, or their beginnings, that announce it in any case."""
    disclosure_channels: tuple[Line, ...] = ()
    """Channels on which `disclosure` is written; empty means every channel."""
    unsupported: Literal["drop", "mark", "handoff"] = "drop"
    """A sentence that nothing backs is left out, kept and marked for the reviewer, or sends the ticket to a person."""
    chat_models: tuple[ChatModelName, ...] = ()
    """`provider:name`, the first one first and the others when it fails; empty means the service's own."""
    sampling: Sampling = Sampling()
    """Parameters of the chat model."""
    labels: dict[Slug, LabelChoice] = Field(default={})
    """By prompt label: another chat model or other parameters."""
    send: bool = False
    """True lets a reply without any reservation leave without a review."""
    personal_data: Literal["pseudonymise", "keep"] = "pseudonymise"
    """Whether personal values in free text are replaced before the chat model and the log see them."""
    retention_days: int | None = Field(None, ge=1, le=36_500)
    """After so many days texts of a reply are erased; left out, they are kept."""
    budget_usd_per_day: float | None = Field(None, ge=0)
    """What chat models may cost in a day (UTC); left out, there is no bound."""
    review_reasons: tuple[Slug, ...] = ()
    """The reasons a reviewer may choose, in order; empty means the usual ones."""

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("no such time zone; write it as Europe/Paris") from None
        return name

    @model_validator(mode="after")
    def _is_whole(self) -> "BrandFile":
        silent = [language for language in self.languages if language not in self.voice]
        if silent:
            raise ValueError(f"no voice for the language {', '.join(silent)}")
        unknown = {topic for voice in self.voice.values() for topic in voice.handoff_for} - set(self.handoff_topics)
        if unknown:
            raise ValueError(f"handoff_for names no topic of handoff_topics: {', '.join(sorted(unknown))}")
        return self


class Brand(BrandFile):
    id: str
    """The file's name."""

    def local(self, moment: datetime) -> datetime:
        """Return *moment* in the brand's time zone; a naive one is UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
        return aware.astimezone(ZoneInfo(self.timezone))

    def sampling_for(self, label: str | None) -> Sampling:
        """Return the parameters for the replies of *label*; None is a version without a label."""
        choice = self.labels.get(label or "")
        if choice is None or choice.sampling is None:
            return self.sampling
        return self.sampling.model_copy(update=choice.sampling.model_dump(exclude_unset=True))

    def chat_models_for(self, label: str | None) -> tuple[str, ...]:
        """Return the chat models for the replies of *label*, first choice first; empty means the service's own."""
        choice = self.labels.get(label or "")
        return choice.chat_models if choice and choice.chat_models else self.chat_models

    def discloses_on(self, channel: str | None) -> bool:
        """Say whether a reply on *channel* carries the disclosure; None is no channel of any list."""
        return not self.disclosure_channels or channel in self.disclosure_channels

    def handoff_topic(self, text: str) -> str | None:
        """Return the first hand-off topic that *text* announces, whatever its case and accents, or None."""
        folded = _fold(text)
        return next((topic for topic, announced in self._topics.items() if announced.search(folded)), None)

    @cached_property
    def _topics(self) -> dict[str, re.Pattern[str]]:
        told = {topic: [re.escape(_fold(word)) for word in words] for topic, words in self.handoff_topics.items()}
        return {topic: re.compile(rf"\b(?:{'|'.join(words)})") for topic, words in told.items() if words}


@lru_cache(maxsize=64)
def parse_brand(brand_id: str, text: str) -> Brand:
    """
    Read a brand file.

    Raises:
        PromptError: The file is no YAML mapping, or a key is missing, unknown or wrong; the message names
            it and its line.
    """
    file = f"brands/{brand_id}.yaml"
    read = read_yaml(text)
    if read.fault:
        raise PromptError(f"{file}, line {read.fault.line}: {read.fault.reason}")
    try:
        return Brand.model_validate({**read.data, "id": brand_id})
    except ValidationError as exc:
        raise PromptError(first_fault(exc, BrandFile, file, read)) from exc


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
