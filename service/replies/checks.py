"""The checks between the chat model and the customer: a sentence leaves once it is grounded, guarded and polished."""

import time
from collections.abc import Callable

from service.domain import Decision, ReasonCode, Sentence, Support
from service.prompting.prompts import NO_ANSWER
from service.replies.draft import Draft
from service.replies.events import ReplyEvent, SentenceWritten
from service.replies.grounding.grounding import Grounds, ground
from service.replies.guards.gate import LEFT_OUT, Gate
from service.replies.guards.markup import clean, defuse
from service.replies.polish import Polish, Reservation
from service.replies.text.sentences import SentenceStream

Emit = Callable[[ReplyEvent], None]


class Checks:
    """
    Lets the finished sentences of one reply out.

    Courtesies wait for the first statement that stands, so that nothing has left when nothing stands; and for a brand
    that hands off on an unsupported sentence, every sentence waits for the last.
    """

    def __init__(self, draft: Draft, grounds: Grounds, emit: Emit) -> None:
        self._draft = draft
        self._grounds = grounds
        self._emit = emit
        self._gate = Gate(draft.prompt.brand, grounds, draft.messages, draft.question, draft.suspicion)
        variables = [variable.text for variable in grounds.variables]
        self._polish = Polish(draft.prompt.voice(draft.language), grounds.frame, variables)
        self._policy = draft.prompt.brand.unsupported
        self._stream = SentenceStream()
        self._held: list[Sentence] = []
        self._before = ""

    def feed(self, text: str) -> None:
        """Take a piece of the chat model's text."""
        self._draft.raw += text
        self._check_all(self._stream.feed(text))

    def finish(self) -> None:
        """Take the end of the chat model's text."""
        self._check_all(self._stream.finish())
        self._disclose()
        if self._draft.notes.handoff:
            return
        if self._stands():
            self._release()
            self._reserve(self._polish.framed(self._draft.sentences))
        else:
            self._draft.note(ReasonCode.NO_ANSWER, "The chat model found no answer that stands.", Decision.HANDOFF)

    def _disclose(self) -> None:
        """Write the brand's disclosure when the chat model forgot it."""
        line = self._grounds.frame.disclosure
        if line and all(line not in sentence.text for sentence in (*self._draft.sentences, *self._held)):
            self._before = "\n\n"
            self._check(line)

    def _check_all(self, written: list[tuple[str, str]]) -> None:
        began = time.perf_counter()
        for before, sentence in written:
            self._before = _wider(self._before, clean(before))
            self._check(self._polish.typeset(defuse(clean(sentence)).strip()))
        self._draft.watch.checks += (time.perf_counter() - began) * 1000

    def _check(self, written: str) -> None:
        if written == NO_ANSWER:
            self._draft.note(ReasonCode.NO_ANSWER, "The chat model found no answer in the passages.")
        elif not written:
            return
        elif reasons := self._gate.stops(written):
            self._leave_out(reasons)
        else:
            self._weigh(self._gate.trusted(ground(written, self._space(), self._grounds)))

    def _weigh(self, sentence: Sentence) -> None:
        if sentence.unbacked:
            detail = "A figure stands neither in the passages nor in the variables."
            self._draft.note(ReasonCode.UNBACKED_FIGURE, detail)
        if reasons := self._gate.withholds(sentence):
            self._leave_out(reasons)
        elif sentence.support is Support.UNSUPPORTED:
            self._take_unsupported(sentence)
        else:
            self._take(sentence)

    def _leave_out(self, reasons: list[ReasonCode]) -> None:
        for reason in reasons:
            self._draft.note(reason, LEFT_OUT[reason])

    def _take_unsupported(self, sentence: Sentence) -> None:
        if self._policy == "handoff":
            detail = "A sentence has no support, and the brand then asks for a person."
            self._draft.note(ReasonCode.UNSUPPORTED_SENTENCE, detail, Decision.HANDOFF)
        elif self._policy == "drop" or self._draft.suspicion.wary:
            self._draft.note(ReasonCode.UNSUPPORTED_SENTENCE, "A sentence that nothing backs was left out.")
        else:
            self._draft.note(ReasonCode.UNSUPPORTED_SENTENCE, "A sentence has no support.")
            self._take(sentence)

    def _take(self, grounded: Sentence) -> None:
        sentence, reservations = self._polish.polish(grounded)
        self._reserve(reservations)
        self._held.append(sentence)
        self._before = ""
        if self._policy != "handoff" and self._stands():
            self._release()

    def _reserve(self, reservations: tuple[Reservation, ...]) -> None:
        for code, detail in reservations:
            self._draft.note(code, detail)

    def _stands(self) -> bool:
        """Whether something more than courtesy has been let out, or may be now."""
        return bool(self._draft.sentences) or any(each.support is not Support.COURTESY for each in self._held)

    def _release(self) -> None:
        for sentence in self._held:
            self._draft.sentences.append(sentence)
            self._emit(SentenceWritten(sentence))
        self._held.clear()

    def _space(self) -> str:
        """Return the white space before the next sentence; the first of a reply has none."""
        return self._before if self._held or self._draft.sentences else ""


def _wider(space: str, other: str) -> str:
    """Return the space that separates more, so that a paragraph survives the sentence that began it."""
    return max(space, other, key=lambda each: (each.count("\n"), len(each)))
