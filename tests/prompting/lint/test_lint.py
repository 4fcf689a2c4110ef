import asyncio
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.prompting.lint.findings import LintFinding, Severity
from service.prompting.lint.lint import PromptLint, lint_version
from service.prompting.lint.rules import cost
from service.prompting.prompts import PromptText
from tests.prompting.lint.edits import PROMPTS, TODAY, edited, shipped, template, tone


def lint_folder(
    folder: Path, today: date, brand: str | None = None, chat_model: str | None = None
) -> tuple[LintFinding, ...]:
    return asyncio.run(PromptLint(folder, None, chat_model).files(today, brand))


def test_the_shipped_prompts_are_clean() -> None:
    """What a newcomer starts from has neither error nor warning, on any later day."""
    for today in (TODAY, date(2036, 1, 1)):
        found = lint_folder(PROMPTS, today, chat_model="openai:gpt-4.1-mini")
        assert [each for each in found if each.severity is not Severity.NOTICE] == []


def test_the_shipped_prompts_are_read_within_a_second() -> None:
    """The lint answers while one waits."""
    lint_folder(PROMPTS, TODAY)
    began = time.perf_counter()
    lint_folder(PROMPTS, TODAY)
    assert time.perf_counter() - began < 1.0


def test_a_prompt_that_grew_by_over_a_fifth_is_named_with_its_file() -> None:
    """The price of an addition is shown against the version before; a shorter or slightly longer text is not."""
    before = shipped()
    rules = "\n".join(f"{number}. Say the figure {number} and its unit as the passage does." for number in range(20))
    growth = next(cost.check(edited(tone("", rules)), before))
    assert growth.file == "tones/attentive.md"
    assert int(growth.words["now"]) > int(growth.words["before"]) * 1.2
    for text in (before, edited(tone("", "Say the figure.")), edited(template("Write the reply.", ""))):
        assert not [*cost.check(text, before)]


def test_a_missing_or_unreadable_file_is_a_finding(tmp_path: Path) -> None:
    """A folder without its template, or with bytes that are no text, is reported and not a crash."""
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    (tmp_path / "prompts" / "reply.md").unlink()
    (tmp_path / "prompts" / "tones" / "friendly.md").write_bytes(b"\xff\xfe\x00")
    found = lint_folder(tmp_path / "prompts", TODAY)
    assert [(each.file, each.code) for each in found] == [
        ("reply.md", "broken_file"),
        ("tones/friendly.md", "broken_file"),
    ]


def test_a_file_that_nobody_reads_is_a_finding(tmp_path: Path) -> None:
    """A brand saved under a name that cannot be one is told; what editors leave behind is not."""
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    brands = tmp_path / "prompts" / "brands"
    for name in ("Maison Lune.yaml", "new.yml", ".maison-lune.yaml", "maison-lune.yaml~"):
        shutil.copy(brands / "larkline.yaml", brands / name)
    found = [each for each in lint_folder(tmp_path / "prompts", TODAY) if each.code == "unread_file"]
    assert [each.file for each in found] == ["brands/Maison Lune.yaml", "brands/new.yml"]
    assert all(".yaml" in each.fix("fr") and "@" not in each.why("fr") for each in found)


def test_a_broken_file_of_verified_answers_is_a_finding(tmp_path: Path) -> None:
    """Verified answers are no part of a version, and their faults are told with file and line all the same."""
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    (tmp_path / "prompts" / "answers" / "larkline.yaml").write_text("sim:\n  owner: Lea\n  expires: soon\n", "utf-8")
    found = [each for each in lint_folder(tmp_path / "prompts", TODAY) if each.file == "answers/larkline.yaml"]
    assert [(each.code, each.line) for each in found] == [("broken_file", 3)]


def test_only_the_asked_brand_is_read() -> None:
    """A brand's own lint says nothing of other brands' files."""
    assert lint_folder(PROMPTS, date(2036, 1, 1), brand="maison-lune")
    files = {each.file for each in lint_folder(PROMPTS, date(2036, 1, 1), brand="maison-lune")}
    assert files == {"brands/maison-lune.yaml"}


@settings(max_examples=60)
@given(
    st.text(max_size=300) | st.from_regex(r"(# (system|user)\n|\{\{ ?\w* ?\}\}|\{% ?\w* ?%\}|[a-z ]|\n){0,40}"),
    st.text(max_size=200) | st.from_regex(r"([a-z]{1,9}: ?[\[\]{}\w&*]*\n){0,12}"),
    st.text(max_size=200) | st.from_regex(r"---\n([a-z]{1,9}: ?[\[\]{}\w&*]*\n){0,6}---\n[a-z ]*"),
)
def test_whatever_stands_in_the_files_is_a_finding_and_never_a_crash(one: str, two: str, three: str) -> None:
    """Three files of random text are judged, not stumbled over."""
    found = lint_version(PromptText(one, "b", two, "t", three), TODAY)
    assert any(each.severity is Severity.ERROR for each in found)
    assert all(each.why("fr") and each.fix("en") and each.line >= 1 for each in found)


@pytest.mark.parametrize(
    "text", ["&a [*a]", "a: &a {b: *a}", "a: &a [x, x]\n" + "b: [*a, *a, *a]\n" * 50, "a: !!python/x 1"]
)
def test_hostile_yaml_is_a_finding_at_once(text: str) -> None:
    """Aliases that lead into themselves and foreign types end in an error."""
    shown = shipped()
    began = time.perf_counter()
    found = lint_version(PromptText(shown.template, "b", text, "attentive", shown.tone), TODAY)
    assert any(each.severity is Severity.ERROR for each in found)
    assert time.perf_counter() - began < 2.0
