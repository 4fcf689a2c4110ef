"""The words of a French text in their places, with what stands between them; quotations and addresses are hidden."""

import re
from dataclasses import dataclass

from service.prompting.language.untouched import HIDDEN, Untouched

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=[^\W\d_\ue000]|\ue000))?")
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    raw: str
    word: str
    """In small letters, with a straight apostrophe when it is elided: "n'"."""
    gap: str
    """What stands between the word before and this one, without marks of emphasis."""

    @property
    def shouts(self) -> bool:
        return len(self.raw.rstrip("'’")) > 1 and self.raw.isupper()


def tokens(text: str, untouched: Untouched) -> list[Token]:
    """Return the words of *text* that are the writer's own: not quoted, no address, no code."""
    shown = untouched.hide(text)
    shown = _QUOTED.sub(lambda quoted: HIDDEN * len(quoted.group()), shown)
    found, end = [], 0
    for word in _WORD.finditer(shown):
        gap = re.sub(r"[*_]+", "", shown[end : word.start()])
        found.append(Token(*word.span(), word.group(), word.group().lower().replace("’", "'"), gap))
        end = word.end()
    return found
