"""The words of a French text in their places, with what stands between them; quotations and addresses are hidden."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.prompting.language.untouched import HIDDEN, Untouched

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=[^\W\d_]|\ue000))?")
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")
_EMPHASIS = re.compile(r"[*_]+")


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    raw: str
    word: str
    """In small letters, with a straight apostrophe when it is elided: "n'"."""
    gap: str
    """What stands between the word before and this one, without marks of emphasis; hidden places show as HIDDEN."""

    @property
    def shouts(self) -> bool:
        return len(self.raw.rstrip("'’")) > 1 and self.raw.isupper()

    @property
    def follows_plainly(self) -> bool:
        """Whether only a space, or an elision, is between it and the word before, on the same line."""
        return not self.gap.strip() and "\n" not in self.gap


def tokens(text: str, untouched: Untouched) -> list[Token]:
    """Return the words of *text* that are the writer's own: not quoted, no address, no code."""
    shown = _QUOTED.sub(lambda quoted: HIDDEN * len(quoted.group()), untouched.hide(text))
    found, end = [], 0
    for word in _WORD.finditer(shown):
        gap = _EMPHASIS.sub("", shown[end : word.start()])
        found.append(Token(*word.span(), word.group(), word.group().lower().replace("’", "'"), gap))
        end = word.end()
    return found


def word_at(words: Sequence[Token], place: int) -> str:
    """Return the word at *place*, empty beyond either end."""
    return words[place].word if 0 <= place < len(words) else ""


def word_set(written: str) -> frozenset[str]:
    return frozenset(written.split())
