"""What an ingest did, for its owner and for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from service.knowledge.ingesting.concerns import Concern
from service.knowledge.ingesting.plan import Plan
from service.knowledge.reading import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    brand: str
    base: int
    generation: int
    """Equal to *base* when nothing changed."""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    missing: tuple[str, ...]
    """Stored articles that were not read this time; they are kept."""
    kept: int
    refused: tuple[Refusal, ...]
    passages: int
    """Passages of the added and changed articles."""
    embedded: int
    """Texts that the embedding model was asked for."""
    vectors: str
    """State of the vector index: `ready`, `rebuilding` or `unavailable`."""
    took_ms: float
    concerns: tuple[Concern, ...] = ()
    """What its owner may want to look at; nothing of it stopped the ingest."""

    @property
    def ok(self) -> bool:
        return not self.refused

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Read a report that another process wrote; what a newer one adds is left out."""
        known: dict[str, Any] = {field.name: told[field.name] for field in fields(cls)}
        known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        known["refused"] = tuple(Refusal(**refusal) for refusal in known["refused"])
        known["concerns"] = tuple(Concern.from_json(concern) for concern in known["concerns"])
        return cls(**known)


def report_of(  # noqa: PLR0913 - what only the apply knows
    plan: Plan, *, generation: int, embedded: int, vectors: str, took_ms: float, concerns: tuple[Concern, ...]
) -> IngestReport:
    return IngestReport(
        brand=plan.brand,
        base=plan.base,
        generation=generation,
        added=tuple(version.article.source for version in plan.added),
        changed=tuple(version.article.source for version in plan.changed),
        removed=plan.removed,
        missing=plan.missing,
        kept=plan.kept,
        refused=plan.refused,
        passages=plan.passages,
        embedded=embedded,
        vectors=vectors,
        took_ms=took_ms,
        concerns=concerns,
    )


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return *plan* without the articles' texts."""
    return {
        "brand": plan.brand,
        "base": plan.base,
        "added": [version.article.source for version in plan.added],
        "changed": [version.article.source for version in plan.changed],
        "removed": list(plan.removed),
        "missing": list(plan.missing),
        "kept": plan.kept,
        "refused": [{"source": refusal.source, "reason": refusal.reason} for refusal in plan.refused],
        "passages": plan.passages,
        "texts_to_embed": len(plan.embedding.texts),
    }
