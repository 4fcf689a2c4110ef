"""Personal values on the pages: a quiet token with a name, or the value for whom it was revealed to."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from service.domain import LoggedReply
from service.replies.privacy.filling import OUTSIDE_ADDRESSES, spoken
from service.replies.privacy.spans import PLACEHOLDER
from service.web.shown.masks import MASK
from service.web.view import View

_ANYWHERE = re.compile(rf"(?P<hidden>{PLACEHOLDER.pattern}|{MASK})")
_SPAN = Markup('<span class="{}" title="{}">{}</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """The values that a page hides, and what it does with them."""

    hidden: frozenset[str] = frozenset()
    """The placeholders that stand for one."""
    masks: int = 0
    """Sensitive variables that the log has and the page masks."""
    values: Mapping[str, str] = field(default_factory=dict)
    """By placeholder, once they are revealed; empty before."""
    reveal: str = ""
    """Where revealing is asked for; empty where it is not offered."""
    hide: str = ""
    """Where they are hidden again; empty unless they are revealed."""

    @classmethod
    def of(cls, logged: LoggedReply, *, reveal: str = "", hide: str = "") -> "Personal":
        """Return what to do with *logged* as the page shows it; with *hide*, its values are shown."""
        return cls(
            hidden=frozenset(name for name in logged.personal if PLACEHOLDER.fullmatch(name)),
            masks=sum(value == MASK for value in logged.ticket.variables.values()),
            values=logged.personal if hide else {},
            reveal=reveal,
            hide=hide,
        )

    @property
    def count(self) -> int:
        return len(self.hidden) + self.masks

    def told(self, view: View, words: object) -> Markup:
        """Return what a ticket says, with a token or a value for each placeholder."""
        return self._marked(view, _spelled(words), _ANYWHERE)

    def said(self, view: View, words: str) -> Markup:
        """Return what a reply says: as for its customer, nothing is filled in within a web address."""
        return self._marked(view, words, OUTSIDE_ADDRESSES)

    def text(self, logged: LoggedReply) -> str:
        """Return the reply's text as the page shows it."""
        return spoken(logged).text if self.hide else logged.reply.text

    def _marked(self, view: View, text: str, places: re.Pattern[str]) -> Markup:
        pieces, done = [], 0
        for found in places.finditer(text):
            if found["hidden"] in self.hidden or found["hidden"] == MASK:
                pieces += [Markup.escape(text[done : found.start()]), self._token(view, found["hidden"])]
                done = found.end()
        return Markup("").join([*pieces, Markup.escape(text[done:])])

    def _token(self, view: View, name: str) -> Markup:
        kind = view.t("personal.value" if name == MASK else f"personal.{name[1:].rpartition('_')[0].lower()}")
        if name in self.values:
            return _SPAN.format("token open", kind, self.values[name])
        return _SPAN.format("token", view.t("personal.is_hidden", kind=kind), name)


def _spelled(value: object) -> str:
    """Return a variable's value as a person would write it."""
    match value:
        case str():
            return value
        case list() | tuple():
            return ", ".join(map(_spelled, value))
        case Mapping():
            return " ".join(map(_spelled, value.values()))
        case _:
            return json.dumps(value, default=str)
