"""Finds e-mail addresses, and postal addresses where they show a street as French and English write it."""

import re
from collections.abc import Iterator

from service.replies.privacy.spans import Kind, Span

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}\b")

_FRENCH_WAY = (
    r"rue|avenue|av\.|boulevard|bd\.?|bld|place|pl\.|chemin|impasse|all[ée]es?|route|rte\.?|quai|cours|square|sentier"
    r"|passage|faubourg|fbg|villa|r[ée]sidence|lotissement|hameau|esplanade|promenade|rond-point|mont[ée]e|traverse|voie"
    r"|venelle|clos|parvis"
)
_LINK = r"(?:(?:de|du|des|la|le|les|à|aux?|en|sur|sous|saint|sainte|st|ste|et)\s+|[dl]['’])"
_CAPITALISED = r"(?:[A-ZÀ-Ý][\w.'’-]*|\d{1,4}\b)"
_FRENCH = re.compile(
    rf"\b\d{{1,4}}(?:\s?(?:bis|ter|quater|[A-D])\b)?\s*,?\s+(?i:{_FRENCH_WAY})\s+"
    rf"(?i:{_LINK}){{0,3}}[\w.'’-]+(?:\s+(?i:{_LINK}){{0,2}}{_CAPITALISED}){{0,4}}"
    r"(?:\s*[,\n–-]?\s*(?:F-)?\d{5}\b(?:\s+(?:[A-ZÀ-Ý][\w'’-]*|[a-zà-ÿ][\w'’-]*(?=\s*(?:[.,;!?\n]|$)))"
    r"(?:[ -][A-ZÀ-Ý0-9][\w'’-]*){0,4})?)?"
)
_ENGLISH_WAY = (
    r"street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|close|crescent|square"
    r"|parkway|pkwy|highway|hwy|gardens|grove|mews|hill|row|walk|trail|circle"
)
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}"
_ENGLISH = re.compile(
    rf"(?<![\d.,])\b\d{{1,6}}[A-Z]?\s+(?:[A-Z][\w.'’-]*\s+){{1,4}}(?i:{_ENGLISH_WAY})\b\.?"
    r"(?:\s*,?\s*(?:(?i:apt|apartment|suite|unit|flat|floor|#)\.?\s*)\w{1,6})?"
    rf"(?:\s*[,\n]\s*(?:[A-Z][a-z'’.-]+\s?){{1,3}}(?:\s*,?\s*(?:[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?|{_UK_POSTCODE}))?)?"
)
_UNIT = (
    r"(?:apt|apartment|appt|appartement|suite|ste|unit|flat|floor|b[âa]t(?:iment)?|[ée]tage|escalier)\b\.?\s*\w{1,6}"
)
_UNIT_LINE = re.compile(rf"(?im:^[^\w\n]{{0,4}}(?P<unit>{_UNIT}(?:\s*,\s*{_UNIT})?)[^\w\n]*$)")
"""A line that says nothing but which door: the one above it is a street, whatever the country calls streets."""
_ABOVE = re.compile(r"(?:\d{1,6}\s+)?[^\W\d_][^\n\d:@]{2,40}\s\d{1,5}[A-Za-z]?\.?")
_PLACE_NAME = re.compile(
    r"\b(?i:lieu[- ]dit|hameau|r[ée]sidence)\s+(?:«\s*)?(?:(?i:l[ae]s?|du|des|de)\s+|[dlDL]['’])*[A-ZÀ-Ý][\w'’-]*"
)
_TOWN = r"[A-ZÀ-Ý][\w'’-]*(?:[ -][A-ZÀ-Ý][\w'’-]*){0,3}"
_NUMBER_LAST = re.compile(
    rf"\b(?i:{_FRENCH_WAY})\s+(?i:{_LINK}){{0,2}}[A-ZÀ-Ý][\w.'’-]*(?:\s+(?i:{_LINK}){{0,2}}[A-ZÀ-Ý][\w.'’-]*){{0,3}}"
    rf"\s*,?\s+\d{{1,4}}[A-Za-z]?\b(?P<tail>\s*,?\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_TOWN})?"
)
"""As Belgium and Switzerland write it; without postcode and town it may be anything."""
_ABROAD = re.compile(
    r"\b(?:\d{1,5}\s+)?(?:[A-ZÀ-Þ][^\W\d_]{0,30}(?:strasse|straße|str\.|gasse|weg|gade|vej|veien|vägen|gatan|gata|katu|tie|laan"
    r"|straat|utca)|(?i:via|viale|piazza|corso|rua|avenida|avda\.?|calle|plaza|ul\.|ulica)\s+(?:d[a-z]{1,4}\s+)?"
    rf"{_TOWN}|[A-ZÀ-Þ][^\W\d_]{{0,30}}\s+(?:Strasse|Straße|Str\.|Platz|Allee))\s*,?\s+\d{{1,4}}[A-Za-z]?\b"
    rf"(?:\s*,?\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_TOWN})?"
)
"""Streets of other countries whose shape cannot be mistaken: a telling word, a name, and the number behind."""
_BOX = re.compile(
    rf"\b(?:P\.? ?O\.? ?[Bb]ox|Postbox|Postfach)\s+\d{{1,6}}(?:\s*,\s*{_TOWN}(?:,\s*[A-Z]{{2}}\s+\d{{5}})?)?"
    rf"|\b(?:B\.?P\.?|C\.?S\.?)\s?\d{{1,6}}\s*[,\n-]?\s*\d{{5}}\s+{_TOWN}"
    r"|\b(?:PSC|CMR|Unit|USS|USNS|USNV|USCGC)\s[\w ,]{2,24}\s(?:[AFD]PO)\s+A[AEP]\s+\d{5}"
)
_POSTCODE_AND_TOWN = re.compile(
    r"(?<![\d€$£.,-])(?:F-)?\d{5}\s+[A-ZÀ-Ý][A-Za-zÀ-ÿ'’-]{2,}(?:[ -][A-ZÀ-Ý][\w'’-]+){0,4}\b"
)
_STOPS = r"(?i:et|and|for|pour|after|mais|but|depuis|since|car|because)\b"
_ANNOUNCED = re.compile(
    r"(?i:\bj['’]habite(?: actuellement)?(?: au)?|\bnous habitons(?: au)?|\badresse(?: \w+){0,2}(?: est|:| :)(?: le)?"
    r"|\blives? at|\bliving at|\baddress(?: is| to| with|:| :))\s+"
    rf"(?P<place>\d{{1,6}}[A-Za-z]?\s+(?:(?!{_STOPS})[\w.'’-]+[ ]?){{1,7}})"
)
_SENT_TO = re.compile(
    r"(?i:\b(?:located|arrived|sent|shipped|delivered|posted|returned) (?:at|to))\s+"
    r"(?P<place>\d{3,6}[A-Za-z]?(?: [A-ZÀ-Þ][\w.'’-]*| [a-z]{1,3}\.){1,4} \d{1,6}[A-Za-z]?\b"
    r"(?:[ ,]+[A-ZÀ-Þ][\w.'’-]*|[ ,]+\d{3,6}\b){0,6})"
)
"""Behind such a word a number that is no hour, a name and another number are a house and its street, in any order."""
_ORDINARY = re.compile(
    r"\d+\s+(?:cours|all[ée]es|places?|passages?|villas?|clos|squares?|voies?|routes?|promenades?|traverses?|r[ée]sidences?)\s",
    re.IGNORECASE,
)
"""Words that are streets only with a name behind them: 2 cours de cuisine, 2 cours Mirabeau."""
_NAMED = re.compile(r"\s[A-ZÀ-Ý]|\d{5}")
_LIVES_AT = re.compile(
    r"(?:j['’]habite|nous habitons|adresse|livr\w+(?: au| à)?|domicili\w+|address|lives? (?:at|on|in)"
    r"|living at|moved to|ship\w* to|deliver\w* to)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_LOOK_BACK = 80


def emails(text: str) -> Iterator[Span]:
    for found in _EMAIL.finditer(text):
        yield Span(found.start(), found.end(), Kind.EMAIL, found.group().casefold())


def streets(text: str) -> Iterator[Span]:
    """Yield house number, street, and what follows of postcode and town; a town alone only where words announce it."""
    for pattern in (_FRENCH, _ENGLISH, _ABROAD, _BOX):
        for found in pattern.finditer(text):
            if not _ORDINARY.match(found.group()) or _NAMED.search(found.group()):
                yield _span(found)
    for pattern in (_ANNOUNCED, _SENT_TO):
        for found in pattern.finditer(text):
            yield _span(found, "place")
    for found in _PLACE_NAME.finditer(text):
        yield _span(found)
    yield from _around_units(text)
    for pattern in (_POSTCODE_AND_TOWN, _NUMBER_LAST):
        for found in pattern.finditer(text):
            lives = _LIVES_AT.search(text[max(0, found.start() - _LOOK_BACK) : found.start()])
            if lives or found.groupdict().get("tail"):
                yield _span(found)


def _around_units(text: str) -> Iterator[Span]:
    """Yield the lines that name a door, and the street in the line above."""
    for found in _UNIT_LINE.finditer(text):
        yield _span(found, "unit")
        above = text[: found.start()].rstrip().rpartition("\n")[2]
        start = len(text[: found.start()].rstrip()) - len(above)
        for street in _ABOVE.finditer(above):
            if street.end() == len(above):
                yield Span(start + street.start(), start + street.end(), Kind.ADDRESS, street.group().casefold())


def _span(found: re.Match[str], group: str | int = 0) -> Span:
    written = found.group(group).rstrip(" ,.\n–-")
    start = found.start(group)
    return Span(start, start + len(written), Kind.ADDRESS, " ".join(written.casefold().split()))
