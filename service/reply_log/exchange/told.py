"""A logged reply as one JSON object, for whoever analyses the log."""

from typing import Any

from pydantic import TypeAdapter

from service.domain import LoggedReply

_LOGGED = TypeAdapter(LoggedReply)
_LEFT_OUT = {"exchange": True, "personal": True, "salt": True}
"""What has to do with proofs, and the values behind the placeholders: a backup has them."""


def told(logged: LoggedReply, better: str | None) -> dict[str, Any]:
    """Return the reply's own keys, then ticket, messages and attempts; *better* is a person's correction."""
    said: dict[str, Any] = _LOGGED.dump_python(logged, mode="json", exclude=_LEFT_OUT)
    reply: dict[str, Any] = said.pop("reply")
    return {**reply, "better": better, **said}
