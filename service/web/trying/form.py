"""The form that tries a ticket: what was typed, the ticket it makes, and what is wrong with it, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError
from starlette.datastructures import FormData

from service.api.schemas.request import ReplyRequest
from service.domain import Ticket
from service.errors import Pointer, ServiceError, UnknownBrandError, UnknownToneError, VariableError
from service.prompting.variables.declared import EXPIRED, Declaration
from service.replies.guards.markup import clean

_PREFIX = "variable."
_FIELDS = {"subject": "subject", "name": "name", "text": "message", "brand": "brand", "tone": "tone"}
"""The last part of a place in the request, and the form's field for it."""
_FIELD_OF: dict[type[ServiceError], str] = {UnknownBrandError: "brand", UnknownToneError: "tone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TryForm:
    brand: str = ""
    subject: str = ""
    name: str = ""
    message: str = ""
    tone: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What stands in the fields, empty ones included."""

    @classmethod
    def of(cls, sent: FormData) -> "TryForm":
        """Read what a browser sent; fields that are not ours, and files, are left out."""
        texts = {key: value.replace("\r\n", "\n") for key, value in sent.items() if isinstance(value, str)}
        variables = {key.removeprefix(_PREFIX): text for key, text in texts.items() if key.startswith(_PREFIX)}
        named = {key: texts.get(key, "") for key in ("brand", "subject", "name", "message", "tone")}
        return cls(**named, variables=variables)

    def to_ticket(self, declared: Mapping[str, Declaration]) -> Ticket:
        """Return the ticket, by the API's own rules; ValidationError when a field breaks one."""
        request = {
            "brand": self.brand,
            "ticket": {
                "channel": "web",
                "subject": self.subject or None,
                "messages": [{"from": "customer", "text": self.message}],
                "customer": {"name": self.name} if self.name else None,
            },
            "variables": dict(self._values(declared)),
            "tone": self.tone or None,
        }
        return ReplyRequest.model_validate(request).to_ticket()

    def _values(self, declared: Mapping[str, Declaration]) -> list[tuple[str, object]]:
        cleaned = ((name, clean(text).strip()) for name, text in self.variables.items())
        filled = [(name, text) for name, text in cleaned if text]
        return [(name, _items(text) if _is_list(declared.get(name)) else text) for name, text in filled]


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing that is wrong, as the page says it."""

    key: str
    """Of the interface's words."""
    field: str = ""
    """The field's name in the form; empty when it is about the whole."""
    values: tuple[str, ...] = ()
    """What an enum takes."""


def problems_of(error: ServiceError | ValidationError, declared: Mapping[str, Declaration]) -> list[FormProblem]:
    if isinstance(error, ValidationError):
        return [_invalid(each["loc"], each["type"]) for each in error.errors(include_input=False, include_url=False)]
    if isinstance(error, VariableError):
        return [_variable(pointer, declared) for pointer in error.pointers]
    return [FormProblem(f"error.{error.type}", _FIELD_OF.get(type(error), ""))]


def _invalid(place: tuple[int | str, ...], kind: str) -> FormProblem:
    name = next((_FIELDS[str(part)] for part in reversed(place) if str(part) in _FIELDS), "")
    if kind == "string_too_long":
        return FormProblem("wrong.too_long", name)
    return FormProblem("wrong.empty" if name in {"message", "brand"} else "wrong.form", name)


def _variable(pointer: Pointer, declared: Mapping[str, Declaration]) -> FormProblem:
    name = pointer.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    declaration = declared.get(name)
    if declaration is None:
        return FormProblem("wrong.undeclared")
    if pointer.detail == EXPIRED:
        return FormProblem("wrong.expired", _PREFIX + name)
    return FormProblem(f"wrong.{declaration.type}", _PREFIX + name, declaration.values)


def _is_list(declaration: Declaration | None) -> bool:
    return declaration is not None and declaration.type == "list"


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.replace("\n", ",").split(",") if item.strip()]
