"""The JSON Schemas with which editors complete prompt files, and the table of their keys, both from the models."""

import json

from pydantic import BaseModel

from service.prompting.brands import BrandFile
from service.prompting.keys import keys_of
from service.prompting.scenarios import Scenario
from service.prompting.templates.rendering import TemplateMatter
from service.prompting.tones import ToneMatter

FILES: dict[str, type[BaseModel]] = {
    "brand": BrandFile,
    "tone": ToneMatter,
    "template": TemplateMatter,
    "scenario": Scenario,
}
"""By kind of file: the model of its YAML; `prompts/schemas/<kind>.schema.json` is its schema."""


def schema_text(kind: str) -> str:
    """Return the schema file of one kind, in JSON Schema 2020-12."""
    schema = FILES[kind].model_json_schema(by_alias=True)
    stated = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(stated, ensure_ascii=False, indent=2) + "\n"


def keys(kind: str) -> tuple[tuple[str, str, str], ...]:
    """Return each key as a path (`voice.<language>.greeting`), what it means, and its default (empty: none)."""
    return keys_of(FILES[kind])


def key_table(kind: str) -> str:
    """Return the keys of one kind of file as a Markdown table, as README has it."""
    rows = (f"| `{path}` | {default} | {meaning} |\n" for path, meaning, default in keys(kind))
    return "| key | default | meaning |\n|---|---|---|\n" + "".join(rows)
