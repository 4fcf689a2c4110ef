"""What a reply tells while it is written, in this order: started, passages, sentences, finished."""

from dataclasses import dataclass

from service.domain import Finding, PromptRef, Reply, Sentence


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    reply_id: str
    language: str
    prompt: PromptRef
    replayed: bool = False
    """Whether this is an earlier reply, told again."""


@dataclass(frozen=True, slots=True)
class PassagesFound:
    finding: Finding


@dataclass(frozen=True, slots=True)
class SentenceWritten:
    """A sentence that passed its checks; `before + text` of all of them is the reply's text."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ReplyFinished:
    reply: Reply


ReplyEvent = ReplyStarted | PassagesFound | SentenceWritten | ReplyFinished
