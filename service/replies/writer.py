"""The one path that writes a reply, from the ticket to its row in the log. Read it downwards."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

import structlog

from service.domain import Finding, LoggedReply, Reason, ReasonCode, Reply, ReplyState, Ticket
from service.errors import InvalidInputError, Pointer, ServiceError
from service.prompting.language import detect_language
from service.prompting.prompts import NO_ANSWER, Prompt
from service.prompting.variables import check_variables
from service.replies.chain import Piece, ReplyChain
from service.replies.draft import Draft, Stopwatch
from service.replies.events import PassagesFound, ReplyEvent, ReplyFinished, ReplyStarted, SentenceWritten
from service.replies.grounding import Grounds, ground
from service.replies.guards import clean, defuse, foreign_links
from service.replies.question import condense
from service.replies.sentences import SentenceStream

log = structlog.get_logger()


class Prompts(Protocol):
    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt: ...


class Finder(Protocol):
    async def find(self, brand: str, question: str, *, language: str | None = None) -> Finding: ...


class Log(Protocol):
    async def begin(self, logged: LoggedReply) -> LoggedReply: ...
    async def finish(self, logged: LoggedReply) -> LoggedReply: ...


class ReplyWriter:
    """Writes replies. API, pages, command line and scripts all call it."""

    def __init__(
        self, prompts: Prompts, finder: Finder, chain: ReplyChain, reply_log: Log, *, min_answerability: float
    ) -> None:
        self._prompts = prompts
        self._finder = finder
        self._chain = chain
        self._log = reply_log
        self._min_answerability = min_answerability
        self._running: set[asyncio.Task[None]] = set()

    async def write(self, ticket: Ticket) -> Reply:
        """Return the reply whole; raises what `stream` raises."""
        async with aclosing(self.stream(ticket)) as events:
            async for event in events:
                if isinstance(event, ReplyFinished):
                    return event.reply
        raise AssertionError("a stream of events ends with ReplyFinished or raises")

    async def stream(self, ticket: Ticket) -> AsyncGenerator[ReplyEvent]:
        """
        Yield the reply's events; the last one leaves after the log's final commit.

        When the reader goes away the chat model is stopped, and the log keeps what there was as `cut_off`.

        Raises:
            NotFoundError: No such brand, tone, or prompt.
            InvalidInputError: The language or a variable does not fit the brand.
            UpstreamError: Knowledge base, chat model or log failed; the log knows the reply if it was begun.
        """
        events: asyncio.Queue[ReplyEvent | None] = asyncio.Queue()
        # A task of its own: a reader's cancellation would otherwise reach every await that still has to log.
        task = asyncio.create_task(self._write(ticket, events))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            while (event := await events.get()) is not None:
                yield event
            await task
        finally:
            task.cancel()

    async def drain(self, timeout_s: float) -> None:
        """Wait for the replies under way, at most *timeout_s* seconds; what is left is logged as cut off."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _write(self, ticket: Ticket, events: asyncio.Queue[ReplyEvent | None]) -> None:
        try:
            draft = await self._prepare(ticket)
            events.put_nowait(ReplyStarted(draft.id, draft.language, draft.prompt.ref))
            events.put_nowait(PassagesFound(draft.finding))
            handoff = self._reason_to_hand_off(draft)
            logged = await (self._hand_off(draft, handoff) if handoff else self._answer(draft, events))
            _tell(logged)
            events.put_nowait(ReplyFinished(logged.reply))
        finally:
            events.put_nowait(None)

    async def _prepare(self, ticket: Ticket) -> Draft:
        watch = Stopwatch()
        prompt = await self._prompts.resolve(ticket.brand, ticket.tone, ticket.prompt)
        question = condense(ticket)
        language = _language(ticket, prompt, question)
        variables = check_variables(prompt.brand.variables, ticket.variables, language)
        began = time.perf_counter()
        finding = await self._finder.find(ticket.brand, question, language=language)
        watch.retrieval = (time.perf_counter() - began) * 1000
        return Draft(
            ticket=ticket,
            prompt=prompt,
            language=language,
            question=question,
            variables=variables,
            finding=finding,
            watch=watch,
        )

    def _reason_to_hand_off(self, draft: Draft) -> Reason | None:
        """Return why the chat model is not even called, or None."""
        topic = draft.prompt.brand.handoff_topic(f"{draft.ticket.subject or ''} {draft.question}")
        draft.handoff_topic = topic
        if topic:
            return Reason(code=ReasonCode.HANDOFF_TOPIC, detail=f"The brand hands the subject “{topic}” to a person.")
        if not draft.finding.passages:
            return Reason(code=ReasonCode.NO_PASSAGES, detail="The knowledge base has nothing on it.")
        if draft.finding.answerability < self._min_answerability:
            detail = f"The passages answer with probability {draft.finding.answerability:.2f} only."
            return Reason(code=ReasonCode.LOW_ANSWERABILITY, detail=detail)
        return None

    async def _hand_off(self, draft: Draft, reason: Reason) -> LoggedReply:
        logged = draft.logged(ReplyState.FINISHED, reason)
        return await self._log.begin(logged)

    async def _answer(self, draft: Draft, events: asyncio.Queue[ReplyEvent | None]) -> LoggedReply:
        frame = draft.prompt.frame_for(draft.ticket, draft.language, draft.created_at)
        passages = [found.passage for found in draft.finding.passages]
        draft.messages = draft.prompt.messages(draft.ticket, frame, passages, draft.variables)
        draft.chat_model = self._chain.ref
        await self._log.begin(draft.logged(ReplyState.PENDING))
        try:
            whole = await self._run_chain(draft, Grounds(passages, draft.variables, frame), events)
        except asyncio.CancelledError:
            await self._log.finish(draft.logged(ReplyState.CUT_OFF))
            log.info("reply.cut_off", reply_id=draft.id)
            raise
        except ServiceError as exc:
            await self._log.finish(draft.logged(ReplyState.FAILED, error=exc.type))
            log.warning("reply.failed", reply_id=draft.id, error=exc.type, detail=exc.detail)
            raise
        logged = draft.logged(ReplyState.FINISHED if whole else ReplyState.INCOMPLETE, _refusal(draft))
        return await self._log.finish(logged)

    async def _run_chain(self, draft: Draft, grounds: Grounds, events: asyncio.Queue[ReplyEvent | None]) -> bool:
        """Stream the chat model through the checks; return whether it came to its end."""
        sentences = _Checked(draft, grounds)
        began = time.perf_counter()
        whole = False
        async with aclosing(self._chain.stream(draft.messages, draft.prompt.sampling)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Piece):
                    sentences.feed(piece.text, events)
                else:
                    draft.usage, whole = piece.usage, piece.whole
        sentences.finish(events)
        draft.watch.chat_model = (time.perf_counter() - began) * 1000 - draft.watch.checks
        return whole


