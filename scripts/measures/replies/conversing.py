"""How well a conversation is condensed: the question from its turns beside its last turn and a person's rewrite."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.measures.knowledge import metrics
from scripts.measures.knowledge.judged import JudgedSet
from service.domain import Audience, Message, Sender, Ticket
from service.knowledge.finding.retrieval import PassageFinder
from service.replies.question.condensing import condense

Texts = Mapping[str, str]
"""Question's id → what is searched."""


def read(folder: Path, split: str, wanted: Texts) -> dict[str, Texts]:
    """Return, for the questions *wanted*, what is searched: by `last_turn`, by `turns`, and by `rewrite`."""
    lines = (folder / split / "queries.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, filter(None, lines)) if row["_id"] in wanted]
    return {
        "last_turn": {row["_id"]: row["lastturn"] for row in rows},
        "turns": {row["_id"]: condense(_ticket(folder.name, row["user_turns"])) for row in rows},
        "rewrite": {row["_id"]: row["text"] for row in rows},
    }


def _ticket(brand: str, turns: list[str]) -> Ticket:
    return Ticket(brand=brand, messages=tuple(Message(sender=Sender.CUSTOMER, text=turn) for turn in turns))


async def measure(finder: PassageFinder, judged_set: JudgedSet, asked: Mapping[str, Texts]) -> dict[str, float]:
    """Return nDCG@10 of each way to ask, and the turns' by the other two."""
    figures = {f"ndcg@10_{way}": await _ndcg(finder, judged_set, texts) for way, texts in asked.items()}
    turns = figures["ndcg@10_turns"]
    return figures | {
        "turns_by_last_turn": turns / figures["ndcg@10_last_turn"],
        "turns_by_rewrite": turns / figures["ndcg@10_rewrite"],
        "carried_over": sum(asked["turns"][key] != text for key, text in asked["last_turn"].items())
        / len(asked["turns"]),
    }


async def _ndcg(finder: PassageFinder, judged_set: JudgedSet, texts: Texts) -> float:
    gains = []
    for key, text in texts.items():
        finding = await finder.find(judged_set.name, text, audience=Audience.INTERNAL)
        ranking = tuple(dict.fromkeys(relevant.passage.article for relevant in finding.passages))
        gains.append(metrics.ndcg(ranking, judged_set.grades[key]))
    return sum(gains) / len(gains)


def condensed(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the last turn and the condensed question of each conversation of a file, to be read by a person."""
    for row in map(json.loads, filter(None, path.read_text("utf-8").splitlines())):
        said = row.get("turns") or [*row["history"], {"role": "user", "text": row["question"]}]
        messages = [
            Message(sender=Sender.AGENT if each["role"] == "agent" else Sender.CUSTOMER, text=each["text"])
            for each in said
            if each["role"] in {"agent", "customer", "user"} and each.get("text")
        ]
        asked = [place for place, message in enumerate(messages) if message.sender is Sender.CUSTOMER]
        if asked:
            ticket = Ticket(brand="", messages=tuple(messages[: asked[-1] + 1]))
            yield messages[asked[-1]].text, condense(ticket)
