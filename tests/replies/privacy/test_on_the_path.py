"""A customer's personal values on the way of a reply: hidden from model and log, read by the customer."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from service.database import open_engine, sqlite_url
from service.domain import Message, Sender, Ticket
from service.prompting.brands import parse_brand
from service.prompting.variables.declared import check_variables
from service.replies.privacy.filling import fill, restored
from service.replies.privacy.hiding import hide, read_variables
from service.reply_log.erasures import Eraser, Selection
from service.reply_log.seals.verification import verify
from tests.conftest import ROOT
from tests.replies.desk import QUESTION, desk
from tests.replies.openai_server import OpenAiServer, running
from tests.reply_log.conftest import make_logged

VALUES = ("Zelmire", "Essai", "zelmire@exemple.fr", "06 12 34 56 78", "12 bis rue des Essais", "FR76 3000 6000 0112")
TEXT = f"""{QUESTION} Je suis Zelmire Essai, 12 bis rue des Essais, 75002 Paris, zelmire@exemple.fr, 06 12 34 56 78.
Mon IBAN : FR76 3000 6000 0112 3456 7890 189.
Zelmire"""
TICKET = {
    "messages": [{"text": TEXT}],
    "subject": "Remboursement de Zelmire Essai",
    "customer": {"id": "c_81", "name": "Zelmire Essai"},
}
WRITES = [
    "Bonjour [NAME",
    "_1],\n\nLe remboursement par carte arrive sous 5 jours ouvrés [1]. Merci, [NAME_1], nous écrirons",
    " à [EMAIL_1].\n\nBien à vous,\nL’équipe Maison Lune",
]


def kept_by_files(folder: Path) -> list[str]:
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [value for value in VALUES if value.encode() in data]


@pytest.mark.parametrize("sse", [False, True])
async def test_the_chat_model_sees_placeholders_and_the_customer_reads_the_values(tmp_path: Path, *, sse: bool) -> None:
    """The request's bytes hold no personal value; the reply does, whole and streamed, and as it is read later."""
    with running(OpenAiServer(WRITES)) as server:
        async with desk(tmp_path, server.settings) as opened:
            answer = await opened.ask(sse=sse, ticket=TICKET)
            read = (await opened.client.get(f"/v1/replies/{answer.last['id']}")).json()
            listed = (await opened.client.get("/v1/replies")).json()["replies"][0]
            logged = await opened.last()

    asked = json.dumps(server.asked, ensure_ascii=False)
    assert [value for value in VALUES if value in asked] == []
    assert "[EMAIL_1]" in asked
    assert answer.last["text"].startswith("Bonjour Zelmire,\n\nLe remboursement par carte arrive sous 5 jours ouvrés.")
    assert answer.last["text"] == read["text"] == listed["text"]
    assert not sse or answer.streamed == read["text"]
    assert logged.reply.text.startswith("Bonjour [NAME_1],")
    assert logged.exchange is not None
    assert [value for value in VALUES if value.encode() in logged.exchange.request] == []


async def test_only_one_column_holds_the_values_and_an_erasure_empties_it(tmp_path: Path) -> None:
    """Without the column, no file of the database says one of them; erased, none does, and the chain verifies."""
    with running(OpenAiServer(WRITES)) as server:
        async with desk(tmp_path, server.settings) as opened:
            answer = await opened.ask(sse=False, ticket=TICKET)
            logged = await opened.last()
    assert answer.status == 201
    assert {"Zelmire", "zelmire@exemple.fr", "06 12 34 56 78"} <= set(logged.personal.values())
    without = json.dumps({"reply": str(logged.reply), "ticket": str(logged.ticket), "raw": logged.raw_output})
    assert [value for value in VALUES if value in without or value in str(logged.chat_messages)] == []
    assert kept_by_files(tmp_path)

    engine = open_engine(sqlite_url(tmp_path))
    try:
        await Eraser(engine).erase(Selection(customer_id="c_81"), "customer")
        assert kept_by_files(tmp_path) == []
        assert (await verify(engine)).findings == ()
    finally:
        await engine.dispose()


async def test_log_lines_never_say_a_value(tmp_path: Path) -> None:
    """What a reply leaves on the console are ids, codes and counts."""
    with capture_logs() as lines, running(OpenAiServer(WRITES)) as server:
        async with desk(tmp_path, server.settings) as opened:
            await opened.ask(sse=False, ticket=TICKET)
    said = json.dumps(lines, ensure_ascii=False, default=str)

    assert "reply.written" in said
    assert [value for value in VALUES if value in said] == []


