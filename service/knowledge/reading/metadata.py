"""What a file says about itself (front matter, meta tags, columns), checked and in our words."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from service.errors import UnreadableFileError
from service.knowledge.reading.text import one_line

_ALIASES = {
    "language": ("language", "lang", "langue", "locale"),
    "url": ("url", "link", "lien", "html_url", "source_url", "permalink", "source"),
    "audience": ("audience", "visibility", "visibilité", "visibilite"),
    "product": ("product", "produit"),
    "updated": ("updated", "updated_at", "last_updated", "last_update", "modified", "mise_à_jour", "mise_a_jour"),
    "owner": ("owner", "responsable", "author", "auteur"),
    "expires": ("expires", "expire", "valid_until", "expires_at"),
}
WORDS = frozenset(alias.replace("_", " ") for aliases in _ALIASES.values() for alias in aliases)
"""Every word for a fact that we keep, as a table's header may have it."""
_AUDIENCES = {
    "public": "public", "everyone": "public", "external": "public", "externe": "public", "all": "public",
    "internal": "internal", "interne": "internal", "private": "internal", "agents": "internal",
}  # fmt: skip
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)


class Known(TypedDict, total=False):
    """The fields of a draft that a file may state."""

    language: str
    url: str
    audience: str
    product: str
    updated: str
    owner: str
    expires: str


def known(stated: Mapping[str, object]) -> Known:
    """
    Return what *stated* (its keys in any case) says about an article; unknown keys and empty values are left out.

    A key in our own words must be right; the same in a foreign tool's words is left out when it makes no sense here.

    Raises:
        UnreadableFileError: A value cannot be used; the message names the key.
    """
    values = {
        "_".join(key.lower().replace("-", " ").split()): value
        for key, value in stated.items()
        if value not in (None, "")
    }
    found = Known()
    for field, aliases in _ALIASES.items():
        for alias in aliases:
            if alias in values and field not in found:
                _keep(found, field, alias, values[alias])
    return found


def title_of(stated: Mapping[str, object]) -> str:
    """
    Return the title that *stated* gives; empty when it gives none.

    Raises:
        UnreadableFileError: It is no line of text.
    """
    return _words("title", stated.get("title") or stated.get("titre") or "")


def _keep(found: Known, field: str, alias: str, value: object) -> None:
    try:
        # The field is a key of _ALIASES, and those are Known's.
        found[field] = _CHECKS.get(field, _words)(alias, value)  # type: ignore[literal-required]
    except UnreadableFileError:
        # Who is meant to read an article is never guessed, whatever the tool calls it.
        if field in {alias, "audience"}:
            raise


def _words(key: str, value: object) -> str:
    if not isinstance(value, str | int | float | date):
        raise UnreadableFileError(f"The key '{key}' must be one line of text.")
    return one_line(str(value))


def _language(key: str, value: object) -> str:
    match = _LANGUAGE.fullmatch(str(value).strip())
    if match is None or isinstance(value, bool):
        raise UnreadableFileError(f"The key '{key}' must be a language code such as fr or en.")
    return match[1].lower()


def _url(key: str, value: object) -> str:
    address = str(value).strip()
    if not re.fullmatch(r"https?://[^\s<>\"]+", address, re.IGNORECASE):
        raise UnreadableFileError(f"The key '{key}' must be a web address that begins with http:// or https://.")
    return address


def _audience(key: str, value: object) -> str:
    audience = _AUDIENCES.get(str(value).strip().lower())
    if audience is None:
        raise UnreadableFileError(f"The key '{key}' must be public or internal.")
    return audience


def _date(key: str, value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    match = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", str(value).strip())
    try:
        return date(*map(int, match.groups())).isoformat() if match else _no_date(key)
    except ValueError:
        return _no_date(key)


def _no_date(key: str) -> str:
    raise UnreadableFileError(f"The key '{key}' must be a date such as 2026-11-23.")


_CHECKS = {"language": _language, "url": _url, "audience": _audience, "updated": _date, "expires": _date}
