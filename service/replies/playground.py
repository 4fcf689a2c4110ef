"""The playground: a ticket answered by any version and any parameters, without a trace in the reply log."""

import asyncio
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import structlog

from service.domain import LoggedReply, Reply, Ticket, Usage
from service.errors import InvalidInputError, Pointer, PromptError
from service.prompting.brands import Sampling
from service.prompting.prompts import Prompt, build_prompt
from service.prompting.scenarios import Scenario
from service.prompting.templates.parts import Part, parts_of
from service.prompting.templates.rendering import ChatMessage
from service.prompting.versions.diff import Piece, word_diff
from service.replies.chain import ReplyChain
from service.replies.extractive.chat_model import EXTRACTIVE, NAME
from service.replies.models.prices import Price
from service.replies.privacy.filling import spoken
from service.replies.privacy.hiding import read_variables
from service.replies.question.searching import Finder
from service.replies.writer import Prompts, ReplyWriter
from service.reply_log.once import RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Texts that are tried before they are saved; None takes the version's own."""

    template: str | None = None
    brand: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried."""

    ticket: Ticket
    """Its `prompt` names the label or version."""
    edited: Edited = Edited()
    sampling: Sampling | None = None
    """What is set in it takes the place of the version's own."""
    chat_model: str | None = None
    """`provider:name`, instead of the version's own."""
    against: str | None = None
    """The label or version to compare with; None compares with nothing."""
    write: bool = True
    """False asks no chat model: only the messages are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One version's answer to the ticket."""

    prompt: Prompt
    logged: LoggedReply
    """Never written to the log; its reply's text is empty when the trial asked for messages only."""
    messages: tuple[ChatMessage, ...]
    """What the chat model is sent, or would be sent if the ticket were not handed off before."""
    parts: tuple[Part, ...]
    price: Price | None

    @property
    def reply(self) -> Reply:
        """The reply as its customer would read it."""
        return spoken(self.logged)

    @property
    def tokens(self) -> int:
        return sum(part.tokens for part in self.parts)

    def cost_usd(self, tokens: int) -> float | None:
        """Return what so many tokens of the prompt cost; None when the chat model's price is not known."""
        return None if self.price is None else self.price.of(Usage(prompt_tokens=tokens))

    @property
    def reply_cost_usd(self) -> float | None:
        """What the written tokens of the reply cost; None when price or tokens are not known."""
        written = self.logged.reply.usage.completion_tokens
        known = self.price is not None and written is not None
        return self.price.of(Usage(completion_tokens=written)) if self.price and known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    tried: Tried
    against: Tried | None
    """None when nothing is compared, or both are the same version with the same parameters."""

    @property
    def message_changes(self) -> tuple[Piece, ...]:
        return self._changes(lambda tried: "\n\n".join(f"# {each.role}\n\n{each.content}" for each in tried.messages))

    @property
    def reply_changes(self) -> tuple[Piece, ...]:
        return self._changes(lambda tried: tried.reply.text)

    @property
    def cites(self) -> tuple[str, ...]:
        """The articles that the tried reply cites, by their file names."""
        cited = (each.article for sentence in self.tried.logged.reply.sentences for each in sentence.citations)
        return tuple(dict.fromkeys(cited))

    def _changes(self, text: Callable[[Tried], str]) -> tuple[Piece, ...]:
        return word_diff(text(self.against), text(self.tried)) if self.against else ()


def scenario_of_trial(trial: Trial, preview: Preview) -> Scenario:
    """Return the ticket as a test case, with the decision and the citations of the reply if one was written."""
    expected = {"decision": preview.tried.logged.reply.decision, "cites": preview.cites} if trial.write else {}
    return Scenario.of_ticket(trial.ticket, **{key: value for key, value in expected.items() if value})


