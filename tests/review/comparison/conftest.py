"""A comparison bench on a fresh database: the demo brand's prompts in a folder of their own, and one passage."""

import random
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.domain import ChatModelRef, Customer, LoggedReply
from service.knowledge.embedding.hashed import HashedEmbeddings
from service.prompting.files import PromptFiles
from service.prompting.versions.kept import PromptVersions
from service.replies.chain import ReplyChain
from service.replies.extractive.chat_model import EXTRACTIVE, NAME, ExtractiveChatModel
from service.replies.models.budget import Budgets
from service.replies.models.opened import OpenChatModel
from service.replies.models.parameters import no_parameters
from service.replies.models.prices import Price
from service.replies.models.turns import Bounds
from service.replies.playground import Playground
from service.replies.writer import ReplyWriter
from service.reply_log.spending import SpendingLog
from service.reply_log.store import ReplyLog
from service.review.comparison.comparisons import Comparisons, Order
from service.review.comparison.pairs import Pairs
from service.review.comparison.results import ComparisonResults, Results
from service.review.comparison.sides import Comparison, Tickets
from service.review.comparison.writing import PairWriter
from service.review.transactions import Transactions
from tests.replies.desk import PROMPTS, QUESTION, OnePassage, ticket

BRAND = "maison-lune"
CHANCE = random.Random(3)


@dataclass
class Bench:
    engine: AsyncEngine
    folder: Path
    prompts: PromptVersions
    writer: ReplyWriter
    reply_log: ReplyLog
    spending: SpendingLog
    comparisons: Comparisons
    pairs: Pairs
    pair_writer: PairWriter
    results: ComparisonResults

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    async def version(self) -> str:
        return (await self.prompts.resolve(BRAND, None, "files")).version

    async def log(self, number: int = 1, text: str = QUESTION, customer: str = "c1") -> list[str]:
        """Write replies by the real path and return their ids."""
        asked = replace(ticket(text), customer=Customer(id=customer, name="Ana"))
        return [(await self.writer.write(asked)).id for _ in range(number)]

    async def begin(self, baseline: str, candidate: str = "files", **order: object) -> Comparison:
        """Begin a comparison on all that was logged lately, and write its pairs."""
        asked = {"tickets": Tickets.RECENT, **order}
        comparison = await self.comparisons.begin(
            Order(brand=BRAND, baseline=baseline, candidate=candidate, **asked),  # type: ignore[arg-type]
            "lea",
        )
        await self.pair_writer.write_all()
        return comparison

    async def found(self, comparison: Comparison) -> Results:
        again = await self.comparisons.get(comparison.id)
        return await self.results.of(again, await self.comparisons.progress(again))


def text_of(logged: LoggedReply) -> str:
    return logged.reply.text


@pytest.fixture
async def bench(engine: AsyncEngine, tmp_path: Path) -> Bench:
    folder = tmp_path / "prompts"
    shutil.copytree(PROMPTS, folder)
    prompts, reply_log = PromptVersions(PromptFiles(folder), engine), ReplyLog(engine)
    spending, transactions = SpendingLog(engine), Transactions(engine)
    chain = ReplyChain(_open, (f"{EXTRACTIVE}:{NAME}",), Budgets(spending), Bounds())
    finder = OnePassage()
    pair_writer = PairWriter(
        transactions, Playground(prompts, finder, chain, min_answerability=0.3), reply_log, spending
    )
    return Bench(
        engine=engine,
        folder=folder,
        prompts=prompts,
        writer=ReplyWriter(prompts, finder, chain, reply_log, min_answerability=0.3),
        reply_log=reply_log,
        spending=spending,
        comparisons=Comparisons(transactions, prompts, lambda name: chain.models((name,)), pair_writer.wake, CHANCE),
        pairs=Pairs(transactions),
        pair_writer=pair_writer,
        results=ComparisonResults(transactions),
    )


def _open(full_name: str) -> OpenChatModel:
    """The extractive chat model, at a price: what it writes costs as a provider's would."""
    assert full_name == f"{EXTRACTIVE}:{NAME}"
    return OpenChatModel(
        ref=ChatModelRef(provider=EXTRACTIVE, name=NAME),
        chat_model=ExtractiveChatModel(embeddings=HashedEmbeddings()),
        parameters=no_parameters,
        price=Price(input=1, output=1),
        calls_out=False,
    )
