"""Comparisons: two versions answer the same logged tickets, and their pairs are ready to be read blind."""

import pytest
from sqlalchemy import update

from service.errors import InvalidInputError, NotFoundError, UnknownBrandError, UnknownPromptError
from service.replies.playground import Preview, Trial
from service.reply_log.erasures import Eraser, Selection
from service.review.comparison.comparisons import Order
from service.review.comparison.sides import Choice, Preferred, Said, Tickets
from service.review.comparison.tables import comparison_pairs
from service.review.comparison.writing import PairWriter
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.verdicts import Judgement, Queue, Verdict
from tests.review.comparison.conftest import BRAND, Bench

TONE = "tones/attentive.md"
OPENING = "Merci pour votre message."
OTHER = "Merci de nous avoir écrit."


async def test_both_sides_answer_the_logged_ticket(bench: Bench) -> None:
    """The baseline's reply is the logged one, the candidate's is written anew, and the log has no reply more."""
    before = await bench.version()
    logged = await bench.log(3)
    bench.edit(TONE, OPENING, OTHER)

    comparison = await bench.begin(before)
    pair = await bench.pairs.next(comparison, "ana")

    assert pair
    baseline, candidate = (pair.b, pair.a) if pair.is_swapped else (pair.a, pair.b)
    assert pair.reply_id in logged
    assert baseline.reply.id == pair.reply_id
    assert OPENING in baseline.reply.text
    assert OTHER in candidate.reply.text
    assert candidate.reply.passages == baseline.reply.passages
    progress = await bench.comparisons.progress(comparison)
    assert (progress.planned, progress.written, progress.failed, progress.open) == (3, 3, 0, 3)
    with pytest.raises(NotFoundError):
        await bench.reply_log.get(candidate.reply.id)


async def test_what_is_kept_of_a_pair_is_the_replies_alone(bench: Bench) -> None:
    """Neither the ticket nor the customer's values nor the prompt are copied: they stay in the log."""
    before = await bench.version()
    await bench.log()
    bench.edit(TONE, OPENING, OTHER)
    pair = await bench.pairs.next(await bench.begin(before), "ana")
    assert pair
    for side in (pair.a, pair.b):
        assert side.reply.text
        assert (side.raw_output, side.chat_messages, side.exchange, dict(side.personal)) == ("", (), None, {})
        assert [message.text for message in side.ticket.messages] == [""]
        assert "Ana" not in side.reply.text


async def test_the_sides_are_shuffled_and_stay_so(bench: Bench) -> None:
    """Over a few pairs each version stands left and right, and looking again changes nothing."""
    before = await bench.version()
    await bench.log(12)
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.begin(before)
    first = await bench.pairs.next(comparison, "ana")
    again = await bench.pairs.next(comparison, "ana")
    assert first
    assert again
    assert (first.id, first.is_swapped) == (again.id, again.is_swapped)
    swapped = set()
    while pair := await bench.pairs.next(comparison, "ana"):
        swapped.add(pair.is_swapped)
        await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=Choice.EQUAL))
    assert swapped == {True, False}


async def test_identical_texts_are_ties_that_nobody_reads(bench: Bench) -> None:
    """A change that changes nothing in the reply gives a tie at once."""
    before = await bench.version()
    await bench.log(2)
    bench.edit(TONE, "no slang, no emoji", "no slang, no emoji at all")
    comparison = await bench.begin(before)
    assert await bench.pairs.next(comparison, "ana") is None
    found = (await bench.found(comparison)).preferences
    assert (found.identical, found.ties, found.decided) == (2, 2, 0)
    assert found.is_final
    assert (await bench.comparisons.progress(comparison)).is_over


async def test_a_choice_counts_for_the_version_not_for_the_place(bench: Bench) -> None:
    """Whoever prefers the new opening each time has the candidate win each time, left or right."""
    before = await bench.version()
    await bench.log(6)
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.begin(before)
    while pair := await bench.pairs.next(comparison, "ana"):
        choice = Choice.A if OTHER in pair.a.reply.text else Choice.B
        await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=choice, reasons=("tone",), seconds=9.5))
        assert (await bench.pairs.read(comparison, pair.id)).said == Said(choice=choice, reasons=("tone",), seconds=9.5)

    found = await bench.found(comparison)

    assert (found.preferences.wins, found.preferences.losses) == (6, 0)
    assert found.preferences.p_value == pytest.approx(2 / 64)
    assert [(each.baseline, each.candidate, each.both) for each in found.preferences.reasons] == [(6, 0, 0)]
    assert {each.outcome for each in found.judged} == {Preferred.CANDIDATE}


