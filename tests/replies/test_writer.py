import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from service.domain import Decision, Message, ReasonCode, Reply, ReplyState, Sender, Support
from service.errors import ChatModelError, ReplyLogError
from service.replies.events import ReplyFinished, SentenceWritten
from service.replies.privacy.filling import spoken
from service.reply_log.store import ReplyFilter
from tests.replies.desk import PASSAGE, QUESTION, OnePassage, desk, ticket
from tests.replies.openai_server import OpenAiServer, running

ANSWER = [
    "Bonjour [NAME_1],\n\nLe remboursement par carte arrive sous 5 jours ouvrés. [1] ",
    "Nous vous offrons 20 € de dédommagement. Les retours se déposent à Lyon. Merci de votre patience.\n\n",
    "Bien à vous,\nL’équipe Maison Lune",
]


async def test_a_chat_model_is_checked_sentence_by_sentence(tmp_path: Path) -> None:
    """What a passage says is quoted; an invented fact and an invented promise are left out, and the reviewer told."""
    with running(OpenAiServer(ANSWER)) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(ticket())
    supports = [sentence.support for sentence in reply.sentences]
    assert supports == [
        Support.COURTESY, Support.QUOTED, Support.COURTESY, Support.COURTESY, Support.COURTESY,
    ]  # fmt: skip
    citation = reply.sentences[1].citations[0]
    assert citation.quote == PASSAGE.text[citation.start : citation.end]
    assert citation.quote == "Le remboursement par carte arrive sous **5 jours ouvrés**."
    assert reply.decision is Decision.REVIEW
    assert [reason.code for reason in reply.reasons] == [
        ReasonCode.COMMITMENT, ReasonCode.UNBACKED_FIGURE, ReasonCode.UNSUPPORTED_SENTENCE, ReasonCode.SEND_OFF,
    ]  # fmt: skip
    assert not {"20 €", "Lyon"} & set(reply.text.split())
    assert "[1]" not in reply.text


async def test_the_chat_model_gets_the_brands_parameters_and_fenced_text(tmp_path: Path) -> None:
    """Temperature and length come from the brand's file; the ticket stands in the user's part."""
    with running(OpenAiServer(ANSWER)) as server:
        async with desk(tmp_path, server.settings) as at:
            await at.writer.write(ticket())
    sent = server.asked[0]
    assert (sent["temperature"], sent["max_tokens"] if "max_tokens" in sent else sent["max_completion_tokens"]) == (
        0.2,
        700,
    )
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "Sous combien de jours" in sent["messages"][1]["content"]
    assert "Sous combien de jours" not in sent["messages"][0]["content"]


async def test_without_an_answer_in_the_base_the_chat_model_is_not_called(tmp_path: Path) -> None:
    """Nothing found, or nothing that answers: a person gets the ticket, and no money is spent."""
    for finder, reason in ((OnePassage(0.0), ReasonCode.NO_PASSAGES), (OnePassage(0.1), ReasonCode.LOW_ANSWERABILITY)):
        with running(OpenAiServer(ANSWER)) as server:
            async with desk(tmp_path, server.settings, finder) as at:
                reply = await at.writer.write(ticket())
        assert server.asked == []
        assert reply.decision is Decision.HANDOFF
        assert reply.handoff is not None
        assert reply.handoff.reason is reason
        assert reply.text == ""


async def test_a_chat_model_that_knows_no_answer_hands_off(tmp_path: Path) -> None:
    """The agreed word for "no answer" never reaches a customer."""
    with running(OpenAiServer(["NO_", "ANSWER"])) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(ticket())
    assert (reply.decision, reply.text) == (Decision.HANDOFF, "")


async def test_a_stream_that_breaks_off_is_incomplete(tmp_path: Path) -> None:
    """A text without a finish reason is kept, but never offered as whole."""
    with running(OpenAiServer(ANSWER, finish=None)) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(ticket())
    assert reply.state is ReplyState.INCOMPLETE
    assert ReasonCode.INCOMPLETE in {reason.code for reason in reply.reasons}


@pytest.mark.parametrize("status", [400, 401, 429, 500])
async def test_a_failing_chat_model_is_a_named_error_and_a_row(tmp_path: Path, status: int) -> None:
    """The caller hears what failed, once, after a retry where that may help; the log knows who was asked."""
    with running(OpenAiServer([], status=status)) as server:
        async with desk(tmp_path, server.settings) as at:
            with pytest.raises(ChatModelError):
                await at.writer.write(ticket())
            logged = await at.last()
    asked = 1 if status in {400, 401} else 3
    assert len(server.asked) == len(logged.attempts) == asked
    error = "chat-model-refused" if status in {400, 401} else "chat-model-unavailable"
    assert (logged.reply.state, logged.error) == (ReplyState.FAILED, error)


async def test_a_slow_chat_model_ends_at_the_deadline(tmp_path: Path) -> None:
    """Whatever a chat model does, the caller has an answer when the deadline has passed."""
    with running(OpenAiServer(["Un. "] * 50, pause_s=0.2)) as server:
        async with desk(tmp_path, server.settings, total_s=2.0) as at:
            with pytest.raises(ChatModelError, match="2 seconds"):
                await at.writer.write(ticket())
            assert (await at.last()).reply.state is ReplyState.FAILED


