"""Puts placeholders in the place of personal values, the same one for the same value, and fills them back."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from service.replies.privacy import addresses, names, numbers
from service.replies.privacy.spans import PLACEHOLDER, Kind, Span, without_overlaps

_MOST_TOLD = 20
"""Names that a conversation tells and that are then hidden wherever it says them; a list of guests is no ticket."""
_MIN_VALUE_CHARS = 4
"""A shorter sensitive value, such as `yes`, is hidden where it was sent, and not wherever a text says it."""


class Pseudonyms:
    """
    The placeholders of one conversation, such as `[EMAIL_1]`.

    Two ways of writing one value share a placeholder, which fills back as the first way that was met. Numbers that the
    texts themselves hold as if they were placeholders are never given out, so that nobody can ask for another's value.
    """

    def __init__(self, language: str, name: str | None = None, *, keep: tuple[str, ...] = ()) -> None:
        """`name` is the customer's; what *keep* holds (order numbers and other variables) is never hidden."""
        self._language = language
        self._name = name
        self._keep = frozenset(filter(None, (value.strip() for value in keep)))
        self._known: dict[tuple[Kind, str], str] = {}
        self._values: dict[str, str] = {}
        self._taken: set[str] = set()
        self._given: dict[str, str] = {}
        self._told: dict[str, tuple[Span, ...]] = {}
        """By text: the names that it introduces."""

    @property
    def values(self) -> Mapping[str, str]:
        """The hidden values by placeholder, in the order in which they were met."""
        return dict(self._values)

    def reserve(self, text: str) -> None:
        """
        Call it with every outside text before the first `hide`.

        A placeholder that *text* holds is never given out, and a name that it introduces is hidden in all of them.
        """
        self._taken.update(found.group() for found in PLACEHOLDER.finditer(text))
        self._told[text] = tuple(names.told(text))

    def give(self, kind: Kind, written: str, forms: tuple[str, ...] = ()) -> str:
        """Return the placeholder of a value that came as one; its *forms* are hidden wherever a text says them."""
        span = Span(0, len(written), kind, names.identity(written))
        self._given |= dict.fromkeys((form for form in forms if len(form) >= _MIN_VALUE_CHARS), span.identity)
        return self._placeholder(span, written)

    def hide(self, text: str) -> str:
        """Return *text* with a placeholder for each personal value; `fill(hide(text))` is *text* up to writing."""
        pieces, done = [], 0
        for span in self.spans(text):
            pieces += [text[done : span.start], self._placeholder(span, text[span.start : span.end])]
            done = span.end
        return "".join([*pieces, text[done:]])

    def fill(self, text: str) -> str:
        """Return *text* with the values back in the place of the placeholders that were given out."""
        return PLACEHOLDER.sub(lambda found: self._values.get(found.group(), found.group()), text)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return where personal values stand, in the text's order, without overlaps."""
        return tuple(
            span for span in without_overlaps(self._found(text)) if text[span.start : span.end] not in self._keep
        )

    def _found(self, text: str) -> Iterator[Span]:
        for form, identity in self._given.items():
            for found in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text):
                yield Span(found.start(), found.end(), Kind.VALUE, identity)
        contacts = [
            *addresses.emails(text), *addresses.streets(text), *numbers.phones(text, self._language),
        ]  # fmt: skip
        yield from contacts
        yield from numbers.accounts(text)
        yield from numbers.cards(text)
        yield from numbers.national_ids(text)
        if text not in self._told:
            self.reserve(text)
        yield from self._told[text]
        yield from names.beside(text, contacts)
        told = dict.fromkeys(said[each.start : each.end] for said, spans in self._told.items() for each in spans)
        for name in filter(None, [self._name, *islice(told, _MOST_TOLD)]):
            yield from names.given(text, name)

    def _placeholder(self, span: Span, written: str) -> str:
        key = (span.kind, span.identity)
        if key not in self._known:
            number = 1
            while (placeholder := f"[{span.kind}_{number}]") in self._values or placeholder in self._taken:
                number += 1
            self._known[key] = placeholder
            self._values[placeholder] = written
        return self._known[key]
