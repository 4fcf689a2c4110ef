"""The texts that come in: how long they may be, and without what nobody sees."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from service.replies.guards.markup import clean

MAX_MESSAGE_CHARS = 20_000


def clean_text(text: str) -> str:
    """Return *text* in NFC without control and invisible characters; ValueError for half a character."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a lone surrogate, which is no character")
    return clean(text)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Line = Annotated[str, StringConstraints(max_length=500), AfterValidator(clean_text)]
MessageText = Annotated[
    str, StringConstraints(max_length=MAX_MESSAGE_CHARS), AfterValidator(clean_text), AfterValidator(_not_blank)
]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean_text)]
Channel = Annotated[str, StringConstraints(max_length=100), AfterValidator(clean_text)]
