from datetime import date
from pathlib import Path

import pytest

from service.database import migrate, open_engine, sqlite_url
from service.reply_log.spending import SpendingLog, spent_more
from tests.replies.desk import PROMPTS, desk, ticket
from tests.replies.models import wire
from tests.replies.models.providers import OPENAI, settings_of
from tests.replies.models.scripted_server import Scripted, scripted
from tests.replies.models.test_faults_on_the_wire import TEXTS

COST = 1000 * 0.40e-6 + 100 * 1.60e-6
"""What the scripted answer costs at gpt-4.1-mini's price."""
LONGEST = 700 * 1.60e-6
"""What its longest answer would cost, without the prompt."""


def prompts_with(folder: Path, line: str) -> Path:
    """Return a copy of the shipped prompts whose brand has one more line."""
    copied = folder / "prompts"
    (copied / "brands").mkdir(parents=True)
    for path in (*PROMPTS.glob("tones/*"), *PROMPTS.glob("brands/*"), PROMPTS / "reply.md"):
        target = copied / path.relative_to(PROMPTS)
        target.parent.mkdir(exist_ok=True)
        target.write_text(path.read_text("utf-8"), "utf-8")
    brand = copied / "brands" / "maison-lune.yaml"
    brand.write_text(brand.read_text("utf-8") + f"\n{line}\n", "utf-8")
    return copied


async def test_a_spent_budget_hands_over_and_survives_a_restart(tmp_path: Path) -> None:
    """Replies are written while the budget has room for one more; then a person gets the ticket, without a call."""
    prompts = prompts_with(tmp_path, f"budget_usd_per_day: {3 * COST + LONGEST + 0.0015}")
    decisions: list[str] = []
    with scripted(Scripted(wire.stream(OPENAI, TEXTS, "whole"))) as server:
        settings = settings_of(OPENAI, f"{server.url}/v1")
        for _ in range(2):
            async with desk(tmp_path, settings, prompts=prompts) as at:
                for _ in range(4):
                    reply = await at.writer.write(ticket())
                    decisions.append(reply.decision.value)
    reasons = {reason.code.value for reason in reply.reasons}
    written = decisions.count("review")
    assert decisions == ["review"] * written + ["handoff"] * (8 - written)
    assert 3 <= written <= 6
    assert (len(server.bodies), "budget_spent" in reasons) == (written, True)
    engine = open_engine(sqlite_url(tmp_path))
    spent = await SpendingLog(engine).spent("maison-lune", reply.created_at.date())
    await engine.dispose()
    assert spent == pytest.approx(written * COST, rel=0.01)


async def test_a_free_model_answers_when_the_budget_is_spent(tmp_path: Path) -> None:
    """A brand that names a model of price 0 behind the paid one is still answered."""
    prompts = prompts_with(tmp_path, "budget_usd_per_day: 0\nchat_models: ['openai:gpt-4.1-mini', 'openai:own']")
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices: [{provider: openai, source: ours, models: {own: {input: 0, output: 0}}}]", "utf-8")
    with scripted(Scripted(wire.stream(OPENAI, TEXTS, "whole"))) as server:
        settings = settings_of(OPENAI, f"{server.url}/v1").model_copy(update={"prices_file": prices})
        async with desk(tmp_path, settings, prompts=prompts) as at:
            reply = await at.writer.write(ticket())
    assert (reply.chat_model.name, reply.usage.cost_usd) == ("own", 0.0)


async def test_a_budget_without_a_price_is_a_mistake_of_the_operators(tmp_path: Path) -> None:
    """A bound that cannot be kept is refused in words, not ignored."""
    prompts = prompts_with(tmp_path, "budget_usd_per_day: 5\nchat_models: ['openai:own']")
    with scripted(Scripted([])) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1"), prompts=prompts) as at:
            answer = await at.ask(sse=False)
    assert (answer.status, "APLOMB_PRICES_FILE" in answer.last["detail"]) == (500, True)


async def test_sums_of_many_writers_are_exact(tmp_path: Path) -> None:
    """No addition overwrites another, and each brand and day has its own sum."""
    migrate(sqlite_url(tmp_path))
    engine = open_engine(sqlite_url(tmp_path))
    day = date(2026, 11, 23)
    for brand, usd in [("a", 0.0012)] * 50 + [("b", 1.0)]:
        async with engine.begin() as connection:
            await connection.execute(*spent_more("sqlite", brand, day, usd))
    log = SpendingLog(engine)
    assert await log.spent("a", day) == pytest.approx(0.06)
    assert await log.spent("a", date(2026, 11, 24)) == 0.0
    await engine.dispose()
