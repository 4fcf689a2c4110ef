"""The log's page: which replies its address asks for, and the addresses of its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from service.domain import Decision, LoggedReply, ReplyState
from service.reply_log.store import ReplyFilter
from service.review.glances import Glance
from service.review.judged import judged
from service.review.verdicts import Queue, Verdict
from service.web import query as asked
from service.web.view import View

PAGE = 50
_TITLE_CHARS = 90
_MAX_SOURCE_CHARS = 600
_MAX_VERSIONS_CHARS = 700
_GIST_CHARS = 140
_FILTERS = ("q", "brand", "state", "decision", "language", "version", "tone", "reason", "since", "until")
_JUDGED = ("verdict", "why", "queue", "cites")

_QUIET = ("reason", "why", "queue", "cites")
FOLDED = ("language", "tone", "version", "state", "since", "until")
"""Filters that unfold."""

EXPORTS = ("csv", "xlsx", "jsonl", "preference", "finetune", "promptfoo")


@dataclass(frozen=True, slots=True)
class Listing:
    wanted: ReplyFilter
    after: str | None
    verdict: Verdict | None = None
    why: str | None = None
    """A reviewer's reason."""
    queue: Queue | None = None
    cites: str | None = None
    """The source of an article that the reply cites."""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Listing":
        """Read the address; a value that we do not know filters nothing, as an empty one does."""
        wanted = ReplyFilter(
            q=asked.text(query, "q"),
            brand=asked.text(query, "brand"),
            state=asked.word(query, "state", ReplyState),
            decision=asked.word(query, "decision", Decision),
            language=asked.text(query, "language"),
            version=asked.text(query, "version", _MAX_VERSIONS_CHARS),
            tone=asked.text(query, "tone"),
            reason=asked.text(query, "reason"),
            since=asked.day(query, "since"),
            until=asked.day(query, "until"),
        )
        return cls(
            wanted,
            asked.text(query, "after"),
            asked.word(query, "verdict", Verdict),
            asked.text(query, "why"),
            asked.word(query, "queue", Queue),
            asked.text(query, "cites", _MAX_SOURCE_CHARS),
        )

    @property
    def among(self) -> Any:  # noqa: ANN401 - the database's query, which the log takes as it is
        """The query of the replies that were judged so; None when the address does not ask for it."""
        return judged(self.verdict, self.why, self.queue, article=self.cites)

    @property
    def quiet(self) -> dict[str, str]:
        """Filters that have no field of their own: a statistic's link set them, and the form keeps them."""
        return {name: value for name, value in self.filters.items() if name in _QUIET}

    @property
    def is_narrow(self) -> bool:
        """Whether a filter is set that is folded away."""
        return any(name in self.filters for name in FOLDED)

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by, as the address says it."""
        asked = {name: getattr(self.wanted, name) for name in _FILTERS}
        asked |= {name: getattr(self, name) for name in _JUDGED}
        return {name: str(value) for name, value in asked.items() if value is not None}

    @property
    def exports(self) -> list[tuple[str, str]]:
        """What the shown replies can be exported as, and where; all of them, not this page only."""
        return [(name, "/v1/replies/export?" + urlencode({**self.filters, "format": name})) for name in EXPORTS]

    def address(self, after: str | None = None) -> str:
        query = urlencode({**self.filters, **({"after": after} if after else {})})
        return "/replies" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Row:
    """A logged reply in a line of the table."""

    id: str
    at: datetime
    title: str
    """The ticket's subject, else how its question begins."""
    gist: str
    """How the part of the reply that answers begins; empty for a handoff."""
    brand: str
    language: str
    decision: str
    state: str
    citations: int
    took: str
    glance: Glance
    can_be_picked: bool
    """For review: finished, and its words are there."""

    @classmethod
    def of(cls, view: View, logged: LoggedReply, brands: Mapping[str, str], glance: Glance | None) -> "Row":
        reply = logged.reply
        answer = [sentence.text for sentence in reply.sentences if sentence.citations]
        return cls(
            id=reply.id,
            at=reply.created_at,
            title=shorten(logged.ticket.subject or reply.question or reply.id, _TITLE_CHARS, placeholder="…"),
            gist=shorten(" ".join(answer), _GIST_CHARS, placeholder="…"),
            brand=brands.get(reply.brand, reply.brand),
            language=reply.language,
            decision=reply.decision.value,
            state=reply.state.value,
            citations=sum(len(sentence.citations) for sentence in reply.sentences),
            took=view.duration(reply.timings_ms.total),
            glance=glance or Glance(),
            can_be_picked=reply.state is ReplyState.FINISHED and logged.erased_at is None,
        )
