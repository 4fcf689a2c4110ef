"""What the lint found: a place in a prompt file, what is wrong there, why it matters, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.prompting.lint.messages import MESSAGES, TERMS


class Severity(StrEnum):
    """How bad a finding is; an error makes `aplomb prompts lint` exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    file: str
    """Below the prompts folder, with `/`."""
    line: int
    """1 for the first."""
    code: str
    """What kind of finding; a key of the messages."""
    severity: Severity
    words: Mapping[str, str] = field(default_factory=dict)
    """What the messages name."""

    def why(self, language: str) -> str:
        """Say what is wrong and why it matters; English for a language that we have no messages in."""
        return self._said(language)[0]

    def fix(self, language: str) -> str:
        return self._said(language)[1]

    def _said(self, language: str) -> tuple[str, str]:
        spoken = language if language in MESSAGES else "en"
        words = {key: TERMS[spoken].get(word, word) for key, word in self.words.items()}
        message = MESSAGES[spoken][self.code]
        return message.why.format_map(words), message.fix.format_map(words)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a prompt file."""

    file: str
    line: int

    def error(self, code: str, **words: object) -> LintFinding:
        return self._finding(Severity.ERROR, code, words)

    def warning(self, code: str, **words: object) -> LintFinding:
        return self._finding(Severity.WARNING, code, words)

    def notice(self, code: str, **words: object) -> LintFinding:
        return self._finding(Severity.NOTICE, code, words)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def _finding(self, severity: Severity, code: str, words: Mapping[str, object]) -> LintFinding:
        said = {key: str(value) for key, value in words.items()}
        return LintFinding(file=self.file, line=self.line, code=code, severity=severity, words=said)
