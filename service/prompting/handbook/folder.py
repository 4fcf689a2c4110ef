"""Writes a handbook into a folder, and touches no page there but its own."""

import json
from collections.abc import Mapping
from pathlib import Path

from service.errors import InvalidInputError

LIST = ".aplomb-handbook.json"
"""Names the pages that are ours; hidden from Obsidian and from our own ingest."""


def write_pages(folder: Path, pages: Mapping[str, str]) -> tuple[str, ...]:
    """
    Write *pages* below *folder*, remove our pages of an earlier run that are no longer there; return the paths changed.

    Raises:
        InvalidInputError: A file of the same name is not ours, or the folder cannot be written; nothing was.
    """
    ours = _ours(folder)
    foreign = [path for path in pages if path not in ours and (folder / path).exists()]
    if foreign:
        raise InvalidInputError(
            f"{foreign[0]} is already there and no page of the handbook; choose another folder, or move it away."
        )
    try:
        changed = [path for path, text in pages.items() if _write(folder / path, text)]
        for path in sorted(ours - set(pages)):
            (folder / path).unlink(missing_ok=True)
            changed.append(path)
        _write(folder / LIST, json.dumps({"pages": sorted(pages)}, indent=1) + "\n")
    except OSError as exc:
        raise InvalidInputError(f"The handbook cannot be written: {exc.strerror}.") from exc
    return tuple(changed)


def _ours(folder: Path) -> set[str]:
    try:
        named = json.loads((folder / LIST).read_text("utf-8"))["pages"]
        # A list that someone edited must not make us remove files elsewhere.
        return {path for path in named if isinstance(path, str) and _is_below(path)}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise InvalidInputError(f"{LIST} cannot be read; delete it together with the handbook's pages.") from exc


def _is_below(path: str) -> bool:
    parts = Path(path).parts
    return bool(parts) and not Path(path).is_absolute() and ".." not in parts


def _write(path: Path, text: str) -> bool:
    """Write *text* as UTF-8 unless it stands there already; say whether it was written."""
    data = text.encode("utf-8-sig" if path.suffix == ".csv" else "utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
