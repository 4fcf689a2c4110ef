"""
French typography and notation.

Spaces follow the Imprimerie nationale's "Lexique des règles typographiques": a thin no-break space (U+202F) before
`; ! ?`, a no-break space (U+00A0) before `:` and inside « ». Numbers follow Unicode's CLDR for French: U+202F between
thousands, U+00A0 before % and €. Dates and hours follow the same Lexique: 1er janvier, 24 novembre 2026, 9 h 30.
"""

import re
from datetime import date
from typing import Final

from service.prompting.language.fault import FaultCode
from service.prompting.language.rules import Rule

NO_BREAK: Final = "\u00a0"
THIN: Final = "\u202f"

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_SP = "[ \u00a0\u2009\u202f]"
_MONTH = "|".join(MONTHS)
_UNIT = "‰|kg|g|mg|km|m|cm|mm|m²|m³|cl|ml|Go|Mo|Ko|To|Mb/s|Gb/s|W|kW|kWh|V|GHz|°C|min"
_TIGHT_UNIT = "kg|mg|km|cm|mm|cl|ml|Go|Mo|Ko|To|Mb/s|Gb/s|kW|kWh|GHz|°C|min"
"""Units that no product's name ends in when they stand close to their figure."""
_CURRENCY = r"CHF|EUR|USD|GBP|CAD|\$|£"
_N = FaultCode.NOTATION


def _thousands(digits: str) -> str:
    return f"{int(digits):,}".replace(",", THIN)


def _amount(found: re.Match[str]) -> str:
    cents = f",{found['cents']}" if found["cents"] else ""
    return f"{_thousands(re.sub(r'[^0-9]', '', found['whole']))}{cents}{NO_BREAK}€"


def _hour(found: re.Match[str]) -> str:
    return f"{int(found['hour'])}{NO_BREAK}h{NO_BREAK}{found['minutes']}"


def _day(found: re.Match[str]) -> str:
    day = int(found["day"])
    return f"{'1er' if day == 1 else day}{found['gap']}{found['month'].lower()}"


def _written_out(found: re.Match[str]) -> str:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return found.group()
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def _spaced(space: str) -> str:
    return rf"{space}\g<mark>"


