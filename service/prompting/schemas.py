"""The JSON Schemas with which editors complete prompt files, and the table of their keys, both from the models."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from service.prompting.brands import BrandFile
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

_PLACEHOLDERS = {"voice": "<language>", "variables": "<name>", "labels": "<label>"}


def schema_text(kind: str) -> str:
    """Return the schema file of one kind, in JSON Schema 2020-12."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(kind)}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def keys(kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield each key as a path (`voice.<language>.greeting`), what it means, and its default (empty: none)."""
    schema = _schema(kind)
    yield from _keys(schema, schema.get("$defs", {}), "")


def key_table(kind: str) -> str:
    """Return the keys of one kind of file as a Markdown table, as README has it."""
    rows = (f"| `{path}` | {default} | {meaning} |\n" for path, meaning, default in keys(kind))
    return "| key | default | meaning |\n|---|---|---|\n" + "".join(rows)


def _schema(kind: str) -> dict[str, Any]:
    return FILES[kind].model_json_schema(by_alias=True)


def _keys(
    schema: dict[str, Any], shared: dict[str, Any], prefix: str, told: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str, str]]:
    """Walk the keys; an object that was told at an earlier key is not told again."""
    for name, key in schema.get("properties", {}).items():
        path = prefix + name
        default = "required" if name in schema.get("required", ()) else _default(key)
        yield path, " ".join(key.get("description", "").split()), default
        below = _below(key)
        if below and below not in told:
            told |= {below}
            mark = f".{_PLACEHOLDERS[name]}" if name in _PLACEHOLDERS else "[]" if "items" in key else ""
            yield from _keys(shared[below], shared, f"{path}{mark}.", told)


def _default(key: dict[str, Any]) -> str:
    """Return the default as YAML would say it; nothing for a key whose default is to say nothing."""
    default = key.get("default")
    return "" if default in (None, "", [], {}) or isinstance(default, dict) else json.dumps(default).strip('"')


def _below(key: dict[str, Any]) -> str:
    """Return the name of the object that the key holds, directly, by name or in a list; empty when it holds none."""
    mapped = [key.get("additionalProperties"), *key.get("patternProperties", {}).values()]
    candidates = [key, *mapped, key.get("items"), *key.get("anyOf", ())]
    references = [each["$ref"] for each in candidates if isinstance(each, dict) and "$ref" in each]
    return str(references[0]).rpartition("/")[2] if references else ""
