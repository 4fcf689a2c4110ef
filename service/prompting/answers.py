"""Verified answers of a brand: written by a person, with an owner and an expiry, read from `prompts/answers/`."""

import re
from collections.abc import Mapping
from datetime import date

from pydantic import Field, TypeAdapter, ValidationError

from service.errors import PromptError
from service.prompting import yaml_faults
from service.prompting.key_faults import first_fault
from service.prompting.voices import Line, Strict
from service.prompting.yaml_text import read_yaml

_SLOT = re.compile(r"\{\{ *([a-z][a-z0-9_]*) *\}\}")


class VerifiedAnswer(Strict):
    owner: Line
    """Who answers for it."""
    expires: date
    """The last day on which it may be given (UTC)."""
    asked: dict[str, tuple[Line, ...]] = Field(min_length=1)
    """By language: the questions that it answers."""
    answer: dict[str, str] = Field(min_length=1)
    """By language: the text; `{{ name }}` stands for a variable."""

    def written(self, language: str, values: Mapping[str, str]) -> str | None:
        """Return the text with *values* in their places; None in another language, or while a value is missing."""
        text = self.answer.get(language, "").strip()
        if not text or any(name not in values for name in _SLOT.findall(text)):
            return None
        return _SLOT.sub(lambda slot: values[slot[1]], text)


_ANSWERS = TypeAdapter(dict[str, VerifiedAnswer])


def parse_answers(brand_id: str, text: str) -> dict[str, VerifiedAnswer]:
    """
    Read a file of verified answers, by their names.

    Raises:
        PromptError: It is no YAML mapping, or a key is missing, unknown or wrong.
    """
    file = f"answers/{brand_id}.yaml"
    read = read_yaml(text)
    if read.fault and read.fault.reason != yaml_faults.EMPTY:
        raise PromptError(f"{file}, line {read.fault.line}: {read.fault.reason}")
    try:
        return _ANSWERS.validate_python(read.data)
    except ValidationError as exc:
        raise PromptError(first_fault(exc, VerifiedAnswer, file, read)) from exc
