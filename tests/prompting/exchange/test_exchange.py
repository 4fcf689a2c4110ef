import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import InvalidInputError
from service.prompting.brands import Brand, parse_brand
from service.prompting.exchange import promptfoo
from service.prompting.exchange.foreign import ForeignFile, ForeignMessage
from service.prompting.exchange.importing import ImportPlan, plan_scenarios, plan_template, plan_tone, slug
from service.prompting.exchange.reading import read_foreign
from service.prompting.scenarios import Scenario, parse_scenario
from service.prompting.templates.rendering import render
from tests.prompting.lint.edits import shipped

BRAND = parse_brand("maison-lune", shipped().brand)

CHAT = [
    {
        "role": "system",
        "content": "You answer for {{company}}. Read {{context}} first.\n# user\nBe exact about {{order_id}}.",
    },
    {"role": "user", "content": "{{question}}"},
    {"role": "assistant", "content": "An example answer."},
]
PROMPTFOO = {
    "description": "Support: replies",
    "prompts": [json.dumps(CHAT), "file://second.txt", "file://../secret.txt", "file://run.py"],
    "defaultTest": {"assert": [{"type": "not-contains", "value": "guarantee"}]},
    "tests": [
        {
            "description": "Where is it?",
            "vars": {"question": "Où est mon colis ?", "order_id": "20417", "colour": "red"},
            "assert": [
                {"type": "contains-all", "value": ["colis", "suivi"]},
                {"type": "llm-rubric", "value": "is kind"},
                {"type": "javascript", "value": "output.length < 9"},
            ],
        },
        {"vars": {"colour": "red", "size": "L"}},
        "file://more.yaml",
    ],
}
LANGFUSE_TEXT = {
    "name": "support",
    "type": "text",
    "prompt": "You are calm. You write for {{brand_name}}.",
    "config": {"model": "gpt-4.1-mini", "temperature": 0.4},
    "version": 3,
    "labels": ["production"],
}
LANGFUSE_CHAT = {
    "name": "support-chat",
    "type": "chat",
    "prompt": [*CHAT[:2], {"type": "placeholder", "name": "history"}],
    "config": {},
}
OPENAI = {
    "id": "pmpt_1",
    "model": "gpt-4.1-mini",
    "max_output_tokens": 300,
    "instructions": [{"role": "developer", "content": [{"type": "input_text", "text": "Answer in {{language}}."}]}],
    "input": "{{question}}",
}
PROMPTY = """---
name: Support reply
model:
  api: chat
  parameters: {temperature: 0.1, max_tokens: 200}
sample:
  question: Où est mon colis ?
---
system:
You help the customers of {{company}}.

user:
{{question}}
"""


def given_file(folder: Path, name: str, content: object) -> ForeignFile:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return read_foreign(path)


def template_of(file: ForeignFile, **mapping: str) -> ImportPlan:
    return plan_template(file, shipped(), BRAND, mapping)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", yaml.safe_dump(PROMPTFOO)),
        ("b.json", LANGFUSE_TEXT),
        ("c.json", LANGFUSE_CHAT),
        ("d.json", OPENAI),
        ("e.prompty", PROMPTY),
    ],
)
def test_each_format_becomes_a_template_that_works(tmp_path: Path, name: str, content: object) -> None:
    """A prompt of another tool becomes a template of ours that passes the lint and keeps the customer's text fenced."""
    plan = template_of(given_file(tmp_path, name, content))
    text = plan.files["reply.md"]
    system, _, user = text.partition("\n# user\n")
    assert "{{ conversation }}" in user.splitlines()
    assert "{{ passages }}" in user.splitlines()
    assert not any(f"{{{{ {slot} }}}}" in system for slot in ("conversation", "passages", "variables"))
    assert "{{ fence }}" in system


def test_promptfoo_tests_become_scenarios_and_the_rest_is_named(tmp_path: Path) -> None:
    """Words to find and to miss come along; checks by another model or by code, and foreign files, do not."""
    (tmp_path / "second.txt").write_text("Second", "utf-8")
    file = given_file(tmp_path, "a.yaml", yaml.safe_dump(PROMPTFOO))
    plan = plan_scenarios(file, BRAND)
    scenario = parse_scenario("where-is-it", plan.files["scenarios/where-is-it.yaml"])
    assert scenario.ticket.messages[0].text == "Où est mon colis ?"
    assert scenario.variables == {"order_id": "20417"}
    assert (scenario.must_contain, scenario.must_not_contain) == (("colis", "suivi"), ("guarantee",))
    said = "\n".join(plan.left_out)
    for each in (
        "llm-rubric",
        "javascript",
        "colour",
        "test-2",
        "test 3",
        "file://../secret.txt",
        "file://run.py",
        "prompts 2",
    ):
        assert each in said


