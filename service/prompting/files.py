"""The prompt files of a folder: brands, tones and the reply template, picked up when they change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import frontmatter
import yaml

from service.errors import PromptError, UnknownBrandError, UnknownToneError
from service.prompting.brands import Brand, parse_brand

_FILE_STEM = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_MAX_FILE_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Tone:
    """How a reply speaks, whatever the brand."""

    id: str
    text: str
    opening: Mapping[str, str]
    """By language: the sentence after the greeting."""
    ending: Mapping[str, str]
    """By language: the sentence before the closing."""


def parse_tone(tone_id: str, text: str) -> Tone:
    """
    Read a tone file.

    Raises:
        PromptError: The front matter is no YAML, or `opening` or `ending` are no text by language.
    """
    try:
        matter, body = frontmatter.parse(text)
    except yaml.YAMLError as exc:
        raise PromptError(f"tones/{tone_id}.md: the front matter is not YAML") from exc
    lines = {}
    for key in ("opening", "ending"):
        value = matter.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(line, str) for line in value.values()):
            raise PromptError(f"tones/{tone_id}.md: {key} must give one text for each language")
        lines[key] = {str(language): line.strip() for language, line in value.items()}
    return Tone(tone_id, body.strip(), lines["opening"], lines["ending"])


class PromptFiles:
    """Reads `reply.md`, `brands/*.yaml` and `tones/*.md` below one folder, anew whenever a file changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[Path, tuple[tuple[int, int], str]] = {}

    def brand_ids(self) -> tuple[str, ...]:
        """Return the brands in alphabetical order."""
        return tuple(sorted(path.stem for path in (self._folder / "brands").glob("*.yaml")))

    def template_text(self) -> str:
        return self._read(self._folder / "reply.md", PromptError("reply.md is missing"))

    def brand_text(self, brand_id: str) -> str:
        """Raise UnknownBrandError when there is no such brand."""
        unknown = UnknownBrandError("There is no brand of this name; the brands are files in prompts/brands.")
        return self._read(self._folder / "brands" / f"{_stem(brand_id, unknown)}.yaml", unknown)

    def tone_text(self, tone_id: str) -> str:
        """Raise UnknownToneError when there is no such tone."""
        unknown = UnknownToneError("There is no tone of this name; the tones are files in prompts/tones.")
        return self._read(self._folder / "tones" / f"{_stem(tone_id, unknown)}.md", unknown)

    def brand(self, brand_id: str) -> Brand:
        return parse_brand(brand_id, self.brand_text(brand_id))

    def _read(self, path: Path, missing: Exception) -> str:
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            known = self._texts.get(path)
            if known is None or known[0] != stamp:
                if state.st_size > _MAX_FILE_BYTES:
                    raise PromptError(f"{path.name} is larger than {_MAX_FILE_BYTES} bytes")
                known = self._texts[path] = (stamp, path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise missing from None
        except UnicodeDecodeError as exc:
            raise PromptError(f"{path.name} is not UTF-8 text") from exc
        return known[1]


def _stem(name: str, unknown: Exception) -> str:
    """Return *name* when it can be a file of ours, so that no path leaves the folder."""
    if not _FILE_STEM.fullmatch(name):
        raise unknown
    return name
