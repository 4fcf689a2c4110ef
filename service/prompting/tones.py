"""A tone: how a reply speaks, whatever the brand, read from `prompts/tones/<tone>.md`."""

from typing import Annotated

import frontmatter
import yaml
from pydantic import Field, StringConstraints, ValidationError

from service.errors import PromptError
from service.prompting.voices import Line, Strict

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
    try:
        matter, body = frontmatter.parse(text)
        tone = Tone.model_validate({**matter, "id": tone_id, "text": body.strip()})
    except yaml.YAMLError as exc:
        raise PromptError(f"{file}: the front matter is not YAML") from exc
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        raise PromptError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from exc
    if not tone.text:
        raise PromptError(f"{file} says nothing below its front matter")
    return tone