def test_a_test_of_many_values_becomes_a_scenario_for_each(tmp_path: Path) -> None:
    """promptfoo runs a test once for each value of a list; so do our scenarios."""
    tests = [{"description": "ask", "vars": {"question": ["Où ?", "Quand ?"], "order_id": ["1", "2"]}}]
    plan = plan_scenarios(given_file(tmp_path, "a.yaml", yaml.safe_dump({"tests": tests})), BRAND)
    read = [parse_scenario("x", text) for text in plan.files.values()]
    asked = [(each.ticket.messages[0].text, each.variables["order_id"]) for each in read]
    assert sorted(asked) == [("Où ?", "1"), ("Où ?", "2"), ("Quand ?", "1"), ("Quand ?", "2")]


def test_what_another_tool_fetches_is_never_taken_for_text(tmp_path: Path) -> None:
    """A Langfuse prompt within a prompt is refused by name; of an image beside a text the text stays and it is told."""
    nested = {**LANGFUSE_TEXT, "prompt": "Be calm.\n@@@langfusePrompt:name=rules|label=production@@@"}
    with pytest.raises(InvalidInputError) as refused:
        template_of(given_file(tmp_path, "l.json", nested))
    assert "langfusePrompt" in refused.value.pointers[0].detail
    assert "langfusePrompt" in plan_tone(given_file(tmp_path, "l.json", nested)).left_out[-1]
    parts = [{"type": "input_text", "text": "{{question}}"}, {"type": "input_image", "image_url": "x"}]
    shown = given_file(tmp_path, "o.json", {"model": "gpt-5-mini", "input": [{"role": "user", "content": parts}]})
    assert shown.messages == (ForeignMessage("user", "{{question}}"),)
    assert "message 1: a part of it that is no text" in shown.left_out


def test_settings_of_the_chat_model_are_named_and_not_lost(tmp_path: Path) -> None:
    """Temperature and model belong to the brand's file, and the plan says which they were."""
    for name, content, words in (
        ("b.json", LANGFUSE_TEXT, "temperature 0.4"),
        ("d.json", OPENAI, "max_output_tokens 300"),
        ("e.prompty", PROMPTY, "max_tokens 200"),
    ):
        assert words in "\n".join(given_file(tmp_path, name, content).left_out)


def test_a_tone_is_plain_text_without_slots(tmp_path: Path) -> None:
    """Lines with slots stay behind, named; a prompt of slots alone is refused."""
    plan = plan_tone(given_file(tmp_path, "t.json", {**LANGFUSE_TEXT, "prompt": "Be calm.\nSay {{word}}."}))
    assert plan.files["tones/support.md"].endswith("Be calm.\n")
    assert "{{word}}" in plan.left_out[-1]
    with pytest.raises(InvalidInputError):
        plan_tone(given_file(tmp_path, "t.json", {**LANGFUSE_TEXT, "prompt": "{{everything}}"}))


def test_a_prompty_sample_becomes_a_scenario(tmp_path: Path) -> None:
    """The example that a Prompty file carries is a test case of ours."""
    newer = PROMPTY.replace("sample:\n  question: Où", "inputs:\n  question:\n    type: string\n    sample: Où")
    for text in (PROMPTY, newer):
        plan = plan_scenarios(given_file(tmp_path, "e.prompty", text), BRAND)
        assert "Où est mon colis" in plan.files["scenarios/sample.yaml"]
    with pytest.raises(InvalidInputError):
        plan_scenarios(given_file(tmp_path, "e.prompty", PROMPTY), None)


def test_a_slot_that_nobody_maps_is_refused_by_name(tmp_path: Path) -> None:
    """What a slot stands for is asked and not guessed; with the answer the import goes on."""
    file = given_file(tmp_path, "b.json", {**LANGFUSE_TEXT, "prompt": "Read {{blob}}."})
    with pytest.raises(InvalidInputError) as refused:
        template_of(file)
    assert "--map blob=" in refused.value.pointers[0].detail
    assert "the passages below" in template_of(file, blob="passages").files["reply.md"]


