"""Addresses in a text: web, e-mail, telephone, account numbers; a reply gives only those that something backs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import phonenumbers

from service.replies.guards.markup import clean

_ENDINGS = (
    "com|net|org|info|biz|co|io|ai|app|dev|cloud|site|online|website|page|web|xyz|top|shop|store|club|link|live|click"
    "|help|support|pro|tech|news|blog|win|vip|icu|fun|bid|loan|work|zip|mov|gov|edu|mil|int|eu|fr|be|ch|ca|uk|ie|de|es"
    "|it|nl|pt|lu|pl|se|no|dk|fi|at|us|mx|br|ar|ru|cn|in|jp|kr|au|nz|za|tv|me|cc|to|ly|gl|gg|gd|ws|tk|ml|ga|cf|gq|su"
    "|example|test|onion|re|paris|bzh"
)
_URL = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}:/{1,3}|//|www\.)[^\s<>\"'«»()\[\]{}|]+"
    r"|\b(?:mailto|tel|sms|javascript|data|vbscript|skype|whatsapp|tg|callto):[^\s<>\"]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(
    rf"(?<![\w@.-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:{_ENDINGS}|xn--[a-z0-9-]+)(?![\w-])(?:[/?#:][^\s<>\"'«»()\[\]]*)?"
    r"|(?<![\w@.-])(?:[^\W_][\w-]*\.)+[^\W\d_]{2,24}/[^\s<>\"'«»()\[\]]+"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])(?:[/:][^\s<>\"]*)?",
    re.IGNORECASE,
)
_SPELT = (
    (re.compile(r"\s*[\[({]\s*(?:dot|point|\.)\s*[\])}]\s*|(?<=\w) dot (?=\w)", re.IGNORECASE), "."),
    (re.compile(r"\s*[\[({]\s*(?:at|arobase|@)\s*[\])}]\s*", re.IGNORECASE), "@"),
    (re.compile(r"\bhxxp", re.IGNORECASE), "http"),
    (re.compile(r"[\u3002\uff61\u2024\u00b7](?=\w)"), "."),
)
_LONG_NUMBER = re.compile(r"(?:\d[\s.\-()/]*){8,}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b")
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{20,60}|0x[0-9a-fA-F]{30,64}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b")
_REGIONS = {"fr": "FR", "en": "GB", "de": "DE", "es": "ES", "it": "IT", "nl": "NL"}
_TRAILING = ".,;:!?…»”’*_~`"


@lru_cache(maxsize=4096)
def addresses(text: str, language: str) -> frozenset[str]:
    """
    Return what *text* points to, each in one form however it is written: without scheme, `www.` and trailing slash.

    Numbers are their digits; a telephone number without a country's prefix is one of the language's country.
    """
    shown = _as_read(text)
    found = {_plain(address) for address in _links(shown)}
    found |= {_squash(number) for number in (*_IBAN.findall(shown), *_WALLET.findall(shown))}
    return frozenset(found | set(_phones(shown, language))) - {""}


class Known:
    """The addresses that a reply may give."""

    def __init__(self, language: str, texts: Iterable[str], bases: Iterable[str]) -> None:
        """Take *texts* that may give addresses, and *bases* that may be given with everything below them."""
        self._language = language
        self._texts = tuple(texts)
        self._bases = tuple(_plain(base) if not _digits(base) else _squash(base) for base in bases)

    def foreign(self, sentence: str) -> frozenset[str]:
        """Return the addresses in *sentence* that nothing here gives; empty when all are known."""
        given = addresses(sentence, self._language)
        if not given:
            return given
        known = frozenset().union(*(addresses(text, self._language) for text in self._texts))
        return frozenset(each for each in given - known if not self._is_allowed(each))

    def _is_allowed(self, address: str) -> bool:
        if any(address == base or address.startswith((base + "/", base + "?", base + "#")) for base in self._bases):
            return True
        return address.isdigit() and any(address in _squash(text) for text in (*self._texts, *self._bases))


def _as_read(text: str) -> str:
    """Return *text* as a reader, or a mail program, would read its addresses."""
    shown = unicodedata.normalize("NFKC", clean(text))
    for spelt, sign in _SPELT:
        shown = spelt.sub(sign, shown)
    return shown


def _links(text: str) -> Iterator[str]:
    if "." not in text and ":" not in text:
        return
    for pattern in (_URL, _EMAIL, _HOST):
        yield from (found.group() for found in pattern.finditer(text))


def _phones(text: str, language: str) -> Iterator[str]:
    if not _LONG_NUMBER.search(text):
        return
    region = _REGIONS.get(language, "FR")
    for found in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID):
        yield str(found.number.national_number)


def _plain(address: str) -> str:
    shown = re.sub(r"^(?:https?:)?/{2,}|^mailto:", "", address.rstrip(_TRAILING).casefold())
    return shown.removeprefix("www.").rstrip("/")


def _squash(number: str) -> str:
    return re.sub(r"[\W_]", "", number).casefold()


def _digits(text: str) -> bool:
    return re.fullmatch(r"[\d\s+().\-/]+", text) is not None
