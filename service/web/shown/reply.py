"""A logged reply as its page shows it: paragraphs with numbered citations, passages with marked quotes, and facts."""

from dataclasses import dataclass
from itertools import chain

from service.domain import ChatModelRef, LoggedReply, RelevantPassage, Reply, Sentence, Support
from service.reply_log.receipts import settings_hash
from service.web.shown.marks import Block, Mark, marked
from service.web.shown.personal import Personal
from service.web.view import View


@dataclass(frozen=True, slots=True)
class CitationView:
    key: str
    """Unique on the page: `3-1` is the first citation of the third sentence, behind the reply's own prefix."""
    number: int
    """That of its passage: passages are numbered as the reply first cites them."""
    title: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    before: str
    text: str
    support: Support
    citations: tuple[CitationView, ...]

    @property
    def key(self) -> str:
        return " ".join(citation.key for citation in self.citations)


@dataclass(frozen=True, slots=True)
class PassageView:
    number: int | None
    """None when the reply does not cite it."""
    found: RelevantPassage
    blocks: tuple[Block, ...]
    keys: tuple[str, ...]
    """The citations that point at it."""
    url: str | None
    """Only where it is one that a browser may open."""


@dataclass(frozen=True, slots=True)
class ReplyView:
    logged: LoggedReply
    paragraphs: tuple[tuple[SentenceView, ...], ...]
    cited: tuple[PassageView, ...]
    others: tuple[PassageView, ...]
    supports: tuple[tuple[str, int], ...]
    """How many sentences have which support, those of courtesy left out."""
    personal: Personal

    @classmethod
    def of(cls, logged: LoggedReply, prefix: str = "", personal: Personal | None = None) -> "ReplyView":
        """Return the view; where several stand on one page, each has a *prefix* of its own."""
        reply = logged.reply
        numbers = _numbers(reply)
        passages = sorted(
            (_passage(reply, found, numbers, prefix) for found in reply.passages),
            key=lambda passage: passage.number or len(numbers) + 1,
        )
        return cls(
            logged=logged,
            paragraphs=_paragraphs(reply, numbers, prefix),
            cited=tuple(passage for passage in passages if passage.number),
            others=tuple(passage for passage in passages if not passage.number),
            supports=_supports(reply),
            personal=personal or Personal.of(logged),
        )


def facts(view: View, logged: LoggedReply) -> list[tuple[str, str]]:
    """Return what the record says of how the reply came to be, as label and value."""
    reply, usage = logged.reply, logged.reply.usage
    tokens = None if usage.prompt_tokens is None else f"{usage.prompt_tokens} + {usage.completion_tokens}"
    label = f" ({reply.prompt.label})" if reply.prompt.label else ""
    stages = ("retrieval", "chat_model", "checks", "total")
    rows = [
        ("chat_model", _called(reply.chat_model)),
        ("prompt", f"{reply.prompt.version}{label}"),
        ("tone", reply.prompt.tone),
        ("generation", str(reply.generation)),
        ("answerability", view.number(reply.answerability)),
        ("question", reply.question),
        *((f"time_{stage}", view.duration(getattr(reply.timings_ms, stage))) for stage in stages),
        ("tokens", tokens),
        ("cost", None if usage.cost_usd is None else view.dollars(usage.cost_usd, 5 if usage.cost_usd else 2)),
        ("ticket", logged.ticket.id),
        ("channel", logged.ticket.channel),
        ("error", logged.error),
        ("id", reply.id),
        ("receipt", reply.receipt),
        ("settings", settings_hash(logged.settings)),
    ]
    return [(key, value) for key, value in rows if value]


def _called(chat_model: ChatModelRef) -> str:
    """Return its name with its provider's, unless the one says the other."""
    if chat_model.name.startswith(chat_model.provider):
        return chat_model.name
    return f"{chat_model.provider} · {chat_model.name}"


def _numbers(reply: Reply) -> dict[str, int]:
    cited = chain.from_iterable(sentence.citations for sentence in reply.sentences)
    return {passage: number for number, passage in enumerate(dict.fromkeys(each.passage for each in cited), 1)}


def _paragraphs(reply: Reply, numbers: dict[str, int], prefix: str) -> tuple[tuple[SentenceView, ...], ...]:
    paragraphs: list[list[SentenceView]] = []
    for place, sentence in enumerate(reply.sentences, 1):
        if not paragraphs or sentence.before.count("\n") > 1:
            paragraphs.append([])
        paragraphs[-1].append(_sentence(f"{prefix}{place}", sentence, numbers))
    return tuple(map(tuple, paragraphs))


def _sentence(place: str, sentence: Sentence, numbers: dict[str, int]) -> SentenceView:
    citations = tuple(
        CitationView(f"{place}-{order}", numbers[citation.passage], citation.title)
        for order, citation in enumerate(sentence.citations, 1)
    )
    return SentenceView(sentence.before, sentence.text, sentence.support, citations)


def _passage(reply: Reply, found: RelevantPassage, numbers: dict[str, int], prefix: str) -> PassageView:
    passage = found.passage
    marks = [
        Mark(f"{prefix}{place}-{order}", citation.start, citation.end)
        for place, sentence in enumerate(reply.sentences, 1)
        for order, citation in enumerate(sentence.citations, 1)
        if citation.passage == passage.id
    ]
    return PassageView(
        number=numbers.get(passage.id),
        found=found,
        blocks=marked(passage.text, marks),
        keys=tuple(mark.key for mark in marks),
        url=passage.url if passage.url and passage.url.lower().startswith(("https://", "http://")) else None,
    )


def _supports(reply: Reply) -> tuple[tuple[str, int], ...]:
    backed = [sentence.support for sentence in reply.sentences if sentence.support is not Support.COURTESY]
    return tuple((support.value, backed.count(support)) for support in Support if support in backed)
