"""What the lint says, in one language, as JSON."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from service.prompting.lint.findings import LintFinding, Severity


class LintFindingOut(BaseModel):
    file: str = Field(description="Below the prompts folder.", examples=["tones/attentive.md"])
    line: int = Field(ge=1, examples=[12])
    code: str = Field(examples=["contradiction"])
    severity: Severity
    why: str = Field(examples=["This contradicts “Be brief.” (reply.md:9)."])
    fix: str = Field(examples=["Keep one of the two, or say when which one holds."])


class LintOut(BaseModel):
    errors: int
    warnings: int
    findings: list[LintFindingOut] = Field(description="By file and line; notices too.")

    @classmethod
    def of(cls, findings: Sequence[LintFinding], language: str) -> "LintOut":
        severities = [each.severity for each in findings]
        return cls(
            errors=severities.count(Severity.ERROR),
            warnings=severities.count(Severity.WARNING),
            findings=[
                LintFindingOut(
                    file=each.file,
                    line=each.line,
                    code=each.code,
                    severity=each.severity,
                    why=each.why(language),
                    fix=each.fix(language),
                )
                for each in findings
            ],
        )
