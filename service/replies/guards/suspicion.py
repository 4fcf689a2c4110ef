"""The suspicion that somebody gives orders to the chat model: where they stand, and what is left to trust."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain import Citation, Passage
from service.replies.guards.injection import suspects


@dataclass(frozen=True, slots=True)
class Suspicion:
    in_ticket: bool = False
    in_passages: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """By passage id, the slices that give orders; nothing may rest on them."""

    @property
    def wary(self) -> bool:
        return self.in_ticket or bool(self.in_passages)

    def covers(self, citation: Citation) -> bool:
        """Whether the quote touches a slice that gives orders."""
        slices = self.in_passages.get(citation.passage, ())
        return any(start < citation.end and citation.start < end for start, end in slices)

    def trusted(self, passage: Passage) -> str:
        """Return the passage's text and address, with what gives orders blanked."""
        text = passage.text
        for start, end in self.in_passages.get(passage.id, ()):
            text = text[:start] + " " * (end - start) + text[end:]
        return f"{text}\n{passage.url or ''}"


def suspect(told: Iterable[str], passages: Sequence[Passage]) -> Suspicion:
    """Look for orders in what the customer *told* and in *passages*, their titles and headings included."""
    in_passages = {passage.id: suspects(passage.text, article=True) for passage in passages}
    for passage in passages:
        if suspects(passage.title) or suspects(passage.heading):
            in_passages[passage.id] = ((0, len(passage.text)),)
    found = {key: slices for key, slices in in_passages.items() if slices}
    return Suspicion(any(suspects(text) for text in told), found)