async def test_the_exact_test_waits_for_the_last_pair(bench: Bench) -> None:
    """While pairs are open there is evidence and no p-value; a comparison that was stopped never has one."""
    before = await bench.version()
    await bench.log(3)
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.begin(before)
    pair = await bench.pairs.next(comparison, "ana")
    assert pair
    await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=Choice.A))
    assert (await bench.found(comparison)).preferences.p_value is None

    await bench.comparisons.stop(comparison)

    stopped = await bench.comparisons.get(comparison.id)
    assert await bench.pairs.next(stopped, "ana") is None
    found = (await bench.found(comparison)).preferences
    assert (found.decided, found.p_value) == (1, None)
    assert found.evidence == pytest.approx(1.0)


async def test_a_pair_that_fails_is_kept_and_tried_again(bench: Bench) -> None:
    """One ticket that a version cannot answer fails with its reason; the others are written, and it can be mended."""
    before = await bench.version()
    await bench.log(2)
    bench.edit(TONE, OPENING, OTHER)
    broken = await bench.comparisons.begin(
        Order(brand=BRAND, baseline=before, candidate="files", tickets=Tickets.RECENT), "lea"
    )
    async with bench.engine.begin() as connection:
        first = comparison_pairs.c.position == 1
        known = (await connection.execute(comparison_pairs.select().where(first))).mappings().one()
        await connection.execute(update(comparison_pairs).where(first).values(reply_id="rep_gone"))

    await bench.pair_writer.write_all()

    progress = await bench.comparisons.progress(broken)
    assert (progress.written, progress.failures) == (1, {"not-found": 1})
    async with bench.engine.begin() as connection:
        await connection.execute(update(comparison_pairs).where(first).values(reply_id=known["reply_id"]))
    await bench.comparisons.retry(broken)
    await bench.pair_writer.write_all()
    assert (await bench.comparisons.progress(broken)).written == 2


class Broken:
    """A playground with a bug."""

    async def preview(self, trial: Trial) -> Preview:
        raise RuntimeError(trial.ticket.brand)


async def test_a_pair_that_breaks_the_writer_holds_up_no_other(bench: Bench) -> None:
    """Even a bug of ours costs the pair it happens on, and no other one."""
    before = await bench.version()
    await bench.log(2)
    bench.edit(TONE, OPENING, OTHER)
    order = Order(brand=BRAND, baseline=before, candidate="files", tickets=Tickets.RECENT)
    comparison = await bench.comparisons.begin(order, "lea")
    writer = PairWriter(bench.pairs._transactions, Broken(), bench.reply_log, bench.spending)
    assert await writer.write_all() == 2
    assert (await bench.comparisons.progress(comparison)).failures == {"internal-error": 2}


async def test_the_budget_holds_and_pairs_cost_it(bench: Bench) -> None:
    """What pairs cost counts into the brand's day; once that is spent, pairs fail by their name for it."""
    before = await bench.version()
    await bench.log(4)
    bench.edit(TONE, OPENING, OTHER)
    bench.edit("brands/maison-lune.yaml", "max_tokens: 700}", "max_tokens: 100}\nbudget_usd_per_day: 100")
    comparison = await bench.begin(before)
    progress = await bench.comparisons.progress(comparison)
    today = (await bench.comparisons.get(comparison.id)).created_at.date()
    assert progress.written == 4
    assert progress.cost_usd
    logged = 4 * progress.cost_usd / 4
    assert await bench.spending.spent(BRAND, today) == pytest.approx(progress.cost_usd + logged, rel=0.2)

    bench.edit("brands/maison-lune.yaml", "budget_usd_per_day: 100", "budget_usd_per_day: 0.00001")
    refused = await bench.begin(before)
    assert (await bench.comparisons.progress(refused)).failures == {"budget-spent": 4}


