"""The one path that writes a reply, from the ticket to its row in the log. Read it downwards."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from copy import copy
from datetime import UTC, datetime
from typing import Protocol, Self

import structlog

from service.domain import Decision, LoggedReply, ReasonCode, Reply, ReplyState, Sender, Setting, Ticket
from service.errors import ChatModelError, InvalidInputError, Pointer, ServiceError
from service.prompting.answers import VerifiedAnswer
from service.prompting.language import detect_language
from service.prompting.prompts import Prompt
from service.prompting.variables.declared import check_variables
from service.replies.chain import ReplyChain
from service.replies.checks import Checks, Emit
from service.replies.draft import Draft, Stopwatch
from service.replies.events import PassagesFound, ReplyEvent, ReplyFinished, ReplyStarted, SentenceWritten
from service.replies.grounding.grounding import Grounds
from service.replies.models.calls import Again, ChatCall, Ending, Piece
from service.replies.pinned import pin
from service.replies.privacy.filling import spoken, spoken_sentence
from service.replies.privacy.hiding import hide
from service.replies.question.condensing import condense
from service.replies.question.searching import Finder, search
from service.replies.telling import tell
from service.replies.weighing import weigh
from service.reply_log.once import RequestKey

log = structlog.get_logger()


class Prompts(Protocol):
    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt: ...


class Rewriter(Protocol):
    async def rewrite(self, ticket: Ticket, prompt: Prompt, question: str) -> str:
        """Return *question*, condensed from the ticket's conversation, in better words, or as it is."""


class Log(Protocol):
    async def begin(self, logged: LoggedReply, key: RequestKey | None = None) -> LoggedReply: ...
    async def finish(self, logged: LoggedReply) -> LoggedReply: ...


