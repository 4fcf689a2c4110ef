"""A rule of writing: a pattern, and what to write where it matches."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.prompting.language.fault import Fault, FaultCode, apart
from service.prompting.language.untouched import Untouched


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    write: str | Callable[[re.Match[str]], str]
    """What to write instead, as for `re.sub`; writing the match itself finds nothing wrong."""
    en: str
    fr: str
    code: FaultCode = FaultCode.TYPOGRAPHY

    def faults(self, text: str, untouched: Untouched) -> Iterator[Fault]:
        for found in self.pattern.finditer(text):
            written = self.write(found) if callable(self.write) else found.expand(self.write)
            if written != found.group() and not untouched.touches(*found.span()):
                yield Fault(*found.span(), self.code, self.en, self.fr, written)


def check(text: str, rules: Sequence[Rule], untouched: Untouched) -> tuple[Fault, ...]:
    """Return what *rules* find, from left to right; of two that overlap, the first."""
    return apart(fault for rule in rules for fault in rule.faults(text, untouched))
