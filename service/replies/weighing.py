"""What speaks against a reply before a chat model is called: the ticket, the brand's subjects, the passages."""

from service.domain import Decision, ReasonCode
from service.replies.draft import Draft


def weigh(draft: Draft, min_answerability: float) -> None:
    """Note on *draft* every reason that its ticket and its passages give; some hand it off before any cost."""
    _weigh_subject(draft)
    _weigh_passages(draft, min_answerability)


def _weigh_subject(draft: Draft) -> None:
    topic = draft.prompt.brand.handoff_topic(f"{draft.ticket.subject or ''} {draft.question}")
    draft.handoff_topic = topic
    if topic:
        detail = f"The brand hands the subject “{topic}” to a person."
        draft.note(ReasonCode.HANDOFF_TOPIC, detail, Decision.HANDOFF)


def _weigh_passages(draft: Draft, min_answerability: float) -> None:
    answerability = draft.finding.answerability
    if not draft.finding.passages:
        draft.note(ReasonCode.NO_PASSAGES, "The knowledge base has nothing on it.", Decision.HANDOFF)
    elif answerability < min_answerability:
        detail = f"The passages answer with probability {answerability:.2f} only."
        draft.note(ReasonCode.LOW_ANSWERABILITY, detail, Decision.HANDOFF)
