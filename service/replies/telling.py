"""The one log line that tells a reply's story: ids, codes and counts, never the customer's words."""

import structlog

from service.domain import LoggedReply

log = structlog.get_logger()


def tell(logged: LoggedReply) -> None:
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
        attempts=[attempt.error or "answered" for attempt in logged.attempts],
        cost_usd=reply.usage.cost_usd,
        generation=reply.generation,
        took_ms=reply.timings_ms.total,
    )
