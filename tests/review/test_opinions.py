"""What an export tells of reviews and outcomes, and the README's notebook over it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from scripts.measures.review.reviewed import fill
from service.reply_log.exchange.export import Exporter, Format
from service.reply_log.exchange.reading import Wanted as Exported
from service.review.opinions import OpinionsOf
from service.review.outcomes import Outcome, Outcomes
from service.review.reviews import Reviews
from service.review.statistics.reading import StatisticsReader
from service.review.statistics.statistics import Statistic, Statistics
from service.review.statistics.wanted import Wanted, period
from service.review.verdicts import Judgement, Verdict
from tests.review.conftest import LogReply

README = Path(__file__).resolve().parents[2] / "README.md"


async def test_the_readmes_notebook_gives_the_figures_of_the_statistics(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five lines of pandas over an exported table give each version's approval as the statistics page shows it."""
    now = datetime.now(UTC)
    await fill(engine, 1_500, until=now)
    exporter = Exporter(engine, OpinionsOf(engine))
    written = b"".join([line async for line in exporter.lines(Format.CSV, Exported())])
    (tmp_path / "replies.csv").write_bytes(written)
    monkeypatch.chdir(tmp_path)

    [block] = re.findall(r"```python\n(import pandas.*?)```", README.read_text("utf-8"), re.DOTALL)
    told: dict[str, Any] = {}
    exec(block, told)  # noqa: S102 - the README's own lines

    since, until = period((now - timedelta(days=90)).date(), None)
    lines = (await Statistics(StatisticsReader(engine)).find(Wanted(since=since, until=until))).lines
    shown = {line.values()["group"]: line.values()["rate"] for line in lines[Statistic.APPROVAL]}
    assert len(block.split("\n\n")[1].strip().splitlines()) <= 5
    assert told["approval"].to_dict() == pytest.approx(shown)
    assert len(shown) == 2


async def test_an_opinion_is_the_newest_verdict_and_correction_and_the_outcome(
    engine: AsyncEngine, log_reply: LogReply, reviews: Reviews, outcomes: Outcomes
) -> None:
    """Outside of the sample the newest word stands; what nobody said stays empty."""
    reply_id, other = await log_reply(), await log_reply()
    await reviews.save(reply_id, "ana", Judgement(verdict=Verdict.REJECT, reasons=("tone",)))
    await reviews.save(reply_id, "ben", Judgement(verdict=Verdict.APPROVE, correction="Mieux"))
    await outcomes.put(reply_id, Outcome(csat=2, reopened=True))

    opinions = await OpinionsOf(engine)([reply_id, other])

    assert set(opinions) == {reply_id}
    said = opinions[reply_id]
    assert (said.verdict, said.reject_reasons, said.queue, said.better) == ("approve", (), "reply", "Mieux")
    assert (said.csat, said.reopened, said.resolved) == (2, True, None)
