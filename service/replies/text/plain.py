"""The plain words of a Markdown text, each knowing where it stood, so that a quote can be cut out byte for byte."""

import re
import unicodedata
from functools import lru_cache

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKUP = re.compile(
    r"<[^<>\n]{1,200}>"  # inline HTML and autolinks
    r"|^[ \t]*(?:#{1,6}|>|[-*+•]|\d{1,3}[.)])[ \t]+"  # heading, quotation and list marks
    r"|\*\*|__|[*`~|]|(?<!\w)_|_(?!\w)|\\(?=[^\w\s])",
    re.MULTILINE,
)
_FOLDED = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


def strip_markdown(text: str) -> str:
    """Return the words of *text* on one line, without Markdown's marks; a link keeps its words."""
    return " ".join(_MARKUP.sub("", _LINK.sub(r"\1", text)).split())


class Plain:
    """A Markdown text folded for comparison (case, marks, quotes, white space), with each character's place in it."""

    def __init__(self, markdown: str) -> None:
        self.markdown = markdown
        self._text, self._places = _fold(markdown)

    def locate(self, words: str) -> tuple[int, int] | None:
        """Return the slice of the Markdown that says *words*, whatever its marks, or None."""
        folded, _ = _fold(words)
        folded = folded.strip()
        if not folded:
            return None
        at = self._text.find(folded)
        while at >= 0 and not self._is_whole(at, at + len(folded)):
            at = self._text.find(folded, at + 1)
        return None if at < 0 else (self._places[at], self._places[at + len(folded) - 1] + 1)

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether the slice begins and ends between words: "3 days" is not said by "13 days"."""
        before = start == 0 or not (self._text[start - 1].isalnum() and self._text[start].isalnum())
        after = end == len(self._text) or not (self._text[end - 1].isalnum() and self._text[end].isalnum())
        return before and after


@lru_cache(maxsize=512)
def plain(markdown: str) -> Plain:
    return Plain(markdown)


def _fold(text: str) -> tuple[str, list[int]]:
    characters: list[str] = []
    places: list[int] = []
    after_space = True
    for place in _kept_places(text):
        for letter in _letters(text[place]):
            if letter != " " or not after_space:
                characters.append(letter)
                places.append(place)
            after_space = letter == " "
    return _without_inner_spaces(characters, places)


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold().translate(_FOLDED)
    return "".join(" " if letter.isspace() else letter for letter in folded)


def _without_inner_spaces(characters: list[str], places: list[int]) -> tuple[str, list[int]]:
    """Drop spaces beside quotes and before `: ; ! ? % €`, which typography adds or leaves out."""
    kept = [
        index
        for index, letter in enumerate(characters)
        if letter != " " or not (_opens(characters, index - 1) or _closes(characters, index + 1))
    ]
    return "".join(characters[index] for index in kept), [places[index] for index in kept]


def _opens(characters: list[str], index: int) -> bool:
    return index >= 0 and characters[index] == '"'


def _closes(characters: list[str], index: int) -> bool:
    return index < len(characters) and characters[index] in ':;!?%€"'


def _kept_places(text: str) -> list[int]:
    dropped = bytearray(len(text))
    for link in _LINK.finditer(text):
        dropped[link.start() : link.start(1)] = b"\x01" * (link.start(1) - link.start())
        dropped[link.end(1) : link.end()] = b"\x01" * (link.end() - link.end(1))
    for mark in _MARKUP.finditer(text):
        dropped[mark.start() : mark.end()] = b"\x01" * (mark.end() - mark.start())
    return [place for place in range(len(text)) if not dropped[place]]