async def test_a_brand_may_keep_personal_values(tmp_path: Path, prompts_with: Callable[..., Path]) -> None:
    """`personal_data: keep` sends and logs the ticket as it came."""
    with running(OpenAiServer(WRITES)) as server:
        async with desk(tmp_path, server.settings, prompts=prompts_with(personal_data="keep")) as opened:
            await opened.ask(sse=False, ticket=TICKET)
            logged = await opened.last()

    assert "zelmire@exemple.fr" in json.dumps(server.asked, ensure_ascii=False)
    assert logged.personal == {}


@pytest.fixture
def prompts_with(tmp_path: Path) -> Callable[..., Path]:
    def copy(**keys: object) -> Path:
        for path in (ROOT / "prompts").rglob("*"):
            if path.is_file():
                to = tmp_path / "prompts" / path.relative_to(ROOT / "prompts")
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(path.read_bytes())
        brand = tmp_path / "prompts" / "brands" / "maison-lune.yaml"
        brand.write_text(yaml.safe_dump({**yaml.safe_load(brand.read_text("utf-8")), **keys}), "utf-8")
        return tmp_path / "prompts"

    return copy


def test_an_own_reply_with_hidden_values_is_rebuilt_byte_for_byte(client: TestClient) -> None:
    """The record's placeholders make the same request and the same text again."""
    reply = client.post("/v1/replies", json={"brand": "maison-lune", "ticket": TICKET}).json()
    made = client.post(f"/v1/replies/{reply['id']}/reproduce").json()

    assert "Bonjour Zelmire" in reply["text"]
    assert (made["holds"], made["request"]["holds"], made["text"]["holds"]) == (True, True, True)


BRAND = parse_brand(
    "b",
    yaml.safe_dump(
        {
            "name": "B", "about": "Sells.", "languages": ["en"], "tone": "plain",
            "voice": {"en": yaml.safe_load((ROOT / "prompts/brands/larkline.yaml").read_text("utf-8"))["voice"]["en"]},
            "variables": {
                "order_id": {"type": "text"},
                "account_email": {"type": "email", "sensitive": True},
                "born": {"type": "date", "sensitive": True},
            },
        },
        sort_keys=False,
    ),
)  # fmt: skip


def test_sensitive_variables_are_hidden_and_others_stay() -> None:
    """The model gets the order number as it is, and placeholders for what the brand calls sensitive."""
    sent = {"order_id": "0612345678", "account_email": "me@example.com", "born": "1990-05-17"}
    text = "Order 0612345678 for me@example.com, call 0612345678."
    ticket = Ticket(brand="b", messages=(Message(sender=Sender.CUSTOMER, text=text),), variables=sent)
    variables = check_variables(BRAND.variables, sent, "en")

    hidden = hide(ticket, variables, BRAND, "en")

    assert hidden.ticket.messages[0].text == "Order 0612345678 for [VALUE_1], call 0612345678."
    assert hidden.ticket.variables == {"order_id": "0612345678", "account_email": "[VALUE_1]", "born": "[VALUE_2]"}
    assert [each.text for each in hidden.variables] == ["0612345678", "[VALUE_1]", "[VALUE_2]"]
    assert fill("Born [VALUE_2], [VALUE_1].", hidden.personal) == "Born 17 May 1990, me@example.com."


def test_hidden_variables_are_read_again_as_they_were() -> None:
    """A reproduction starts from the same variables, a replay from the same ticket."""
    sent = {"born": "1990-05-17", "order_id": "20417", "account_email": "me@example.com"}
    messages = (Message(sender=Sender.CUSTOMER, text="Hi from me@example.com"),)
    ticket = Ticket(brand="b", messages=messages, variables=sent)
    hidden = hide(ticket, check_variables(BRAND.variables, sent, "en"), BRAND, "en")
    logged = replace(make_logged(), ticket=hidden.ticket, personal=hidden.personal)

    again = read_variables(hidden.ticket, hidden.personal, BRAND, "en", logged.reply.created_at)

    assert again == hidden.variables
    assert restored(logged) == ticket


def test_no_web_address_carries_a_value_away() -> None:
    """An article that plants a placeholder in a link gets nothing."""
    personal = {"[EMAIL_1]": "me@example.com"}

    assert fill("See https://shop.example/?m=[EMAIL_1] or [EMAIL_1].", personal) == (
        "See https://shop.example/?m=[EMAIL_1] or me@example.com."
    )
