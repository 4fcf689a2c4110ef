"""A brand: whose voice a reply has, read from `prompts/brands/<brand>.yaml`."""

import re
import unicodedata
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from service.errors import PromptError
from service.prompting.variables import Declaration

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]

_MAX_NAME_CHARS = 40
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Voice(_Strict):
    """How the brand speaks in one language."""

    register_: Literal["formal", "informal"] = Field("formal", alias="register")
    """In French: vous or tu."""
    greeting: Line
    """Holds `{name}`, the customer's first name."""
    greeting_unnamed: Line
    closing: Line
    signature: Line
    handoff: Line
    """What the customer may be told while the ticket waits for a person; promises nothing."""
    avoid: tuple[Line, ...] = ()

    @property
    def register_rule(self) -> str:
        return "Address the customer formally (in French: vous)." if self.register_ == "formal" else "Be informal."

    def greet(self, name: str | None) -> str:
        """Return the greeting for the first word of *name*; anything that is no name is left out."""
        first = _NAME.match(name.strip()) if name else None
        if first is None or len(first.group()) > _MAX_NAME_CHARS:
            return self.greeting_unnamed
        return self.greeting.replace("{name}", first.group())


class Sampling(_Strict):
    """Parameters of the chat model; those left out are the provider's own."""

    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    frequency_penalty: float | None = Field(None, ge=-2, le=2)
    presence_penalty: float | None = Field(None, ge=-2, le=2)
    max_tokens: int = Field(700, ge=16, le=8192)


class Brand(_Strict):
    id: str
    name: Line
    about: Line
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    """The first one is written when the ticket's language is unknown."""
    tone: Line
    voice: dict[LanguageCode, Voice]
    variables: dict[str, Declaration] = {}
    links: tuple[Line, ...] = ()
    """A reply may point at and below these addresses, whatever the passages say."""
    handoff_topics: dict[str, tuple[Line, ...]] = {}
    sampling: Sampling = Sampling()
    send: bool = False

    @model_validator(mode="after")
    def _speaks_its_languages(self) -> "Brand":
        silent = [language for language in self.languages if language not in self.voice]
        if silent:
            raise ValueError(f"no voice for the language {', '.join(silent)}")
        return self

    def handoff_topic(self, text: str) -> str | None:
        """Return the first hand-off topic that *text* announces, whatever its case and accents, or None."""
        folded = _fold(text)
        for topic, words in self.handoff_topics.items():
            if any(re.search(rf"\b{re.escape(_fold(word))}", folded) for word in words):
                return topic
        return None


def parse_brand(brand_id: str, text: str) -> Brand:
    """
    Read a brand file.

    Raises:
        PromptError: The file is no YAML mapping, or a key is missing, unknown or wrong; the message names it.
    """
    try:
        return Brand.model_validate({**yaml.safe_load(text), "id": brand_id})
    except (yaml.YAMLError, TypeError) as exc:
        raise PromptError(f"brands/{brand_id}.yaml is not a YAML mapping") from exc
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        raise PromptError(f"brands/{brand_id}.yaml: {key}: {first['msg']}") from exc


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
