"""Writes a set of files into someone's folder, and touches none there but its own of an earlier run."""

import json
from collections.abc import Mapping
from pathlib import Path

from service.errors import InvalidInputError


def list_name(kind: str) -> str:
    """Return the file that names what is ours, by *kind*; hidden from Obsidian and from our own ingest."""
    return f".aplomb-{kind}.json"


def write_own(folder: Path, files: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """
    Write *files* below *folder* and remove those of an earlier run that are not among them; return the paths changed.

    *kind* (`handbook`, `promptfoo`) keeps two sets in one folder apart.

    Raises:
        InvalidInputError: A file of the same name is not ours, or the folder cannot be written; nothing was.
    """
    ours = _ours(folder, kind)
    foreign = [path for path in files if path not in ours and (folder / path).exists()]
    if foreign:
        raise InvalidInputError(
            f"{foreign[0]} is already there and was not written by us; choose another folder, or move it away."
        )
    try:
        changed = [path for path, text in files.items() if _write(folder / path, text)]
        for path in sorted(ours - set(files)):
            (folder / path).unlink(missing_ok=True)
            changed.append(path)
        _write(folder / list_name(kind), json.dumps({"files": sorted(files)}, indent=1) + "\n")
    except OSError as exc:
        raise InvalidInputError(f"The files cannot be written: {exc.strerror}.") from exc
    return tuple(changed)


def _ours(folder: Path, kind: str) -> set[str]:
    try:
        named = json.loads((folder / list_name(kind)).read_text("utf-8"))["files"]
        # A list that someone edited must not make us remove files elsewhere.
        return {path for path in named if isinstance(path, str) and _is_below(path)}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise InvalidInputError(
            f"{list_name(kind)} cannot be read; delete it together with the files that we wrote."
        ) from exc


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
