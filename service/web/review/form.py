"""What a reviewer typed: the verdict's form, and who sent it."""

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import Request, Response

from service.deps import reviewer_name
from service.replies.guards.markup import clean
from service.review.queues import Draft
from service.review.verdicts import Judgement, Verdict

_COOKIE = "aplomb_reviewer"
_YEAR_S = 31_536_000
_MAX_CHARS = 20_000
_MAX_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    do: str = ""
    """What was pressed: a verdict, `skip` or `draft`."""
    draft: Draft = field(default_factory=Draft)
    shown_at: float = 0.0
    """When the page was made, in seconds since 1970; 0 when it does not say."""

    @classmethod
    def of(cls, sent: Any) -> "ReviewForm":  # noqa: ANN401 - Starlette's form data
        texts = {name: clean(value) for name, value in sent.items() if isinstance(value, str)}
        reasons = tuple(str(value) for value in sent.getlist("reason"))
        note, correction = (texts.get(name, "")[:_MAX_CHARS] for name in ("note", "correction"))
        form = cls(do=texts.get("do", ""), draft=Draft(reasons=reasons, note=note, correction=correction))
        with suppress(ValueError):
            form = replace(form, shown_at=float(texts.get("shown_at", "0")))
        return form

    def typed(self, text: str) -> Draft:
        """Return what was typed; a correction that says what the reply's *text* says was not."""
        is_own = self.draft.correction.replace("\r", "").strip() == text.strip()
        return replace(self.draft, correction="") if is_own else self.draft

    def judgement(self) -> Judgement | None:
        """Return what was judged; None when no verdict was pressed. Only a rejection has reasons."""
        if self.do not in {verdict.value for verdict in Verdict}:
            return None
        verdict = Verdict(self.do)
        took = time.time() - self.shown_at
        return Judgement(
            verdict=verdict,
            reasons=self.draft.reasons if verdict is Verdict.REJECT else (),
            note=self.draft.note.strip(),
            correction=self.draft.correction,
            seconds=round(took, 1) if 0 <= took < _MAX_SECONDS else None,
        )


def reviewer_of(request: Request) -> str:
    """Return who reviews: the key's name, else what this browser is called."""
    return reviewer_name(request) or _browser(request.cookies) or f"reviewer-{secrets.token_hex(4)}"


def remember(request: Request, response: Response, reviewer: str) -> Response:
    """Keep the browser's name where no key gives one."""
    if reviewer_name(request) is None and _browser(request.cookies) is None:
        response.set_cookie(_COOKIE, reviewer, max_age=_YEAR_S, httponly=True, samesite="lax")
    return response


def _browser(cookies: Mapping[str, str]) -> str | None:
    name = cookies.get(_COOKIE, "")
    return name if name.startswith("reviewer-") and name.isascii() and len(name) <= 40 else None  # noqa: PLR2004 - ours are shorter
