"""Reads an e-mail saved as .eml: its subject and its body, never its attachments."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile
from service.knowledge.reading.formats.html import markdown_of
from service.knowledge.reading.text import decode, one_line, without_rules

_PREFIX = re.compile(r"^(?:(?:re|fwd?|tr|aw|wg)\s*:\s*)+", re.IGNORECASE)


def read_mail(file: ForeignFile) -> Iterator[Draft]:
    """
    Yield the message's one article.

    Raises:
        UnreadableFileError: It has no readable body.
    """
    message = message_from_bytes(file.data, policy=policy.default)
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        raise UnreadableFileError("The e-mail has no text, only attachments.")
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset())
    subject = _PREFIX.sub("", one_line(str(message.get("subject", ""))))
    body = markdown_of(text) if part.get_content_subtype() == "html" else without_rules(text).strip("\n")
    yield Draft(title=subject or file.title, text=body, updated=_day(message))


def _day(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["date"])).date().isoformat()
    except ValueError:
        return None
