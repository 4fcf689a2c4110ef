"""The JSON of passages: what a search found, and every candidate with why it was dropped."""

from pydantic import BaseModel, Field

from service.domain import Finding, RelevantPassage
from service.knowledge.finding.ranking import Candidate


class PassageOut(BaseModel):
    id: str
    article: str
    title: str
    heading: str
    text: str
    url: str | None
    language: str | None
    relevance: float
    cited: bool | None = None

    @classmethod
    def of(cls, found: RelevantPassage, *, cited: bool | None = None) -> "PassageOut":
        passage = found.passage
        return cls(
            id=passage.id,
            article=passage.article,
            title=passage.title,
            heading=passage.heading,
            text=passage.text,
            url=passage.url,
            language=passage.language,
            relevance=round(found.relevance, 4),
            cited=cited,
        )


class CandidateOut(BaseModel):
    passage: str
    article: str
    heading: str
    relevance: float
    scores: dict[str, float] = Field(description="By view, in standard deviations above this question's usual.")
    dropped: str | None = Field(description="Why it is not among the passages; null when it is.")
    part_of: str | None = Field(description="The passage that it was joined into with its neighbours in the article.")

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        return cls(
            passage=candidate.passage.id,
            article=candidate.passage.article,
            heading=candidate.passage.heading,
            relevance=round(candidate.relevance, 4),
            scores={view: round(float(score), 3) for view, score in candidate.scores.items()},
            dropped=candidate.dropped,
            part_of=candidate.part_of,
        )


class FindingOut(BaseModel):
    generation: int
    answerability: float = Field(description="Calibrated probability that these passages answer the question.")
    passages: list[PassageOut]
    candidates: list[CandidateOut] | None = Field(default=None, description="With `explain=true` only.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        return cls(
            generation=finding.generation,
            answerability=round(finding.answerability, 4),
            passages=[PassageOut.of(found) for found in finding.passages],
        )
