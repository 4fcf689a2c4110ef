"""The checks between the chat model and the customer: a sentence leaves once it is grounded, guarded and polished."""

import time
from collections.abc import Callable

from service.domain import Decision, ReasonCode, Sentence, Support
from service.prompting.language import Manner, typeset
from service.prompting.prompts import NO_ANSWER
from service.replies.draft import Draft
from service.replies.events import ReplyEvent, SentenceWritten
from service.replies.grounding.grounding import Grounds, ground
from service.replies.guards.markup import clean, defuse, foreign_links
from service.replies.polish import framed, polish
from service.replies.sentences import SentenceStream

Emit = Callable[[ReplyEvent], None]


class Checks:
    """
    Lets the finished sentences of one reply out.

    Courtesies wait for the first statement that stands, so that nothing has left when nothing stands.
    """

    def __init__(self, draft: Draft, grounds: Grounds, emit: Emit) -> None:
        self._draft = draft
        self._grounds = grounds
        self._emit = emit
        self._manner = Manner.of(
            draft.prompt.voice(draft.language), draft.language, [each.text for each in grounds.variables]
        )
        self._stream = SentenceStream()
        self._held: list[Sentence] = []
        self._gap = ""

    def feed(self, text: str) -> None:
        """Take a piece of the chat model's text."""
        self._draft.raw += text
        self._check_all(self._stream.feed(text))

    def finish(self) -> None:
        """Take the end of the chat model's text."""
        self._check_all(self._stream.finish())
        self._disclose()
        for reservation in framed(
            "".join(each.before + each.text for each in self._draft.sentences), self._grounds.frame
        ):
            self._draft.note(*reservation)
        if not self._draft.sentences:
            self._draft.note(ReasonCode.NO_ANSWER, "The chat model found no answer that stands.", Decision.HANDOFF)

    def _disclose(self) -> None:
        """Write the brand's disclosure when the chat model forgot it."""
        line = self._grounds.frame.disclosure
        if line and all(line not in sentence.text for sentence in (*self._draft.sentences, *self._held)):
            self._gap = "\n\n"
            self._check(line)

    def _check_all(self, written: list[tuple[str, str]]) -> None:
        began = time.perf_counter()
        for before, sentence in written:
            self._gap = _wider(self._gap, clean(before))
            self._check(defuse(clean(sentence)))
        self._draft.watch.checks += (time.perf_counter() - began) * 1000

    def _check(self, written: str) -> None:
        grounds, draft = self._grounds, self._draft
        texts = [passage.text for passage in grounds.passages]
        texts += [passage.url for passage in grounds.passages if passage.url]
        texts += [variable.text for variable in grounds.variables]
        if foreign_links(written, draft.prompt.brand.links, texts):
            draft.note(ReasonCode.FOREIGN_LINK, "A sentence with an unknown address was left out.")
        elif written.strip() == NO_ANSWER:
            draft.note(ReasonCode.NO_ANSWER, "The chat model found no answer in the passages.")
        elif written.strip():
            gap = self._gap if self._held or draft.sentences else ""
            # Typography first, so that a line of the frame is known again; words later, once a quote is found.
            self._let_out(ground(typeset(written, draft.language, self._manner.keep), gap, grounds))

    def _let_out(self, grounded: Sentence) -> None:
        sentence, reservations = polish(grounded, self._manner, self._grounds.frame)
        for reservation in reservations:
            self._draft.note(*reservation)
        if sentence.support is Support.UNSUPPORTED:
            self._draft.note(ReasonCode.UNSUPPORTED_SENTENCE, "A sentence has no support.")
        self._held.append(sentence)
        self._gap = ""
        if sentence.support is not Support.COURTESY or self._draft.sentences:
            for each in self._held:
                self._draft.sentences.append(each)
                self._emit(SentenceWritten(each))
            self._held.clear()


def _wider(gap: str, other: str) -> str:
    """Return the gap that separates more, so that a paragraph survives the sentence that began it."""
    return max(gap, other, key=lambda each: (each.count("\n"), len(each)))
