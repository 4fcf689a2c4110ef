"""The prompt files of a folder: brands, tones and the reply template, picked up when they change."""

import re
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from service.errors import ConfigurationError, NameTakenError, PromptError, UnknownBrandError, UnknownToneError
from service.prompting.answers import VerifiedAnswer, parse_answers
from service.prompting.brands import Brand, parse_brand

_FILE_STEM = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
MAX_FILE_BYTES = 200_000


class PromptFiles:
    """Reads `reply.md`, `brands/*.yaml` and `tones/*.md` below one folder, anew whenever a file changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[Path, tuple[tuple[int, int, int], str]] = {}
        self._good_answers: dict[str, dict[str, VerifiedAnswer]] = {}
        self._only: frozenset[str] | None = None

    def only(self, brands: frozenset[str]) -> Self:
        """Return the same files as who sees these brands only: the others do not exist."""
        seen = copy(self)
        seen._only = brands  # noqa: SLF001 - a copy of our own kind
        return seen

    def shows(self, brand_id: str) -> bool:
        """Say whether who sees these files may see what is of this brand."""
        return self._only is None or brand_id in self._only

    def brand_ids(self) -> tuple[str, ...]:
        """Return the brands in alphabetical order."""
        # What editors leave beside a file (locks, copies, links to nowhere) has no name of a brand, or is not there.
        paths = (path for path in (self._folder / "brands").glob("*.yaml") if path.exists())
        return tuple(sorted(path.stem for path in paths if is_file_name(path.stem) and self.shows(path.stem)))

    def check_brand(self, brand_id: str) -> None:
        """Raise UnknownBrandError when there is no file of this brand, whatever it holds."""
        unknown = UnknownBrandError("There is no brand of this name; the brands are files in prompts/brands.")
        file = self._folder / "brands" / f"{_stem(brand_id, unknown)}.yaml"
        if not self.shows(brand_id) or not file.exists():
            raise unknown

    def template_text(self) -> str:
        return self._read(self._folder / "reply.md", PromptError("reply.md is missing"))

    def brand_text(self, brand_id: str) -> str:
        """Raise UnknownBrandError when there is no such brand."""
        unknown = UnknownBrandError("There is no brand of this name; the brands are files in prompts/brands.")
        if not self.shows(brand_id):
            raise unknown
        return self._read(self._folder / "brands" / f"{_stem(brand_id, unknown)}.yaml", unknown)

    def tone_text(self, tone_id: str) -> str:
        """Raise UnknownToneError when there is no such tone."""
        unknown = UnknownToneError("There is no tone of this name; the tones are files in prompts/tones.")
        return self._read(self._folder / "tones" / f"{_stem(tone_id, unknown)}.md", unknown)

    def answers(self, brand_id: str) -> dict[str, VerifiedAnswer]:
        """Return the brand's verified answers by name; empty when there is no file of them."""
        try:
            text = self._read(self._folder / "answers" / f"{brand_id}.yaml", FileNotFoundError())
        except FileNotFoundError:
            return {}
        return parse_answers(brand_id, text)

    def good_answers(self, brand_id: str) -> dict[str, VerifiedAnswer]:
        """Return the verified answers, while their file is broken the last good ones that this process read."""
        try:
            self._good_answers[brand_id] = self.answers(brand_id)
        except PromptError:
            return self._good_answers.get(brand_id, {})
        return self._good_answers[brand_id]

    def answers_fault(self, brand_id: str) -> str | None:
        """Return what is wrong with the file of verified answers; None when nothing is."""
        try:
            self.answers(brand_id)
        except PromptError as exc:
            return exc.detail
        return None

    def written_at(self, brand_id: str, tone_id: str) -> dict[str, datetime | None]:
        """Return by its place below the folder when each file of a brand was last written; None for one that is not."""
        places = ("reply.md", f"brands/{brand_id}.yaml", f"tones/{tone_id}.md", f"answers/{brand_id}.yaml")
        return {place: _written_at(self._folder / place) for place in places}

    def brand(self, brand_id: str) -> Brand:
        return parse_brand(brand_id, self.brand_text(brand_id))

    def write_new(self, folder: str, name: str, text: str) -> tuple[str, str]:
        """
        Write a new file below the folder of the prompts, and return its place in it and its text.

        Raises:
            NameTakenError: There is a file of this name.
            ConfigurationError: The folder cannot be written.
        """
        path = self._folder / folder / name
        try:
            path.parent.mkdir(exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise NameTakenError(f"There is a file {folder}/{name} already; choose another name.") from None
        except OSError as exc:
            raise ConfigurationError(f"{folder}/{name} cannot be written: {exc.strerror}.") from exc
        return f"{folder}/{name}", text

    def _read(self, path: Path, missing: Exception) -> str:
        name = path.relative_to(self._folder).as_posix()
        try:
            state = path.stat()
            # The time of change beside that of writing: a copy put in place may keep the latter.
            stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_size)
            known = self._texts.get(path)
            if known is None or known[0] != stamp:
                if state.st_size > MAX_FILE_BYTES:
                    raise PromptError(f"{name} is larger than {MAX_FILE_BYTES} bytes")
                known = self._texts[path] = (stamp, path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise missing from None
        except UnicodeDecodeError as exc:
            line = exc.object.count(b"\n", 0, exc.start) + 1
            raise PromptError(f"{name}, line {line}: it is not UTF-8 text; save it as UTF-8") from exc
        except OSError as exc:
            raise PromptError(f"{name} cannot be read: {exc.strerror}") from exc
        return known[1]


def is_file_name(stem: str) -> bool:
    """Say whether a brand or a tone can have a file of this name: small letters, figures, - and _."""
    return _FILE_STEM.fullmatch(stem) is not None


def _stem(name: str, unknown: Exception) -> str:
    """Return *name* when it can be a file of ours, so that no path leaves the folder."""
    if not is_file_name(name):
        raise unknown
    return name


def _written_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
