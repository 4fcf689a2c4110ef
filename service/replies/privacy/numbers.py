"""Finds numbers that lead to a person: bank accounts, cards, national ids, telephones. Order numbers stay."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number
from stdnum import iban, luhn
from stdnum.fr import nif, nir, siret
from stdnum.us import ssn

from service.replies.privacy.spans import Kind, Span

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\w.,/+-])\d(?:[ \u00a0.-]?\d){11,18}(?![\w/-]|[.,]\d)")
_NIR = re.compile(
    r"(?<!\d)[12][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?(?!\d)", re.IGNORECASE
)
_TAX_NUMBER = re.compile(r"(?<!\d)[0-3]\d(?:[ .]?\d{2})(?:[ .]?\d{3}){3}(?!\d)")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_DOCUMENT = re.compile(
    r"(?:passeport|passport|carte (?:nationale )?d['’]identité|identity card|id card|cni|titre de séjour|permis"
    r"(?: de conduire)?|driv(?:er|ing)['’]?s? licen[cs]e)\b[^\d\n]{0,30}?\b((?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{5,14})\b",
    re.IGNORECASE,
)
_CARD_FIRST = re.compile(r"[2-6]|1800|2131")
"""First digits of the networks' cards (ISO/IEC 7812)."""
_CARD_WORD = re.compile(r"\b(?:cards?|cartes?|cb|visa|mastercard|amex|american express|maestro)\b", re.IGNORECASE)
_GROUPED_BY_FOUR = re.compile(r"\d{4}([ \u00a0.-])\d{4}\1\d{4}\1\d{1,7}")
_CARD_LENGTHS = range(13, 20)
_SHORT_CARD = 12

_PHONE_WORD = re.compile(
    r"\b(?:phones?|call|calls|calling|ring|mobile|cell|fax|tel|tél|téléphone[rz]?|telephone|portable|appel(?:er|ez|le)?"
    r"|answer(?:ing|s)? (?:at|on)|dial|joindre|joignable|rappel(?:er|ez)?|numéro de tél|reach me"
    r"|text me|whatsapp|sms)\b"
    # As in a signature or a form: what kind of line it is, and a mark.
    r"|\b(?:office|desk|direct|home|work|bureau|fixe|domicile|standard)\s*[:\\|]",
    re.IGNORECASE,
)
_OTHER_NUMBER_WORD = re.compile(
    r"(?:commandes?|orders?|cde|factures?|invoices?|dossiers?|tickets?|colis|suivi|tracking|parcel|référence|reference|ref"
    r"|réf|contrat|contract|n° de client|client|customer|compte|account|bon|avoir|article|sku|ean|siret|siren)\b"
    r"(?:[^\w\n]*(?:n(?:o|°|º|um[ée]ro|umber)?\.?|number|id|de|du|est|is|le|la|the))*[\s#:n°º.]*$",
    re.IGNORECASE,
)
_LOOSE_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|\(\+?)?\d(?:[ \u00a0./()-]{0,2}\d){6,14}(?![\w/]|-\d|[ .,]\d)")
_GROUPED_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:\+\d{1,3}[ .-]?|\(\d{2,5}\)[ .-]?)?(?:\(0\))?\d{2,5}(?:[ .-]\d{2,5}){2,5}"
    r"(?:[ ]?x\d{1,5})?(?![\w/]|[ .,-]\d)"
)
"""Groups of digits as only telephones are written; sums and dates are told apart by their own shapes."""
_INTERNATIONAL = re.compile(r"(?<![\w+])\+\d{1,3}(?:[ \u00a0.()/-]{0,2}\d){7,13}(?![\w/]|-\d)")
_NATIONAL = re.compile(
    r"(?<![\w.,/+-])(?:0[1-9](?P<between>[ \u00a0./-])\d{2}(?:(?P=between)\d{2}){3}"
    r"|\(\d{2,5}\)[ ]?\d{3,4}[ .-]\d{3,4}(?:[ ]?x\d{1,5})?"
    r"|0\d{2,4}[-/]\d{6,8}"
    r"|07\d{3}[ ]\d{6}|01\d{3}[ ]\d{6}|02\d[ ]\d{4}[ ]\d{4})(?![\w/]|-\d|[.,]\d)"
)
"""Shapes that only a telephone has: French pairs, an area in brackets or behind a 0, British mobiles and areas."""
_GROUPED_DIGITS = range(8, 16)
_PARCEL = re.compile(r"(?<!\w)[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}(?!\w)")
"""A parcel's number as the posts of the world write it (UPU S10)."""
_COMPANY = re.compile(r"(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5}(?!\d)")
_MONEY_BEHIND = re.compile(r"\s*(?:€|\$|£|%|euros?|dollars?|eur|usd|gbp|chf)", re.IGNORECASE)
_LOOK_BACK = 60
_REGIONS = {"fr": "FR", "en": "GB"}
_MIN_DIGITS = 7
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d./-])|\d{4}-\d{2}-\d{2}(?![\d-])")