TYPOGRAPHY: Final = (
    Rule(
        re.compile(rf"(?<=[^\s(\[{{«“|!?;:¿¡]){_SP}*(?P<mark>[!?]+(?=\s|$|[)\]»”*_,.…])|;(?=\s|$|[\]»”*_,.…]))"),
        _spaced(THIN),
        "A thin no-break space stands before ; ! ?",
        "Une espace fine insécable précède ; ! ?",
    ),
    Rule(
        re.compile(rf"(?<=[^\s(\[{{«“|!?;:-]){_SP}*(?P<mark>:)(?=\s|$|\*|_)"),
        _spaced(NO_BREAK),
        "A no-break space stands before a colon",
        "Une espace insécable précède les deux-points",
    ),
    Rule(
        re.compile(rf"«{_SP}*(?=\S)"),
        f"«{NO_BREAK}",
        "A no-break space follows «",
        "Une espace insécable suit «",
    ),
    Rule(
        re.compile(rf"(?<=[^\s«]){_SP}*»"),
        f"{NO_BREAK}»",
        "A no-break space stands before »",
        "Une espace insécable précède »",
    ),
    Rule(
        re.compile(r"(?<![^\s(\[’'«*_])[\"“](?=[^\s\"“”«»][^\"“”«»\n]{0,300}[\"”](?![\w\"”]))"),
        f"«{NO_BREAK}",
        "French quotation marks are « »",
        "Les guillemets français sont « »",
    ),
    Rule(
        re.compile(rf"(?<=[^\s\"“]){_SP}*[\"”](?![\w\"”])"),
        lambda found: f"{NO_BREAK}»" if _is_opened(found) else found.group(),
        "French quotation marks are « »",
        "Les guillemets français sont « »",
    ),
    Rule(
        re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])|(?<=\b[cdjlmnstCDJLMNST])'(?=[\w«\"“*_(])|(?<=[Qq]u)'(?=[\w«\"“*_(])"),
        "’",
        "An apostrophe is ’",
        "L’apostrophe s’écrit ’",
    ),
    Rule(
        re.compile(r"(?<!\.)\.{3}(?!\.)"),
        "…",
        "An ellipsis is one character",
        "Les points de suspension sont un seul caractère",
    ),
    Rule(
        re.compile(rf"(?<=\d){_SP}*(?=[%€](?!\w))|(?<=\d){_SP}(?=(?:{_UNIT})(?![\w/'’]))"),
        NO_BREAK,
        "A no-break space stands between a figure and its unit",
        "Une espace insécable sépare le nombre de son unité",
    ),
    Rule(
        re.compile(rf"(?<=\d) (?=(?:{_CURRENCY})(?!\w))|(?<=\b(?:CHF|EUR|USD|GBP|CAD)) (?=\d)"),
        NO_BREAK,
        "A no-break space stands between a figure and its currency",
        "Une espace insécable sépare le montant de sa devise",
    ),
    Rule(
        re.compile(r"(?:(?<=\bM\.)|(?<=\bMM\.)|(?<=\bMme)|(?<=\bMmes)|(?<=\bMlle)|(?<=\bDr)) (?=[^\W\d_a-z])"),
        NO_BREAK,
        "A no-break space stands between a title and its name",
        "Une espace insécable suit M., Mme ou Dr",
    ),
    Rule(
        re.compile(rf"(?<![\d.,/-])(?<!\d{_SP})[1-9]\d{{0,2}}(?:{_SP}\d{{3}})+(?!{_SP}?\d|[\w/-])"),
        lambda found: re.sub(_SP, THIN, found.group()),
        "A thin no-break space stands between thousands",
        "Une espace fine insécable sépare les milliers",
    ),
    Rule(
        re.compile(r"(?<=\d) h (?=\d\d\b)|(?<=\d) h\b"),
        lambda found: found.group().replace(" ", NO_BREAK),
        "No-break spaces stand in an hour",
        "Des espaces insécables tiennent l’heure ensemble",
    ),
    Rule(
        re.compile(rf"(?<=[^\s|]) {{2,}}(?=[^\s|;:!?»%€])|(?<=\bn°)(?:{_SP})(?=\d)|(?<=\bN°)(?:{_SP})(?=\d)"),
        lambda found: " " if len(found.group()) > 1 else NO_BREAK,
        "One space is enough, and none breaks after n°",
        "Une seule espace suffit, insécable après n°",
    ),
)

