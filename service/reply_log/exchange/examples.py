"""Logged replies as examples for models: fine-tuning, preference pairs, and promptfoo's test cases."""

from typing import Any

from service.domain import LoggedReply, ReplyState
from service.reply_log.exchange.opinion import Opinion

Example = dict[str, Any]
_ALIKE = 0.5
"""Share of common word pairs (ROUGE) from which on promptfoo lets another answer pass."""


def fine_tuning(logged: LoggedReply, opinion: Opinion) -> Example | None:
    """Return the conversation with the reply, or the *better* text, as its answer; None when there is neither."""
    answer = opinion.better or _text(logged)
    if not answer or not logged.chat_messages:
        return None
    return {"messages": [*_messages(logged), {"role": "assistant", "content": answer}]}


def preference(logged: LoggedReply, opinion: Opinion) -> Example | None:
    """Return the prompt with the *better* text chosen and the reply rejected; None without both."""
    text, better = _text(logged), opinion.better
    if not better or not text or better == text or not logged.chat_messages:
        return None
    answers = {"chosen": better, "rejected": text}
    return {
        "reply": logged.reply.id,
        "prompt": _messages(logged),
        **{key: [{"role": "assistant", "content": said}] for key, said in answers.items()},
    }


def promptfoo(logged: LoggedReply, opinion: Opinion) -> Example | None:
    """Return a test case whose answer must resemble the *better* text, or the reply; None when there is neither."""
    answer = opinion.better or _text(logged)
    if not answer:
        return None
    reply = logged.reply
    told = "\n\n".join(f"{message.sender.value}: {message.text}" for message in logged.ticket.messages)
    passages = [found.passage.text for found in reply.passages]
    return {
        "description": reply.id,
        "vars": {"brand": reply.brand, "language": reply.language, "question": reply.question, "conversation": told,
                 "passages": passages},
        "assert": [{"type": "rouge-n", "value": answer, "threshold": _ALIKE}],
    }  # fmt: skip


def _text(logged: LoggedReply) -> str:
    return logged.reply.text if logged.reply.state is ReplyState.FINISHED and not logged.erased_at else ""


def _messages(logged: LoggedReply) -> list[dict[str, str]]:
    return [{"role": role, "content": content} for role, content in logged.chat_messages]
