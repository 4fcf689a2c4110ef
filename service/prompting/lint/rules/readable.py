"""Whether each file can be read at all: YAML, keys, and a template that can be filled in."""

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from service.errors import PromptError
from service.prompting.brands import Brand, BrandFile
from service.prompting.key_faults import MISSING, KeyFault, key_faults
from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE
from service.prompting.lint.sources import BrandSource, Sources, TemplateSource, ToneSource
from service.prompting.templates.rendering import TemplateMatter, sections
from service.prompting.tones import Tone, ToneMatter
from service.prompting.yaml_text import YamlText

_MODELS: dict[type, type[BaseModel]] = {BrandSource: BrandFile, ToneSource: ToneMatter, TemplateSource: TemplateMatter}


def check(sources: Sources) -> Iterator[LintFinding]:
    yield from sources.unreadable
    if TEMPLATE not in {each.file for each in sources.unreadable}:
        yield from _template(sources.template)
    for brand in sources.brands:
        yield from _keys(brand, brand.yaml)
    for tone in sources.tones:
        yield from _keys(tone, tone.matter)


def _template(template: TemplateSource) -> Iterator[LintFinding]:
    wrong = [*_keys(template, template.matter)]
    yield from wrong
    try:
        sections(template.text)
    except PromptError as exc:
        if not wrong:
            yield Place(TEMPLATE, 1).error("broken_file", detail=exc.detail)


def _keys(source: BrandSource | ToneSource | TemplateSource, text: YamlText) -> Iterator[LintFinding]:
    if text.fault:
        yield Place(source.file, text.fault.line).error("broken_file", detail=text.fault.reason)
        return
    for key, line in text.repeated:
        yield Place(source.file, line).error("duplicate_key", key=".".join(key))
    for fault in _wrong(source):
        yield _said(source.place(*fault.path), fault, source.file)


def _said(place: Place, fault: KeyFault, file: str) -> LintFinding:
    key = ".".join(fault.path) or file
    if fault.is_misplaced:
        return place.error("misplaced_key", key=key, meant=fault.meant)
    if fault.meant:
        return place.error("misspelt_key", key=key, meant=fault.meant.rpartition(".")[2])
    if fault.example:
        return place.error("broken_form", key=key, example=fault.example)
    if fault.detail == MISSING:
        return place.error("missing_key", key=key)
    if fault.detail:
        return place.error("broken_key", key=key, detail=fault.detail)
    return place.error("unknown_key", key=key)


def _wrong(source: BrandSource | ToneSource | TemplateSource) -> tuple[KeyFault, ...]:
    """Return each key that is missing, unknown or wrong, and what is wrong with it."""
    try:
        match source:
            case BrandSource():
                Brand.model_validate({**source.yaml.data, "id": source.id})
            case TemplateSource():
                TemplateMatter.model_validate(source.matter.data)
            case ToneSource():
                Tone.model_validate({**source.matter.data, "id": source.id, "text": source.body.strip()})
    except ValidationError as exc:
        return key_faults(exc, _MODELS[type(source)])
    if isinstance(source, ToneSource) and not source.body.strip():
        return (KeyFault((), "it says nothing below its front matter"),)
    return ()
