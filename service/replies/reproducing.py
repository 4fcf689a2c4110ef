"""Rebuilds a logged reply from its parts, and compares what comes out with what was sent, byte for byte."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from service.domain import Finding, LoggedReply, ReplyState, Setting
from service.errors import ServiceError
from service.prompting.prompts import Prompt, PromptText, build_prompt
from service.replies.chain import ReplyChain
from service.replies.checks import Checks
from service.replies.draft import Draft, Stopwatch
from service.replies.extractive.chat_model import EXTRACTIVE
from service.replies.grounding.grounding import Grounds
from service.replies.models.calls import Piece
from service.replies.pinned import PINNED
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
    """The request to the chat model, or its messages when none had been sent yet; None when it was never to be."""
    text: Comparison | None
    """The reply; None unless it is whole and an extract or a verified answer: any other model writes as it likes."""
    obstacle: str | None
    """Why it could not be rebuilt; None when it could."""
    changed: tuple[str, ...] = ()
    """Which of the settings that shape a reply are others now; where something differs, look there first."""

    @property
    def holds(self) -> bool:
        """Whether everything that can be compared is equal."""
        return self.obstacle is None and all(each.holds for each in (self.request, self.text) if each)


class Reproducer:
    def __init__(self, prompts: Texts, chain: ReplyChain, settings: Mapping[str, Setting]) -> None:
        """Take the parts; *settings* are those that shape a reply of this service now."""
        self._prompts = prompts
        self._chain = chain
        self._settings = settings

    async def reproduce(self, logged: LoggedReply) -> Reproduction:
        """Rebuild *logged* from its prompt version, ticket, variables and passages; nothing is sent or logged."""
        if logged.erased_at:
            return self._hindered(logged, "The words of this reply were erased.")
        if not logged.chat_messages and logged.reply.chat_model.provider != PINNED:
            return self._made(logged)
        try:
            draft = await self._draft(logged)
            request = await self._request(logged, draft)
            text = await self._text(logged, draft)
        except ServiceError as exc:
            return self._hindered(logged, exc.detail)
        return self._made(logged, request, text)

    def _hindered(self, logged: LoggedReply, why: str) -> Reproduction:
        request = Comparison(_hash(logged.exchange.request), None) if logged.exchange else None
        return replace(self._made(logged, request), obstacle=why)

    def _made(
        self, logged: LoggedReply, request: Comparison | None = None, text: Comparison | None = None
    ) -> Reproduction:
        then = logged.settings
        changed = tuple(name for name in self._settings if then and then.get(name) != self._settings[name])
        return Reproduction(reply_id=logged.reply.id, request=request, text=text, obstacle=None, changed=changed)

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
        settings = {**self._settings, **logged.settings}
        weigh(draft, float(settings["min_answerability"] or 0))
        draft.messages = prompt.messages(ticket, draft.frame, draft.passages, variables)
        return draft

    async def _prompt(self, logged: LoggedReply) -> Prompt:
        ref = logged.reply.prompt
        return build_prompt(await self._prompts.text(ref.version, ref.brand), ref.label)

    async def _request(self, logged: LoggedReply, draft: Draft) -> Comparison | None:
        if not logged.chat_messages:
            return None
        if not logged.exchange:
            said = json.dumps(logged.chat_messages).encode()
            return _compare(said, json.dumps([(each.role, each.content) for each in draft.messages]).encode())
        tried = [f"{each.provider}:{each.name}" for each in reversed(logged.attempts)]
        asked = dict.fromkeys([*tried, f"{logged.reply.chat_model.provider}:{logged.reply.chat_model.name}"])
        made = [
            _compare(logged.exchange.request, await self._chain.request_bytes(draft.call(), model)) for model in asked
        ]
        # The last model that was tried need not be the last that was sent something: it may have rested.
        return next((each for each in made if each.holds), made[0])

    async def _text(self, logged: LoggedReply, draft: Draft) -> Comparison | None:
        """Compare what the model inside this process, or the verified answer, and the checks make of *draft* now."""
        ref = logged.reply.chat_model
        if logged.reply.state is not ReplyState.FINISHED or ref.provider not in {EXTRACTIVE, PINNED}:
            return None
        is_pinned = ref.provider == PINNED
        sources = draft.passages[:1] if is_pinned else draft.passages
        checks = Checks(draft, Grounds(sources, draft.variables, draft.frame), lambda _: None)
        if is_pinned:
            checks.feed(draft.frame.around(sources[0].text))
        else:
            await self._extract(draft, checks, f"{ref.provider}:{ref.name}")
        checks.finish()
        return _compare(logged.reply.text.encode(), draft.logged(logged.reply.state).reply.text.encode())

    async def _extract(self, draft: Draft, checks: Checks, model: str) -> None:
        async for event in self._chain.stream(replace(draft.call(), chat_models=[model], budget_usd=None)):
            if isinstance(event, Piece):
                checks.feed(event.text)


def _compare(logged: bytes, rebuilt: bytes) -> Comparison:
    return Comparison(_hash(logged), _hash(rebuilt))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
