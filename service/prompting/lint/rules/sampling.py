"""
Sampling values that the chat model's provider refuses.

Ranges as the vendors document them: OpenAI, platform.openai.com/docs/api-reference/chat/create; Anthropic,
docs.anthropic.com/en/api/messages (no penalties); Google, cloud.google.com/vertex-ai/generative-ai/docs/reference
(GenerationConfig: penalties from -2 up to, but not including, 2) and ai.google.dev/api/generate-content.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.prompting.brands import Sampling
from service.prompting.lint.findings import LintFinding
from service.prompting.lint.sources import BrandSource, Sources


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float
    said: str
    open_above: bool = False

    def holds(self, value: float) -> bool:
        return self.low <= value and (value < self.high if self.open_above else value <= self.high)


_UNIT, _TWO = _Range(0, 1, "@0-1"), _Range(0, 2, "@0-2")
_PENALTY, _OPEN_PENALTY = _Range(-2, 2, "@-2-2"), _Range(-2, 2, "@-2-2-open", open_above=True)
_OPENAI = {"temperature": _TWO, "top_p": _UNIT, "frequency_penalty": _PENALTY, "presence_penalty": _PENALTY}
_ANTHROPIC = {"temperature": _UNIT, "top_p": _UNIT}
_GOOGLE = {"temperature": _TWO, "top_p": _UNIT, "frequency_penalty": _OPEN_PENALTY, "presence_penalty": _OPEN_PENALTY}
_RANGES: Mapping[str, Mapping[str, _Range]] = {
    "openai": _OPENAI,
    "azure_openai": _OPENAI,
    "anthropic": _ANTHROPIC,
    "google_genai": _GOOGLE,
    "google_vertexai": _GOOGLE,
}
_PARAMETERS = ("temperature", "top_p", "frequency_penalty", "presence_penalty")


def check(sources: Sources, chat_model: str | None = None) -> Iterator[LintFinding]:
    """Yield what the providers of the brand's chat models would refuse; *chat_model* is the service's own."""
    for source in sources.brands:
        for label in (None, *(source.brand.labels if source.brand else ())):
            yield from _label(source, label, chat_model)


def _label(source: BrandSource, label: str | None, chat_model: str | None) -> Iterator[LintFinding]:
    brand = source.brand
    if brand is None:
        return
    named = brand.chat_models_for(label) or ((chat_model,) if chat_model else ())
    sampling = brand.sampling_for(label)
    above = ("labels", label, "sampling") if label and brand.labels[label].sampling else ("sampling",)
    for provider in dict.fromkeys(each.partition(":")[0] for each in named):
        if label is None or above[0] == "labels" or brand.labels[label].chat_models:
            yield from _provider(source, above, provider, sampling)


def _provider(source: BrandSource, above: tuple[str, ...], provider: str, sampling: Sampling) -> Iterator[LintFinding]:
    ranges = _RANGES.get(provider)
    for parameter in _PARAMETERS if ranges is not None else ():
        value = getattr(sampling, parameter)
        place = source.place(*above, parameter)
        if value is None or ranges is None:
            continue
        if parameter not in ranges:
            yield place.error("sampling_unknown", parameter=parameter, provider=provider)
        elif not ranges[parameter].holds(value):
            said = ranges[parameter].said
            yield place.error("sampling_range", parameter=parameter, value=f"{value:g}", provider=provider, range=said)
    if provider == "anthropic" and sampling.temperature is not None and sampling.top_p is not None:
        yield source.place(*above, "top_p").warning("sampling_pair", provider=provider)
