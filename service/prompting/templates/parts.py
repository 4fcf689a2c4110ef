"""What the parts of a prompt cost, estimated: instructions, tone, frame, passages, variables, conversation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.prompting.templates.rendering import ChatMessage
from service.prompting.templates.tokens import estimate_tokens

TOKEN_ERROR = 0.25
"""Estimates are within this share of what real tokenizers say; BENCHMARKS has the measure."""

_BLOCK = re.compile(r"<(?P<name>[a-z]+)-(?P<fence>[0-9a-f]{8})[^>\n]*>\n.*?\n</(?P=name)-(?P=fence)>", re.DOTALL)
_PARTS = {
    "frame": "frame",
    "passage": "passages",
    "variables": "variables",
    "subject": "conversation",
    "message": "conversation",
}


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    """`instructions`, `tone`, `frame`, `passages`, `variables` or `conversation`."""
    characters: int
    tokens: int
    """An estimate, see TOKEN_ERROR."""


def parts_of(messages: Sequence[ChatMessage], tone: str) -> tuple[Part, ...]:
    """Return what each part of *messages* costs, the instructions first, then the text of the *tone*."""
    # The first fence is the prompt's own; any other stands inside text from outside.
    first = _BLOCK.search("\n".join(message.content for message in messages))
    fence = first["fence"] if first else ""
    texts = {"instructions": "", "tone": ""} | dict.fromkeys(_PARTS.values(), "")
    for message in messages:
        at = 0
        for block in _BLOCK.finditer(message.content):
            if block["fence"] == fence and block["name"] in _PARTS:
                texts["instructions"] += message.content[at : block.start()]
                texts[_PARTS[block["name"]]] += block.group()
                at = block.end()
        texts["instructions"] += message.content[at:]
    if tone and tone in texts["instructions"]:
        texts["instructions"] = texts["instructions"].replace(tone, "", 1)
        texts["tone"] = tone
    return tuple(Part(name, len(text), estimate_tokens(text)) for name, text in texts.items())
