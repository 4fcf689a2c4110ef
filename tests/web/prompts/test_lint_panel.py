from types import SimpleNamespace

from bs4 import BeautifulSoup

from service.prompting.lint.findings import LintFinding
from service.web.messages import translate
from service.web.view import _environment
from tests.prompting.lint.edits import findings, tone


def panel(lint: tuple[LintFinding, ...], language: str) -> BeautifulSoup:
    shown = _environment.get_template("parts/lint.html").render(
        lint=lint, view=SimpleNamespace(language=language), t=lambda key: translate(language, key, {})
    )
    return BeautifulSoup(shown, "html.parser")


def test_each_finding_is_shown_with_its_place_its_reason_and_what_to_do() -> None:
    """A prompt engineer reads in her language what is wrong, where, and how to mend it; markup stays text."""
    found = findings(tone("Merci pour votre message.", "Vous serez remboursé <b>vite</b>."))
    for language in ("en", "fr"):
        shown = panel(found, language)
        items = shown.select(".lint li")
        assert len(items) == len(found)
        for item, finding in zip(items, found, strict=True):
            assert f"{finding.file}:{finding.line}" in item.text
            assert finding.why(language) in item.text
            assert finding.fix(language) in item.text
    assert not panel(found, "fr").select(".lint b")


def test_clean_prompts_are_said_to_be_clean() -> None:
    """Silence would leave one wondering whether anything was read at all."""
    assert not panel((), "en").select("li")
    assert "Nothing" in panel((), "en").text
