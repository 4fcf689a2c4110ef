"""What another tool's file holds: messages with slots, test cases, and what cannot come along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ForeignMessage:
    role: str
    """`system`, `user` or `assistant`; another tool's `developer` is `system`."""
    text: str


@dataclass(frozen=True, slots=True)
class ForeignCheck:
    """One assertion of a test case, as its tool names it."""

    kind: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class ForeignCase:
    name: str
    values: Mapping[str, Any]
    checks: tuple[ForeignCheck, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
    """What our own export kept beside it."""


@dataclass(slots=True, kw_only=True)
class ForeignFile:
    name: str
    format: str
    messages: tuple[ForeignMessage, ...] = ()
    cases: tuple[ForeignCase, ...] = ()
    left_out: list[str] = field(default_factory=list)
    """Sentences for the one who imports: what did not come along, and where it belongs."""


_ROLES = {"system": "system", "developer": "system", "user": "user", "human": "user", "assistant": "assistant"}
_SAMPLING = (
    "temperature",
    "top_p",
    "frequency_penalty",
    "presence_penalty",
    "max_tokens",
    "max_output_tokens",
    "model",
)


def messages_of(items: Sequence[Any], left_out: list[str]) -> Iterator[ForeignMessage]:
    """Yield the messages of a list with `role` and `content`; what is no text is named in *left_out*."""
    for number, item in enumerate(items, 1):
        role = _ROLES.get(str(item.get("role", "")).lower()) if isinstance(item, dict) else None
        text = _text(item.get("content")) if isinstance(item, dict) else None
        if role is None or text is None:
            left_out.append(f"message {number}: it is no text from system, developer, user or assistant")
            continue
        if _has_more(item["content"]):
            left_out.append(f"message {number}: a part of it that is no text")
        yield ForeignMessage(role, text)


def name_sampling(settings: object, left_out: list[str]) -> None:
    """Name the model and its parameters in *left_out*: with us they are the brand's."""
    stated = settings if isinstance(settings, dict) else {}
    found = {key: stated[key] for key in _SAMPLING if isinstance(stated.get(key), str | int | float)}
    if found:
        said = ", ".join(f"{key} {value}" for key, value in found.items())
        left_out.append(f"{said}: write them into the brand's file, under sampling and chat_models")


def _text(content: object) -> str | None:
    """Return the text of *content*: a string, or the texts among a list of parts; None when there is none."""
    if isinstance(content, str):
        return content
    texts = [text for part in _parts(content) if isinstance(text := part.get("text"), str)]
    return "\n".join(texts) if texts else None


def _has_more(content: object) -> bool:
    return any(not isinstance(part.get("text"), str) for part in _parts(content))


def _parts(content: object) -> list[dict[str, Any]]:
    return [each if isinstance(each, dict) else {} for each in content] if isinstance(content, list) else []
