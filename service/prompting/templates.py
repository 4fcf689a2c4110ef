"""Renders the reply template in Jinja's immutable sandbox: strict about names, bounded in size, data never template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.errors import PromptError

MAX_PROMPT_CHARS = 400_000
"""About 100 000 tokens: beyond every context that a support reply needs."""

_SECTION = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message to the chat model, as bytes-exact text."""

    role: str
    """`system` or `user`."""
    content: str


class _BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Refuses the operators with which a short template makes a huge text (`'a' * 10**8`)."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:  # noqa: ARG002 - Jinja's signature
        raise SecurityError(f"the operator {operator} is not available in prompts")


ENVIRONMENT = _BoundedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=False, keep_trailing_newline=False
)
ENVIRONMENT.globals.clear()


def render(template_text: str, values: Mapping[str, object]) -> tuple[ChatMessage, ...]:
    """
    Return the messages of the template's sections, in order.

    Raises:
        PromptError: The template has no section, names what does not exist, or breaks a bound.
    """
    return tuple(ChatMessage(each.role, _fill(each.body, values)) for each in sections(template_text))


@dataclass(frozen=True, slots=True)
class Section:
    """What one message of the prompt is made from."""

    role: str
    """`system` or `user`."""
    body: str
    line: int
    """Of the template's text, where the body begins; 1 for the first."""


def sections(template_text: str) -> list[Section]:
    """Return the template's sections in order; PromptError when there is none."""
    whole = template_text.replace("\r\n", "\n")
    matter = _FRONT_MATTER.match(whole)
    starts = list(_SECTION.finditer(whole, matter.end() if matter else 0))
    if not starts:
        raise PromptError("reply.md has no section: begin one with a line `# system` or `# user`")
    ends = [start.start() for start in starts[1:]] + [len(whole)]
    return [_section(start, whole[start.end() : end], whole) for start, end in zip(starts, ends, strict=True)]


def _section(start: re.Match[str], body: str, whole: str) -> Section:
    begins = start.end() + len(body) - len(body.lstrip())
    return Section(start.group(1), body.strip(), whole.count("\n", 0, begins) + 1)


def _fill(body: str, values: Mapping[str, object]) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in _compile(body).generate(values):
            size += len(piece)
            if size > MAX_PROMPT_CHARS:
                raise PromptError(f"the prompt grew beyond {MAX_PROMPT_CHARS} characters")
            pieces.append(piece)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as exc:
        raise PromptError(f"reply.md: {exc}") from exc
    return "".join(pieces).strip()


@lru_cache(maxsize=64)
def _compile(body: str) -> Template:
    return ENVIRONMENT.from_string(body)
