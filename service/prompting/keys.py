"""The keys of a kind of prompt file, from its model: told by the README, and compared with a misspelt key."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

_PLACEHOLDERS = {"voice": "<language>", "variables": "<name>", "labels": "<label>"}


@cache
def keys_of(model: type[BaseModel]) -> tuple[tuple[str, str, str], ...]:
    """Return each key as a path (`voice.<language>.greeting`), what it means, and its default (empty: none)."""
    schema = model.model_json_schema(by_alias=True)
    return tuple(_keys(schema, schema.get("$defs", {}), ""))


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
