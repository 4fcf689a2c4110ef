"""The settings that shape a reply: a receipt names them, so that nobody takes a changed setting for a changed reply."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from service.domain import Setting
from service.replies.models.prices import SHIPPED
from service.settings import Settings

_NAMES = (
    "min_answerability", "passages_per_reply", "rewrite_question", "chat_images", "chat_timeout_s", "chat_silence_s",
    "chat_retries",
)  # fmt: skip
"""Of the settings, those that two services may not have different if their replies are to be the same."""
_ROOMS = ("knowledge", "prompting", "replies")
"""Whose code and figures find, ask and check: candidate counts, weights, thresholds, patterns."""
_DIGITS = 16


def shaping_settings(settings: Settings, embeddings: str) -> Mapping[str, Setting]:
    """Return by name what shapes the replies of a service that finds with *embeddings*; no address and no secret."""
    prices = (SHIPPED, settings.prices_file) if settings.prices_file else (SHIPPED,)
    named = {name: getattr(settings, name) for name in _NAMES}
    models = {
        "chat_model": settings.chat_model,
        "chat_fallbacks": " ".join(settings.chat_fallbacks) or None,
        "own_endpoint": bool(settings.openai_base_url),
    }
    told = {"embeddings": embeddings, "prices": _hash(prices), "version": version("aplomb")}
    return named | models | told | {f"{room}_code": _hash_of_room(room) for room in _ROOMS}


@cache
def _hash_of_room(room: str) -> str:
    folder = Path(__file__).with_name(room)
    return _hash(sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"))


def _hash(files: Iterable[Path]) -> str:
    """Return the first digits of the SHA-256 of names and contents."""
    said = hashlib.sha256()
    for file in files:
        said.update(file.name.encode() + b"\x1f" + hashlib.sha256(file.read_bytes()).digest())
    return said.hexdigest()[:_DIGITS]
