"""The JSON of prompts: versions, labels, differences and previews."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.api.schemas.logged import ChatMessageOut
from service.api.schemas.reply import PromptOut, ReplyOut
from service.api.schemas.request import ReplyRequest, TicketIn
from service.api.schemas.texts import Line, Name
from service.domain import Ticket
from service.prompting.brands import ChatModelName, Sampling, Slug
from service.prompting.prompts import PromptText
from service.prompting.templates.parts import TOKEN_ERROR
from service.prompting.versions.diff import Change, Piece, word_diff
from service.prompting.versions.labels import LabelMove
from service.prompting.versions.overview import Overview
from service.replies.playground import Edited, Preview, Trial, Tried

FileText = Annotated[str, StringConstraints(max_length=200_000)]


class LabelOut(BaseModel):
    brand: str
    label: str
    version: str | None = Field(description="Null: it follows the files (`production`), or was taken away.")
    note: str
    author: str
    moved_at: datetime
    is_rollback: bool

    @classmethod
    def of(cls, move: LabelMove) -> "LabelOut":
        return cls.model_validate(move, from_attributes=True)


class VersionOut(BaseModel):
    version: str
    tone: str
    created_at: datetime = Field(description="When it first wrote a reply, or was first seen in the files.")
    labels: list[str]


class BrandPromptsOut(BaseModel):
    brand: str
    production: str | None = Field(description="The version that writes now.")
    is_pinned: bool = Field(description="Whether production was promoted; otherwise it follows the files.")
    files_version: str | None = Field(description="The version that answers for the files as they are.")
    files_fault: str | None = Field(description="What is wrong with the files; the last good version answers.")
    labels: list[LabelOut]
    versions: list[VersionOut] = Field(description="Newest first.")

    @classmethod
    def of(cls, seen: Overview) -> "BrandPromptsOut":
        versions = [
            VersionOut(
                version=kept.text.version,
                tone=kept.text.tone_id,
                created_at=kept.created_at,
                labels=list(seen.labels_of(kept.text.version)),
            )
            for kept in seen.versions
        ]
        return cls(
            brand=seen.brand,
            production=seen.production,
            is_pinned=seen.is_pinned,
            files_version=seen.files.version,
            files_fault=seen.files.fault,
            labels=[LabelOut.of(move) for move in seen.labels],
            versions=versions,
        )


class PromptList(BaseModel):
    prompts: list[BrandPromptsOut]


class PromptTextOut(BaseModel):
    version: str
    brand: str
    tone: str
    template_text: str
    brand_text: str
    tone_text: str

    @classmethod
    def of(cls, text: PromptText) -> "PromptTextOut":
        return cls(
            version=text.version,
            brand=text.brand_id,
            tone=text.tone_id,
            template_text=text.template,
            brand_text=text.brand,
            tone_text=text.tone,
        )


class PieceOut(BaseModel):
    change: Change
    text: str

    @classmethod
    def all_of(cls, pieces: Sequence[Piece]) -> "list[PieceOut]":
        return [cls(change=piece.change, text=piece.text) for piece in pieces]


class PromptDiff(BaseModel):
    """By file: the pieces in reading order; without the inserted ones they are the older text."""

    old: str
    new: str
    template: list[PieceOut]
    brand: list[PieceOut]
    tone: list[PieceOut]

    @classmethod
    def of(cls, old: PromptText, new: PromptText) -> "PromptDiff":
        return cls(
            old=old.version,
            new=new.version,
            template=PieceOut.all_of(word_diff(old.template, new.template)),
            brand=PieceOut.all_of(word_diff(old.brand, new.brand)),
            tone=PieceOut.all_of(word_diff(old.tone, new.tone)),
        )


class LabelIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [
        {"brand": "maison-lune", "version": "9f2c01ab34de", "note": "shorter endings", "author": "Lea"}
    ]})  # fmt: skip

    brand: Name
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = Field(
        description="Null lets `production` follow the files again, and takes any other label away."
    )
    note: Line = ""
    author: Annotated[str, StringConstraints(max_length=100)] = ""


class RollbackLabelIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brand: Name
    note: Line = ""
    author: Annotated[str, StringConstraints(max_length=100)] = ""


class EditedIn(BaseModel):
    """Texts that are tried before they are saved."""

    model_config = ConfigDict(extra="forbid")

    template: FileText | None = None
    brand: FileText | None = None
    tone: FileText | None = None


class PreviewIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [
        {"brand": "maison-lune", "ticket": {"messages": [{"text": "Comment rendre un article ?"}]}, "prompt": "files"}
    ]})  # fmt: skip

    brand: Name | None = None
    ticket: TicketIn | None = None
    reply: Annotated[str | None, Field(max_length=40, description="A logged reply, whose ticket is tried.")] = None
    variables: Annotated[dict[Name, Any], Field(max_length=100)] | None = None
    tone: Name | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = None
    prompt: Name = "production"
    against: Annotated[Name | None, Field(description="What to compare with; null compares with nothing.")] = (
        "production"
    )
    edited: EditedIn = EditedIn()
    sampling: Sampling | None = None
    chat_model: ChatModelName | None = None
    write: Annotated[bool, Field(description="False asks no chat model: only the messages are shown.")] = True
    save_as: Annotated[
        Slug | None, Field(description="Keeps the ticket as a scenario of this name, with what the reply did.")
    ] = None

    @model_validator(mode="after")
    def _has_a_ticket(self) -> "PreviewIn":
        if (self.reply is None) == (self.ticket is None) or (self.ticket is not None and self.brand is None):
            raise ValueError("give either brand and ticket, or the id of a logged reply")
        return self

    def to_trial(self, logged: Ticket | None) -> Trial:
        """Return what is tried; *logged* is the ticket of the reply that was named."""
        given = {"variables": self.variables, "tone": self.tone, "language": self.language, "prompt": self.prompt}
        if logged is None:
            sent = {"brand": self.brand, "ticket": self.ticket, **{key: each for key, each in given.items() if each}}
            ticket = ReplyRequest.model_validate(sent).to_ticket()
        else:
            changes: dict[str, Any] = {key: each for key, each in given.items() if each is not None}
            ticket = replace(logged, **changes)
        return Trial(
            ticket=ticket,
            edited=Edited(**self.edited.model_dump()),
            sampling=self.sampling,
            chat_model=self.chat_model,
            against=self.against,
            write=self.write,
        )


class PartOut(BaseModel):
    part: str = Field(description="`instructions`, `tone`, `frame`, `passages`, `variables` or `conversation`.")
    characters: int
    tokens: int
    cost_usd: float | None


class TriedOut(BaseModel):
    prompt: PromptOut
    messages: list[ChatMessageOut] = Field(description="Exactly what the chat model is sent.")
    parts: list[PartOut]
    tokens: int = Field(description="An estimate; see `token_error`.")
    cost_usd: float | None = Field(description="Of these tokens; null when the price is not known.")
    reply_cost_usd: float | None = Field(description="Of the reply's own tokens; null when they or the price are not.")
    reply: ReplyOut | None = Field(description="Null when no chat model was asked. It is not in the log.")

    @classmethod
    def of(cls, tried: Tried, *, wrote: bool) -> "TriedOut":
        parts = [
            PartOut(
                part=each.name, characters=each.characters, tokens=each.tokens, cost_usd=tried.cost_usd(each.tokens)
            )
            for each in tried.parts
        ]
        return cls(
            prompt=PromptOut.model_validate(tried.prompt.ref, from_attributes=True),
            messages=[ChatMessageOut(role=each.role, content=each.content) for each in tried.messages],
            parts=parts,
            tokens=tried.tokens,
            cost_usd=tried.cost_usd(tried.tokens),
            reply_cost_usd=tried.reply_cost_usd if wrote else None,
            reply=ReplyOut.of(tried.reply) if wrote else None,
        )


class ScenarioIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Slug
    scenario: dict[str, Any] = Field(description="The keys of a scenario file.")


class ScenarioOut(BaseModel):
    file: str
    text: str


class PreviewOut(BaseModel):
    tried: TriedOut
    against: TriedOut | None = Field(description="Null when nothing is compared, or both are the same.")
    message_changes: list[PieceOut]
    reply_changes: list[PieceOut]
    token_error: float = Field(description="Tokens are estimates, within this share of what tokenizers say.")
    scenario: ScenarioOut | None = Field(description="The file that `save_as` asked for.")

    @classmethod
    def of(cls, preview: Preview, *, wrote: bool, scenario: ScenarioOut | None = None) -> "PreviewOut":
        return cls(
            tried=TriedOut.of(preview.tried, wrote=wrote),
            against=TriedOut.of(preview.against, wrote=wrote) if preview.against else None,
            message_changes=PieceOut.all_of(preview.message_changes),
            reply_changes=PieceOut.all_of(preview.reply_changes),
            token_error=TOKEN_ERROR,
            scenario=scenario,
        )