class Playground:
    """Tries prompts on tickets: the one path writes the reply, on a notepad instead of the log."""

    def __init__(self, prompts: Prompts, finder: Finder, chain: ReplyChain, *, min_answerability: float) -> None:
        self._prompts = prompts
        self._finder = finder
        self._chain = chain
        self._min_answerability = min_answerability

    def only(self, prompts: Prompts) -> Self:
        """Return the same playground for who sees the brands of *prompts* only."""
        seen = copy(self)
        seen._prompts = prompts  # noqa: SLF001 - a copy of our own kind
        return seen

    async def preview(self, trial: Trial) -> Preview:
        """
        Return what the trial comes to; it costs what a reply costs, twice when two versions are compared.

        Raises:
            ServiceError: Whatever writing a reply raises.
        """
        prompt = await self._prompt(trial)
        if trial.against is None:
            return Preview(tried=await self._try(trial, prompt), against=None)
        other = await self._prompts.resolve(trial.ticket.brand, trial.ticket.tone, trial.against)
        if (other.version, other.sampling, other.chat_models) == (prompt.version, prompt.sampling, prompt.chat_models):
            return Preview(tried=await self._try(trial, prompt), against=None)
        tried, against = await asyncio.gather(self._try(trial, prompt), self._try(trial, other))
        return Preview(tried=tried, against=against)

    async def _prompt(self, trial: Trial) -> Prompt:
        ticket, edited = trial.ticket, trial.edited
        kept = await self._prompts.resolve(ticket.brand, ticket.tone, ticket.prompt)
        text = replace(
            kept.text,
            template=edited.template or kept.text.template,
            brand=edited.brand or kept.text.brand,
            tone=edited.tone or kept.text.tone,
        )
        try:
            prompt = kept if text == kept.text else build_prompt(text, kept.label)
        except PromptError as exc:
            raise InvalidInputError(exc.detail, (Pointer("/edited", exc.detail),)) from exc
        changes = {
            "sampling": prompt.sampling.model_copy(update=_set(trial.sampling)),
            "chat_models": (trial.chat_model,) if trial.chat_model else prompt.chat_models,
            "labels": {},
        }
        return replace(prompt, brand=prompt.brand.model_copy(update=changes))

    async def _try(self, trial: Trial, prompt: Prompt) -> Tried:
        notepad = _Notepad()
        asked = prompt if trial.write else _asking_nobody(prompt)
        writer = ReplyWriter(
            _Only(asked), self._finder, self._chain, notepad, min_answerability=self._min_answerability
        )
        with structlog.contextvars.bound_contextvars(preview=True):
            await writer.write(trial.ticket)
        logged = notepad.kept if trial.write else _without_reply(notepad.kept)
        messages = _messages(prompt, logged)
        return Tried(
            prompt=prompt,
            logged=logged,
            messages=messages,
            parts=parts_of(messages, prompt.tone.text),
            price=self._chain.models(prompt.chat_models)[0].price,
        )


def _set(sampling: Sampling | None) -> dict[str, object]:
    return sampling.model_dump(exclude_unset=True) if sampling else {}


class _Only:
    """Gives one prompt, whatever is asked for."""

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt

    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt:  # noqa: ARG002 - the writer's protocol
        return self._prompt


class _Notepad:
    """A log that keeps the last it was told, for as long as somebody reads it."""

    kept: LoggedReply

    async def begin(self, logged: LoggedReply, key: RequestKey | None = None) -> LoggedReply:  # noqa: ARG002 - as a log takes it
        self.kept = logged
        return logged

    async def finish(self, logged: LoggedReply) -> LoggedReply:
        self.kept = logged
        return logged


def _asking_nobody(prompt: Prompt) -> Prompt:
    """Let the model inside this process answer: the messages are the same, and nothing leaves the machine."""
    return replace(
        prompt, brand=prompt.brand.model_copy(update={"chat_models": (f"{EXTRACTIVE}:{NAME}",), "labels": {}})
    )


def _without_reply(logged: LoggedReply) -> LoggedReply:
    return replace(logged, reply=replace(logged.reply, text="", sentences=()), raw_output="")


def _messages(prompt: Prompt, logged: LoggedReply) -> tuple[ChatMessage, ...]:
    """Return what was sent; for a ticket that was handed off before, what would have been."""
    if logged.chat_messages:
        return tuple(ChatMessage(role, content) for role, content in logged.chat_messages)
    reply, ticket = logged.reply, logged.ticket
    variables = read_variables(ticket, logged.personal, prompt.brand, reply.language, reply.created_at)
    frame = prompt.frame_for(ticket, reply.language, reply.created_at)
    return prompt.messages(ticket, frame, [found.passage for found in reply.passages], variables)
