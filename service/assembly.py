"""Puts the service together from its settings: every part is made once, here, and nothing below reads a setting."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.audit import AuditLog
from service.access.door import Door
from service.access.keyring import KeyRing
from service.access.sessions import open_sessions
from service.access.store import KeyStore
from service.domain import ChatModelRef
from service.errors import ServiceError
from service.knowledge.embedding.embeddings import Embeddings
from service.knowledge.finding.retrieval import PassageFinder
from service.knowledge.ingesting.ingest import Ingest
from service.knowledge.ingesting.jobs import IngestJobs
from service.knowledge.storing.store import KnowledgeStore
from service.knowledge.storing.vectors import ChromaVectors
from service.knowledge_base import KnowledgeBase, open_knowledge
from service.prompting.files import PromptFiles
from service.prompting.lint.lint import PromptLint
from service.prompting.versions.history import PromptHistory
from service.prompting.versions.kept import PromptVersions
from service.providers import ChatModels
from service.replies.chain import ReplyChain
from service.replies.extractive.chat_model import EXTRACTIVE, NAME, ExtractiveChatModel
from service.replies.models.budget import Budgets
from service.replies.models.opened import OpenChatModel
from service.replies.models.parameters import no_parameters
from service.replies.models.prices import Price
from service.replies.models.turns import Bounds
from service.replies.once import OnceWriter
from service.replies.playground import Playground
from service.replies.question.rewriting import ChatRewriter
from service.replies.reproducing import Reproducer
from service.replies.writer import ReplyWriter
from service.reply_log.erasures import Eraser
from service.reply_log.exchange.export import Exporter
from service.reply_log.once import RequestKeys
from service.reply_log.retention import Days, Retention
from service.reply_log.seals.sealing import Sealer
from service.reply_log.spending import SpendingLog
from service.reply_log.store import ReplyLog
from service.reply_log.unfinished import Unfinished
from service.review.comparison.comparisons import Comparisons
from service.review.comparison.pairs import Pairs
from service.review.comparison.results import ComparisonResults
from service.review.comparison.writing import PairWriter
from service.review.desk import ReviewDesk
from service.review.glances import Glances
from service.review.opinions import OpinionsOf
from service.review.outcomes import Outcomes
from service.review.picking import Picker
from service.review.queues import ReviewQueues
from service.review.reviews import Reviews
from service.review.sampling import Sampler
from service.review.statistics.reading import StatisticsReader
from service.review.statistics.statistics import Statistics
from service.review.transactions import Transactions
from service.settings import Settings
from service.shaping import shaping_settings

log = structlog.get_logger()

_LOGGING = timedelta(seconds=60)
"""What checking and logging a reply may take beyond the chat model's deadline, on the busiest machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that the edge of the service calls."""

    settings: Settings
    writer: ReplyWriter
    once: OnceWriter
    reply_log: ReplyLog
    unfinished: Unfinished
    sealer: Sealer
    eraser: Eraser
    retention: Retention
    reproducer: Reproducer
    exporter: Exporter
    desk: ReviewDesk
    reviews: Reviews
    glances: Glances
    review_queues: ReviewQueues
    picker: Picker
    statistics: Statistics
    sampler: Sampler
    outcomes: Outcomes
    comparisons: Comparisons
    pairs: Pairs
    pair_writer: PairWriter
    comparison_results: ComparisonResults
    engine: AsyncEngine
    finder: PassageFinder
    knowledge: KnowledgeStore
    vectors: ChromaVectors
    ingest: Ingest
    ingest_jobs: IngestJobs
    embeddings: Embeddings
    prompt_files: PromptFiles
    prompts: PromptVersions
    prompt_lint: PromptLint
    playground: Playground
    chat_model: ChatModelRef
    chain: ReplyChain
    door: Door
    keys: KeyRing
    spending: SpendingLog
    audit: AuditLog
    local_token: str
    announce: Callable[[str], None]
    """Tells other processes on this machine at which address to hand their work over."""

    def only(self, brands: frozenset[str]) -> Self:
        """
        Return the parts as who sees these brands only.

        Things of other brands do not exist for prompts, reply log, exports, erasures, reviews, queues, statistics,
        comparisons, writer and playground. What else is asked for by a brand's name looks that up in the prompt files
        first.
        """
        files = self.prompt_files.only(brands)
        prompts, reply_log = self.prompts.only(files), self.reply_log.only(brands)
        writer, reviews = self.writer.only(prompts), self.reviews.only(brands)
        return replace(
            self,
            prompt_files=files,
            prompts=prompts,
            reply_log=reply_log,
            writer=writer,
            once=self.once.only(writer, reply_log),
            playground=self.playground.only(prompts),
            desk=ReviewDesk(reply_log, prompts, reviews, self.outcomes, self.audit),
            reviews=reviews,
            review_queues=self.review_queues.only(brands),
            picker=self.picker.only(brands),
            sampler=self.sampler.only(brands),
            statistics=self.statistics.only(brands),
            exporter=self.exporter.only(brands),
            eraser=self.eraser.only(brands),
            comparisons=self.comparisons.only(brands, prompts),
        )

    async def warm_up(self) -> None:
        """Open each brand's indexes and the models, so that the first customer does not wait for them."""
        try:
            await self.chain.warm_up()
        except ServiceError as exc:
            log.warning("chat_model.not_warm", detail=exc.detail)
        for brand in self.prompt_files.brand_ids():
            try:
                await self.finder.find(brand, brand)
            except ServiceError as exc:
                log.warning("knowledge.not_warm", brand=brand, detail=exc.detail)
        # Last: until then every vector is compared, and what its trial computes would delay the rest.
        self.vectors.start()

    async def readiness(self) -> dict[str, str]:
        """Say of each part `ready`, or what is wrong with it; a vector index that failed is given another try."""
        self.vectors.heal()
        checks: dict[str, str] = {"database": "ready", "prompts": "ready", "vectors": self.vectors.state}
        try:
            await self.knowledge.brands()
        except ServiceError as exc:
            checks["database"] = exc.detail
        try:
            checks["prompts"] = await self._prompts_state()
        except ServiceError as exc:
            checks["prompts"] = exc.detail
        for provider, rest_s in self.chain.resting.items():
            checks[f"chat model {provider}"] = f"failed several times in a row; asked again in {rest_s:.0f} s"
        return checks

    async def _prompts_state(self) -> str:
        """Return `ready`, with what is broken while last good versions answer, or what keeps a brand from answering."""
        states = {brand_id: await self.prompts.files_state(brand_id) for brand_id in self.prompt_files.brand_ids()}
        faulty = [state for state in states.values() if state.fault]
        # A draft of a new brand takes nothing from those that answer.
        if states and all(state.version is None for state in states.values()):
            return "; ".join(str(each.fault) for each in faulty)
        broken = [
            f"{each.fault} ({f'version {each.version} answers' if each.version else 'nothing answers for this brand'})"
            for each in faulty
        ]
        answers = [self.prompt_files.answers_fault(brand_id) for brand_id in states]
        left = [f"{fault} (answers read before it stay)" for fault in answers if fault]
        return "; ".join(["ready", *broken, *left])


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[Services]:
    """
    Open everything and close it again; the database is brought to the newest schema.

    The data directory has one owner. Its vector index opens with `warm_up`, or when an ingest needs it.

    Raises:
        IngestBusyError: Another process owns the data directory.
        ConfigurationError: The chat model or the embeddings cannot be opened as configured.
    """
    async with open_knowledge(settings) as base:
        yield _build(settings, base)


