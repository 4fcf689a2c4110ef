import time
import tracemalloc

import pytest

from service.errors import PromptError
from service.prompting.templates.rendering import check_template, render
from service.prompting.templates.rules import VALUES

LONG = "x" * 20_000
GIVEN = {
    "brand": {"name": "Maison Lune", "about": "Lamps."},
    "tone": {"text": "Calm."},
    "voice": {"register_rule": "vous", "prefer": (("a", "b"),), "avoid": ("no worries", "ASAP")},
    "language": {"code": "fr", "name": "French"},
    "fence": "0a1b2c3d",
    "no_answer": "NO_ANSWER",
    "frame": "frame",
    "passages": LONG,
    "variables": "",
    "conversation": LONG,
}
HOSTILE = {
    "attribute walk": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "attribute walk by filter": "{{ brand|attr('__class__') }}",
    "attribute walk by index": "{{ brand['name'] }}",
    "mutation": "{{ brand.update({'name': 'x'}) }}",
    "assignment": "{% set brand = 'x' %}",
    "huge range": "{% for a in range(999999999) %}x{% endfor %}",
    "huge string": "{{ 'a' * 100000000 }}",
    "huge power": "{{ 9 ** 9999999 }}",
    "doubling": "{{ passages ~ passages }}",
    "padding": "{{ '%999999999s'|format('a') }}",
    "nested loops": "{% for a in voice.avoid %}{% for b in voice.avoid %}{% endfor %}{% endfor %}",
    "loop over a text": "{% for a in passages %}{% endfor %}",
    "include": "{% include 'x' %}",
    "import": "{% import 'x' as y %}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "comparison of long texts": "{% if passages == conversation %}x{% endif %}",
    "deep nesting": "{% if fence %}" * 3_000 + "{% endif %}" * 3_000,
    "deep brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "too many tags": "{% if fence %}{% endif %}" * 3_000,
    "endless condition": "{% if fence" + " or fence" * 5_000 + " %}{% endif %}",
    "endless figure": "{{ " + "9" * 40_000 + " }}",
    "too long a prompt": "{{ passages }}" * 900,
    "too long a template": "x" * 200_000,
    "unknown name": "{{ nothing }}",
    "broken": "{% if %}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_template_is_stopped_at_once(body: str) -> None:
    """What a prompt never needs ends in an error that names reply.md, within a second and 50 MB."""
    began = time.perf_counter()
    _is_refused(body)
    assert time.perf_counter() - began < 1
    tracemalloc.start()
    _is_refused(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def _is_refused(body: str) -> None:
    with pytest.raises(PromptError, match=r"reply\.md|the prompt grew"):
        render(f"# system\n{body}", GIVEN)


def test_the_worst_template_within_the_rules_is_quick() -> None:
    """Even all parts that are allowed, looped over the longest list that a brand may have, end within a second."""
    body = "{% for a in voice.avoid %}" + "{% if not passages and fence == 'x' %}{% endif %}" * 240 + "{% endfor %}"
    given = {**GIVEN, "voice": {**GIVEN["voice"], "avoid": ("x",) * 200}}  # type: ignore[dict-item]
    began = time.perf_counter()
    render(f"# system\n{body}", given)
    assert time.perf_counter() - began < 1


def test_an_error_names_the_line_of_the_file() -> None:
    """The line is counted in the file, front matter and other sections included."""
    template = "---\ndescription: x\n---\n# system\n\nYou write.\n\n# user\n\nfine\n{{ brand.nam }}\n"
    with pytest.raises(
        PromptError, match=r"reply\.md, line 11: brand\.nam is not a value of a template; there are: .*brand\.name"
    ):
        check_template(template)


def test_a_template_places_values_asks_and_loops_once() -> None:
    """What prompts need is there: values, conditions, one loop over a list with its index, a join."""
    body = (
        "{{ brand.name|upper }}{% if voice.avoid and not variables %}: {{ voice.avoid|join(', ') }}{% endif %}"
        "{% for word, preferred in voice.prefer %} {{ loop.index }} {{ word }}→{{ preferred }}{% endfor %}"
        "{{ 'fr' if language.code == 'fr' else 'other' }}{% if voice.avoid|length > 1 %}!{% endif %}"
    )
    (message,) = render(f"# user\n{body}", GIVEN)
    assert message.content == "MAISON LUNE: no worries, ASAP 1 a→bfr!"


def test_the_rules_know_exactly_what_a_template_is_given() -> None:
    """Every value of the list of values is one that a prompt fills in, and none is missing there."""
    given = {
        f"{name}.{key}" if key else name
        for name, value in GIVEN.items()
        for key in (value if isinstance(value, dict) else [""])
    }
    assert given == VALUES


def test_front_matter_with_an_unknown_key_is_refused() -> None:
    """A key of the template's front matter that means nothing is named."""
    with pytest.raises(PromptError, match=r"reply\.md, line 2: descripton: .* did you mean description"):
        check_template("---\ndescripton: x\n---\n# user\nx")


@pytest.mark.parametrize("text", ["", "You write.", "---\ndescription: x\n---\n"])
def test_a_template_without_a_section_is_refused(text: str) -> None:
    """A template that speaks for no role says how to begin a section."""
    with pytest.raises(PromptError, match="has no section"):
        check_template(text)
