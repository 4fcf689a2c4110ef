"""The prompt files as the lint reads them: with lines, and without stopping at what is broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.errors import PromptError
from service.prompting.brands import Brand, parse_brand
from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE, read_folder
from service.prompting.lint.sentences import Sentence, sentences
from service.prompting.prompts import PromptText
from service.prompting.templates.rendering import Section, sections
from service.prompting.tones import Tone, parse_tone
from service.prompting.yaml_text import MAX_DEPTH, YamlText, read_matter, read_yaml


@dataclass(frozen=True, slots=True)
class TemplateSource:
    text: str
    matter: YamlText
    sections: tuple[Section, ...]
    """Empty when there is none."""

    @classmethod
    def of(cls, text: str) -> "TemplateSource":
        plain = text.replace("\r\n", "\n")
        matter = read_matter(plain).yaml
        try:
            return cls(plain, matter, tuple(sections(plain)))
        except PromptError:
            return cls(plain, matter, ())

    @property
    def file(self) -> str:
        return TEMPLATE

    def place(self, *path: object) -> Place:
        return Place(TEMPLATE, self.matter.line(*path))

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

    def texts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield every text of the file and the keys that lead to it."""
        return _texts(self.yaml.data)

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
        read = read_matter(text)
        try:
            return cls(tone_id, text, read.yaml, read.body, read.body_line, parse_tone(tone_id, text))
        except PromptError:
            return cls(tone_id, text, read.yaml, read.body, read.body_line, None)

    @property
    def file(self) -> str:
        return f"tones/{self.id}.md"

    def place(self, *path: object) -> Place:
        return Place(self.file, self.matter.line(*path))

    def sentences(self) -> Iterator[Sentence]:
        yield from sentences(self.body, self.file, self.body_line)

    def texts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield every text of the front matter and the keys that lead to it."""
        return _texts(self.matter.data)

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
    unreadable: tuple[LintFinding, ...] = ()
    """Of files that are not among the texts."""

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
        texts, unreadable = read_folder(folder, brand)
        brands = {
            name.removeprefix("brands/").removesuffix(".yaml"): name for name in texts if name.startswith("brands/")
        }
        tones = {name.removeprefix("tones/").removesuffix(".md"): name for name in texts if name.startswith("tones/")}
        return cls(
            TemplateSource.of(texts.get(TEMPLATE, "")),
            tuple(BrandSource.of(each, texts[name]) for each, name in brands.items()),
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


def _texts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str) and path:
        yield path, value
    elif len(path) > MAX_DEPTH:
        return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*path, str(number)))