NOTATION: Final = (
    Rule(
        re.compile(
            rf"(?<![\w.,€-])(?<!\d{_SP})(?:€{_SP}?(?P<before>))?"
            rf"(?P<whole>\d{{1,3}}(?:,\d{{3}})+|\d{{1,3}}(?:{_SP}\d{{3}})+|\d+)(?:\.(?P<cents>\d\d?))?"
            rf"(?(before)(?![\w€-]|[.,]\d)|{_SP}?€(?!\w))"
        ),
        _amount,
        "An amount is written 1 234,50 €",
        "Un montant s’écrit 1 234,50 €",
        _N,
    ),
    Rule(
        re.compile(rf"(?<![\w.,{THIN}])(?P<whole>\d{{4,}}|\d{{1,3}}(?:\.\d{{3}})+),(?P<cents>\d\d){_SP}?€(?!\w)"),
        _amount,
        "An amount is written 1 234,50 €",
        "Un montant s’écrit 1 234,50 €",
        _N,
    ),
    Rule(
        re.compile(
            rf"(?<![\w:.,/-])(?P<hour>[01]?\d|2[0-4]){_SP}?[hH]{_SP}?(?P<minutes>[0-5]\d)(?![\w:])"
            r"|(?:(?<![\w:.,/-])|(?<=[hH]-))(?P<bare>\d{1,2})[hH](?![\w:])"
        ),
        lambda found: _hour(found) if found["minutes"] else f"{int(found['bare'])}{NO_BREAK}h",
        "An hour is written 9 h 30",
        "Une heure s’écrit 9 h 30",
        _N,
    ),
    Rule(
        re.compile(r"(?<=\b[àÀ] )(?P<hour>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?![\w:])"),
        _hour,
        "An hour is written 9 h 30",
        "Une heure s’écrit 9 h 30",
        _N,
    ),
    Rule(
        re.compile(
            rf"(?<![\w.,/-])(?P<day>0?1|0[2-9]|[12]\d|3[01]|[2-9])(?P<gap>{_SP})(?P<month>{_MONTH})\b", re.IGNORECASE
        ),
        _day,
        "A date is written 1er janvier, 24 novembre 2026",
        "Une date s’écrit 1er janvier, 24 novembre 2026",
        _N,
    ),
    Rule(
        re.compile(
            r"(?<![\w/.-])(?P<day>\d{1,2})(?P<between>[/.])(?P<month>\d{1,2})(?P=between)(?P<year>(?:19|20)\d\d)"
            r"(?![\w/-]|\.\d)"
        ),
        _written_out,
        "A date is written 1er janvier, 24 novembre 2026",
        "Une date s’écrit 1er janvier, 24 novembre 2026",
        _N,
    ),
    Rule(
        re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"),
        _written_out,
        "A date is written 1er janvier, 24 novembre 2026",
        "Une date s’écrit 1er janvier, 24 novembre 2026",
        _N,
    ),
    Rule(
        re.compile(r"(?<![\w.,-])(?P<number>[2-9]|[1-9]\d+)(?:i?[eè]me|ième)(?P<many>s?)\b"),
        r"\g<number>e\g<many>",
        "An ordinal is written 2e",
        "Un ordinal s’écrit 2e",
        _N,
    ),
    Rule(
        re.compile(r"(?<![\w.,-])(?P<century>[XVI]{2,})(?:i?[eè]me|ième)(?P<many>s?)\b"),
        r"\g<century>e\g<many>",
        "An ordinal is written XXIe",
        "Un ordinal s’écrit XXIe",
        _N,
    ),
    Rule(
        re.compile(rf"(?<![\w.,-])(?P<figure>\d+(?:,\d+)?)(?P<unit>{_TIGHT_UNIT})(?![\w/'’-])"),
        rf"\g<figure>{NO_BREAK}\g<unit>",
        "A no-break space stands between a figure and its unit",
        "Une espace insécable sépare le nombre de son unité",
        _N,
    ),
    Rule(
        re.compile(rf"\b(?P<etc>[eE]tc){_SP}?(?:\.{{2,}}|\.?…)"),
        r"\g<etc>.",
        "“etc.” takes one full stop",
        "« etc. » ne prend qu’un point",
        _N,
    ),
    Rule(
        re.compile(r"(?<![\w.,-])1[eè]re(?P<many>s?)\b"),
        r"1re\g<many>",
        "An ordinal is written 1re",
        "Un ordinal s’écrit 1re",
        _N,
    ),
    Rule(
        re.compile(r"\b(?P<sign>[nN]°)(?=\d)"),
        rf"\g<sign>{NO_BREAK}",
        "A no-break space follows n°",
        "Une espace insécable suit n°",
        _N,
    ),
    Rule(
        re.compile(rf"(?<=[^\W_]){_SP}+(?=[,.](?:\s|$))"),
        "",
        "No space stands before a comma or full stop",
        "Ni virgule ni point ne sont précédés d’une espace",
        _N,
    ),
)


def _is_opened(closing: re.Match[str]) -> bool:
    """Whether the line has a quotation mark that *closing* could close."""
    line = closing.string[closing.string.rfind("\n", 0, closing.start()) + 1 : closing.start()]
    return line.count("«") > line.count("»") or bool(
        re.search(r"(?:^|[\s(\[’'«*_])[\"“](?=[^\s\"“”«»])[^\"“”«»]*$", line)
    )
