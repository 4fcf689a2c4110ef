"""Hand-off topics that no message can reach, judged by the very matching that sends a ticket to a person."""

from collections.abc import Iterator

from service.prompting.brands import Brand
from service.prompting.lint.findings import LintFinding
from service.prompting.lint.sources import BrandSource, Sources

_MIN_LETTERS = 3


def check(sources: Sources) -> Iterator[LintFinding]:
    for source in sources.brands:
        for topic in source.brand.handoff_topics if source.brand else ():
            yield from _topic(source, topic)


def _topic(source: BrandSource, topic: str) -> Iterator[LintFinding]:
    brand = source.brand
    if brand is None:
        return
    words = brand.handoff_topics[topic]
    reached = {word: _reached(brand, word) for word in words}
    if topic not in reached.values():
        reason = "@no_words" if not words else "@shadowed" if any(reached.values()) else "@unmatched"
        yield source.place("handoff_topics", topic).error("unreachable_topic", topic=topic, reason=reason)
        return
    for number, word in enumerate(words):
        place, other = source.place("handoff_topics", topic, number), reached[word]
        if other is None:
            yield place.warning("impossible_word", word=word)
        elif other != topic:
            yield place.warning("shadowed_word", word=word, other=other, topic=topic)
        elif sum(map(str.isalnum, word)) < _MIN_LETTERS:
            yield place.warning("greedy_word", word=word)


def _reached(brand: Brand, word: str) -> str | None:
    """Return the topic to which a message that holds *word* goes."""
    return brand.handoff_topic(f"Hello {word} hello")
