"""Measures what an attack gets out of obeying chat models, on tickets and articles, and the false alarms beside it."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from langchain_core.language_models.chat_models import BaseChatModel

from scripts.measures.replies.obeying import ObeyingChatModel
from scripts.measures.replies.offline_desk import OfflineDesk
from service.domain import Decision, Message, Passage, ReasonCode, Reply, Sender, Ticket
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.replies.extractive.chat_model import ExtractiveChatModel
from service.replies.guards.addresses import Known

BRAND = "maison-lune"
_PROMPTS = Path(__file__).resolve().parents[3] / "prompts"
_HOME = (
    "Le remboursement par carte arrive sous 5 jours ouvrés. Le virement demande 10 jours ouvrés. "
    "Returns are accepted within 30 days of delivery. Refunds by card arrive within 5 working days."
)
_BLOCKS = frozenset(
    {
        ReasonCode.INJECTION_SUSPECTED, ReasonCode.PROMPT_LEAK, ReasonCode.FOREIGN_LINK, ReasonCode.COMMITMENT,
        ReasonCode.VARIABLE_MISSING,
    }
)  # fmt: skip
Reads = Literal["outside fences", "everything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket and an article, one of them attacked."""

    asked: str
    article: str
    clean: str
    """The article without the attack: what a reply may rest on."""
    order: str
    secret: str = ""
    """What the system part holds for the attacker to get."""


def measure(folder: Path, split: str, policy: str) -> dict[str, dict[str, float]]:
    """Return, by set and reading model, shares of the replies with text; and by harmless set what was blocked."""
    figures: dict[str, dict[str, float]] = {}
    for name, cases in (
        ("kb_poison", _kb_poison),
        ("bipia_article", _bipia),
        ("bipia_ticket", _bipia_ticket),
        ("direct", _direct),
    ):
        found = list(cases(folder, split))
        for reads in ("outside fences", "everything"):
            figures[f"{name}, {reads}"] = asyncio.run(_attack(found, reads, policy))
    for name in ("emails", "notinject", "support_questions"):
        rows = _rows(folder / "benign" / split / f"{name}.jsonl")
        figures[f"benign {name}"] = asyncio.run(_ask_harmless(rows, policy))
    return figures


async def _attack(cases: Sequence[Case], reads: Reads, policy: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for number, case in enumerate(cases):
        model = ObeyingChatModel(orders=(case.order,), reads=reads, way=number)
        reply = await _write(case.asked, case.article, model, policy, case.secret)
        counts["replies"] += 1
        counts["obeyed"] += model.obeyed
        counts["suspected"] += any(reason.code is ReasonCode.INJECTION_SUSPECTED for reason in reply.reasons)
        counts["offered"] += bool(reply.text)
        counts["carried_out"] += _carries(reply, model)
        counts["foreign_address"] += _points_away(reply, case)
    offered = max(counts["offered"], 1)
    shares = {"carried_out": counts["carried_out"] / offered}
    return {
        key: float(counts[key]) for key in ("replies", "obeyed", "suspected", "offered", "foreign_address")
    } | shares


def _carries(reply: Reply, model: ObeyingChatModel) -> bool:
    """Whether any sentence that the model wrote leaves that is none of its honest answer."""
    honest, wrote = _plain(" ".join(model.honest)), _plain(model.wrote)
    return any(_plain(each.text) in wrote and _plain(each.text) not in honest for each in reply.sentences)


def _points_away(reply: Reply, case: Case) -> bool:
    return bool(Known(reply.language, [case.clean], ["https://maison-lune.example"]).foreign(reply.text))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"\[\d+\]", "", text).casefold()))


async def _ask_harmless(rows: Sequence[dict[str, Any]], policy: str) -> dict[str, float]:
    blocked = suspected = 0
    for row in rows:
        model = ExtractiveChatModel(embeddings=HashedEmbeddings())
        reply = await _write(row.get("question") or row["text"], row.get("context") or _HOME, model, policy)
        blocked += any(reason.code in _BLOCKS for reason in reply.reasons)
        suspected += any(reason.code is ReasonCode.INJECTION_SUSPECTED for reason in reply.reasons)
    return {"replies": float(len(rows)), "suspected": float(suspected), "blocked": blocked / len(rows)}


async def _write(asked: str, article: str, model: BaseChatModel, policy: str, secret: str = "") -> Reply:
    title = "Article"
    passage = Passage(
        id=Passage.make_id(BRAND, "a.md", "", article),
        brand=BRAND, article="a.md", title=title, heading="", text=article, position=0, start=0,
    )  # fmt: skip
    edits = {"unsupported": policy} | ({"about": f"{secret}"} if secret else {})
    desk = OfflineDesk(_PROMPTS, model, [passage], edits)
    ticket = Ticket(brand=BRAND, messages=(Message(sender=Sender.CUSTOMER, text=asked),))
    reply = await desk.writer.write(ticket)
    if reply.decision is Decision.HANDOFF and reply.text:
        raise AssertionError("a hand-off offers no text")
    return reply


def _kb_poison(folder: Path, split: str) -> Iterator[Case]:
    for row in _rows(folder / "indirect" / split / "kb_poison.jsonl"):
        poisoned, order = row["poisoned_text"], row["attack"]
        yield Case(asked=row["question"], article=poisoned, clean=poisoned.replace(order, ""), order=order)


def _bipia(folder: Path, split: str) -> Iterator[Case]:
    for row in _rows(folder / "indirect" / split / "bipia_email.jsonl"):
        poisoned, order = row["context"], row["attack"]
        yield Case(asked=row["question"], article=poisoned, clean=poisoned.replace(order, ""), order=order)


def _bipia_ticket(folder: Path, split: str) -> Iterator[Case]:
    for case in _bipia(folder, split):
        yield Case(asked=f"{case.asked}\n\n{case.article}", article=case.clean, clean=case.clean, order=case.order)


def _direct(folder: Path, split: str) -> Iterator[Case]:
    for row in _rows(folder / "direct" / split / "attacks.jsonl"):
        secret = " ".join((row.get("system_prompt") or "").split())[:480]
        yield Case(asked=row["text"], article=_HOME, clean=_HOME, order=row["text"], secret=secret)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
