"""The statistics of a log with reviews and outcomes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from scripts.measures.review.reviewed import VERSIONS, fill
from service.domain import Decision
from service.reply_log.store import ReplyFilter, ReplyLog
from service.review.judged import judged
from service.review.statistics.reading import StatisticsReader
from service.review.statistics.statistics import Found, Statistic, Statistics
from service.review.statistics.wanted import By, Source, Wanted
from service.review.tables import reviews
from service.review.verdicts import Queue, Verdict

UNTIL = datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC)
WANTED: dict[str, Any] = {"since": UNTIL - timedelta(days=31), "until": UNTIL}
BAD, GOOD = VERSIONS


@pytest.fixture
async def statistics(engine: AsyncEngine) -> Statistics:
    await fill(engine, 2_000, until=UNTIL)
    return Statistics(StatisticsReader(engine))


def lines(found: Found, statistic: Statistic) -> Sequence[Any]:
    return found.lines[statistic]


async def test_the_better_version_is_said_to_be_better(statistics: Statistics) -> None:
    """Each version has its weighted rate and interval, and the difference to the baseline says which one is better."""
    wanted = Wanted(**WANTED, baseline=BAD)
    approval = {each.group: each for each in lines(await statistics.find(wanted), Statistic.APPROVAL)}
    for version, truth in VERSIONS.items():
        line = approval[version]
        assert line.low < truth < line.high
        assert line.n > 30
        assert line.rate != line.k / line.n
        assert line.filters == {"version": version, "verdict": "approve", "queue": "sample"}
    assert approval[BAD].comparison == "baseline"
    assert approval[GOOD].comparison == "better"
    assert approval[GOOD].change_low > 0


async def test_only_the_sample_tells_rates(statistics: Statistics) -> None:
    """Targeted ratings are kept apart from the sample's, second readings count in no rate, all of them on request."""
    counted = {}
    for source in Source:
        found = await statistics.find(Wanted(**WANTED, source=source, by=By.BRAND))
        counted[source] = lines(found, Statistic.APPROVAL)[0].n
    assert counted[Source.SAMPLE] > counted[Source.TARGETED] > 0
    assert counted[Source.ALL] == counted[Source.SAMPLE] + counted[Source.TARGETED]


async def test_an_undone_review_counts_nowhere(statistics: Statistics, engine: AsyncEngine) -> None:
    """What a reviewer took back is in no figure, and a version without ratings is not rated instead of 0 %."""
    async with engine.begin() as connection:
        await connection.execute(update(reviews).values(undone_at=UNTIL))
    found = await statistics.find(Wanted(**WANTED))
    for line in lines(found, Statistic.APPROVAL):
        assert (line.k, line.n, line.rate, line.comparison) == (0, 0, None, "not_rated")
    assert all(line.k == 0 for line in lines(found, Statistic.COVERAGE))
    assert lines(found, Statistic.REJECT_REASONS) == []


async def test_every_reply_is_counted_once(statistics: Statistics) -> None:
    """Days, weeks, versions and languages each add up to all replies, and a silent day is a gap."""
    found = await statistics.find(Wanted(**WANTED))
    days = lines(found, Statistic.VOLUME)
    assert found.replies == sum(day.replies or 0 for day in days)
    assert [day.day for day in days if day.replies is None] == ["2026-10-22", "2026-11-13"]
    assert found.replies == sum(week.n for week in lines(found, Statistic.HANDOFFS))
    assert found.replies == sum(line.n for line in lines(found, Statistic.COVERAGE))
    handed = sum(week.k for week in lines(found, Statistic.HANDOFFS))
    assert handed == sum(line.k for line in lines(found, Statistic.HANDOFF_REASONS))


async def test_a_filter_narrows_all_of_them(statistics: Statistics) -> None:
    """One version in one language is what every statistic then speaks of."""
    whole = await statistics.find(Wanted(**WANTED))
    found = await statistics.find(Wanted(**WANTED, versions=(GOOD,), language="en"))
    (line,) = lines(found, Statistic.COVERAGE)
    same = [each for each in lines(whole, Statistic.COVERAGE) if (each.version, each.language) == (GOOD, "en")]
    assert [line] == same
    assert lines(found, Statistic.LATENCY)[0].n == line.n == found.replies
    other = await Statistics(statistics._reader).only(frozenset({"larkline"})).find(Wanted(**WANTED))
    assert other.replies == 0


