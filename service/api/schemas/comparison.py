"""A comparison on the wire: its order, its blind pairs, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.api.reviews import MAX_SECONDS, Reviewer
from service.api.schemas.finding import PassageOut
from service.api.schemas.reply import SentenceOut
from service.domain import LoggedReply
from service.review.comparison.comparisons import Order, Progress
from service.review.comparison.results import Judged, Results
from service.review.comparison.sides import MAX_PAIRS, USUAL_PAIRS, Choice, Comparison, Pair, Side, Tickets
from service.review.statistics.evidence import STOP
from service.review.statistics.preferences import Preferences
from service.review.verdicts import MAX_REASONS

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ComparisonIn(_Request):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"brand": "maison-lune", "baseline": "production", "candidate": "files", "size": 40}]
        }
    )

    brand: Annotated[str, StringConstraints(max_length=100)]
    baseline: Annotated[Name, Field(description="A label or a prompt version.")]
    candidate: Name
    baseline_chat_model: Annotated[
        Name | None, Field(description="`provider:name`; the version's own if left out.")
    ] = None
    candidate_chat_model: Name | None = None
    tickets: Annotated[
        Tickets,
        Field(description="Which logged tickets of the last 30 days are drawn from; `named` takes `replies`."),
    ] = Tickets.SAMPLE
    replies: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=MAX_PAIRS)] = []
    language: Annotated[str | None, StringConstraints(max_length=10)] = None
    size: Annotated[
        int, Field(ge=1, le=MAX_PAIRS, description="Pairs at most; each costs what one or two replies cost.")
    ] = USUAL_PAIRS

    def to_order(self) -> Order:
        return Order(**{**self.model_dump(), "replies": tuple(self.replies)})


class SideOut(BaseModel):
    asked: str
    version: str
    chat_model: str | None
    sampling: Mapping[str, Any]

    @classmethod
    def of(cls, side: Side) -> "SideOut":
        return cls(asked=side.asked, version=side.version, chat_model=side.chat_model, sampling=side.sampling)


class ProgressOut(BaseModel):
    planned: int
    waiting: int = Field(description="Still to be written.")
    written: int
    failed: int
    failures: dict[str, int] = Field(description="By problem type.")
    judged: int = Field(description="Identical texts included, which nobody has to read.")
    open: int
    cost_usd: float | None

    @classmethod
    def of(cls, progress: Progress) -> "ProgressOut":
        return cls.model_validate({name: getattr(progress, name) for name in cls.model_fields})


class ComparisonOut(BaseModel):
    id: str
    brand: str
    created_at: datetime
    created_by: str
    baseline: SideOut
    candidate: SideOut
    tickets: Tickets
    stopped_at: datetime | None
    progress: ProgressOut

    @classmethod
    def of(cls, comparison: Comparison, progress: Progress) -> "ComparisonOut":
        return cls(
            id=comparison.id,
            brand=comparison.brand,
            created_at=comparison.created_at,
            created_by=comparison.created_by,
            baseline=SideOut.of(comparison.baseline),
            candidate=SideOut.of(comparison.candidate),
            tickets=comparison.tickets,
            stopped_at=comparison.stopped_at,
            progress=ProgressOut.of(progress),
        )


class ComparisonList(BaseModel):
    comparisons: list[ComparisonOut]


class ReviewerIn(_Request):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reviewer": "Ana"}]})

    reviewer: Reviewer | None = None


class ChoiceIn(_Request):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reviewer": "Ana", "choice": "both_bad", "reasons": ["invented_fact"]}]}
    )

    reviewer: Reviewer | None = None
    choice: Choice
    reasons: Annotated[list[Annotated[str, StringConstraints(max_length=63)]], Field(max_length=MAX_REASONS)] = []
    seconds: Annotated[float | None, Field(ge=0, le=MAX_SECONDS)] = None


class BlindReplyOut(BaseModel):
    """A reply without anything that tells who wrote it."""

    text: str = Field(description="Empty when the ticket went to a person.")
    handoff_message: str | None = Field(description="What the customer is told when the ticket goes to a person.")
    sentences: list[SentenceOut]
    passages: list[PassageOut]

    @classmethod
    def of(cls, logged: LoggedReply) -> "BlindReplyOut":
        reply = logged.reply
        return cls(
            text=reply.text,
            handoff_message=reply.handoff.message if reply.handoff else None,
            sentences=[SentenceOut.of(sentence) for sentence in reply.sentences],
            passages=[PassageOut.of(found, cited=reply.cites(found.passage.id)) for found in reply.passages],
        )


class AskedOut(BaseModel):
    sender: str = Field(alias="from", serialization_alias="from")
    text: str


class PairOut(BaseModel):
    id: str
    comparison: str
    position: int
    language: str
    messages: list[AskedOut] = Field(description="The ticket, oldest first, personal values as placeholders.")
    a: BlindReplyOut
    b: BlindReplyOut
    reserved_until: datetime | None
    reasons: list[str] = Field(description="What the brand's reviewers choose from.")

    @classmethod
    def of(cls, pair: Pair, logged: LoggedReply, reasons: tuple[str, ...]) -> "PairOut":
        messages = [{"from": each.sender.value, "text": each.text} for each in logged.ticket.messages]
        return cls(
            id=pair.id,
            comparison=pair.comparison_id,
            position=pair.position,
            language=logged.reply.language,
            messages=[AskedOut.model_validate(each) for each in messages],
            a=BlindReplyOut.of(pair.a),
            b=BlindReplyOut.of(pair.b),
            reserved_until=pair.reserved_until,
            reasons=list(reasons),
        )


class ChosenOut(BaseModel):
    pair: str
    choice: str = Field(description="The id under which the choice is kept.")


class UndoneOut(BaseModel):
    pair: str = Field(description="The pair that is open again, and reserved for its reviewer.")


class ReasonCountOut(BaseModel):
    reason: str
    candidate: int = Field(description="Against the candidate, where the baseline was better.")
    baseline: int
    both: int


class JudgedOut(BaseModel):
    pair: str
    position: int
    reply: str = Field(description="The logged reply whose ticket it is.")
    outcome: str = Field(description="`candidate`, `baseline`, `equal`, `both_bad`, or `identical` texts.")
    reasons: list[str]
    reviewer: str
    seconds: float | None

    @classmethod
    def of(cls, judged: Judged) -> "JudgedOut":
        return cls(
            pair=judged.pair_id,
            position=judged.position,
            reply=judged.reply_id,
            outcome=judged.outcome,
            reasons=list(judged.reasons),
            reviewer=judged.reviewer,
            seconds=judged.seconds,
        )


class ResultsOut(BaseModel):
    comparison: ComparisonOut
    wins: int = Field(description="Of the candidate.")
    losses: int
    ties: int = Field(description="`equal`, `both_bad` and `identical` together.")
    equal: int
    both_bad: int
    identical: int
    decided: int = Field(description="Wins and losses: what rate, evidence and test rest on.")
    win_rate: float | None
    low: float | None = Field(description="Of the 95 % interval (Wilson).")
    high: float | None
    few: bool
    evidence: float = Field(description="Odds to one that the sides differ; an e-value, valid at every look.")
    stop_rule: float = Field(description="At this evidence the comparison may stop.")
    may_stop: bool
    p_value: float | None = Field(description="Of the exact sign test; only once every planned pair is judged.")
    reasons: list[ReasonCountOut]
    pairs: list[JudgedOut]

    @classmethod
    def of(cls, comparison: Comparison, progress: Progress, results: Results) -> "ResultsOut":
        found, rate = results.preferences, results.preferences.rate
        interval = rate.interval
        return cls(
            comparison=ComparisonOut.of(comparison, progress),
            **_counts(found),
            win_rate=rate.value,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            few=rate.is_few,
            evidence=found.evidence,
            stop_rule=STOP,
            may_stop=found.may_stop,
            p_value=found.p_value,
            reasons=[ReasonCountOut.model_validate(each, from_attributes=True) for each in found.reasons],
            pairs=[JudgedOut.of(each) for each in results.judged],
        )


def _counts(found: Preferences) -> dict[str, Any]:
    names = ("wins", "losses", "ties", "equal", "both_bad", "identical", "decided")
    return {name: getattr(found, name) for name in names}
