"""What the prompt costs in tokens before ticket and passages, against the version before."""

from collections.abc import Iterator

from service.errors import PromptError
from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE
from service.prompting.lint.specimen import values_of
from service.prompting.prompts import PromptText, build_prompt
from service.prompting.templates.rendering import render
from service.prompting.templates.tokens import estimate_tokens

_GROWTH = 0.2


def check(text: PromptText, before: PromptText) -> Iterator[LintFinding]:
    """Yield a finding when *text* costs over a fifth more than *before*; nothing when one of them is broken."""
    try:
        now, then = cost(text), cost(before)
    except PromptError:
        return
    if now > then * (1 + _GROWTH):
        percent = round(100 * (now - then) / then)
        said = {"now": now, "before": then, "percent": percent, "version": before.version}
        yield Place(_grown(text, before), 1).warning("token_growth", **said)


def cost(text: PromptText) -> int:
    """Return the estimated tokens of the prompt around one specimen ticket; PromptError when it is broken."""
    prompt = build_prompt(text, None)
    values = next(values_of((prompt.brand,), (prompt.tone,)))
    return sum(estimate_tokens(message.content) for message in render(text.template, values))


def _grown(text: PromptText, before: PromptText) -> str:
    """Return the file that grew most."""
    growth = {
        TEMPLATE: len(text.template) - len(before.template),
        f"tones/{text.tone_id}.md": len(text.tone) - len(before.tone),
        f"brands/{text.brand_id}.yaml": len(text.brand) - len(before.brand),
    }
    return max(growth, key=growth.__getitem__)
