"""The units that may follow a number, each brought to one of its kind where the two are truly equal."""

import re

_UNITS: tuple[tuple[str, str, float], ...] = (
    (r"jours? ouvres?|working[ -]days?|business[ -]days?|work[ -]?days?|weekdays?", "working day", 1),
    (r"jours? ouvrables?", "day but Sunday", 1),
    (r"jours? francs?|clear days?", "clear day", 1),
    (r"jours?(?: calendaires?| consecutifs?)?|(?:calendar |consecutive )?days?|j", "day", 1),
    (r"semaines?|weeks?|wks?", "day", 7),
    (r"fortnights?", "day", 14),
    (r"nuits?|nights?", "night", 1),
    (r"mois|months?", "month", 1),
    (r"trimestres?|quarters?", "month", 3),
    (r"semestres?", "month", 6),
    (r"ans?|annees?|years?|yrs?", "month", 12),
    (r"heures? ouvrees?|working hours?|business hours?", "working hour", 1),
    (r"heures?|hours?|hrs?|h", "minute", 60),
    (r"minutes?|mins?|mn", "minute", 1),
    (r"secondes?|seconds?|secs?|s", "minute", 1 / 60),
    (r"%|pour ?cents?|per ?cent|pct", "percent", 1),
    (r"€|eur|euros?", "EUR", 1),
    (r"£|gbp|pounds?(?: sterling)?|quid", "GBP", 1),
    (r"us ?\$|\$|usd|(?:us )?dollars?", "USD", 1),
    (r"chf|francs suisses|swiss francs", "CHF", 1),
    (r"centimes?|cents?", "hundredth", 1),
    (r"pence|p", "hundredth", 1),
    (r"kg|kilos?|kilogram(?:me)?s?", "gram", 1000),
    (r"g|grammes?|grams?", "gram", 1),
    (r"mg|milligram(?:me)?s?", "gram", 0.001),
    (r"tonnes?|tons?", "gram", 1e6),
    (r"km|kilomet(?:re|er)s?", "metre", 1000),
    (r"m|met(?:re|er)s?", "metre", 1),
    (r"cm|centimet(?:re|er)s?", "metre", 0.01),
    (r"mm|millimet(?:re|er)s?", "metre", 0.001),
    (r"m2|m²|square met(?:re|er)s?|metres? carres?", "square metre", 1),
    (r"l|lit(?:re|er)s?", "litre", 1),
    (r"cl|centilit(?:re|er)s?", "litre", 0.01),
    (r"ml|millilit(?:re|er)s?", "litre", 0.001),
    (r"to|tb|teraoctets?|terabytes?", "gigabyte", 1000),
    (r"go|gb|gigaoctets?|gigabytes?|gigs?", "gigabyte", 1),
    (r"mo|mb|megaoctets?|megabytes?", "megabyte", 1),
    (r"ko|kb|kilooctets?|kilobytes?", "kilobyte", 1),
    (r"gbit/s|gb/s|gbps", "megabit a second", 1000),
    (r"mbit/s|mb/s|mbps", "megabit a second", 1),
    (r"kwh", "kilowatt hour", 1),
    (r"kw|kilowatts?", "watt", 1000),
    (r"w|watts?", "watt", 1),
    (r"v|volts?", "volt", 1),
    (r"lm|lumens?", "lumen", 1),
    (r"°c|° c|degres?(?: celsius)?|degrees?(?: celsius)?", "degree", 1),
)
_UNIT = re.compile(
    r" ?-?(?:" + "|".join(f"(?P<u{place}>{written})" for place, (written, _, _) in enumerate(_UNITS)) + r")(?![\w²/])"
)
_CURRENCY_BEFORE = re.compile(r"(?:(?P<EUR>€|\beur)|(?P<GBP>£|\bgbp)|(?P<USD>us ?\$|\$|\busd)|(?P<CHF>\bchf)) ?$")

LASTING = frozenset(
    {"working day", "day but Sunday", "clear day", "day", "night", "month", "minute", "working hour"}
)  # fmt: skip
CURRENCIES = frozenset({"EUR", "GBP", "USD", "CHF"})


def unit_after(levelled: str, place: int) -> tuple[str, float, int] | None:
    """Return the unit at *place*: its kind, how much of the kind one is, and where it ends; None without one."""
    found = _UNIT.match(levelled, place)
    if not found or not found.lastgroup:
        return None
    _, kind, factor = _UNITS[int(found.lastgroup[1:])]
    return kind, factor, found.end()


def currency_before(levelled: str, place: int) -> tuple[str, int] | None:
    """Return the currency written just before *place* and where it begins."""
    start = max(0, place - 5)
    found = _CURRENCY_BEFORE.search(levelled[start:place])
    return (str(found.lastgroup), start + found.start()) if found else None
