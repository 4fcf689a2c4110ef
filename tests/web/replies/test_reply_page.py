"""One reply whole."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.domain import Decision, Handoff, Reason, ReasonCode, ReplyState, Support
from service.prompting.brands import Brand
from service.reply_log.receipts import settings_hash
from tests.web.parts import MESSAGE, QUOTED, one

Read = Callable[..., BeautifulSoup]
Log = Callable[..., Any]


def test_the_page_shows_what_the_log_holds(
    read: Read, try_ticket: Callable[..., str], services: Services, call: Callable[..., Any]
) -> None:
    """Ticket, passages, prompt, raw output, version, receipt and settings stand there; the name is a placeholder."""
    address = try_ticket(name="Ana Duarte", **{"variable.order_id": "20417"})
    logged = call(services.reply_log.get, address.rpartition("/")[2])
    text = read(address).text
    assert "Duarte" not in text
    for said in (
        MESSAGE,
        "[NAME_1] [NAME_2]",
        "20417",
        logged.raw_output,
        logged.reply.prompt.version,
        logged.reply.receipt,
        str(settings_hash(logged.settings)),
        str(logged.settings["knowledge_code"]),
    ):
        assert said in text
    for _, content in logged.chat_messages:
        assert content in text


def test_the_letter_is_the_reply_word_for_word(
    read: Read, try_ticket: Callable[..., str], services: Services, call: Callable[..., Any]
) -> None:
    """Without its citation numbers the letter on the page says exactly what would be sent."""
    address = try_ticket()
    letter = read(address).select_one(".letter")
    assert letter is not None
    for number in letter.select(".cite"):
        number.extract()
    paragraphs = [paragraph.text for paragraph in letter.select("p")]
    assert "\n\n".join(paragraphs) == call(services.reply_log.get, address.rpartition("/")[2]).reply.text


def test_each_mark_is_the_quote_of_its_citation(
    read: Read, try_ticket: Callable[..., str], services: Services, call: Callable[..., Any]
) -> None:
    """What is marked in a passage is the quote, letter for letter, and the passage stands there unchanged."""
    address = try_ticket()
    reply = call(services.reply_log.get, address.rpartition("/")[2]).reply
    page = read(address)
    quotes = [citation.quote for sentence in reply.sentences for citation in sentence.citations]
    keys = [link["data-cites"] for link in page.select(".cite")]
    assert QUOTED in quotes
    assert [_marked(page, str(key)) for key in keys] == quotes
    for found in reply.passages:
        shown = page.find(id=found.passage.id)
        assert shown is not None
        assert one(shown, ".source").text == found.passage.text


def test_each_citation_leads_to_its_quote_and_back(read: Read, try_ticket: Callable[..., str]) -> None:
    """The number in the letter jumps to the quote, and the passage's number back to the sentence."""
    page = read(try_ticket())
    links = page.select(".cite") + page.select(".passage .number")
    assert len(links) >= 2
    assert all(page.find(id=str(link["href"]).removeprefix("#")) for link in links)


def test_a_handoff_says_why_and_what_was_asked(read: Read, try_ticket: Callable[..., str]) -> None:
    """A ticket for a person shows the reason in words, the summary, and what the customer may be told."""
    text = read(try_ticket(message="Je veux parler à un conseiller au sujet de ma commande.")).text
    assert "For a person" in text
    assert "The brand keeps this subject for a person." in text
    assert "Je veux parler à un conseiller" in text
    assert "Une personne de notre équipe doit le lire" in text
    assert "The chat model was not called." in text


@pytest.mark.parametrize("reason", list(ReasonCode))
def test_every_reason_has_words(read: Read, log_again: Log, reason: ReasonCode) -> None:
    """No reason of a decision appears as a code, in either language."""
    logged = log_again(reasons=(Reason(code=reason, detail="Detail."),), decision=Decision.REVIEW)
    for language in ("en", "fr"):
        verdict = read(f"/replies/{logged.reply.id}", language).select_one(".verdict")
        assert verdict is not None
        assert reason.value not in verdict.text


@pytest.mark.parametrize("state", list(ReplyState))
def test_a_reply_that_did_not_finish_says_so(read: Read, log_again: Log, state: ReplyState) -> None:
    """A reply that was cut off, failed or is still being written is marked, and its page still opens."""
    logged = log_again(
        state=state, text="", sentences=(), passages=(), logged={"finished_at": None, "error": "chat-model-error"}
    )
    page = read(f"/replies/{logged.reply.id}")
    assert bool(page.select(".state")) == (state is not ReplyState.FINISHED)
    assert "Nothing was written for the customer." in page.text


def test_a_sentence_without_a_source_is_marked_in_words(read: Read, log_again: Log) -> None:
    """A sentence that nothing backs says “no source”, not only by its colour."""
    logged = log_again()
    unbacked = tuple(
        replace(sentence, citations=(), support=Support.UNSUPPORTED) for sentence in logged.reply.sentences
    )
    page = read(f"/replies/{log_again(sentences=unbacked).reply.id}")
    assert [mark.text for mark in page.select(".unbacked")] == ["no source"] * len(unbacked)


def test_only_web_addresses_become_links(read: Read, log_again: Log) -> None:
    """An article whose address is a script is shown without a link."""
    logged = log_again()
    found = logged.reply.passages[0]
    evil = replace(found, passage=replace(found.passage, url="javascript:alert(1)"))
    page = read(f"/replies/{log_again(passages=(evil,)).reply.id}")
    assert not page.select('a[href^="javascript"]')
    assert not page.select(".from a")


def test_a_handoff_of_hostile_words_stays_text(read: Read, log_again: Log) -> None:
    """The summary and the message of a handoff are text, whatever they hold."""
    handoff = Handoff(reason=ReasonCode.NO_ANSWER, summary="<script>1</script>", message="<img src=x onerror=1>")
    page = read(f"/replies/{log_again(handoff=handoff, decision=Decision.HANDOFF).reply.id}")
    assert "<script>1</script>" in page.text
    assert not page.select("img[onerror]")


def test_an_unknown_reply_gets_a_page_of_ours(client: TestClient) -> None:
    """A wrong link leads to a page in our looks that says so, with the way home."""
    answer = client.get("/replies/rep_00000000000000000000000000")
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 404
    assert "There is nothing at this address." in page.text
    assert page.select('main a[href="/"]')


def _marked(page: BeautifulSoup, key: str) -> str:
    return "".join(mark.text for mark in page.select("mark") if key in re.split(r"\s+", str(mark["data-cites"])))


def test_a_sensitive_variable_is_masked(
    read: Read, log_again: Log, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a brand calls sensitive stands neither among the variables nor in the prompt and raw output on the page."""
    brand = services.prompt_files.brand("maison-lune")
    secret = brand.variables["delivery_date"].model_copy(update={"sensitive": True})
    hushed = brand.model_copy(update={"variables": {**brand.variables, "delivery_date": secret}})

    async def hush(_: str) -> Brand:
        return hushed

    monkeypatch.setattr(services.prompts, "brand", hush)
    logged = log_again(
        ticket={"variables": {"delivery_date": "2026-11-24", "order_id": "20417"}},
        logged={"chat_messages": (("user", "Le 24 novembre 2026, n° 20417."),), "raw_output": "Reçu le 2026-11-24."},
    )
    text = read(f"/replies/{logged.reply.id}").text
    assert "20417" in text
    assert text.count("•••") == 3
    assert "24 novembre 2026" not in text
    assert "2026-11-24" not in text
