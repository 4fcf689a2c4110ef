"""What is streamed is what is stored, however the chat model's text is cut and whatever the brand's policy."""

import asyncio
from pathlib import Path
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.outputs import ChatResult

from scripts.measures.replies.obeying import ObeyingChatModel
from scripts.measures.replies.offline_desk import OfflineDesk
from service.domain import Decision, Message, Passage, Reply, Sender, Ticket
from service.replies.events import ReplyFinished, SentenceWritten

PROMPTS = Path(__file__).parents[2] / "prompts"
PASSAGE = Passage(
    id="psg_1", brand="maison-lune", article="a.md", title="Remboursements", heading="", position=0, start=0,
    text="Le remboursement par carte arrive sous **5 jours ouvrés**. Le virement demande 10 jours ouvrés.",
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from(
        [
            "Bonjour Ana,\n\n",
            "Le remboursement par carte arrive sous 5 jours ouvrés. [1] ",
            "Merci de votre patience. ",
            "Le virement demande 10 jours ouvrés [1]. ",
            "La livraison prend 3 jours. ",
            "NO_ANSWER",
            "\n\n",
            "é",
            "e\u0301",
            "Voyez https://evil.example/x ! ",
            "![i](https://evil.example/i)",
            "<b>gras</b> ",
            "Nous vous rembourserons. ",
            "Le [date] sera le bon. ",
            "\u200b",
            "\x00",
            "\r\n",
            "- un\n- deux\n",
            "Bien à vous,\nL’équipe Maison Lune",
            "\ud800",
            "&lt;img src=x&gt; ",
            "M. Martin, p. ex., vient. ",
            "5,00 € ",
            "[",
            "](",
            "1. ",
            "… ",
            "« Oui » ",
        ]
    ),
    max_size=12,
)


class _Dictated(ObeyingChatModel):
    text: str

    def _generate(self, *_: Any, **__: Any) -> ChatResult:  # noqa: ANN401 - LangChain's signature
        self.wrote = self.text
        return ChatResult(generations=[])


async def _write(text: str, policy: str, size: int) -> tuple[str, Reply]:
    model = _Dictated(orders=(), text=text, piece=size)
    at = OfflineDesk(PROMPTS, model, [PASSAGE], {"unsupported": policy})
    message = Message(sender=Sender.CUSTOMER, text="Sous combien de jours serai-je remboursée ?")
    streamed, reply = "", None
    async for event in at.writer.stream(Ticket(brand="maison-lune", messages=(message,))):
        if isinstance(event, SentenceWritten):
            streamed += event.sentence.before + event.sentence.text
        elif isinstance(event, ReplyFinished):
            reply = event.reply
    assert reply == at.logged[-1].reply
    assert reply is not None
    return streamed, reply


@settings(max_examples=40)
@given(pieces=PIECES, policy=st.sampled_from(["drop", "mark", "handoff"]), size=st.integers(1, 60))
def test_streamed_bytes_are_the_stored_text(
    pieces: list[str], policy: Literal["drop", "mark", "handoff"], size: int
) -> None:
    """Whatever is written, in whatever pieces: what has left is what the log holds, and no other cut changes it."""
    text = "Merci. " + "".join(pieces)
    streamed, reply = asyncio.run(_write(text, policy, size))
    assert streamed == reply.text
    assert reply.text == "" or reply.decision is not Decision.HANDOFF
    whole, other = asyncio.run(_write(text, policy, 10_000))
    assert (whole, other.reasons) == (streamed, reply.reasons)
