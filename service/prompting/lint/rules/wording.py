"""How the lines are worded: forbidden words, sentences that are too long, promises that nothing backs."""

import re
import unicodedata
from collections.abc import Iterator

from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.polarity import is_negative
from service.prompting.lint.sentences import SLOT, Sentence, sentences
from service.prompting.lint.sources import BrandSource, Sources, ToneSource

_MAX_READ = 25
"""Words of a sentence that customers read: the bound of GOV.UK's style guide."""
_MAX_TOLD = 40
"""Words of an instruction; our own bound."""

_IN_QUOTES = re.compile(r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|‘[^‘]*’", re.DOTALL)
_PROMISES = re.compile(
    r"\b(?:we(?:['’]ll| will| are going to)|i(?:['’]ll| will)) (?:\w+ )?"
    r"(?:refund|reimburse|compensate|replace|call|phone|deliver|ship|send|resolve|fix|credit|repair|get back)\b"
    r"|\b(?:we|i) promise\b|\bguarantee[sd]?\b|\bmoney[- ]back\b|\b(?:you will|you['’]ll) (?:be refunded|receive|get)\b"
    r"|\b(?:with)?in (?:\d+|one|two|three) (?:working |business )?(?:h|hours?|days?|minutes?)\b"
    r"|\bnous (?:vous |le |la |les )?(?:rembourserons|remplacerons|rappellerons|recontacterons|livrerons|enverrons"
    r"|dédommagerons|réparerons|résoudrons|créditerons|offrirons|répondrons|reviendrons vers vous)\b"
    r"|\bnous (?:nous (?:y )?engageons|(?:vous |le )?promettons)\b|^promis\b"
    r"|\bnous allons (?:vous |le |la |les )?(?:rembourser|remplacer|rappeler|recontacter|livrer|envoyer|dédommager"
    r"|réparer|résoudre|créditer)\b"
    r"|\b(?:sous|dans les|en moins de) (?:\d+|une|deux|trois)\s?(?:h|heures?|jours?|minutes?)\b"
    r"|\bgaranti(?:e|s|es|r|ssons)?\b|\bsatisfait ou remboursé\b"
    r"|\bvous (?:recevrez|obtiendrez)\b"
    r"|\bvous (?:serez|allez être) (?:remboursée?|livrée?|rappelée?|recontactée?|dédommagée?)\b",
    re.IGNORECASE,
)


def check(sources: Sources) -> Iterator[LintFinding]:
    tones = [sentence for tone in sources.tones for sentence in tone.sentences()]
    told = [*sources.template.sentences(), *tones]
    read = [*_read(sources)]
    yield from _long(told, _MAX_TOLD)
    yield from _long([sentence for _, sentence in read], _MAX_READ)
    yield from _promises(told, [sentence for _, sentence in read])
    for brand in sources.brands:
        yield from _forbidden(brand, told, read)
    yield from _quoted(sources)


def _read(sources: Sources) -> Iterator[tuple[str, Sentence]]:
    """Yield the sentences that customers read, each with its language."""
    for language, text, place in sources.read_lines():
        yield from ((language, Sentence(each.text, place)) for each in sentences(text, place.file))


def _quoted(sources: Sources) -> Iterator[LintFinding]:
    """Yield texts that stand in typographic quotes as a whole: to YAML these are letters like any other."""
    written: tuple[BrandSource | ToneSource, ...] = (*sources.brands, *sources.tones)
    for source in written:
        for path, text in source.texts():
            if _IN_QUOTES.fullmatch(text):
                yield source.place(*path).warning("typographic_quotes", quote=text[0])


def _long(told: list[Sentence], limit: int) -> Iterator[LintFinding]:
    for sentence in told:
        if len(sentence.words) > limit:
            yield sentence.place.warning("long_sentence", words=len(sentence.words), limit=limit)


def _promises(told: list[Sentence], read: list[Sentence]) -> Iterator[LintFinding]:
    for sentence in (*told, *read):
        found = _PROMISES.search(sentence.text)
        # A slot in the sentence is a policy: the figure comes from a variable or a passage.
        if found and SLOT not in sentence.text and not is_negative(sentence.text):
            say = sentence.place.error if sentence in read else sentence.place.warning
            yield say("bare_promise", promise=found.group())


def _forbidden(source: BrandSource, told: list[Sentence], read: list[tuple[str, Sentence]]) -> Iterator[LintFinding]:
    for language, voice in source.brand.voice.items() if source.brand else ():
        for number, word in enumerate(voice.avoid):
            where = source.place("voice", language, "avoid", number)
            spoken = [each for spoken_in, each in read if spoken_in == language and _speaks(source, each)]
            yield from _saying(word, [each for each in told if not is_negative(each.text)], source, where, error=False)
            yield from _saying(word, spoken, source, where, error=True)
            yield from _preferred(source, language, word, where)


def _speaks(source: BrandSource, sentence: Sentence) -> bool:
    """Say whether a reply of this brand may hold the line: its own lines, and every tone's."""
    return sentence.place.file == source.file or not sentence.place.file.startswith("brands/")


def _saying(
    word: str, told: list[Sentence], source: BrandSource, where: Place, *, error: bool
) -> Iterator[LintFinding]:
    pattern = re.compile(rf"(?<!\w){re.escape(_folded(word))}(?!\w)")
    for sentence in told:
        if pattern.search(_folded(sentence.text)):
            say = sentence.place.error if error else sentence.place.warning
            yield say("forbidden_word", word=word, brand=source.id, place=where)


def _preferred(source: BrandSource, language: str, word: str, where: Place) -> Iterator[LintFinding]:
    """Yield the preferred words that hold a word to avoid."""
    voice = source.brand.voice[language] if source.brand else None
    for instead_of, preferred in voice.prefer.items() if voice else ():
        if re.search(rf"(?<!\w){re.escape(_folded(word))}(?!\w)", _folded(preferred)):
            place = source.place("voice", language, "prefer", instead_of)
            yield place.error("forbidden_word", word=word, brand=source.id, place=where)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold().replace("’", "'")
