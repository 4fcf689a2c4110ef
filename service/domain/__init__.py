"""The words of the product, as values: what travels from a ticket to a logged reply. Imports nothing else."""

from service.domain.ids import new_id
from service.domain.knowledge import Article, Audience, Finding, Generation, Passage, RelevantPassage
from service.domain.logged import Attempt, Exchange, LoggedReply, Setting
from service.domain.reply import (
    ChatModelRef,
    Citation,
    Decision,
    Handoff,
    PromptRef,
    Reason,
    ReasonCode,
    Reply,
    ReplyState,
    Sentence,
    Support,
    Timings,
    Usage,
)
from service.domain.ticket import Attachment, Customer, Message, Sender, Ticket

__all__ = [
    "Article",
    "Attachment",
    "Attempt",
    "Audience",
    "ChatModelRef",
    "Citation",
    "Customer",
    "Decision",
    "Exchange",
    "Finding",
    "Generation",
    "Handoff",
    "LoggedReply",
    "Message",
    "Passage",
    "PromptRef",
    "Reason",
    "ReasonCode",
    "RelevantPassage",
    "Reply",
    "ReplyState",
    "Sender",
    "Sentence",
    "Setting",
    "Support",
    "Ticket",
    "Timings",
    "Usage",
    "new_id",
]