class ReplyWriter:
    """Writes replies. API, pages, command line and scripts all call it."""

    def __init__(  # noqa: PLR0913 - the parts of the one path
        self,
        prompts: Prompts,
        finder: Finder,
        chain: ReplyChain,
        reply_log: Log,
        *,
        min_answerability: float,
        rewriter: Rewriter | None = None,
        answers: Callable[[str], Mapping[str, VerifiedAnswer]] = lambda _brand: {},
        settings: Mapping[str, Setting] | None = None,
    ) -> None:
        """Take the parts; *answers* gives a brand's verified answers, *settings* go into each receipt."""
        self._answers = answers
        self._prompts = prompts
        self._finder = finder
        self._chain = chain
        self._log = reply_log
        self._min_answerability = min_answerability
        self._rewriter = rewriter
        self._settings = settings or {}
        self._running: set[asyncio.Task[None]] = set()

    def only(self, prompts: Prompts) -> Self:
        """Return the same writer for who sees the brands of *prompts* only."""
        seen = copy(self)
        seen._prompts = prompts  # noqa: SLF001 - a copy of our own kind
        return seen

    async def write(self, ticket: Ticket) -> Reply:
        """Return the reply whole; raises what `stream` raises."""
        async with aclosing(self.events(ticket, streamed=False)) as events:
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
        async with aclosing(self.events(ticket, streamed=True)) as events:
            async for event in events:
                yield event

    async def events(
        self, ticket: Ticket, *, streamed: bool, key: RequestKey | None = None
    ) -> AsyncGenerator[ReplyEvent]:
        """Yield what `stream` does; *key* is taken with the reply's first commit, and a second one is refused."""
        events: asyncio.Queue[ReplyEvent | None] = asyncio.Queue()
        # A task of its own: a reader's cancellation would otherwise reach every await that still has to log.
        task = asyncio.create_task(self._write(ticket, events, streamed=streamed, key=key))
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

    async def _write(
        self, ticket: Ticket, events: asyncio.Queue[ReplyEvent | None], *, streamed: bool, key: RequestKey | None
    ) -> None:
        try:
            draft = await self._prepare(ticket)
            emit = _speaking(draft.personal, events.put_nowait)
            draft.streamed, draft.key = streamed, key
            pinned = pin(draft, self._answers(ticket.brand))
            emit(ReplyStarted(draft.id, draft.language, draft.prompt.ref))
            emit(PassagesFound(draft.finding))
            weigh(draft, self._min_answerability)
            if draft.notes.handoff:
                logged = await self._hand_off(draft)
            else:
                logged = await (self._say(draft, pinned, emit) if pinned else self._answer(draft, emit))
            tell(logged)
            emit(ReplyFinished(spoken(logged)))
        finally:
            events.put_nowait(None)

    async def _prepare(self, ticket: Ticket) -> Draft:
        watch = Stopwatch()
        prompt = await self._prompts.resolve(ticket.brand, ticket.tone, ticket.prompt)
        self._chain.check_room(prompt.chat_models)
        language = _language(ticket, prompt, condense(ticket))
        now, zone = datetime.now(UTC), prompt.brand.timezone
        variables = check_variables(prompt.brand.variables, ticket.variables, language, now=now, zone=zone)
        hidden = hide(ticket, variables, prompt.brand, language)
        question = condense(hidden.ticket)
        if self._rewriter:
            question = await self._rewriter.rewrite(hidden.ticket, prompt, question)
        began = time.perf_counter()
        finding = await search(self._finder, ticket.brand, question, language)
        watch.retrieval = (time.perf_counter() - began) * 1000
        return Draft(
            ticket=hidden.ticket,
            prompt=prompt,
            language=language,
            question=question,
            variables=hidden.variables,
            personal=hidden.personal,
            finding=finding,
            watch=watch,
            created_at=now,
            settings=self._settings,
        )

    async def _hand_off(self, draft: Draft) -> LoggedReply:
        logged = draft.logged(ReplyState.FINISHED)
        return await self._log.begin(logged, draft.key)

    async def _say(self, draft: Draft, pinned: str, emit: Emit) -> LoggedReply:
        """Let a verified answer through the checks in the brand's frame; no chat model is called."""
        async with self._begun(draft):
            checks = Checks(draft, Grounds(draft.passages[:1], draft.variables, draft.frame), emit)
            checks.feed(draft.frame.around(pinned))
            checks.finish()
        return await self._log.finish(draft.logged(ReplyState.FINISHED))

    async def _answer(self, draft: Draft, emit: Emit) -> LoggedReply:
        frame, passages = draft.frame, draft.passages
        draft.messages = draft.prompt.messages(draft.ticket, frame, passages, draft.variables)
        call = await self._chain.within_budget(draft.call())
        if call is None:
            draft.note(ReasonCode.BUDGET_SPENT, "The brand's budget for today is spent.", Decision.HANDOFF)
            return await self._hand_off(draft)
        draft.chat_model = self._chain.models(call.chat_models)[0].ref
        with self._chain.budget_held(call):
            return await self._ask(draft, call, Grounds(passages, draft.variables, frame), emit)

    async def _ask(self, draft: Draft, call: ChatCall, grounds: Grounds, emit: Emit) -> LoggedReply:
        async with self._begun(draft):
            whole = await self._run_chain(draft, call, grounds, emit)
        return await self._log.finish(draft.logged(ReplyState.FINISHED if whole else ReplyState.INCOMPLETE))

    @asynccontextmanager
    async def _begun(self, draft: Draft) -> AsyncIterator[None]:
        """Let the log know of the reply before the block, and when the block raises, how it ended."""
        try:
            await self._log.begin(draft.logged(ReplyState.PENDING), draft.key)
        except asyncio.CancelledError:
            # Its row is on the way all the same.
            await self._cut_off(draft)
            raise
        try:
            yield
        except asyncio.CancelledError:
            await self._cut_off(draft)
            raise
        except Exception as exc:
            await self._fail(draft, exc if isinstance(exc, ServiceError) else ServiceError(type(exc).__name__))
            raise

    async def _cut_off(self, draft: Draft) -> None:
        await self._end(draft.logged(ReplyState.CUT_OFF))
        log.info("reply.cut_off", reply_id=draft.id)

    async def _fail(self, draft: Draft, error: ServiceError) -> None:
        if isinstance(error, ChatModelError):
            draft.note(ReasonCode.MODEL_FAILED, "The chat model failed before the reply was whole.")
        await self._end(draft.logged(ReplyState.FAILED, error=error.type))
        log.warning("reply.failed", reply_id=draft.id, error=error.type, detail=error.detail)

    async def _end(self, logged: LoggedReply) -> None:
        """Log a reply that failed already; should the log fail too, it tries later, and the first error is told."""
        with suppress(ServiceError):
            await self._log.finish(logged)

    async def _run_chain(self, draft: Draft, call: ChatCall, grounds: Grounds, emit: Emit) -> bool:
        """Stream the chat model through the checks; return whether it came to its end."""
        checks, notes = Checks(draft, grounds, emit), draft.notes.copy()
        began = time.perf_counter()
        whole = False
        async with aclosing(self._chain.stream(call)) as events:
            async for event in events:
                match event:
                    case Piece():
                        checks.feed(event.text)
                    case Again():
                        draft.restart(notes)
                        checks = Checks(draft, grounds, emit)
                    case Ending():
                        draft.end(event)
                        whole = event.whole
        checks.finish()
        draft.watch.chat_model = (time.perf_counter() - began) * 1000 - draft.watch.checks
        return whole


def _speaking(personal: Mapping[str, str], emit: Emit) -> Emit:
    """Let sentences out with the customer's values: everything before this has placeholders in their place."""

    def speak(event: ReplyEvent) -> None:
        if isinstance(event, SentenceWritten):
            event = SentenceWritten(spoken_sentence(event.sentence, personal))
        emit(event)

    return speak


def _language(ticket: Ticket, prompt: Prompt, question: str) -> str:
    if ticket.language is None:
        # A question of two words, or an order's number, says little; the greeting and what was said before say more.
        told = [message.text for message in reversed(ticket.messages) if message.sender is Sender.CUSTOMER]
        read = (detect_language(text, prompt.brand.languages) for text in (question, *told, ticket.subject or ""))
        return next(filter(None, read), prompt.brand.languages[0])
    if ticket.language not in prompt.brand.languages:
        offered = ", ".join(prompt.brand.languages)
        raise InvalidInputError(
            "The brand does not write this language.", (Pointer("/language", f"one of: {offered}"),)
        )
    return ticket.language
