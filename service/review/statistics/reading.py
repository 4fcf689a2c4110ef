"""Reads the counts: narrow columns of an index that covers them, so that 50,000 replies take no second."""

import asyncio
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from service.domain import ReplyState
from service.errors import ReplyLogError
from service.reply_log.rows import replies
from service.review.statistics.counts import STAGES, Cell, Counts, Rating, Sent, Traits
from service.review.statistics.wanted import Wanted
from service.review.tables import outcomes, reviews
from service.review.verdicts import Queue, Verdict

_TRAITS = (replies.c.prompt_version, replies.c.tone, replies.c.language, replies.c.brand)


class StatisticsReader:
    def __init__(self, engine: AsyncEngine, brands: frozenset[str] | None = None) -> None:
        self._engine = engine
        self._brands = brands

    def only(self, brands: frozenset[str]) -> "StatisticsReader":
        """Return the same reader as who sees these brands only."""
        return StatisticsReader(self._engine, brands)

    async def counts(self, wanted: Wanted, *, timed: bool = True) -> Counts:
        """
        Return what is known of the finished replies that are *wanted*, their times only if *timed*.

        Raises:
            ReplyLogError: It cannot be read.
        """
        chosen = _chosen(wanted)
        if self._brands is not None:
            chosen.append(replies.c.brand.in_(sorted(self._brands)))
        try:
            async with self._engine.connect() as connection:
                cells = await _all(connection, _cells(self._day()).where(*chosen))
                times = await _all(connection, _times().where(*chosen)) if timed else []
                ratings = await _all(connection, _ratings().where(*chosen))
                sent = await _all(connection, _sent().where(*chosen))
        except SQLAlchemyError as exc:
            raise ReplyLogError("The statistics could not be read.") from exc
        # Hundreds of thousands of figures are made into counts, while other requests are answered.
        return await asyncio.to_thread(_counted, wanted, cells, times, ratings, sent)

    def _day(self) -> ColumnElement[str]:
        if self._engine.dialect.name == "postgresql":
            return func.to_char(func.timezone("UTC", replies.c.created_at), "YYYY-MM-DD")
        return func.date(replies.c.created_at)


def _counted(
    wanted: Wanted, cells: list[Row[Any]], times: list[Row[Any]], ratings: list[Row[Any]], sent: list[Row[Any]]
) -> Counts:
    return Counts(
        wanted=wanted,
        cells=[_cell(row) for row in cells],
        # By place: to turn all rows at once into columns takes five times as long.
        times={stage: sorted(row[place] for row in times) for place, stage in enumerate(STAGES)},
        ratings=[_rating(row) for row in ratings],
        sent=[Sent(traits=_traits(row), distance=row.edit_distance) for row in sent],
    )


def _chosen(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = {
        replies.c.brand: wanted.brand,
        replies.c.tone: wanted.tone,
        replies.c.language: wanted.language,
    }
    return [
        replies.c.created_at >= wanted.since,
        replies.c.created_at <= wanted.until,
        replies.c.state == ReplyState.FINISHED.value,
        *(column == value for column, value in asked.items() if value is not None),
        *([replies.c.prompt_version.in_(wanted.versions)] if wanted.versions else []),
    ]


def _cells(day: ColumnElement[str]) -> Select[Any]:
    alike = (*_TRAITS, day.label("day"), replies.c.decision, replies.c.reasons)
    counted = (
        func.count().label("replies"),
        func.count(replies.c.cost_usd).label("priced"),
        func.sum(replies.c.cost_usd).label("cost_usd"),
    )
    return select(*alike, *counted).group_by(*alike)


def _times() -> Select[Any]:
    return select(*(replies.c[f"{stage}_ms"] for stage in STAGES))


def _ratings() -> Select[Any]:
    columns = (
        reviews.c.reply_id,
        reviews.c.reviewer,
        reviews.c.queue,
        reviews.c.verdict,
        reviews.c.reasons,
        reviews.c.stratum,
        reviews.c.inclusion_probability,
    )
    query = select(*columns, *_TRAITS).join(replies, replies.c.id == reviews.c.reply_id)
    return query.where(reviews.c.superseded_at.is_(None), reviews.c.undone_at.is_(None)).order_by(reviews.c.id)


def _sent() -> Select[Any]:
    return select(outcomes.c.edit_distance, *_TRAITS).join(replies, replies.c.id == outcomes.c.reply_id)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Row[Any]]:
    return list((await connection.execute(query)).all())


def _traits(row: Row[Any]) -> Traits:
    return Traits(version=row.prompt_version, tone=row.tone, language=row.language, brand=row.brand)


def _cell(row: Row[Any]) -> Cell:
    return Cell(
        traits=_traits(row),
        day=date.fromisoformat(row.day),
        decision=row.decision,
        reasons=tuple(row.reasons.split()),
        replies=row.replies,
        priced=row.priced,
        cost_usd=row.cost_usd or 0.0,
    )


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        traits=_traits(row),
        reply_id=row.reply_id,
        reviewer=row.reviewer,
        queue=Queue(row.queue),
        verdict=Verdict(row.verdict),
        reasons=tuple(row.reasons.split()),
        stratum=row.stratum,
        probability=row.inclusion_probability,
    )
