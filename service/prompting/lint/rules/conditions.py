"""Instructions that are never used: behind a condition that is never true, or about what the template does not show."""

import re
from collections.abc import Iterator, Sequence

from jinja2 import TemplateError, meta, nodes

from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE
from service.prompting.lint.rules.slots import parsed, slots_of
from service.prompting.lint.sources import Sources
from service.prompting.lint.specimen import Values, supplied, values_of
from service.prompting.templates.rendering import ENVIRONMENT

_ABOUT = {
    "variables": re.compile(r"\bvariables?\b", re.IGNORECASE),
    "passages": re.compile(r"\bpassages?\b", re.IGNORECASE),
    "frame": re.compile(r"\b(?:the frame|le cadre|du cadre)\b", re.IGNORECASE),
}


def check(sources: Sources) -> Iterator[LintFinding]:
    yield from _conditions(sources)
    yield from _unshown(sources)


def _conditions(sources: Sources) -> Iterator[LintFinding]:
    brands = tuple(source.brand for source in sources.brands if source.brand)
    tones = tuple(source.tone for source in sources.tones if source.tone)
    filled = [*values_of(brands, tones)]
    for section in sources.template.sections:
        tree = parsed(section)
        for condition in tree.find_all(nodes.If) if tree else ():
            if _is_never_true(condition.test, filled):
                line = section.line + condition.lineno - 1
                yield Place(TEMPLATE, line).warning("dead_condition", test=_written(section.body, condition.lineno))


def _is_never_true(test: nodes.Node, filled: Sequence[Values]) -> bool:
    # Names of a loop or a `set` have no value here; what depends on them is not judged.
    probe = nodes.Template([nodes.If(test, [nodes.Output([nodes.TemplateData("yes")])], [], [])], lineno=1)
    probe.set_environment(ENVIRONMENT).set_lineno(1)
    if meta.find_undeclared_variables(probe) - set(supplied()):
        return False
    try:
        template = ENVIRONMENT.from_string(probe)
        return not any(template.render(values) for values in filled)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError):
        return False


def _written(body: str, line: int) -> str:
    found = re.search(r"\{%-?\s*(?:el)?if\s+(.*?)\s*-?%\}", "\n".join(body.split("\n")[line - 1 :]), re.DOTALL)
    return found.group(1) if found else ""


def _unshown(sources: Sources) -> Iterator[LintFinding]:
    """Yield instructions about parts of the prompt that the template leaves out."""
    used = slots_of(sources.template)
    missing = {slot: words for slot, words in _ABOUT.items() if slot not in used}
    read = sources.template.sections
    if not read or not missing or any(parsed(section) is None for section in read):
        return
    tones = (sentence for tone in sources.tones for sentence in tone.sentences())
    for sentence in (*sources.template.sentences(), *tones):
        for slot, words in missing.items():
            if words.search(sentence.text):
                yield sentence.place.warning("unused_instruction", slot=slot, what=f"@{slot}")
