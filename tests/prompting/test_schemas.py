import json
from pathlib import Path

import frontmatter
import pytest
import yaml
from jsonschema import Draft202012Validator

from service.prompting.schemas import FILES, key_table, keys, schema_text
from service.prompting.templates.rules import VALUES

ROOT = Path(__file__).parents[2]
PROMPTS = ROOT / "prompts"


@pytest.mark.parametrize("kind", FILES)
def test_the_shipped_schema_is_the_models(kind: str) -> None:
    """An editor completes exactly the keys that the service reads; `aplomb prompts schemas` writes the files anew."""
    assert (PROMPTS / "schemas" / f"{kind}.schema.json").read_text("utf-8") == schema_text(kind)


@pytest.mark.parametrize("kind", FILES)
def test_every_key_is_documented(kind: str) -> None:
    """README has the table of every key of every prompt file, word for word, and no key is without a meaning."""
    assert all(meaning for _, meaning, _ in keys(kind))
    readme = (ROOT / "README.md").read_text("utf-8")
    # A row more or less would be no whole table.
    assert f"\n\n{key_table(kind)}\n" in readme


def test_every_value_of_a_template_is_documented() -> None:
    """README lists exactly the values that a template may place."""
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = readme.partition("anything else is an error with its line:\n")[2].partition(".\n")[0]
    assert listed == ", ".join(f"`{value}`" for value in sorted(VALUES))


def test_the_shipped_files_fit_their_schemas() -> None:
    """The brands, tones, scenarios and the template are valid where an editor checks them, and name their schema."""
    found = [("brand", path, path.read_text("utf-8")) for path in (PROMPTS / "brands").glob("*.yaml")]
    found += [("scenario", path, path.read_text("utf-8")) for path in (PROMPTS / "scenarios").glob("*.yaml")]
    assert len(found) >= 2
    for kind, path, text in found:
        first = text.splitlines()[0]
        assert first == f"# yaml-language-server: $schema=../schemas/{kind}.schema.json", path
        _validate(kind, yaml.safe_load(text))
    for path in (PROMPTS / "tones").glob("*.md"):
        _validate("tone", frontmatter.parse(path.read_text("utf-8"))[0])
    _validate("template", frontmatter.parse((PROMPTS / "reply.md").read_text("utf-8"))[0])


def _validate(kind: str, document: object) -> None:
    as_json = json.loads(json.dumps(document, default=str))
    Draft202012Validator(json.loads(schema_text(kind))).validate(as_json)
