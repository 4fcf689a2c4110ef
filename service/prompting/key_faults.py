"""What is wrong with the keys of a prompt file, in words for people who do not know the checker's; never the values."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from service.prompting.keys import keys_of
from service.prompting.yaml_text import Path, YamlText

MISSING = "it is missing"
EMPTY = "it says nothing"
TEXT = "it is a text, in quotes"
TRUTH = "it is true or false"
WHOLE = "it is a whole number"
NUMBER = "it is a number, with a point and no comma: 0.5"
DATE = "it is a date: 2026-11-24"
LIST = "it is a list: [one, two]"
MAPPING = "it holds keys of its own, each on a line below it, indented by two spaces"
KEY_TEXT = "this key is no text: put it in quotes, and look for a comma in a number"

_DETAILS = {
    "missing": MISSING,
    "string_too_short": EMPTY,
    "string_type": TEXT,
    "string_unicode": TEXT,
    "bool_type": TRUTH,
    "bool_parsing": TRUTH,
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "tuple_type": LIST,
    "list_type": LIST,
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "invalid_key": KEY_TEXT,
}
_BOUNDS = {
    "greater_than_equal": "≥ {ge}",
    "greater_than": "> {gt}",
    "less_than_equal": "≤ {le}",
    "less_than": "< {lt}",
    "string_too_long": "≤ {max_length}",
    "too_long": "≤ {max_length}",
    "too_short": "≥ {min_length}",
    "literal_error": "{expected}",
}
_EXAMPLES = {
    r"^[a-z]{2}$": "fr",
    r"^[a-z][a-z0-9_]{0,62}$": "order_id",
    r"^[a-z0-9][a-z0-9_-]{0,62}$": "maison-lune",
    r"^[a-z0-9_-]+:\S+$": "openai:gpt-4.1-mini",
    r"^[1-9]\d{0,3} (minutes|hours|days)$": "24 hours",
    r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$": "18:00-05:00",
}
"""By the pattern of a model's field: a value that fits."""
_NEAR = 0.75
"""Of difflib's ratio; chosen so that `tonne` finds tone and `colour` finds nothing."""


@dataclass(frozen=True, slots=True)
class KeyFault:
    path: Path
    """The keys that lead there; the key itself comes last, and it is empty for the file as a whole."""
    detail: str
    """What it must be; empty for a key that does not exist, or one that an example explains."""
    example: str = ""
    """How a value of it is written."""
    meant: str = ""
    """For a key that does not exist: the path of the one that was probably meant (`voice.<language>.closing`)."""

    @property
    def is_misplaced(self) -> bool:
        """Whether the key exists under this name, but not here."""
        return bool(self.meant) and _last(self.meant) == self.path[-1]

    def __str__(self) -> str:
        if self.detail or self.example:
            return self.detail or f"it is written as in {self.example}"
        if self.is_misplaced:
            return f"there is no such key here; its place is {self.meant}"
        return f"there is no such key{'; did you mean ' + _last(self.meant) if self.meant else ''}"


def key_faults(error: ValidationError, model: type[BaseModel]) -> tuple[KeyFault, ...]:
    """Return the faults in the order of the model's keys; one that is missing under a misspelt name is told once."""
    found = tuple(_faults(error, model))
    misspelt = {(*each.path[:-1], _last(each.meant)) for each in found if each.meant and not each.is_misplaced}
    return tuple(each for each in found if each.detail != MISSING or each.path not in misspelt)


def first_fault(error: ValidationError, model: type[BaseModel], file: str, text: YamlText | None = None) -> str:
    """Say where the first fault is and what is wrong there."""
    first = key_faults(error, model)[0]
    line = f", line {text.line(*first.path)}" if text else ""
    return ": ".join(filter(None, (f"{file}{line}", ".".join(first.path), str(first))))


def _faults(error: ValidationError, model: type[BaseModel]) -> Iterator[KeyFault]:
    for each in error.errors(include_input=False, include_url=False):
        kind, context = each["type"], each.get("ctx", {})
        path = tuple(str(part) for part in each["loc"] if part != "[key]")
        if kind == "extra_forbidden":
            yield KeyFault(path, "", meant=_meant(path, model))
        elif kind == "string_pattern_mismatch" and context["pattern"] in _EXAMPLES:
            yield KeyFault(path, "", example=_EXAMPLES[context["pattern"]])
        elif kind in _BOUNDS:
            yield KeyFault(path, _BOUNDS[kind].format_map(context))
        else:
            yield KeyFault(path, _DETAILS.get(kind, each["msg"].removeprefix("Value error, ")))


def _meant(path: Path, model: type[BaseModel]) -> str:
    """Return the path of the key that *path* probably means; one of the same mapping before any other."""
    paths = [each for each, _, _ in keys_of(model)]
    here = [each for each in paths if _is_beside(each, path)]
    for candidates in (here, paths):
        names = {_last(each): each for each in reversed(candidates)}
        near = get_close_matches(path[-1].lower(), names, n=1, cutoff=_NEAR if candidates is here else 1)
        if near:
            return names[near[0]]
    return ""


def _is_beside(pattern: str, path: Path) -> bool:
    parts = pattern.replace("[]", ".0").split(".")
    above = zip(parts[:-1], path[:-1], strict=False)
    return len(parts) == len(path) and all(
        wanted == part or wanted.startswith("<") or part.isdigit() for wanted, part in above
    )


def _last(path: str) -> str:
    return path.rpartition(".")[2]
