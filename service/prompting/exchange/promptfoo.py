"""promptfoo's configuration: its prompts and tests read, and our scenarios written as its tests."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from service.prompting.exchange.foreign import ForeignCase, ForeignCheck, ForeignFile, ForeignMessage, messages_of
from service.prompting.scenarios import Scenario
from service.prompting.yaml_text import read_yaml

OWN = "aplomb"
"""The key below a test's metadata where our export keeps what promptfoo has no word for."""
_MAX_BYTES = 200_000
_MAX_COMBINED = 100
_TEXTS = {".txt", ".md", ".json", ".yaml", ".yml"}
_PROVIDER = {
    "id": "http",
    "label": OWN,
    "config": {
        "url": "http://127.0.0.1:8080/v1/replies",
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": {
            "brand": "{{ brand }}",
            "ticket": "{{ ticket | dump }}",
            "variables": "{{ variables | dump }}",
            "tone": "{{ tone | dump }}",
            "language": "{{ language | dump }}",
        },
        "transformResponse": "json.text",
    },
}


def read(name: str, data: Mapping[str, Any], folder: Path) -> ForeignFile:
    """Read a configuration (promptfoo.dev/docs/configuration/reference); text files below *folder* are read along."""
    found = ForeignFile(name=str(data.get("description") or name), format="promptfoo")
    prompts = data.get("prompts") or []
    listed = prompts if isinstance(prompts, list) else [prompts]
    read_ones = [messages for each in listed if (messages := _prompt(each, folder, found.left_out))]
    if len(read_ones) > 1:
        found.left_out.append(f"prompts 2 to {len(read_ones)}: one prompt is imported at a time")
    found.messages = read_ones[0] if read_ones else ()
    found.cases = tuple(_cases(data, found.left_out))
    if data.get("scenarios"):
        found.left_out.append("scenarios: write them out as tests")
    return found


def write(scenarios: Mapping[str, Scenario]) -> str:
    """Return a configuration whose tests send the scenarios to the service on this machine."""
    document = {
        "description": "Scenarios of Aplomb",
        "prompts": ["{{ question }}"],
        "providers": [_PROVIDER],
        "tests": [_test(name, scenario) for name, scenario in scenarios.items()],
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _test(name: str, scenario: Scenario) -> dict[str, Any]:
    stated = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    ticket = stated["ticket"]
    customer = {"customer": {"name": ticket["name"]}} if "name" in ticket else {}
    own = {key: stated[key] for key in ("note", "decision", "cites") if key in stated}
    checks = [{"type": "icontains", "value": each} for each in scenario.must_contain]
    checks += [{"type": "not-icontains", "value": each} for each in scenario.must_not_contain]
    return {
        "description": name,
        "vars": {
            "question": scenario.ticket.messages[-1].text,
            "brand": scenario.brand,
            "ticket": {**{key: value for key, value in ticket.items() if key != "name"}, **customer},
            "variables": stated.get("variables", {}),
            "tone": scenario.tone,
            "language": scenario.language,
        },
        "assert": checks,
        "metadata": {OWN: own},
    }


def _prompt(stated: object, folder: Path, left_out: list[str]) -> tuple[ForeignMessage, ...]:
    said = stated.get("raw") or stated.get("id") if isinstance(stated, dict) else stated
    if isinstance(said, str) and said.startswith("file://"):
        said = _file(said, folder, left_out)
    if not isinstance(said, str) or said.strip() == "{{ question }}":
        return ()
    if said.lstrip().startswith(("[", "- role:")):
        items = read_yaml("items:\n" + indent(said, "  ")).data.get("items")
        if isinstance(items, list) and all(isinstance(each, dict) for each in items):
            return tuple(messages_of(items, left_out))
    return (ForeignMessage("user", said),)


def _file(address: str, folder: Path, left_out: list[str]) -> str | None:
    """Return the text of a file below *folder*; a program, a pattern or a file elsewhere is left out."""
    path = (folder / address.removeprefix("file://")).resolve()
    if path.suffix not in _TEXTS or not path.is_relative_to(folder.resolve()) or not path.is_file():
        left_out.append(f"{address}: only text files beside the configuration are read, and nothing is run")
        return None
    if path.stat().st_size > _MAX_BYTES:
        left_out.append(f"{address}: it is larger than {_MAX_BYTES} bytes")
        return None
    return path.read_text("utf-8-sig", errors="replace")


def _cases(data: Mapping[str, Any], left_out: list[str]) -> Iterator[ForeignCase]:
    tests = data.get("tests") or []
    if not isinstance(tests, list):
        left_out.append("tests: they stand in another file; paste them into this one")
        return
    shared = data.get("defaultTest")
    default = shared if isinstance(shared, dict) else {}
    for number, test in enumerate(tests, 1):
        if not isinstance(test, dict):
            left_out.append(f"test {number}: it stands in another file; paste it into this one")
            continue
        stated = {**_mapping(default.get("vars")), **_mapping(test.get("vars"))}
        checks = [*_list(default.get("assert")), *_list(test.get("assert"))]
        metadata = _mapping(test.get("metadata"))
        for values in _combined(stated, is_ours=OWN in metadata):
            yield ForeignCase(
                str(test.get("description") or f"test-{number}"),
                values,
                tuple(
                    ForeignCheck(str(each.get("type")), each.get("value")) for each in checks if isinstance(each, dict)
                ),
                _mapping(metadata.get(OWN)) if OWN in metadata else {},
            )


def _combined(stated: Mapping[str, Any], *, is_ours: bool) -> Iterator[dict[str, Any]]:
    """Yield one set of values for each combination of those that are lists, as promptfoo does; at most a hundred."""
    choices = [value if isinstance(value, list) and value and not is_ours else [value] for value in stated.values()]
    for chosen in islice(product(*choices), _MAX_COMBINED):
        yield dict(zip(stated, chosen, strict=True))


def _mapping(value: object) -> dict[str, Any]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def chat(messages: Sequence[tuple[str, str]]) -> str:
    """Return a chat prompt as promptfoo takes it from a file."""
    items = [{"role": role, "content": content} for role, content in messages]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
