"""A logged reply as one JSON object, for whoever analyses the log."""

from typing import Any

from pydantic import TypeAdapter

from service.domain import LoggedReply
from service.reply_log.exchange.opinion import Opinion

_LOGGED = TypeAdapter(LoggedReply)
_OPINION = TypeAdapter(Opinion)
_LEFT_OUT = {"exchange": True, "personal": True, "salt": True}
"""What has to do with proofs, and the values behind the placeholders: a backup has them."""


def told(logged: LoggedReply, opinion: Opinion) -> dict[str, Any]:
    """Return the reply's own keys, then what people made of it, then ticket, messages and attempts."""
    said: dict[str, Any] = _LOGGED.dump_python(logged, mode="json", exclude=_LEFT_OUT)
    reply: dict[str, Any] = said.pop("reply")
    return {**reply, **_OPINION.dump_python(opinion, mode="json"), **said}