async def test_an_erased_customer_s_pairs_are_empty(bench: Bench) -> None:
    """Erasing a customer empties both texts; the pair is offered to nobody, and what was judged still counts."""
    before = await bench.version()
    await bench.log(2, customer="gone")
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.begin(before)
    pair = await bench.pairs.next(comparison, "ana")
    assert pair
    await bench.pairs.choose(comparison, pair.id, "ana", Said(choice=Choice.BOTH_BAD, reasons=("tone",)))

    await Eraser(bench.engine).erase(Selection(customer_id="gone"), "customer")

    assert await bench.pairs.next(comparison, "ana") is None
    with pytest.raises(NotFoundError):
        await bench.pairs.read(comparison, pair.id)
    async with bench.engine.connect() as connection:
        rows = (await connection.execute(comparison_pairs.select())).mappings().all()
    assert {(row["baseline"], row["candidate"]) for row in rows} == {(None, None)}
    progress = await bench.comparisons.progress(comparison)
    assert (progress.judged, progress.failures, progress.is_over) == (1, {"erased": 1}, True)
    found = await bench.found(comparison)
    assert found.preferences.both_bad == 1
    assert not found.judged[0].is_readable


async def test_a_ticket_erased_before_its_pair_is_written_stays_unwritten(bench: Bench) -> None:
    """Nothing is written for a customer who is gone, and a second try does not change that."""
    before = await bench.version()
    await bench.log(1, customer="gone")
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.comparisons.begin(
        Order(brand=BRAND, baseline=before, candidate="files", tickets=Tickets.RECENT), "lea"
    )
    await Eraser(bench.engine).erase(Selection(customer_id="gone"), "customer")
    await bench.pair_writer.write_all()
    await bench.comparisons.retry(comparison)
    assert await bench.pair_writer.write_all() == 0
    assert (await bench.comparisons.progress(comparison)).failures == {"erased": 1}


async def test_tickets_come_from_where_the_order_says(bench: Bench) -> None:
    """Of the sample queue, of rejected replies, by name, by language, and no more than were asked for."""
    before = await bench.version()
    logged = await bench.log(4)
    bench.edit(TONE, OPENING, OTHER)
    with pytest.raises(InvalidInputError, match="No logged ticket"):
        await bench.begin(before, tickets=Tickets.SAMPLE)
    transactions = bench.pairs._transactions
    await Sampler(transactions).draw(2)
    await Reviews(transactions).save(logged[0], "ana", Judgement(verdict=Verdict.REJECT), Queue.REPLY)

    assert (await bench.begin(before, tickets=Tickets.SAMPLE)).planned == 4
    assert (await bench.begin(before, tickets=Tickets.REJECTED)).planned == 1
    assert (await bench.begin(before, tickets=Tickets.NAMED, replies=(*logged[:2], "rep_none"))).planned == 2
    assert (await bench.begin(before, size=3)).planned == 3
    with pytest.raises(InvalidInputError, match="No logged ticket"):
        await bench.begin(before, language="en")


async def test_an_order_that_makes_no_sense_is_refused(bench: Bench) -> None:
    """Twice the same, an unknown brand, label or version: nothing begins."""
    before = await bench.version()
    await bench.log()
    with pytest.raises(InvalidInputError, match="same"):
        await bench.begin(before, before)
    with pytest.raises(InvalidInputError, match="same"):
        await bench.begin("production", "files")
    with pytest.raises(UnknownPromptError):
        await bench.begin("nope")
    with pytest.raises(UnknownBrandError):
        await bench.comparisons.begin(Order(brand="nope", baseline="files", candidate="production"), "lea")
    assert await bench.comparisons.newest() == ()


async def test_a_label_that_moves_does_not_move_a_comparison(bench: Bench) -> None:
    """Both sides are frozen when the comparison begins."""
    before = await bench.version()
    await bench.log(2)
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.comparisons.begin(
        Order(brand=BRAND, baseline=before, candidate="files", tickets=Tickets.RECENT), "lea"
    )
    bench.edit(TONE, OTHER, "Bien reçu.")
    await bench.pair_writer.write_all()
    pair = await bench.pairs.next(comparison, "ana")
    assert pair
    assert any(OTHER in side.reply.text for side in (pair.a, pair.b))


async def test_a_brand_s_comparisons_are_its_own(bench: Bench) -> None:
    """Who sees other brands only finds none."""
    before = await bench.version()
    await bench.log()
    bench.edit(TONE, OPENING, OTHER)
    comparison = await bench.begin(before)
    foreign = bench.comparisons.only(frozenset({"larkline"}), bench.prompts)
    assert await foreign.newest() == ()
    with pytest.raises(NotFoundError):
        await foreign.get(comparison.id)
    assert [each.id for each in await bench.comparisons.newest(BRAND)] == [comparison.id]
