"""Turns a template into a page: the interface's language, what every page shows, and escaping that is always on."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

import structlog
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import URL

from service.access.callers import Caller, Scope
from service.assembly import Services
from service.deps import CallerDep, ServicesDep
from service.errors import ReviewsError
from service.replies.extractive.chat_model import EXTRACTIVE
from service.review.queues import MOST_WAITING
from service.web.language import LANGUAGES, PARAMETER, interface_language
from service.web.messages import knows, translate

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"
NAVIGATION = (
    ("overview", "/overview"),
    ("try", "/"),
    ("review", "/review"),
    ("replies", "/replies"),
    ("compare", "/compare"),
    ("prompts", "/prompts"),
    ("replays", "/replays"),
    ("knowledge", "/knowledge"),
    ("gaps", "/gaps"),
    ("statistics", "/statistics"),
    ("settings", "/settings"),
)
"""The pages, in the order of the bar."""
GO = {
    "overview": "o",
    "try": "t",
    "review": "r",
    "replies": "l",
    "compare": "c",
    "prompts": "p",
    "replays": "y",
    "gaps": "a",
    "statistics": "s",
    "knowledge": "k",
    "settings": "e",
}
"""By page: the key that leads to it after `g`."""
_LOCALES = {"en": "en_GB", "fr": "fr"}

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class View:
    """One visitor's request for one page."""

    request: Request
    language: str
    offline: bool = False
    """No chat model is configured: replies are extracts, and the pages say so."""
    waiting: int = 0
    """Replies that wait for a reviewer, told in the bar; one over the most means more. 0 for who may not review."""

    @property
    def waits(self) -> str:
        """How many replies wait for a reviewer; empty when none does."""
        more = self.waiting > MOST_WAITING
        return f"{min(self.waiting, MOST_WAITING)}{'+' if more else ''}" if self.waiting else ""

    @property
    def form_token(self) -> str:
        """What each form that changes something must send back."""
        return str(self.request.state.form_token)

    @property
    def visitor(self) -> str:
        """The name of the key that the visitor logged in with; empty when nobody has to."""
        caller: Caller | None = getattr(self.request.state, "caller", None)
        return caller.name if caller and caller.key_id else ""

    def may(self, scope: str) -> bool:
        """Say whether the visitor has this right."""
        caller: Caller | None = getattr(self.request.state, "caller", None)
        return caller is not None and caller.may(frozenset({Scope(scope)}))

    @classmethod
    def of(cls, request: Request, *, offline: bool = False, waiting: int = 0) -> "View":
        return cls(request, interface_language(request), offline, waiting)

    def t(self, key: str, *, default: str | None = None, **values: object) -> str:
        """Return the interface's words for *key*, else *default*; KeyError when there is neither."""
        if default is not None and not knows(self.language, key):
            return default
        return translate(self.language, key, values)

    def number(self, value: float, digits: int = 2) -> str:
        return format_decimal(value, "#,##0." + "0" * digits, locale=_LOCALES[self.language])

    def dollars(self, value: float, digits: int = 2) -> str:
        """Write an amount in US dollars as its readers do: $4.20, 4,20 $."""
        amount = self.number(value, digits)
        return f"{amount}\u00a0$" if self.language == "fr" else f"${amount}"

    def count(self, value: int) -> str:
        return format_decimal(value, "#,##0", locale=_LOCALES[self.language])

    def percent(self, value: float) -> str:
        """Write a share of 1 as whole percents."""
        return format_percent(value, locale=_LOCALES[self.language])

    def duration(self, milliseconds: float) -> str:
        if milliseconds >= 1000:  # noqa: PLR2004 - a second
            return f"{self.number(milliseconds / 1000, 1)} s"
        return f"{self.number(milliseconds, 1) if milliseconds < 10 else round(milliseconds)} ms"  # noqa: PLR2004 - a tenth matters below

    def moment(self, at: datetime) -> str:
        """Write *at* in UTC; the browser's script turns it into the visitor's own time."""
        return format_datetime(at, "d MMM yyyy, HH:mm 'UTC'", locale=_LOCALES[self.language])

    def day(self, on: date) -> str:
        return format_date(on, "d MMM yyyy", locale=_LOCALES[self.language])

    def short_day(self, on: str) -> str:
        """Write a day, given as ISO 8601 has it, without its year."""
        return format_date(date.fromisoformat(on), "d MMM", locale=_LOCALES[self.language])

    def ago(self, at: datetime) -> str:
        """Write how long *at* is past, in its largest unit."""
        return format_timedelta(at - datetime.now(UTC), add_direction=True, locale=_LOCALES[self.language])

    def span(self, seconds: float) -> str:
        """Write a length of time in its largest unit."""
        return format_timedelta(
            timedelta(seconds=max(1, round(seconds))), threshold=1.5, locale=_LOCALES[self.language]
        )

    def page(self, template: str, status: int = 200, **context: object) -> HTMLResponse:
        shown = _environment.get_template(template).render(
            view=self, t=self.t, asset=asset, navigation=NAVIGATION, go=GO, languages=self._languages(), **context
        )
        return HTMLResponse(shown, status)

    def _languages(self) -> list[tuple[str, str]]:
        """Return each other language of the interface with this page's address in it."""
        url = self.request.url if self.request.method == "GET" else URL("/")
        return [
            (code, f"{url.path}?{url.include_query_params(**{PARAMETER: code}).query}")
            for code in LANGUAGES
            if code != self.language
        ]


@cache
def asset(name: str) -> str:
    """Return a static file's address, new whenever its content is: no visitor keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


async def get_view(request: Request, services: ServicesDep, caller: CallerDep) -> View:
    offline = services.chat_model.provider == EXTRACTIVE
    waiting = await _waiting(services) if caller.may(frozenset({Scope.REVIEW_WRITE})) else 0
    return View.of(request, offline=offline, waiting=waiting)


async def _waiting(services: Services) -> int:
    try:
        return await services.review_queues.waiting()
    except ReviewsError as exc:
        # The page itself may not need the database, and says more about it when it does.
        log.warning("review.waiting_unknown", detail=exc.detail)
        return 0


ViewDep = Annotated[View, Depends(get_view)]
