"""A command to copy that writes a reply over the API."""

import json
import re

from fastapi import Request

from service.prompting.brands import Brand

_FIRST_QUESTIONS = {"en": "Hello, what are your opening hours?", "fr": "Bonjour, quels sont vos horaires ?"}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


def first_reply(request: Request, brand: Brand | None, *, key: str = "") -> str:
    """Return the command, with a header for the *key* if given; a Host header that is no host name is not repeated."""
    host = request.headers.get("host", "")
    address = f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else "http://127.0.0.1:8080"
    asked = _FIRST_QUESTIONS.get(brand.languages[0] if brand else "en", _FIRST_QUESTIONS["en"])
    body = {"brand": brand.id if brand else "maison-lune", "ticket": {"messages": [{"text": asked}]}}
    opened = f" -H 'Authorization: Bearer {key}'" if key else ""
    sent = json.dumps(body, ensure_ascii=False)
    return f"curl -s {address}/v1/replies -H 'Content-Type: application/json'{opened} \\\n  -d '{sent}'"
