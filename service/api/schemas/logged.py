"""The JSON of a logged reply: the reply, its ticket, and what the chat model was sent and said."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.api.schemas.reply import ReplyOut
from service.domain import LoggedReply
from service.replies.privacy.filling import spoken


class TicketOut(BaseModel):
    id: str | None
    channel: str | None
    subject: str | None
    messages: list[dict[str, Any]]
    customer: dict[str, str | None] | None


class ChatMessageOut(BaseModel):
    role: str
    content: str


class AttemptOut(BaseModel):
    provider: str
    name: str
    error: str | None = Field(description="What went wrong, e.g. `overloaded (503)`; null for the try that answered.")
    took_ms: float


class LoggedReplyOut(ReplyOut):
    """A reply with everything that shows why it says what it says."""

    ticket: TicketOut
    variables: dict[str, Any]
    chat_messages: list[ChatMessageOut] = Field(description="What the chat model was sent; empty when not called.")
    raw_output: str
    finished_at: datetime | None
    error: str | None
    attempts: list[AttemptOut] = Field(description="Every try at a chat model, in order; empty when none was called.")

    @classmethod
    def of_logged(cls, logged: LoggedReply) -> "LoggedReplyOut":
        ticket = logged.ticket
        return cls(
            **ReplyOut.of(spoken(logged)).model_dump(),
            ticket=TicketOut(
                id=ticket.id,
                channel=ticket.channel,
                subject=ticket.subject,
                messages=[{"from": each.sender.value, "text": each.text, "at": each.at} for each in ticket.messages],
                customer={"id": ticket.customer.id, "name": ticket.customer.name} if ticket.customer else None,
            ),
            variables=dict(ticket.variables),
            chat_messages=[ChatMessageOut(role=role, content=content) for role, content in logged.chat_messages],
            raw_output=logged.raw_output,
            finished_at=logged.finished_at,
            error=logged.error,
            attempts=[AttemptOut.model_validate(attempt, from_attributes=True) for attempt in logged.attempts],
        )


class PersonalOut(BaseModel):
    """The values behind a reply's placeholders."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reply": "rep_01K…", "values": {"[NAME_1]": "Ana"}}]})

    reply: str = Field(description="The reply's id.")
    values: dict[str, str] = Field(description="By placeholder; empty when the brand keeps values as they are.")

    @classmethod
    def of(cls, logged: LoggedReply) -> "PersonalOut":
        # What begins with a slash is a sensitive variable as it was sent; its placeholder has its words.
        values = {name: value for name, value in logged.personal.items() if not name.startswith("/")}
        return cls(reply=logged.reply.id, values=values)


class ReplyList(BaseModel):
    replies: list[ReplyOut]
    next_cursor: str | None = Field(description="Pass it as `after` for the next page; null on the last one.")
