"""A tone: how a reply speaks, whatever the brand, read from `prompts/tones/<tone>.md`."""

from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from service.errors import PromptError
from service.prompting.key_faults import first_fault
from service.prompting.voices import Line, Strict
from service.prompting.yaml_text import read_matter

_LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class ToneMatter(Strict):
    """The front matter of a tone file; what stands below it is told to the chat model as it is."""

    description: Line | None = None
    """For people who choose a tone."""
    opening: dict[_LanguageCode, Line] = Field(default={})
    """By language: the sentence after the greeting."""
    ending: dict[_LanguageCode, Line] = Field(default={})
    """By language: the sentence before the closing."""
    max_sentence_words: int | None = Field(None, ge=5, le=100)
    """A longer sentence is too long for this tone."""


class Tone(ToneMatter):
    id: str
    text: str
    """What the chat model is told; Markdown, never empty."""


def parse_tone(tone_id: str, text: str) -> Tone:
    """
    Read a tone file.

    Raises:
        PromptError: The front matter is no YAML, a key is unknown or wrong, or nothing stands below it.
    """
    file = f"tones/{tone_id}.md"
    matter = read_matter(text)
    if matter.yaml.fault:
        raise PromptError(f"{file}, line {matter.yaml.fault.line}: {matter.yaml.fault.reason}")
    try:
        tone = Tone.model_validate({**matter.yaml.data, "id": tone_id, "text": matter.body.strip()})
    except ValidationError as exc:
        raise PromptError(first_fault(exc, ToneMatter, file, matter.yaml)) from exc
    if not tone.text:
        raise PromptError(f"{file} says nothing below its front matter")
    return tone
