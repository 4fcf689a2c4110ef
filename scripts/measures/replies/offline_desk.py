"""A desk in memory: the product's own way from ticket to reply over given passages and a given chat model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel

from service.domain import ChatModelRef, Finding, LoggedReply, Passage, RelevantPassage
from service.prompting.answers import VerifiedAnswer
from service.prompting.files import PromptFiles
from service.prompting.prompts import Prompt, PromptText, build_prompt
from service.replies.chain import ReplyChain
from service.replies.models.budget import Budgets
from service.replies.models.opened import OpenChatModel
from service.replies.models.parameters import no_parameters
from service.replies.writer import ReplyWriter
from service.reply_log.once import RequestKey


@dataclass(slots=True)
class OfflineDesk:
    """Writes replies with *chat_model* from *passages*, whatever is asked, and keeps what was logged."""

    prompts_dir: Path
    chat_model: BaseChatModel
    passages: Sequence[Passage]
    brand_edits: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the brand that differ from its file."""
    answers: Mapping[str, VerifiedAnswer] = field(default_factory=dict)
    answerability: float = 0.9
    logged: list[LoggedReply] = field(default_factory=list)

    @property
    def writer(self) -> ReplyWriter:
        return ReplyWriter(self, self, self._chain(), self, min_answerability=0.4, answers=lambda _: self.answers)

    async def resolve(self, brand_id: str, tone_id: str | None, label_or_version: str) -> Prompt:
        files = PromptFiles(self.prompts_dir)
        brand = files.brand(brand_id)
        tone = tone_id or brand.tone
        text = PromptText(files.template_text(), brand_id, files.brand_text(brand_id), tone, files.tone_text(tone))
        prompt = build_prompt(text, label_or_version)
        return Prompt(text, prompt.brand.model_copy(update=dict(self.brand_edits)), prompt.tone, label_or_version)

    async def find(self, brand: str, question: str, *, language: str | None = None) -> Finding:  # noqa: ARG002 - the writer's protocol
        found = tuple(RelevantPassage(passage=passage, relevance=0.8) for passage in self.passages)
        return Finding(passages=found, answerability=self.answerability, generation=1)

    async def begin(self, logged: LoggedReply, key: RequestKey | None = None) -> LoggedReply:  # noqa: ARG002 - as a log takes it
        self.logged.append(logged)
        return logged

    async def finish(self, logged: LoggedReply) -> LoggedReply:
        self.logged[-1] = logged
        return logged

    async def spent(self, brand: str, day: date) -> float:  # noqa: ARG002 - the budget's protocol
        return 0.0

    async def add(self, brand: str, day: date, usd: float) -> None:
        """Spend nothing: nobody is paid."""

    def _chain(self) -> ReplyChain:
        opened = OpenChatModel(
            ref=ChatModelRef(provider="offline", name=self.chat_model._llm_type),  # noqa: SLF001 - LangChain's name for it
            chat_model=self.chat_model,
            parameters=no_parameters,
            price=None,
            calls_out=False,
        )
        return ReplyChain(lambda _name: opened, ["offline:model"], Budgets(self))
