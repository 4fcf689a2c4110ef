"""The prompt files as the lint reads them: with lines, and without stopping at what is broken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.errors import PromptError
from service.prompting.brands import Brand, parse_brand
from service.prompting.lint.findings import Place
from service.prompting.lint.sentences import Sentence, sentences
from service.prompting.lint.yaml_text import YamlText, read_yaml
from service.prompting.prompts import PromptText
from service.prompting.templates.rendering import Section, sections
from service.prompting.tones import Tone, parse_tone

TEMPLATE = "reply.md"
_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FILE_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class TemplateSource:
    text: str
    sections: tuple[Section, ...]
    """Empty when there is none."""

    @classmethod
    def of(cls, text: str) -> "TemplateSource":
        plain = text.replace("\r\n", "\n")
        try:
            return cls(plain, tuple(sections(plain)))
        except PromptError:
            return cls(plain, ())

    def sentences(self) -> Iterator[Sentence]:
        for section in self.sections:
            yield from sentences(section.body, TEMPLATE, section.line)


@dataclass(frozen=True, slots=True)
class BrandSource:
    id: str
    text: str
    yaml: YamlText
    brand: Brand | None
    """None when the file is broken."""

    @classmethod
    def of(cls, brand_id: str, text: str) -> "BrandSource":
        try:
            return cls(brand_id, text, read_yaml(text), parse_brand(brand_id, text))
        except PromptError:
            return cls(brand_id, text, read_yaml(text), None)

    @property
    def file(self) -> str:
        return f"brands/{self.id}.yaml"

    def place(self, *path: object) -> Place:
        return Place(self.file, self.yaml.line(*path))

    def lines(self) -> Iterator[tuple[str, str, Place]]:
        """Yield what customers read: language, text and place of each line of each voice."""
        voices = self.yaml.data.get("voice")
        for language, voice in voices.items() if isinstance(voices, dict) else ():
            for path, text in _texts(voice):
                if path[0] not in {"register", "prefer", "avoid"} and path[-1] != "hours":
                    yield str(language), text, self.place("voice", language, *path)


@dataclass(frozen=True, slots=True)
class ToneSource:
    id: str
    text: str
    matter: YamlText
    body: str
    body_line: int
    tone: Tone | None
    """None when the file is broken."""

    @classmethod
    def of(cls, tone_id: str, text: str) -> "ToneSource":
        plain = text.replace("\r\n", "\n")
        found = _MATTER.match(plain)
        matter = read_yaml(found.group(1), first_line=2) if found else YamlText({}, {})
        body = plain[found.end() :] if found else plain
        line = plain.count("\n", 0, found.end()) + 1 if found else 1
        try:
            return cls(tone_id, text, matter, body, line, parse_tone(tone_id, text))
        except PromptError:
            return cls(tone_id, text, matter, body, line, None)

    @property
    def file(self) -> str:
        return f"tones/{self.id}.md"

    def place(self, *path: object) -> Place:
        return Place(self.file, self.matter.line(*path))

    def sentences(self) -> Iterator[Sentence]:
        yield from sentences(self.body, self.file, self.body_line)

    def lines(self) -> Iterator[tuple[str, str, Place]]:
        """Yield what customers read: language, text and place."""
        for key in ("opening", "ending"):
            texts = self.matter.data.get(key)
            for language, text in texts.items() if isinstance(texts, dict) else ():
                if isinstance(text, str):
                    yield str(language), text, self.place(key, language)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is linted together: a template, and the brands and tones that it speaks for."""

    template: TemplateSource
    brands: tuple[BrandSource, ...]
    tones: tuple[ToneSource, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    """File and reason."""

    @classmethod
    def of_version(cls, text: PromptText) -> "Sources":
        return cls(
            TemplateSource.of(text.template),
            (BrandSource.of(text.brand_id, text.brand),),
            (ToneSource.of(text.tone_id, text.tone),),
        )

    @classmethod
    def of_folder(cls, folder: Path, brand: str | None = None) -> "Sources":
        """Read the files as they stand on the disk: all brands or *brand*, and every tone."""
        texts, unreadable = _read(folder)
        brands = {name.removeprefix("brands/").removesuffix(".yaml"): name for name in texts if name.endswith(".yaml")}
        tones = {name.removeprefix("tones/").removesuffix(".md"): name for name in texts if name.startswith("tones/")}
        return cls(
            TemplateSource.of(texts.get(TEMPLATE, "")),
            tuple(BrandSource.of(each, texts[name]) for each, name in brands.items() if brand in {None, each}),
            tuple(ToneSource.of(each, texts[name]) for each, name in tones.items()),
            unreadable,
        )

    def versions(self) -> Iterator[PromptText]:
        """Yield what each brand writes with now: its own tone, when both files can be read."""
        tones = {tone.id: tone.text for tone in self.tones}
        for source in self.brands:
            if source.brand and source.brand.tone in tones:
                tone = source.brand.tone
                yield PromptText(self.template.text, source.id, source.text, tone, tones[tone])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of all brands, each once, in the brands' order."""
        return tuple(dict.fromkeys(each for source in self.brands if source.brand for each in source.brand.languages))

    def read_lines(self) -> Iterator[tuple[str, str, Place]]:
        """Yield what customers read: language, text and place, brands first."""
        for brand in self.brands:
            yield from brand.lines()
        for tone in self.tones:
            yield from tone.lines()


def _read(folder: Path) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    texts, unreadable = {}, []
    paths = [folder / TEMPLATE, *sorted(folder.glob("brands/*.yaml")), *sorted(folder.glob("tones/*.md"))]
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            data = path.read_bytes()
            if len(data) > _MAX_FILE_BYTES:
                unreadable.append((name, f"it is larger than {_MAX_FILE_BYTES} bytes"))
            else:
                texts[name] = data.decode("utf-8-sig")
        except OSError as exc:
            unreadable.append((name, exc.strerror or "it cannot be opened"))
        except UnicodeDecodeError:
            unreadable.append((name, "it is not UTF-8 text"))
    return texts, tuple(unreadable)


def _texts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str) and path:
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, str(number)))