def accounts(text: str) -> Iterator[Span]:
    """Yield the IBANs whose check digits hold."""
    for found in _IBAN.finditer(text):
        # The pattern may have taken the word behind the number along.
        written = found.group()
        while " " in written and not iban.is_valid(written):
            written = written.rpartition(" ")[0]
        if iban.is_valid(written):
            yield Span(found.start(), found.start() + len(written), Kind.IBAN, iban.compact(written))


def cards(text: str) -> Iterator[Span]:
    """Yield payment cards: right length, network and check digit, and nothing before them that says order."""
    for found in _LONG_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        announced = bool(_CARD_WORD.search(before)) or bool(_GROUPED_BY_FOUR.fullmatch(found.group()))
        fits = len(digits) in _CARD_LENGTHS or (announced and len(digits) == _SHORT_CARD)
        ordered = bool(_OTHER_NUMBER_WORD.search(before)) and not announced
        if fits and _CARD_FIRST.match(digits) and luhn.is_valid(digits) and not ordered:
            yield Span(found.start(), found.end(), Kind.CARD, digits)


def national_ids(text: str) -> Iterator[Span]:
    """Yield French social security and tax numbers, US social security numbers, and identity papers named as such."""
    for found in _NIR.finditer(text):
        digits = re.sub(r"[ .]", "", found.group())
        if len(digits) == len("295109912611193") and nir.is_valid(digits):
            yield Span(found.start(), found.end(), Kind.NATIONAL_ID, digits.upper())
    for pattern, valid in ((_TAX_NUMBER, nif.is_valid), (_SSN, ssn.is_valid)):
        for found in pattern.finditer(text):
            if valid(found.group()):
                yield Span(found.start(), found.end(), Kind.NATIONAL_ID, re.sub(r"\D", "", found.group()))
    for found in _DOCUMENT.finditer(text):
        yield Span(found.start(1), found.end(1), Kind.NATIONAL_ID, found.group(1).upper())


def phones(text: str, language: str) -> Iterator[Span]:
    """
    Yield telephone numbers as *language*'s country and the international plan write them.

    Where words announce a number (call, joindre), any seven to fifteen digits count.
    """
    if sum(letter.isdigit() for letter in text) < _MIN_DIGITS:
        return
    others = list(_of_things(text))
    for span in _phones(text, language):
        if not any(start < span.end and span.start < end for start, end in others):
            yield span


def _of_things(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the numbers of parcels and of French companies stand, which name nobody."""
    for found in _PARCEL.finditer(text):
        yield found.span()
    for found in _COMPANY.finditer(text):
        if siret.is_valid(found.group()):
            yield found.span()


def _phones(text: str, language: str) -> Iterator[Span]:
    for match in PhoneNumberMatcher(text, _REGIONS.get(language, "FR"), leniency=Leniency.VALID):
        if not _OTHER_NUMBER_WORD.search(text[max(0, match.start - _LOOK_BACK) : match.start]):
            identity = format_number(match.number, PhoneNumberFormat.E164)
            yield Span(match.start, match.end, Kind.PHONE, identity)
    for pattern in (_LOOSE_PHONE, _GROUPED_PHONE, _INTERNATIONAL, _NATIONAL):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
            shaped = pattern in {_INTERNATIONAL, _NATIONAL} or (pattern is _GROUPED_PHONE and _is_shaped(found.group()))
            told = shaped or _PHONE_WORD.search(before)
            other = _OTHER_NUMBER_WORD.search(before) or _DATE.match(text, found.start())
            if told and not other and not _MONEY_BEHIND.match(text, found.end()):
                yield Span(found.start(), found.end(), Kind.PHONE, re.sub(r"\D", "", found.group()))


def _is_shaped(written: str) -> bool:
    groups = re.findall(r"\d+", written.partition("x")[0])
    leads = written[0] in "+(0" or max(map(len, groups)) > 2  # noqa: PLR2004 - pairs alone may be sizes
    return leads and len("".join(groups)) in _GROUPED_DIGITS and len(groups) > 2  # noqa: PLR2004 - two may be anything
