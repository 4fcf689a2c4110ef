"""Which articles replies cite, and how people judged these replies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import Citation, Sentence, Support
from service.reply_log.store import ReplyFilter, ReplyLog
from service.review.citing import Cited, citing
from service.review.glances import Glance, Glances
from service.review.judged import judged
from service.review.outcomes import Outcome, Outcomes
from service.review.reviews import Reviews
from service.review.verdicts import Judgement, Verdict
from tests.reply_log.conftest import make_logged

LATELY = datetime.now(UTC) - timedelta(days=30)
REJECTED, APPROVED = Judgement(verdict=Verdict.REJECT), Judgement(verdict=Verdict.APPROVE)


async def _log(engine: AsyncEngine, *articles: str, brand: str = "b", days: int = 0) -> str:
    logged = make_logged(f"Bonjour {articles}", brand=brand)
    cited = [
        Citation(passage="psg_1", article=article, title="T", url=None, quote="q", start=0, end=1)
        for article in articles
    ]
    sentence = Sentence(text="Bonjour.", before="", support=Support.QUOTED, citations=tuple(cited))
    at = logged.reply.created_at - timedelta(days=days)
    reply = replace(logged.reply, sentences=(sentence,), created_at=at)
    return (await ReplyLog(engine).begin(replace(logged, reply=reply))).reply.id


async def test_articles_are_counted_with_their_rejected_replies(engine: AsyncEngine, reviews: Reviews) -> None:
    """A reply counts once for each article; what is older, of another brand or taken back does not."""
    first = await _log(engine, "a.md", "b.md", "a.md")
    second = await _log(engine, "a.md")
    await _log(engine, "a.md", brand="other")
    await _log(engine, "old.md", days=31)
    for reviewer in ("ana", "ben"):
        await reviews.save(first, reviewer, REJECTED)
    await reviews.save(second, "ana", REJECTED)
    await reviews.undo("ana")
    assert await citing(engine, "b", LATELY) == {"a.md": Cited(2, 1), "b.md": Cited(1, 1)}


async def test_the_log_lists_the_replies_that_cite(engine: AsyncEngine, reviews: Reviews) -> None:
    """A filter by article lists exactly what was counted, together with a verdict too."""
    first, second = await _log(engine, "a.md"), await _log(engine, "a.md", "b.md")
    await reviews.save(second, "ana", REJECTED)
    log = ReplyLog(engine)
    for article, verdict, ids in (("a.md", None, [second, first]), ("b.md", None, [second]), ("c.md", None, [])):
        page = await log.page(ReplyFilter(), among=judged(verdict, None, article=article))
        assert [each.reply.id for each in page.replies] == ids
    page = await log.page(ReplyFilter(), among=judged(Verdict.REJECT, None, article="a.md"))
    assert [each.reply.id for each in page.replies] == [second]


@pytest.mark.parametrize(("words", "found"), [("PARIS rose", 1), ("paris", 2), ("100%", 0), ("par_s", 0), ("", 3)])
async def test_the_log_is_searched_by_words_and_numbers(engine: AsyncEngine, words: str, found: int) -> None:
    """Every word must stand in question or reply, signs of SQL are letters, and an id finds its reply."""
    log = ReplyLog(engine)
    for asked in ("Une rose pour Paris", "paris, 1000 fois", "Lyon"):
        written = await log.begin(make_logged(asked=asked))
    assert len((await log.page(ReplyFilter(q=words or None))).replies) == found
    assert len((await log.page(ReplyFilter(q=written.reply.id))).replies) == 1


async def test_a_glance_hides_others_verdicts_until_the_own_one(
    engine: AsyncEngine, reviews: Reviews, outcomes: Outcomes
) -> None:
    """A list says that a reply was judged, and how only to who judged it; what was sent is told to all."""
    reply, silent = await _log(engine, "a.md"), await _log(engine, "a.md")
    await reviews.save(reply, "ana", REJECTED)
    await outcomes.put(reply, Outcome(edit_distance=0.25))
    glances = Glances(engine)
    assert await glances.of([reply, silent], "ben") == {reply: Glance(judged=True, edit_distance=0.25)}
    await reviews.save(reply, "ben", APPROVED)
    assert await glances.of([reply], "ben") == {reply: Glance(judged=True, verdict=Verdict.APPROVE, edit_distance=0.25)}
    tally = await glances.tally(ReplyLog(engine).chosen(ReplyFilter()))
    assert (tally.replies, dict(tally.by_verdict)) == (2, {Verdict.REJECT: 1, Verdict.APPROVE: 1})