@pytest.mark.parametrize(
    "braces",
    [
        "{% for x in range(9) %}x{% endfor %}",
        "{{ ''.__class__ }}",
        "{{#if vip}}",
        "{{> part}}",
        "{{ x | upper }}",
        "{# c #}",
    ],
)
def test_what_is_more_than_a_slot_is_refused(tmp_path: Path, braces: str) -> None:
    """Loops, filters, partials and attribute walks of another template language are neither run nor kept."""
    with pytest.raises(InvalidInputError):
        template_of(given_file(tmp_path, "b.json", {**LANGFUSE_TEXT, "prompt": f"Hello {braces}"}))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        "a: [",
        "{",
        "name: x",
        '{"prompt": {"id": "pmpt_1"}}',
        '{"id": "pmpt_1", "version": "2"}',
        '{"messages": []}',
        "prompts: []\ntests: []",
        "a: " + "[" * 90_000,
    ],
)
def test_a_file_that_holds_no_prompt_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    """Whatever is not a known format ends in a sentence, not in a traceback."""
    with pytest.raises(InvalidInputError):
        plan_tone(given_file(tmp_path, "x.json", content))


@settings(max_examples=150)
@given(st.text(alphabet="{}%# \nabuser_|.'\"[]-$", max_size=120), st.sampled_from(["system", "user"]))
def test_no_foreign_text_ever_becomes_a_template_of_its_own(text: str, role: str) -> None:
    """Whatever braces a foreign prompt holds, an accepted template holds only the slots that we wrote."""
    try:
        plan = template_of(ForeignFile(name="x", format="x", messages=(ForeignMessage(role, text),)))
    except InvalidInputError:
        return
    assert render(plan.files["reply.md"], _VALUES)


_VALUES: dict[str, Any] = {
    "brand": {"name": "B", "about": "A"}, "tone": {"text": "T"},
    "voice": {"register_rule": "R", "avoid": (), "prefer": ()},
    "language": {"code": "en", "name": "English"}, "fence": "f", "no_answer": "N", "frame": "F",
    "passages": "P", "variables": "V", "conversation": "C",
}  # fmt: skip

_LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() == text and "{{" not in text and not text.startswith("file://")
)
_LINES = st.lists(_LINE, max_size=3)
_MESSAGE = st.fixed_dictionaries(
    {"from": st.sampled_from(["customer", "agent"]), "text": _LINE},
    optional={"at": st.datetimes(timezones=st.just(UTC))},
)
_SCENARIO = st.fixed_dictionaries(
    {
        "brand": st.sampled_from(["maison-lune", "larkline"]),
        "ticket": st.fixed_dictionaries(
            {"messages": st.lists(_MESSAGE, min_size=1, max_size=3)},
            optional={"subject": _LINE, "channel": _LINE, "name": _LINE},
        ),
        "variables": st.dictionaries(
            st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), _LINE | st.integers(), max_size=3
        ),
        "must_contain": _LINES,
        "must_not_contain": _LINES,
        "cites": _LINES,
    },
    optional={
        "note": _LINE,
        "tone": st.just("friendly"),
        "language": st.sampled_from(["en", "fr"]),
        "decision": st.sampled_from(["send", "review", "handoff"]),
    },
).map(Scenario.model_validate)


@settings(max_examples=60)
@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True), _SCENARIO, min_size=1, max_size=3))
def test_scenarios_come_back_from_promptfoo_as_they_went(
    tmp_path_factory: pytest.TempPathFactory, scenarios: dict[str, Scenario]
) -> None:
    """What is exported to promptfoo and imported again is the same, to the last word."""
    path = tmp_path_factory.mktemp("exchange") / "promptfooconfig.yaml"
    path.write_text(promptfoo.write(scenarios), "utf-8")
    plan = plan_scenarios(read_foreign(path), None)
    back = {slug(name): parse_scenario(name, plan.files[f"scenarios/{slug(name)}.yaml"]) for name in scenarios}
    assert back == {slug(name): scenario for name, scenario in scenarios.items()}
    assert plan.left_out == ()


def test_a_brand_is_needed_only_where_nothing_names_one(tmp_path: Path) -> None:
    """Foreign tests name no brand of ours; the refusal says which option does."""
    file = given_file(tmp_path, "a.yaml", yaml.safe_dump({"tests": [{"vars": {"q": "Hello there"}}]}))
    with pytest.raises(InvalidInputError) as refused:
        plan_scenarios(file, None)
    assert "--brand" in refused.value.pointers[-1].detail
    assert isinstance(BRAND, Brand)
