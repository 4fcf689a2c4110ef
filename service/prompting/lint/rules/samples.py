"""Samples of variables that a helpdesk could not send, or whose day is over."""

from collections.abc import Iterator
from datetime import date, datetime

from service.errors import VariableError
from service.prompting.lint.findings import LintFinding
from service.prompting.lint.sources import BrandSource, Sources
from service.prompting.variables import Declaration, check_variables


def check(sources: Sources, today: date) -> Iterator[LintFinding]:
    for source in sources.brands:
        for name, declaration in source.brand.variables.items() if source.brand else ():
            yield from _sample(source, name, declaration, today)


def _sample(source: BrandSource, name: str, declaration: Declaration, today: date) -> Iterator[LintFinding]:
    if declaration.sample is None or source.brand is None:
        return
    place = source.place("variables", name, "sample")
    sample = declaration.sample
    if isinstance(sample, date):
        # YAML reads a bare date as one; a helpdesk sends text.
        sample = sample.isoformat()
    try:
        check_variables({name: declaration}, {name: sample}, source.brand.languages[0])
    except VariableError as exc:
        detail = "; ".join(each.detail for each in exc.pointers)
        yield place.error("wrong_sample", name=name, type=declaration.type, detail=detail)
        return
    if declaration.type in {"date", "datetime"} and datetime.fromisoformat(str(sample)).date() < today:
        yield place.notice("expired_sample", name=name, sample=sample)