async def test_reasons_add_up_version_by_version(statistics: Statistics) -> None:
    """The most frequent reason comes first, all together make up all, and the versions' counts are those of all."""
    found = await statistics.find(Wanted(**WANTED))
    reasons = lines(found, Statistic.REJECT_REASONS)
    assert [line.k for line in reasons] == sorted((line.k for line in reasons), reverse=True)
    given = sum(line.k for line in reasons)
    for number, line in enumerate(reasons, 1):
        assert line.cumulative == pytest.approx(sum(each.k for each in reasons[:number]) / given)
    by_version = lines(found, Statistic.VERSION_REASONS)
    for reason in reasons:
        of_it = [line for line in by_version if line.reason == reason.reason]
        assert {line.version for line in of_it} == set(VERSIONS)
        assert sum(line.k for line in of_it) == reason.k
        assert sum(line.n for line in of_it) == reason.n
    for version in VERSIONS:
        assert [line.reason for line in by_version if line.version == version] == [line.reason for line in reasons]
        alone = lines(await statistics.find(Wanted(**WANTED, versions=(version,))), Statistic.REJECT_REASONS)
        told = {line.reason: (line.k, line.n, line.rate, line.low) for line in by_version if line.version == version}
        for line in alone:
            assert told[line.reason] == (line.k, line.n, line.rate, line.low)


async def test_hand_offs_add_up_over_versions(statistics: Statistics) -> None:
    """The versions' replies and hand-offs are those of all weeks together."""
    found = await statistics.find(Wanted(**WANTED))
    for name in ("k", "n"):
        by_version = sum(getattr(line, name) for line in lines(found, Statistic.VERSION_HANDOFFS))
        assert by_version == sum(getattr(line, name) for line in lines(found, Statistic.HANDOFFS)) > 0


async def test_what_was_sent_makes_a_funnel(statistics: Statistics) -> None:
    """From all replies to those sent unedited; the four ways of sending add up; half went out as they were."""
    found = await statistics.find(Wanted(**WANTED))
    offered, known, *ways = lines(found, Statistic.FUNNEL)
    assert offered.n == found.replies
    assert known.n == offered.k
    assert sum(way.k for way in ways) == ways[0].n
    for edit in lines(found, Statistic.EDITS):
        assert edit.p50 == 0
        assert edit.curve[0] > 0.5
        assert edit.curve[-1] == 1
        assert edit.curve == sorted(edit.curve)


async def test_an_approved_reply_costs_more_than_a_reply(statistics: Statistics) -> None:
    """The cost of an approved reply is that of a reply over the share approved."""
    found = await statistics.find(Wanted(**WANTED))
    rates = {line.group: line.rate for line in lines(found, Statistic.APPROVAL)}
    for cost in lines(found, Statistic.COSTS):
        assert cost.cost_per_approved == pytest.approx(cost.cost_per_reply / rates[cost.version])


async def test_agreement_needs_thirty_double_readings(statistics: Statistics) -> None:
    """Raw agreement is always told, kappa and alpha from thirty replies on."""
    raw, kappa, alpha = lines(await statistics.find(Wanted(**WANTED)), Statistic.AGREEMENT)
    assert raw.n >= 30
    assert raw.k / raw.n == raw.rate > 0.8
    assert kappa.low < kappa.rate < kappa.high
    assert alpha.rate == pytest.approx(kappa.rate, abs=0.05)
    few = await statistics.find(Wanted(since=UNTIL - timedelta(days=4), until=UNTIL), Statistic.AGREEMENT)
    assert [line.rate is None for line in lines(few, Statistic.AGREEMENT)] == [False, True, True]


async def test_an_empty_log_has_no_rates(engine: AsyncEngine) -> None:
    """Before the first reply every statistic is empty or says that nothing was counted."""
    found = await Statistics(StatisticsReader(engine)).find(Wanted(**WANTED))
    assert found.replies == 0
    for statistic in Statistic:
        for line in lines(found, statistic):
            assert not line.values().get("n")
            assert line.values().get("rate") is None


async def test_the_log_lists_the_replies_behind_a_figure(statistics: Statistics, engine: AsyncEngine) -> None:
    """The filters of a figure list as many replies as it counted."""
    log, found = ReplyLog(engine), await statistics.find(Wanted(**WANTED, versions=(GOOD,)))
    (version,) = lines(found, Statistic.APPROVAL)
    approved = judged(Verdict.APPROVE, None, Queue.SAMPLE)
    assert len((await log.page(ReplyFilter(version=GOOD), limit=200, among=approved)).replies) == version.k
    reason = lines(await statistics.find(Wanted(**WANTED)), Statistic.REJECT_REASONS)[0]
    rejected = judged(Verdict.REJECT, reason.reason, Queue.SAMPLE)
    assert len((await log.page(ReplyFilter(), limit=200, among=rejected)).replies) == reason.k
    day = next(each for each in lines(found, Statistic.VOLUME) if each.handoffs)
    at = datetime.fromisoformat(day.day).date()
    wanted = ReplyFilter(version=GOOD, since=at, until=at)
    assert len((await log.page(wanted, limit=200)).replies) == day.replies
    handoff = ReplyFilter(version=GOOD, since=at, until=at, decision=Decision.HANDOFF)
    assert len((await log.page(handoff, limit=200)).replies) == day.handoffs
