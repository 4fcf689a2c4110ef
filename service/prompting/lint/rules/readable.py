"""Whether each file can be read at all: YAML, keys, and a template that can be filled in."""

from collections.abc import Iterator

from pydantic import ValidationError

from service.errors import PromptError
from service.prompting.brands import Brand
from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.sources import TEMPLATE, BrandSource, Sources, ToneSource
from service.prompting.templates.rendering import sections
from service.prompting.tones import Tone


def check(sources: Sources) -> Iterator[LintFinding]:
    for file, reason in sources.unreadable:
        yield Place(file, 1).error("broken_file", detail=reason)
    unread = {file for file, _ in sources.unreadable}
    if TEMPLATE not in unread:
        yield from _template(sources)
    for brand in sources.brands:
        yield from _keys(brand)
    for tone in sources.tones:
        yield from _keys(tone)


def _template(sources: Sources) -> Iterator[LintFinding]:
    try:
        sections(sources.template.text)
    except PromptError as exc:
        yield Place(TEMPLATE, 1).error("broken_file", detail=exc.detail)


def _keys(source: BrandSource | ToneSource) -> Iterator[LintFinding]:
    text = source.yaml if isinstance(source, BrandSource) else source.matter
    if text.fault:
        line, reason = text.fault
        yield Place(source.file, line).error("broken_file", detail=reason)
        return
    for key, line in text.repeated:
        yield Place(source.file, line).error("duplicate_key", key=".".join(key))
    for path, detail in _wrong(source):
        yield source.place(*path).error("broken_key", key=".".join(map(str, path)) or source.file, detail=detail)


def _wrong(source: BrandSource | ToneSource) -> list[tuple[tuple[object, ...], str]]:
    """Return each key that is missing, unknown or wrong, and what is wrong with it."""
    try:
        if isinstance(source, BrandSource):
            Brand.model_validate({**source.yaml.data, "id": source.id})
        else:
            Tone.model_validate({**source.matter.data, "id": source.id, "text": source.body.strip()})
    except ValidationError as exc:
        faults = exc.errors(include_input=False, include_url=False, include_context=False)
        return [(each["loc"], each["msg"].removeprefix("Value error, ")) for each in faults]
    if isinstance(source, ToneSource) and not source.body.strip():
        return [((), "it says nothing below its front matter")]
    return []