class _Checked:
    """Lets each finished sentence of the chat model out once it is checked."""

    def __init__(self, draft: Draft, grounds: Grounds) -> None:
        self._draft = draft
        self._grounds = grounds
        self._stream = SentenceStream()

    def feed(self, text: str, events: asyncio.Queue[ReplyEvent | None]) -> None:
        self._draft.raw += text
        self._let_out(self._stream.feed(clean(text)), events)

    def finish(self, events: asyncio.Queue[ReplyEvent | None]) -> None:
        self._let_out(self._stream.finish(), events)

    def _let_out(self, written: list[tuple[str, str]], events: asyncio.Queue[ReplyEvent | None]) -> None:
        began = time.perf_counter()
        for before, sentence in written:
            self._check(before if self._draft.sentences else "", defuse(sentence), events)
        self._draft.watch.checks += (time.perf_counter() - began) * 1000

    def _check(self, before: str, sentence: str, events: asyncio.Queue[ReplyEvent | None]) -> None:
        grounds, draft = self._grounds, self._draft
        texts = [passage.text for passage in grounds.passages]
        texts += [passage.url for passage in grounds.passages if passage.url]
        texts += [variable.text for variable in grounds.variables]
        if foreign_links(sentence, draft.prompt.brand.links, texts):
            draft.foreign += 1
        elif sentence.strip() and sentence.strip() != NO_ANSWER:
            checked = ground(sentence, before, grounds)
            draft.sentences.append(checked)
            events.put_nowait(SentenceWritten(checked))


def _language(ticket: Ticket, prompt: Prompt, question: str) -> str:
    if ticket.language is None:
        return detect_language(question, prompt.brand.languages) or prompt.brand.languages[0]
    if ticket.language not in prompt.brand.languages:
        offered = ", ".join(prompt.brand.languages)
        raise InvalidInputError(
            "The brand does not write this language.", (Pointer("/language", f"one of: {offered}"),)
        )
    return ticket.language


def _refusal(draft: Draft) -> Reason | None:
    if draft.raw.strip().startswith(NO_ANSWER) or not draft.sentences:
        return Reason(code=ReasonCode.NO_ANSWER, detail="The chat model found no answer in the passages.")
    return None


def _tell(logged: LoggedReply) -> None:
    """Write the one log line that tells the reply's story."""
    reply = logged.reply
    log.info(
        "reply.written",
        reply_id=reply.id,
        ticket_id=logged.ticket.id,
        brand=reply.brand,
        language=reply.language,
        state=reply.state.value,
        decision=reply.decision.value,
        reasons=[reason.code.value for reason in reply.reasons],
        answerability=round(reply.answerability, 3),
        passages=len(reply.passages),
        sentences=len(reply.sentences),
        citations=sum(len(sentence.citations) for sentence in reply.sentences),
        prompt=reply.prompt.version,
        chat_model=f"{reply.chat_model.provider}:{reply.chat_model.name}",
        generation=reply.generation,
        took_ms=reply.timings_ms.total,
    )
