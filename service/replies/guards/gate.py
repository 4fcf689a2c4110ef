"""The gate: what of a chat model's sentence may not leave, and how far what it rests on is to be trusted."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain import ReasonCode, Sentence, Support
from service.prompting.brands import Brand
from service.prompting.templates import ChatMessage
from service.replies.grounding.grounding import Grounds
from service.replies.guards.addresses import Known
from service.replies.guards.commitments import unbacked
from service.replies.guards.leaks import Secrets
from service.replies.guards.placeholders import has_gap
from service.replies.guards.suspicion import Suspicion
from service.replies.words import content_stems

LEFT_OUT = {
    ReasonCode.PROMPT_LEAK: "A sentence that gave away the prompt, a key or a card number was left out.",
    ReasonCode.FOREIGN_LINK: "A sentence with an address that nothing backs was left out.",
    ReasonCode.VARIABLE_MISSING: "A sentence with a gap for a value that was not sent was left out.",
    ReasonCode.COMMITMENT: "A promise that no passage and no variable makes was left out.",
}


class Gate:
    """Judges the sentences of one reply."""

    def __init__(self, brand: Brand, grounds: Grounds, messages: Sequence[ChatMessage], suspicion: Suspicion) -> None:
        """Take what the reply may rest on, the prompt that asked for it, and where orders to the model were found."""
        self._frame = grounds.frame
        self._values = [variable.text for variable in grounds.variables]
        self._texts = {passage.id: suspicion.trusted(passage) for passage in grounds.passages}
        self._suspicion = suspicion
        self._bases = (*brand.links, *brand.contacts)
        self._secrets = Secrets(messages, [*self._texts.values(), *self._values, *grounds.frame.lines])

    def stops(self, written: str) -> list[ReasonCode]:
        """Return every reason why *written* may not leave whatever backs it; mostly none."""
        gap = has_gap(written, [*self._texts.values(), *self._values])
        told = self._secrets.told_by(written)
        return [code for code, holds in ((ReasonCode.PROMPT_LEAK, told), (ReasonCode.VARIABLE_MISSING, gap)) if holds]

    def trusted(self, sentence: Sentence) -> Sentence:
        """
        Return *sentence* with the support that is left once what gives orders counts for nothing.

        Where orders were found anywhere, a sentence that is no quote says what its quotes and the variables say, and
        nothing else.
        """
        kept = tuple(each for each in sentence.citations if not self._suspicion.covers(each))
        if kept != sentence.citations:
            support = sentence.support if kept else Support.UNSUPPORTED
            return replace(sentence, support=support, citations=kept)
        if not self._suspicion.wary or sentence.support is Support.QUOTED or sentence.text in self._frame.lines:
            return sentence
        if not self._says_nothing_else(sentence):
            return replace(sentence, support=Support.UNSUPPORTED, citations=())
        return sentence

    def withholds(self, sentence: Sentence) -> list[ReasonCode]:
        """Return every reason why *sentence* may not leave for want of what backs it; mostly none."""
        cited = [self._texts[each.passage] for each in sentence.citations if each.passage in self._texts]
        known = Known(self._frame.language, [*cited, *self._values], self._bases)
        reasons = [ReasonCode.FOREIGN_LINK] if known.foreign(sentence.text) else []
        return [*reasons, ReasonCode.COMMITMENT] if unbacked(sentence, self._values) else reasons

    def _says_nothing_else(self, sentence: Sentence) -> bool:
        language = self._frame.language
        said = set(content_stems(sentence.text, language))
        backed = " ".join([*(citation.quote for citation in sentence.citations), *self._values])
        return bool(sentence.citations) and said <= set(content_stems(backed, language))
