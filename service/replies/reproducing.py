"""Rebuilds a logged reply from its parts, and compares what comes out with what was sent, byte for byte."""

import hashlib
from dataclasses import dataclass, replace
from typing import Protocol

from service.domain import Finding, LoggedReply
from service.errors import ServiceError
from service.prompting.prompts import Prompt, PromptText, build_prompt
from service.replies.chain import ReplyChain
from service.replies.checks import Checks
from service.replies.draft import Draft, Stopwatch
from service.replies.extractive import EXTRACTIVE
from service.replies.grounding.grounding import Grounds
from service.replies.models.calls import Piece
from service.replies.privacy.hiding import read_variables
from service.replies.weighing import weigh


class Texts(Protocol):
    async def text(self, version: str, brand_id: str | None = None) -> PromptText: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """SHA-256 (hex) of what the log holds and of what came out again."""

    logged: str
    rebuilt: str | None
    """None when nothing came out."""

    @property
    def holds(self) -> bool:
        return self.logged == self.rebuilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    reply_id: str
    request: Comparison | None
    """The request to the chat model; None when it was never called."""
    text: Comparison | None
    """The reply; None unless the extractive chat model wrote it: any other writes as it likes."""
    obstacle: str | None
    """Why it could not be rebuilt; None when it could."""

    @property
    def holds(self) -> bool:
        """Whether everything that can be compared is equal."""
        return self.obstacle is None and all(each.holds for each in (self.request, self.text) if each)


class Reproducer:
    def __init__(self, prompts: Texts, chain: ReplyChain, *, min_answerability: float) -> None:
        self._prompts = prompts
        self._chain = chain
        self._min_answerability = min_answerability

    async def reproduce(self, logged: LoggedReply) -> Reproduction:
        """Rebuild *logged* from its prompt version, ticket, variables and passages; nothing is sent or logged."""
        if logged.erased_at:
            return self._hindered(logged, "The words of this reply were erased.")
        if not logged.exchange:
            return Reproduction(reply_id=logged.reply.id, request=None, text=None, obstacle=None)
        try:
            draft = await self._draft(logged)
            ref = logged.reply.chat_model
            model = f"{ref.provider}:{ref.name}"
            request = await self._chain.request_bytes(draft.call(), model)
            text = await self._text(draft, model) if ref.provider == EXTRACTIVE else None
        except ServiceError as exc:
            return self._hindered(logged, exc.detail)
        return Reproduction(
            reply_id=logged.reply.id,
            request=Comparison(_hash(logged.exchange.request), _hash(request)),
            text=None if text is None else Comparison(_hash(logged.reply.text.encode()), _hash(text.encode())),
            obstacle=None,
        )

    def _hindered(self, logged: LoggedReply, why: str) -> Reproduction:
        request = Comparison(_hash(logged.exchange.request), None) if logged.exchange else None
        return Reproduction(reply_id=logged.reply.id, request=request, text=None, obstacle=why)

    async def _draft(self, logged: LoggedReply) -> Draft:
        reply, ticket = logged.reply, logged.ticket
        prompt = await self._prompt(logged)
        variables = read_variables(ticket, logged.personal, prompt.brand, reply.language, reply.created_at)
        draft = Draft(
            ticket=ticket,
            prompt=prompt,
            language=reply.language,
            question=reply.question,
            variables=variables,
            finding=Finding(passages=reply.passages, answerability=reply.answerability, generation=reply.generation),
            personal=logged.personal,
            watch=Stopwatch(),
            id=reply.id,
            created_at=reply.created_at,
        )
        weigh(draft, self._min_answerability)
        draft.messages = prompt.messages(ticket, draft.frame, draft.passages, variables)
        return draft

    async def _prompt(self, logged: LoggedReply) -> Prompt:
        ref = logged.reply.prompt
        return build_prompt(await self._prompts.text(ref.version, ref.brand), ref.label)

    async def _text(self, draft: Draft, model: str) -> str:
        """Return what the extractive chat model and the checks make of *draft* now."""
        checks = Checks(draft, Grounds(draft.passages, draft.variables, draft.frame), lambda _: None)
        async for event in self._chain.stream(replace(draft.call(), chat_models=[model], budget_usd=None)):
            if isinstance(event, Piece):
                checks.feed(event.text)
        checks.finish()
        return draft.text


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