def _build(settings: Settings, base: KnowledgeBase) -> Services:
    prompts = PromptVersions(base.prompt_files, base.engine)
    reply_log = ReplyLog(base.engine)
    spending = SpendingLog(base.engine)
    chain = _chain(settings, base.embeddings, Budgets(spending))
    history = PromptHistory(base.engine)
    eraser, keys = Eraser(base.engine), RequestKeys(base.engine)
    transactions, audit = Transactions(base.engine), AuditLog(base.engine)
    reviews, outcomes = Reviews(transactions), Outcomes(transactions)
    shaping = shaping_settings(settings, base.embeddings.id)
    writer = ReplyWriter(
        prompts,
        base.finder,
        chain,
        reply_log,
        min_answerability=settings.min_answerability,
        answers=base.prompt_files.good_answers,
        rewriter=ChatRewriter(chain) if settings.rewrite_question and settings.has_chat_model else None,
        settings=shaping,
    )
    playground = Playground(prompts, base.finder, chain, min_answerability=settings.min_answerability)
    pair_writer = PairWriter(transactions, playground, reply_log, spending)
    return Services(
        settings=settings,
        writer=writer,
        once=OnceWriter(writer, keys, reply_log),
        reply_log=reply_log,
        unfinished=Unfinished(
            reply_log,
            stale_after=timedelta(seconds=settings.chat_timeout_s) + _LOGGING,
            alone=settings.database_url is None,
        ),
        sealer=Sealer(base.engine, every_s=settings.seal_every_s, every_entries=settings.seal_every_entries),
        eraser=eraser,
        retention=Retention(eraser, keys, retention_days(prompts), audit),
        reproducer=Reproducer(prompts, chain, shaping),
        exporter=Exporter(base.engine, OpinionsOf(base.engine)),
        desk=ReviewDesk(reply_log, prompts, reviews, outcomes, audit),
        reviews=reviews,
        glances=Glances(base.engine),
        review_queues=ReviewQueues(transactions),
        picker=Picker(transactions, audit),
        statistics=Statistics(StatisticsReader(base.engine)),
        sampler=Sampler(transactions),
        outcomes=outcomes,
        comparisons=Comparisons(transactions, prompts, lambda name: chain.models((name,)), pair_writer.wake),
        pairs=Pairs(transactions),
        pair_writer=pair_writer,
        comparison_results=ComparisonResults(transactions),
        engine=base.engine,
        finder=base.finder,
        knowledge=base.knowledge,
        vectors=base.vectors,
        ingest=base.ingest,
        ingest_jobs=IngestJobs(),
        embeddings=base.embeddings,
        prompt_files=base.prompt_files,
        prompts=prompts,
        playground=playground,
        prompt_lint=PromptLint(settings.prompts_dir, history, f"{chain.ref.provider}:{chain.ref.name}"),
        chat_model=chain.ref,
        chain=chain,
        keys=KeyRing(KeyStore(base.engine), AuditLog(base.engine)),
        spending=SpendingLog(base.engine),
        door=Door(KeyStore(base.engine), open_sessions(settings.data_dir), base.lock.token),
        audit=audit,
        local_token=base.lock.token,
        announce=base.lock.announce,
    )


def retention_days(prompts: PromptVersions) -> Days:
    """Return what says, at each call, how many days each brand keeps its replies."""

    async def days() -> dict[str, int]:
        brands = await prompts.brands()
        return {brand_id: brand.retention_days for brand_id, brand in brands.items() if brand.retention_days}

    return days


def _chain(settings: Settings, embeddings: Embeddings, budgets: Budgets) -> ReplyChain:
    extractive = OpenChatModel(
        ref=ChatModelRef(provider=EXTRACTIVE, name=NAME),
        chat_model=ExtractiveChatModel(embeddings=embeddings),
        parameters=no_parameters,
        price=Price(input=0, output=0),
        calls_out=False,
    )
    chat_models = ChatModels(settings, extractive)
    if not chat_models.names:
        log.info("chat_model.extractive", hint="no model key: replies are extracts from your articles")
    bounds = Bounds(
        total_s=settings.chat_timeout_s,
        silence_s=settings.chat_silence_s,
        retries=settings.chat_retries,
        calls=settings.chat_calls,
        queue=settings.chat_queue,
    )
    return ReplyChain(chat_models.open, chat_models.names or (extractive.full_name,), budgets, bounds)
