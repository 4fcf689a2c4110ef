"""A prompt version's sampling in each provider's own words."""

import re
from collections.abc import Callable
from typing import Any

from service.prompting.brands import Sampling

_REASONING = re.compile(r"(o\d|gpt-5)(?!.*chat)")
"""OpenAI's models that refuse every sampling parameter but the length."""

Parameters = Callable[[str, Sampling], dict[str, Any]]


def openai_parameters(name: str, sampling: Sampling) -> dict[str, Any]:
    only_length = {"max_tokens": sampling.max_tokens}
    return only_length if _REASONING.match(name) else sampling.model_dump(exclude_none=True)


def compatible_parameters(_name: str, sampling: Sampling) -> dict[str, Any]:
    """For an endpoint of one's own: servers know one of two names for the length, and ignore the other."""
    return sampling.model_dump(exclude_none=True) | {"extra_body": {"max_tokens": sampling.max_tokens}}


def anthropic_parameters(_name: str, sampling: Sampling) -> dict[str, Any]:
    """Temperature ends at 1, current models take it or top_p but not both, and there are no penalties."""
    taken: dict[str, Any] = {"max_tokens": sampling.max_tokens}
    if sampling.temperature is not None:
        return taken | {"temperature": min(sampling.temperature, 1.0)}
    return taken | ({} if sampling.top_p is None else {"top_p": sampling.top_p})


def google_parameters(_name: str, sampling: Sampling) -> dict[str, Any]:
    parameters = sampling.model_dump(exclude_none=True)
    return {"max_output_tokens": parameters.pop("max_tokens"), **parameters}


def no_parameters(_name: str, _sampling: Sampling) -> dict[str, Any]:
    """For a chat model that has none, such as the extractive one."""
    return {}
