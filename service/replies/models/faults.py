"""What can go wrong with a chat model, named for us; the text of a library's error goes no further than here."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from json import JSONDecodeError
from typing import Any

import httpx
import httpx2


class FaultKind(StrEnum):
    """Documented in README, "When the chat model fails"."""

    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    BROKEN_OFF = "broken_off"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    SILENT = "silent"
    OUT_OF_TIME = "out_of_time"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    RESTING = "resting"
    BUSY = "busy"
    KEY_REFUSED = "key_refused"
    MODEL_UNKNOWN = "model_unknown"
    PROMPT_TOO_LONG = "prompt_too_long"
    REQUEST_REFUSED = "request_refused"
    FAILED = "failed"


RETRYABLE = frozenset(
    {
        FaultKind.RATE_LIMITED, FaultKind.OVERLOADED, FaultKind.UNREACHABLE, FaultKind.BROKEN_OFF, FaultKind.TRUNCATED,
        FaultKind.DAMAGED, FaultKind.SILENT, FaultKind.EMPTY,
    }
)  # fmt: skip
"""The same request may succeed a moment later."""

PROVIDERS_OWN = RETRYABLE - {FaultKind.RATE_LIMITED, FaultKind.EMPTY} | {FaultKind.OUT_OF_TIME}
"""Signs that the provider itself is down, which its breaker counts."""


@dataclass(eq=False)
class Fault(Exception):  # noqa: N818 - it is caught and weighed, never shown
    """Why one attempt at a chat model failed."""

    kind: FaultKind
    status: int | None = None
    """The provider's HTTP status, where there was one."""
    retry_after_s: float | None = None
    """Seconds that the provider asked us to wait; None when it did not say, or said nonsense."""

    @property
    def retryable(self) -> bool:
        return self.kind in RETRYABLE

    @property
    def name(self) -> str:
        """E.g. `overloaded` or `overloaded (503)`; safe to show and to log."""
        return f"{self.kind.value} ({self.status})" if self.status else self.kind.value


_STATUSES = {
    401: FaultKind.KEY_REFUSED,
    403: FaultKind.KEY_REFUSED,
    404: FaultKind.MODEL_UNKNOWN,
    408: FaultKind.OVERLOADED,
    409: FaultKind.OVERLOADED,
    429: FaultKind.RATE_LIMITED,
}
_TOO_LONG = re.compile(
    r"context.?length|maximum context|prompt is too long|context window|token count .{0,40}exceeds|too many tokens",
    re.IGNORECASE,
)
_UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpx2.ConnectError, httpx2.ConnectTimeout, ConnectionError)
_SILENT = (httpx.TimeoutException, httpx2.TimeoutException, TimeoutError)
_BROKEN_OFF = (httpx.TransportError, httpx2.TransportError)
_DAMAGED = (
    JSONDecodeError, UnicodeError, httpx.DecodingError, httpx2.DecodingError,
    # What a library stumbles over when an answer's JSON is not of the form that it takes for granted.
    LookupError, TypeError, AttributeError,
)  # fmt: skip
_FIRST_SERVER_ERROR = 500


def fault_of(error: BaseException) -> Fault:
    """Return what *error*, of whichever library, means for us; the causes behind it count too."""
    chain = list(_causes(error))
    for each in chain:
        if isinstance(each, Fault):
            return each
    for each in chain:
        status = _status(each)
        if status:
            return Fault(_kind_of_status(status, each), status, _retry_after(each))
    for kinds, kind in (
        (_UNREACHABLE, FaultKind.UNREACHABLE),
        (_SILENT, FaultKind.SILENT),
        (_BROKEN_OFF, FaultKind.BROKEN_OFF),
        (_DAMAGED, FaultKind.DAMAGED),
    ):
        if any(isinstance(each, kinds) for each in chain):
            return Fault(kind)
    return Fault(_kind_of_name(chain))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(8):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _status(error: BaseException) -> int | None:
    for name in ("status_code", "code"):
        value = getattr(error, name, None)
        if isinstance(value, int) and 400 <= value <= 599:  # noqa: PLR2004 - HTTP's errors
            return value
    return None


def _kind_of_status(status: int, error: BaseException) -> FaultKind:
    if status >= _FIRST_SERVER_ERROR:
        return FaultKind.OVERLOADED
    if status in _STATUSES:
        return _STATUSES[status]
    # Only looked at: a provider's words may repeat a part of the key or of the prompt.
    return FaultKind.PROMPT_TOO_LONG if _TOO_LONG.search(str(error)) else FaultKind.REQUEST_REFUSED


def _kind_of_name(chain: list[BaseException]) -> FaultKind:
    """Name an error by its class: SDKs raise their own for an answer that they cannot parse, or an error inside it."""
    names = " ".join(type(each).__name__ for each in chain)
    if re.search(r"APIConnection|StreamChunkTimeout", names):
        return FaultKind.BROKEN_OFF
    if re.search(r"Validation|UnknownApiResponse|Parse|Decode", names):
        return FaultKind.DAMAGED
    return FaultKind.OVERLOADED if re.search(r"API(Status)?Error", names) else FaultKind.FAILED


def _retry_after(error: BaseException) -> float | None:
    headers: Mapping[str, Any] = getattr(getattr(error, "response", None), "headers", None) or {}
    return parse_retry_after(str(headers.get("retry-after") or ""))


def parse_retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number or an HTTP date; None for anything else."""
    if number := re.fullmatch(r"[ \t]*([0-9]{1,9}(\.[0-9]{1,9})?)[ \t]*", value):
        return float(number[1])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
