"""The prompt files of a folder as texts, and what cannot be read of them, or is never looked at."""

from collections.abc import Iterator
from pathlib import Path

from service.errors import PromptError
from service.prompting.answers import parse_answers
from service.prompting.files import MAX_FILE_BYTES, is_file_name
from service.prompting.lint.findings import LintFinding, Place

TEMPLATE = "reply.md"
NOT_UTF8 = "it is not UTF-8 text; save it as UTF-8"

_SUFFIXES = {"brands": ".yaml", "tones": ".md", "answers": ".yaml"}
_MEANT = frozenset({".yaml", ".yml", ".md", ".markdown", ".txt"})
"""Endings of files that somebody may have meant; what editors leave behind has others, or begins with a dot."""


def read_folder(folder: Path, brand: str | None = None) -> tuple[dict[str, str], tuple[LintFinding, ...]]:
    """Return the texts by their places below *folder*, those of all brands or *brand*, and what is wrong with files."""
    texts: dict[str, str] = {}
    found: list[LintFinding] = []
    for path in _paths(folder):
        place = Place(path.relative_to(folder).as_posix(), 1)
        if brand is not None and path.parent.name in {"brands", "answers"} and path.stem != brand:
            continue
        if path.parent != folder and (path.suffix != _SUFFIXES[path.parent.name] or not is_file_name(path.stem)):
            found.append(place.warning("unread_file", ending=_SUFFIXES[path.parent.name]))
            continue
        text = _text(path, place)
        if isinstance(text, str):
            texts[place.file] = text
        else:
            found.append(text)
    return texts, (*found, *_answers(texts))


def _paths(folder: Path) -> Iterator[Path]:
    yield folder / TEMPLATE
    for name in _SUFFIXES:
        inside = sorted((folder / name).glob("*"))
        yield from (each for each in inside if each.suffix in _MEANT and not each.name.startswith("."))


def _text(path: Path, place: Place) -> str | LintFinding:
    try:
        data = path.read_bytes()
        if len(data) > MAX_FILE_BYTES:
            return place.error("broken_file", detail=f"> {MAX_FILE_BYTES} bytes")
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as exc:
        return place.error("broken_file", detail=exc.strerror or "it cannot be opened")
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        return Place(place.file, line).error("broken_file", detail=NOT_UTF8)


def _answers(texts: dict[str, str]) -> Iterator[LintFinding]:
    """Yield what is wrong with verified answers; they are no part of a prompt version."""
    for file in [each for each in texts if each.startswith("answers/")]:
        try:
            parse_answers(file.removeprefix("answers/").removesuffix(".yaml"), texts.pop(file))
        except PromptError as exc:
            where, _, detail = exc.detail.partition(": ")
            line = where.rpartition(" ")[2]
            yield Place(file, int(line) if line.isdigit() else 1).error("broken_file", detail=detail)
