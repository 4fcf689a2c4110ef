"""Reads the JSON that help centres export: Zendesk, Intercom, Freshdesk, or any list of records with title and body."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.errors import UnreadableFileError
from service.knowledge.reading.draft import Draft, ForeignFile, Skipped
from service.knowledge.reading.formats.tables import MAX_ROWS, content, slug
from service.knowledge.reading.metadata import known
from service.knowledge.reading.text import decode, one_line

Record = Mapping[str, Any]

_ARTICLE_LISTS = (
    "articles",
    "data",
    "results",
    "items",
    "entries",
    "records",
    "solutions",
    "solution_articles",
    "pages",
)
_CONTAINERS = ("categories", "sections", "folders", "collections", "children")
_TITLES = ("title", "name", "question", "titre", "subject")
_BODIES = (
    "body",
    "description",
    "answer",
    "content",
    "body_html",
    "html",
    "text",
    "réponse",
    "reponse",
    "description_text",
)
_MAX_DEPTH = 8
_UNKNOWN = (
    "The JSON is no export that we know: articles of Zendesk, Intercom or Freshdesk, "
    "or a list of records with a title and a body."
)
_FRESHDESK_DRAFT = 1
_FRESHDESK_AGENTS = 3


def read_export(file: ForeignFile) -> Iterator[Draft | Skipped]:
    """
    Yield the export's articles, one for each language they are written in; drafts are skipped.

    Raises:
        UnreadableFileError: It is not JSON, or not an export that we know.
    """
    document = _load(decode(file.data), by_line=file.suffix != ".json")
    seen: Counter[str] = Counter()
    for number, (record, container) in enumerate(_records(document, {}, 0)):
        if number >= MAX_ROWS:
            raise UnreadableFileError(f"The export holds more than {MAX_ROWS} records; split it.")
        for item in _read_record(record, container):
            seen[item.key] += 1
            yield item if seen[item.key] == 1 else _renamed(item, f"{item.key}-{seen[item.key]}")
    if not seen:
        raise UnreadableFileError(_UNKNOWN)


def _load(text: str, *, by_line: bool) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return [json.loads(line) for line in text.split("\n") if line.strip()] if by_line else json.loads(text)
    except json.JSONDecodeError as exc:
        raise UnreadableFileError(f"The file is not valid JSON (line {exc.lineno}).") from exc


def _records(value: object, container: Record, depth: int) -> Iterator[tuple[Record, Record]]:
    """Yield each record that could be an article, with the folder or section that it lies in."""
    if depth > _MAX_DEPTH:
        raise UnreadableFileError("The JSON is nested too deeply.")
    if isinstance(value, list):
        for each in value:
            yield from _records(each, container, depth + 1)
    elif isinstance(value, dict):
        inner = [value[key] for key in _ARTICLE_LISTS if isinstance(value.get(key), list)]
        folders = [value[key] for key in _CONTAINERS if isinstance(value.get(key), list)]
        for each in [*inner, *(_folders_only(folder) for folder in folders)]:
            yield from _records(each, value, depth + 1)
        if not inner and not folders and _first(value, _TITLES) and _first(value, _BODIES) is not None:
            yield value, container


def _folders_only(folders: list[object]) -> list[object]:
    """Leave out what could be taken for an article: a section has a name and a description too."""
    return [
        folder for folder in folders if isinstance(folder, dict) and {*_ARTICLE_LISTS, *_CONTAINERS} & folder.keys()
    ]


def _read_record(record: Record, container: Record) -> Iterator[Draft | Skipped]:
    title = one_line(str(_first(record, _TITLES)))
    key = one_line(str(record.get("id") or record.get("key") or "")) or slug(title)
    yield _read_version(record, record, container, key)
    translations = record.get("translated_content")
    if isinstance(translations, dict):
        own = str(record.get("default_locale") or "")
        for locale, version in sorted(translations.items()):
            if isinstance(version, dict) and locale != own and _first(version, _TITLES):
                yield _read_version({**version, "locale": locale}, record, container, f"{key}/{locale}")


def _read_version(version: Record, record: Record, container: Record, key: str) -> Draft | Skipped:
    title, body = one_line(str(_first(version, _TITLES))), _first(version, _BODIES)
    if _is_draft(version):
        return Skipped(key=key, reason="It is a draft.")
    if not isinstance(body, str) or not body.strip():
        return Skipped(key=key, reason="There is no text in it.")
    try:
        facts = known(_stated(version, record, container))
    except UnreadableFileError as exc:
        return Skipped(key=key, reason=exc.detail)
    return Draft(title=title, text=content(body, facts.get("url")), key=key, **facts)


def _is_draft(record: Record) -> bool:
    return (
        record.get("draft") is True
        or record.get("state") == "draft"
        or record.get("status") in (_FRESHDESK_DRAFT, "draft")
    )


def _stated(version: Record, record: Record, container: Record) -> dict[str, object]:
    return {
        "audience": record.get("audience") or ("internal" if _is_restricted(record, container) else "public"),
        "locale": version.get("locale") or version.get("language") or version.get("default_locale"),
        "html_url": version.get("html_url") or version.get("url") or version.get("public_url"),
        "updated_at": _day(version.get("updated_at") or record.get("updated_at")),
        "product": version.get("product"),
        "expires": version.get("expires"),
    }


def _is_restricted(record: Record, container: Record) -> bool:
    """Zendesk names a user segment, Freshdesk a folder's visibility: in doubt customers may not see it."""
    visibility = record.get("visibility", container.get("visibility"))
    is_for_agents = isinstance(visibility, int) and visibility >= _FRESHDESK_AGENTS
    return record.get("user_segment_id") is not None or is_for_agents or bool(record.get("user_segment_ids"))


def _day(stated: object) -> object:
    if isinstance(stated, int) and 0 < stated < 32_503_680_000:  # noqa: PLR2004 - seconds until the year 3000
        return datetime.fromtimestamp(stated, UTC)
    return stated


def _first(record: Record, keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if record.get(key)), None)


def _renamed(item: Draft | Skipped, key: str) -> Draft | Skipped:
    return replace(item, key=key)
