"""A record: everything about a logged reply in one compressed piece, from which it is read back whole."""

import json
import struct
import zlib
from dataclasses import replace

from pydantic import TypeAdapter

from service.domain import Exchange, LoggedReply, ReplyState

_LOGGED = TypeAdapter(LoggedReply)
_LENGTHS = struct.Struct(">III")
_REPLY_PARTS = ("question", "text", "sentences", "decision", "reasons", "handoff", "prompt")
_NOT_IN_JSON = {"exchange": True, "erased_at": True, "personal": True}


def pack(logged: LoggedReply) -> bytes:
    """Return the JSON of *logged* and the two sides of its exchange, compressed together since they say the same."""
    parts = [_LOGGED.dump_json(logged, exclude=_NOT_IN_JSON), b"", b""]
    if logged.exchange:
        parts[1:] = [logged.exchange.request, logged.exchange.response]
    # What is pending is written again in a moment; above 3 a record of 40 kB gets 8 % smaller in twice the time.
    level = 1 if logged.reply.state is ReplyState.PENDING else 3
    return zlib.compress(_LENGTHS.pack(*map(len, parts)) + b"".join(parts), level)


def unpack(record: bytes) -> LoggedReply:
    """Return what was packed; zlib.error or ValueError when the record is damaged."""
    data = zlib.decompress(record)
    text, request, response = _cut(data)
    logged = _LOGGED.validate_json(text)
    if not request and not response:
        return logged
    return replace(logged, exchange=Exchange(request=request, response=response))


def _cut(data: bytes) -> tuple[bytes, bytes, bytes]:
    text, request, response = _LENGTHS.unpack_from(data)
    start = _LENGTHS.size
    if start + text + request + response != len(data):
        raise ValueError("a record is as long as its parts")
    return (
        data[start : start + text],
        data[start + text : start + text + request],
        data[start + text + request :],
    )


def part_texts(logged: LoggedReply) -> dict[str, str]:
    """Return by name the JSON of each part of *logged* that shaped the reply or came out of it."""
    whole = _LOGGED.dump_python(logged, mode="json", exclude=_NOT_IN_JSON)
    reply, ticket = whole["reply"], whole["ticket"]
    parts = {
        name: reply[name] for name in ("question", "text", "sentences", "decision", "reasons", "handoff", "prompt")
    }
    parts |= {"ticket": {key: value for key, value in ticket.items() if key != "variables"}}
    parts |= {"variables": ticket["variables"], "raw_output": whole["raw_output"], "messages": whole["chat_messages"]}
    return {name: json.dumps(part, ensure_ascii=False, sort_keys=True) for name, part in parts.items()}
