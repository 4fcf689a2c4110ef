"""The names in the template: those the service does not know, those nothing uses, and text from outside in the open."""

import re
from collections.abc import Iterator

from jinja2 import meta, nodes

from service.errors import PromptError
from service.prompting.lint.findings import LintFinding, Place
from service.prompting.lint.folder import TEMPLATE
from service.prompting.lint.sources import Sources, TemplateSource
from service.prompting.lint.specimen import supplied, values_of
from service.prompting.templates.rendering import Section, render, syntax_tree

OUTSIDE = frozenset({"conversation", "passages", "variables"})
"""Slots that hold what customers, articles and helpdesks wrote."""
_NEEDED = ("conversation", "passages")
_EXPECTED = ("frame", "no_answer", "tone", "voice", "language")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}")


def check(sources: Sources) -> Iterator[LintFinding]:
    template = sources.template
    used: set[str] = set()
    broken = False
    for section in template.sections:
        try:
            tree = syntax_tree(section)
        except PromptError as exc:
            place, detail = _named(exc.detail, section)
            yield place.error("broken_template", detail=detail)
            broken = True
            continue
        used |= meta.find_undeclared_variables(tree)
        unknown = [*_unknown(section, tree)]
        broken = broken or bool(unknown)
        yield from unknown
        yield from _unused(section, tree)
        yield from _open(section, tree)
    if template.sections and not broken:
        yield from _missing(sources, used)
        yield from _unfillable(sources)


def parsed(section: Section) -> nodes.Template | None:
    """Return the section's tree, or None when its syntax is wrong."""
    try:
        return syntax_tree(section)
    except PromptError:
        return None


def slots_of(template: TemplateSource) -> set[str]:
    """Return the names that the template uses and does not define itself."""
    trees = [tree for section in template.sections if (tree := parsed(section))]
    return {name for tree in trees for name in meta.find_undeclared_variables(tree)}


def _named(detail: str, section: Section) -> tuple[Place, str]:
    """Return the place that an error of the template names, and the rest of what it says."""
    found = re.match(rf"{re.escape(TEMPLATE)}, line (\d+): ", detail)
    return (Place(TEMPLATE, int(found[1])), detail[found.end() :]) if found else (_at(section, 1), detail)


def _at(section: Section, line: int) -> Place:
    return Place(TEMPLATE, section.line + line - 1)


def _unknown(section: Section, tree: nodes.Template) -> Iterator[LintFinding]:
    known = supplied()
    foreign = meta.find_undeclared_variables(tree) - set(known)
    for name in tree.find_all(nodes.Name):
        if name.name in foreign and name.ctx == "load":
            yield _at(section, name.lineno).error("unknown_name", name=name.name, known=", ".join(sorted(known)))
    parts: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for part in parts:
        whole, key = part.node, _key(part)
        held = known.get(whole.name) if isinstance(whole, nodes.Name) else None
        if isinstance(whole, nodes.Name) and isinstance(held, dict) and key is not None and key not in held:
            names = ", ".join(f"{whole.name}.{each}" for each in held)
            yield _at(section, part.lineno).error("unknown_name", name=f"{whole.name}.{key}", known=names)


def _key(part: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(part, nodes.Getattr):
        return part.attr
    return str(part.arg.value) if isinstance(part.arg, nodes.Const) else None


def _unused(section: Section, tree: nodes.Template) -> Iterator[LintFinding]:
    read = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for loop in tree.find_all(nodes.For):
        for target in (loop.target, *loop.target.find_all(nodes.Name)):
            if isinstance(target, nodes.Name) and target.name not in read:
                yield _at(section, loop.lineno).warning("unused_name", name=target.name)


def _open(section: Section, tree: nodes.Template) -> Iterator[LintFinding]:
    """Yield where text from outside could be read as an instruction."""
    for slot, line, alone in _shown(tree):
        place = _at(section, line)
        if section.role == "system":
            yield place.error("slot_in_system", slot=slot)
        elif not alone:
            yield place.error("slot_changed", slot=slot)
        elif _inside_sentence(section.body.split("\n")[line - 1], slot):
            yield place.warning("slot_in_sentence", slot=slot)


def _shown(tree: nodes.Template) -> Iterator[tuple[str, int, bool]]:
    """Yield the slots from outside that are written out: name, line, and whether the slot is written as it is."""
    pieces = [piece for output in tree.find_all(nodes.Output) for piece in output.nodes]
    for piece in (*pieces, *(loop.iter for loop in tree.find_all(nodes.For))):
        names = [piece] if isinstance(piece, nodes.Name) else piece.find_all(nodes.Name)
        alone = isinstance(piece, nodes.Name) and piece in pieces
        yield from ((name.name, name.lineno, alone) for name in names if name.name in OUTSIDE)


def _inside_sentence(line: str, slot: str) -> bool:
    """Say whether words stand around the slot; a label that ends in a colon is none."""
    before, _, after = _TAG.sub("", line).partition("{{")
    after = after.partition("}}")[2]
    label = before.strip()
    return bool(re.search(r"\w", after)) or (bool(label) and not label.endswith(":") and slot in line)


def _missing(sources: Sources, used: set[str]) -> Iterator[LintFinding]:
    first = Place(TEMPLATE, sources.template.sections[0].line)
    yield from (first.error("missing_slot", slot=slot, what=f"@{slot}") for slot in _NEEDED if slot not in used)
    yield from (first.warning("missing_part", slot=slot, what=f"@{slot}") for slot in _EXPECTED if slot not in used)
    if used & OUTSIDE and "fence" not in used:
        yield first.error("no_fence_rule")
    for source in sources.brands if "variables" not in used else ():
        if source.brand and source.brand.variables:
            yield source.place("variables").warning("unused_variables", names=", ".join(source.brand.variables))


def _unfillable(sources: Sources) -> Iterator[LintFinding]:
    brands = tuple(source.brand for source in sources.brands if source.brand)
    tones = tuple(source.tone for source in sources.tones if source.tone)
    for values in values_of(brands, tones[:1]):
        try:
            render(sources.template.text, values)
        except PromptError as exc:
            place, detail = _named(exc.detail, sources.template.sections[0])
            yield place.error("broken_template", detail=detail)
            return