async def test_a_reader_who_goes_away_leaves_a_logged_reply(tmp_path: Path) -> None:
    """The chat model is stopped, and the log keeps what there was as cut off."""
    pieces = ["Bonjour Ana,\n", *["Le virement demande 10 jours ouvrés. "] * 30]
    with running(OpenAiServer(pieces, pause_s=0.05)) as server:
        async with desk(tmp_path, server.settings) as at:
            stream = at.writer.stream(ticket())
            async for event in stream:
                if isinstance(event, SentenceWritten):
                    break
            await stream.aclose()
            await at.writer.drain(60)
            logged = await at.last()
    assert logged.reply.state is ReplyState.CUT_OFF
    assert logged.raw_output.startswith("Bonjour Ana,")


async def test_whenever_a_reader_goes_away_the_log_says_what_became_of_the_reply(tmp_path: Path) -> None:
    """However early or late somebody goes, no reply stays `pending` that nobody writes any more."""
    with running(OpenAiServer(ANSWER)) as server:
        async with desk(tmp_path, server.settings) as at:
            for steps in range(0, 60, 3):
                reading = asyncio.create_task(at.writer.write(ticket()))
                for _ in range(steps):
                    await asyncio.sleep(0)
                reading.cancel()
                await asyncio.wait({reading})
            await at.writer.drain(60)
            logged = (await at.reply_log.page(ReplyFilter(), limit=100)).replies
            again = await at.writer.write(ticket())
    assert {each.reply.state for each in logged} <= {ReplyState.CUT_OFF, ReplyState.FINISHED}
    assert again.state is ReplyState.FINISHED


async def test_a_key_is_free_again_after_the_chat_model_was_too_slow(tmp_path: Path) -> None:
    """Whoever repeats the request later gets the reply, and the failed one stands in the log beside it."""
    body = {"brand": "maison-lune", "ticket": {"messages": [{"text": QUESTION}]}}
    key = {"Idempotency-Key": "slow"}
    with running(OpenAiServer(ANSWER, pause_s=1.0)) as server:
        async with desk(tmp_path, server.settings, total_s=0.5) as at:
            slow = await at.client.post("/v1/replies", json=body, headers=key)
        server.pause_s = 0.0
        async with desk(tmp_path, server.settings, total_s=60.0) as at:
            quick = await at.client.post("/v1/replies", json=body, headers=key)
            again = await at.client.post("/v1/replies", json=body, headers=key)
            logged = (await at.reply_log.page(ReplyFilter())).replies
    assert (slow.status_code, quick.status_code) == (504, 201)
    assert again.content == quick.content
    assert [each.reply.state for each in logged] == [ReplyState.FINISHED, ReplyState.FAILED]


async def test_the_row_is_there_before_the_chat_model_answers(tmp_path: Path) -> None:
    """A reply that is being written is `pending` in the log; taken for interrupted, it is given to nobody."""
    with running(OpenAiServer(ANSWER, pause_s=0.3)) as server:
        async with desk(tmp_path, server.settings) as at:
            task = asyncio.create_task(at.writer.write(ticket()))
            await asyncio.to_thread(server.was_asked.wait, 5)
            assert (await at.last()).reply.state is ReplyState.PENDING
            assert await at.reply_log.interrupt_stale() == 1
            with pytest.raises(ReplyLogError, match="taken for interrupted"):
                await task
            assert (await at.last()).reply.state is ReplyState.INTERRUPTED


async def test_foreign_links_do_not_leave(tmp_path: Path) -> None:
    """A link that no passage, variable or brand knows takes its sentence with it."""
    pieces = ["Voyez https://evil.example/pay maintenant. Le virement demande 10 jours ouvrés."]
    with running(OpenAiServer(pieces)) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(ticket())
    assert "evil" not in reply.text
    assert reply.text == "Le virement demande 10 jours ouvrés."
    assert ReasonCode.FOREIGN_LINK in {reason.code for reason in reply.reasons}


async def test_what_is_streamed_is_what_is_stored(tmp_path: Path) -> None:
    """The sentences that left, joined, are the text in the log, and the last event carries the same reply."""
    with running(OpenAiServer([letter for piece in ANSWER for letter in piece])) as server:
        async with desk(tmp_path, server.settings) as at:
            seen = [event async for event in at.writer.stream(ticket())]
            logged = await at.last()
    streamed = "".join(each.sentence.before + each.sentence.text for each in seen if isinstance(each, SentenceWritten))
    assert streamed == spoken(logged).text
    assert isinstance(seen[-1], ReplyFinished)
    finished: Reply = seen[-1].reply
    assert finished == spoken(logged)


@pytest.mark.parametrize(
    ("messages", "language"),
    [
        (("Hello! Order 20417?",), "en"),
        (("My lamp has not arrived yet, where is it?", "LK-558201"), "en"),
        (("LK-558201",), "fr"),
    ],
)
async def test_a_message_that_says_little_is_answered_in_the_language_of_the_others(
    tmp_path: Path, messages: tuple[str, ...], language: str
) -> None:
    """An order's number alone is no French: its greeting, or what the customer wrote before, tells the language."""
    told = tuple(Message(sender=Sender.CUSTOMER, text=text) for text in messages)
    with running(OpenAiServer(ANSWER)) as server:
        async with desk(tmp_path, server.settings) as at:
            reply = await at.writer.write(replace(ticket(), messages=told))
    assert reply.language == language
