"""Another tool's `{{slots}}` in our template's words; anything else between braces is refused, never run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from service.prompting.brands import Brand

_BLOCKS = {
    "conversation": "the customer’s messages below",
    "passages": "the passages below",
    "variables": "the variables below",
}
"""What a block is called where it cannot stand."""
_ALIASES = {
    "conversation": "question query input message messages ticket conversation user_input user_query user_message "
    "customer_message email chat_history history text request",
    "passages": "context passages documents docs knowledge articles sources retrieved_context search_results chunks",
    "variables": "variables",
    "brand.name": "brand brand_name company company_name",
    "brand.about": "about about_company",
    "language.name": "language lang locale",
    "tone.text": "tone style voice",
}
ALIASES = {alias: slot for slot, aliases in _ALIASES.items() for alias in aliases.split()}
SLOTS = tuple(_ALIASES)
_BRACES = re.compile(r"\{\{\{?\s*(.*?)\s*\}?\}\}|\{%.*?%\}|\{#.*?#\}|@@@langfusePrompt:.*?@@@", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_OPENING = re.compile(r"\{(?=[{%#])")
_HEADING = re.compile(r"^# (?=(?:system|user)[ \t]*$)", re.MULTILINE)


@dataclass(slots=True)
class Slots:
    """Translates one prompt; `refused` and `notes` fill as it goes."""

    brand: Brand | None
    mapping: Mapping[str, str]
    """By foreign name: one of our slots, chosen by the one who imports."""
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def translate(self, text: str, role: str) -> str:
        """Return *text* for the section *role*; it holds no other braces than ours."""
        pieces, end = [], 0
        for found in _BRACES.finditer(text):
            pieces += [_inert(text[end : found.start()]), self._slot(found, role)]
            end = found.end()
        return _HEADING.sub("## ", "".join([*pieces, _inert(text[end:])]))

    def _slot(self, found: re.Match[str], role: str) -> str:
        name = found.group(1)
        if name is None or not _NAME.fullmatch(name):
            self.refused.append(f"{_shown(found.group())}: only plain slots such as {{{{name}}}} can be imported")
            return ""
        slot = self.mapping.get(name) or ALIASES.get(name.lower())
        if slot is None and self.brand and name in self.brand.variables:
            described = self.brand.variables[name].description or name
            self.notes.append(
                f"{{{{{name}}}}} became a mention of the variable “{described}”, which is shown in its block"
            )
            return f"“{_inert(described)}” (see the variables)"
        if slot is None:
            self.refused.append(
                f"{{{{{name}}}}}: say what it stands for with --map {name}=… (one of: {', '.join(SLOTS)})"
            )
            return ""
        if slot in _BLOCKS and role == "system":
            self.notes.append(f"{{{{{name}}}}} among the instructions became the words “{_BLOCKS[slot]}”")
            return _BLOCKS[slot]
        # Text from outside stands alone on its line, so that it never reads as part of an instruction.
        return f"\n{{{{ {slot} }}}}\n" if slot in _BLOCKS else f"{{{{ {slot} }}}}"


def has_braces(text: str) -> bool:
    return bool(_BRACES.search(text))


def _inert(text: str) -> str:
    """Return *text* without anything that could open a template's braces."""
    return _OPENING.sub("{ ", text)


def _shown(braces: str) -> str:
    line = " ".join(braces.split())
    return line if len(line) <= 60 else line[:59] + "…"  # noqa: PLR2004 - about a line of a terminal
