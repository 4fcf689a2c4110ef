"""The log's page: which replies its address asks for, and the addresses of its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from textwrap import shorten
from typing import TypeVar
from urllib.parse import urlencode

from service.domain import Decision, LoggedReply, ReplyState
from service.reply_log.store import ReplyFilter
from service.web.view import View

PAGE = 50
_MAX_CHARS = 100
_TITLE_CHARS = 90
_GIST_CHARS = 140
_FILTERS = ("brand", "state", "decision", "language")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Listing:
    wanted: ReplyFilter
    after: str | None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Listing":
        """Read the address; a value that we do not know filters nothing, as an empty one does."""
        wanted = ReplyFilter(
            brand=_text(query, "brand"),
            state=_word(ReplyState, query.get("state")),
            decision=_word(Decision, query.get("decision")),
            language=_text(query, "language"),
        )
        return cls(wanted, _text(query, "after"))

    @property
    def filters(self) -> dict[str, str]:
        """What is filtered by, as the address says it."""
        return {name: str(value) for name in _FILTERS if (value := getattr(self.wanted, name)) is not None}

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

    @classmethod
    def of(cls, view: View, logged: LoggedReply, brands: Mapping[str, str]) -> "Row":
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
        )


def _text(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name, "").strip()
    return value if value and len(value) <= _MAX_CHARS else None


def _word(words: type[Word], value: str | None) -> Word | None:
    return next((word for word in words if word.value == value), None)
