"""Samples of variables that a helpdesk could not send, and variables or samples whose day is over."""

from collections.abc import Iterator
from datetime import date, datetime

from service.prompting.lint.findings import LintFinding
from service.prompting.lint.sources import BrandSource, Sources
from service.prompting.variables.declared import Declaration
from service.prompting.variables.values import Value, expectation, read_value


def check(sources: Sources, today: date) -> Iterator[LintFinding]:
    for source in sources.brands:
        for name, declaration in source.brand.variables.items() if source.brand else ():
            yield from _sample(source, name, declaration, today)
            if declaration.valid_until and declaration.valid_until < today:
                place = source.place("variables", name, "valid_until")
                yield place.warning("expired_variable", name=name, day=declaration.valid_until)


def _sample(source: BrandSource, name: str, declaration: Declaration, today: date) -> Iterator[LintFinding]:
    if declaration.sample is None:
        return
    place = source.place("variables", name, "sample")
    try:
        value = read_value(declaration.sample, declaration)
    except (ValueError, TypeError, ArithmeticError):
        yield place.error("wrong_sample", name=name, type=declaration.type, detail=expectation(declaration))
        return
    day = _day(value)
    if day is not None and day < today:
        yield place.notice("expired_sample", name=name, sample=declaration.sample)


def _day(value: Value) -> date | None:
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
