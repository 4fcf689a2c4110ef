"""The gate: what of a chat model's sentence may not leave, and how far what it rests on is to be trusted."""

from collections.abc import Sequence

from service.domain import ReasonCode, Sentence
from service.prompting.brands import Brand
from service.prompting.templates.rendering import ChatMessage
from service.replies.grounding.grounding import Grounds
from service.replies.guards.addresses import Known
from service.replies.guards.commitments import unbacked
from service.replies.guards.leaks import Secrets
from service.replies.guards.placeholders import has_gap, hidden_in
from service.replies.guards.suspicion import Suspicion
from service.replies.guards.trust import Trust

LEFT_OUT = {
    ReasonCode.PROMPT_LEAK: "A sentence that gave away the prompt, a key or a card number was left out.",
    ReasonCode.FOREIGN_LINK: "A sentence with an address that nothing backs was left out.",
    ReasonCode.VARIABLE_MISSING: "A sentence with a gap for a value that was not sent was left out.",
    ReasonCode.COMMITMENT: "A promise that no passage and no variable makes was left out.",
}


class Gate:
    """Judges the sentences of one reply."""

    def __init__(
        self, brand: Brand, grounds: Grounds, messages: Sequence[ChatMessage], asked: str, suspicion: Suspicion
    ) -> None:
        """Take what the reply may rest on, the prompt that asks for it, the question, and where orders were found."""
        self._frame = grounds.frame
        self._values = [variable.text for variable in grounds.variables]
        self._texts = {passage.id: suspicion.trusted(passage) for passage in grounds.passages}
        self._hidden = hidden_in([*(each.content for each in messages), *grounds.frame.lines, *self._values])
        self._trust = Trust(grounds.frame, self._values, asked, suspicion)
        self._bases = (*brand.links, *brand.contacts)
        self._secrets = Secrets(messages, [*self._texts.values(), *self._values, *grounds.frame.lines])

    def stops(self, written: str) -> list[ReasonCode]:
        """Return every reason why *written* may not leave whatever backs it; mostly none."""
        gap = has_gap(written, [*self._texts.values(), *self._values, *self._hidden])
        told = self._secrets.told_by(written)
        return [code for code, holds in ((ReasonCode.PROMPT_LEAK, told), (ReasonCode.VARIABLE_MISSING, gap)) if holds]

    def trusted(self, sentence: Sentence) -> Sentence:
        """Return *sentence* with the support that is left once nothing dubious counts."""
        return self._trust.of(sentence)

    def withholds(self, sentence: Sentence) -> list[ReasonCode]:
        """Return every reason why *sentence* may not leave for want of what backs it; mostly none."""
        cited = [self._texts[each.passage] for each in sentence.citations if each.passage in self._texts]
        known = Known(self._frame.language, [*cited, *self._values], self._bases)
        reasons = [ReasonCode.FOREIGN_LINK] if known.foreign(sentence.text) else []
        return [*reasons, ReasonCode.COMMITMENT] if unbacked(sentence, self._values) else reasons
