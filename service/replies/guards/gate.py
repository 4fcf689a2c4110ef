"""The gate: what of a chat model's sentence may not leave, and how far what it rests on is to be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.domain import Citation, Passage, ReasonCode, Sentence, Support
from service.prompting.brands import Brand
from service.prompting.prompts import Frame
from service.prompting.templates import ChatMessage
from service.prompting.variables import Variable
from service.replies.guards.addresses import Known
from service.replies.guards.commitments import unbacked
from service.replies.guards.leaks import Secrets
from service.replies.guards.placeholders import has_gap
from service.replies.words import content_stems

Spans = tuple[tuple[int, int], ...]

LEFT_OUT = {
    ReasonCode.PROMPT_LEAK: "A sentence that gave away the prompt, a key or a card number was left out.",
    ReasonCode.FOREIGN_LINK: "A sentence with an address that nothing backs was left out.",
    ReasonCode.VARIABLE_MISSING: "A sentence with a gap for a value that was not sent was left out.",
    ReasonCode.COMMITMENT: "A promise that no passage and no variable makes was left out.",
}


class Gate:
    """Judges the sentences of one reply."""

    def __init__(
        self,
        brand: Brand,
        frame: Frame,
        passages: Sequence[Passage],
        variables: Sequence[Variable],
        messages: Sequence[ChatMessage],
        suspects: Mapping[str, Spans],
        *,
        wary: bool,
    ) -> None:
        """
        Take what the reply may rest on.

        *suspects* are, by passage id, the slices that give orders: nothing may rest on them. *wary* when orders were
        found anywhere: then a sentence says what its quotes and the variables say, and nothing else.
        """
        self._language = frame.language
        self._values = [variable.text for variable in variables]
        self._texts = {passage.id: _trusted(passage, suspects.get(passage.id, ())) for passage in passages}
        self._suspects = suspects
        self._bases = (*brand.links, *brand.contacts)
        self._secrets = Secrets(messages, [*self._texts.values(), *self._values, *frame.lines])
        self._wary = wary

    def stops(self, written: str) -> ReasonCode | None:
        """Return why *written* may not leave whatever backs it, or None."""
        if self._secrets.told_by(written):
            return ReasonCode.PROMPT_LEAK
        if has_gap(written, [*self._texts.values(), *self._values]):
            return ReasonCode.VARIABLE_MISSING
        return None

    def trusted(self, sentence: Sentence) -> Sentence:
        """Return *sentence* with the support that is left once what gives orders counts for nothing."""
        kept = tuple(each for each in sentence.citations if not self._is_suspect(each))
        if kept != sentence.citations:
            support = sentence.support if kept else Support.UNSUPPORTED
            return replace(sentence, support=support, citations=kept)
        if self._wary and sentence.support is not Support.QUOTED and not self._says_nothing_else(sentence):
            return replace(sentence, support=Support.UNSUPPORTED, citations=())
        return sentence

    def withholds(self, sentence: Sentence) -> ReasonCode | None:
        """Return why *sentence* may not leave for want of what backs it, or None."""
        cited = [self._texts[each.passage] for each in sentence.citations if each.passage in self._texts]
        urls = [each.url for each in sentence.citations if each.url]
        if Known(self._language, [*cited, *urls, *self._values], self._bases).foreign(sentence.text):
            return ReasonCode.FOREIGN_LINK
        if unbacked(sentence, self._values):
            return ReasonCode.COMMITMENT
        return None

    def _is_suspect(self, citation: Citation) -> bool:
        spans = self._suspects.get(citation.passage, ())
        return any(start < citation.end and citation.start < end for start, end in spans)

    def _says_nothing_else(self, sentence: Sentence) -> bool:
        said = set(content_stems(sentence.text, self._language))
        backed = " ".join([*(citation.quote for citation in sentence.citations), *self._values])
        return bool(sentence.citations) and said <= set(content_stems(backed, self._language))


def _trusted(passage: Passage, suspects: Spans) -> str:
    """Return the passage's text and address with what gives orders blanked."""
    text = passage.text
    for start, end in suspects:
        text = text[:start] + " " * (end - start) + text[end:]
    return f"{text}\n{passage.url or ''}"
