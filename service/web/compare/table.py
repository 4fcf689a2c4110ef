"""Where one reviewer sits before one comparison: the pages that are shown there."""

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Response

from service.access.callers import Caller, Scope
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.domain import LoggedReply
from service.errors import NotFoundError, PromptError
from service.prompting.versions.diff import Change, word_diff
from service.review.comparison.results import IDENTICAL
from service.review.comparison.sides import Comparison, Pair, Preferred
from service.web.compare.results import shown_results
from service.web.compare.sides import named, sides_of
from service.web.review.form import reviewer_of
from service.web.shown.masks import masked
from service.web.view import View, ViewDep

BEGIN = frozenset({Scope.PROMPTS_WRITE})
"""Who may begin and end comparisons: it costs what replies cost."""
JUDGE = frozenset({Scope.REVIEW_WRITE})
_READ = frozenset({Scope.REPLY_READ, Scope.REVIEW_WRITE})
"""Who may see tickets: a key for prompts alone gets the figures."""
_OUTCOMES = {*Preferred, IDENTICAL}


@dataclass(frozen=True, slots=True)
class Table:
    view: View
    services: Services
    caller: Caller
    comparison: Comparison
    reviewer: str

    async def next(self, told: str = "") -> Response:
        """Reserve the next pair and show it; while none is written say how far it is, at the end what came of it."""
        pair = await self.services.pairs.next(self.comparison, self.reviewer)
        if pair:
            return await self.show(pair, told=told)
        progress = await self.services.comparisons.progress(self.comparison)
        if progress.is_over:
            return await self.results(told)
        return self.view.page("compare/wait.html", here="compare", id=self.comparison.id, progress=progress, told=told)

    async def show(self, pair: Pair, *, is_blind: bool = True, told: str = "") -> Response:
        """Show a pair; what wrote which side is told only of one that was judged."""
        progress = await self.services.comparisons.progress(self.comparison)
        return self.view.page(
            "compare/pair.html",
            here="compare",
            id=self.comparison.id,
            pair=pair,
            logged=await self._ticket(pair),
            sides=sides_of(pair, None if is_blind else self.comparison),
            is_blind=is_blind,
            pieces=word_diff(pair.a.reply.text, pair.b.reply.text),
            changes=Change,
            reasons=await self.services.desk.reasons(self.comparison.brand),
            judged=progress.judged,
            of=progress.written + progress.waiting,
            told=told,
            shown_at=time.time(),
        )

    async def results(self, told: str = "") -> Response:
        progress = await self.services.comparisons.progress(self.comparison)
        found = await self.services.comparison_results.of(self.comparison, progress)
        asked = self.view.request.query_params.get("only", "")
        only = asked if asked in _OUTCOMES else ""
        return self.view.page(
            "compare/results.html",
            here="compare",
            comparison=self.comparison,
            progress=progress,
            found=found.preferences,
            rows=[each for each in found.judged if not only or each.outcome == only],
            only=only,
            shown=shown_results(self.view, self.comparison.planned, found.preferences),
            named=named,
            told=told,
            may_begin=self.caller.may(BEGIN),
            may_judge=self.caller.may(JUDGE),
            may_read=self.caller.may(_READ),
        )

    def lost(self) -> Response:
        """Say that the pair is in other hands, and lead on."""
        return self.view.page("compare/lost.html", 409, here="compare", id=self.comparison.id)

    async def _ticket(self, pair: Pair) -> LoggedReply:
        logged = await self.services.reply_log.get(pair.reply_id)
        with suppress(NotFoundError, PromptError):
            return masked(logged, await self.services.prompts.brand(logged.reply.brand))
        return logged


async def _table(comparison_id: str, view: ViewDep, services: ServicesDep, caller: CallerDep) -> Table:
    """Return the reviewer's table; NotFoundError when there is no such comparison for who asks."""
    comparison = await services.comparisons.get(comparison_id)
    return Table(view, services, caller, comparison, reviewer_of(view.request))


TableDep = Annotated[Table, Depends(_table)]
