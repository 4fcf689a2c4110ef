"""Renders the reply template in Jinja's immutable sandbox: strict about names, bounded in size, data never template."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import ValidationError

from service.errors import PromptError
from service.prompting.key_faults import first_fault
from service.prompting.templates.rules import RuleError, check
from service.prompting.voices import Line, Strict
from service.prompting.yaml_text import YamlText, read_matter

MAX_PROMPT_CHARS = 400_000
"""About 100 000 tokens: beyond every context that a support reply needs."""
MAX_TEMPLATE_CHARS = 50_000
MAX_TAGS = 500
"""Of Jinja; reading them takes time even when they are refused."""

_SECTION = re.compile(r"^# (system|user)[ \t]*$", re.MULTILINE)


class TemplateMatter(Strict):
    """The front matter of the reply template."""

    description: Line | None = None
    """For people who choose among versions."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message to the chat model, as bytes-exact text."""

    role: str
    """`system` or `user`."""
    content: str


@dataclass(frozen=True, slots=True)
class Section:
    """What the template says for one role."""

    role: str
    body: str
    line: int
    """Of the body's first line in the file, from 1."""


# The rules refuse what could do harm; the sandbox stays as a second wall behind them.
ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
ENVIRONMENT.globals.clear()


def check_template(template_text: str) -> None:
    """Raise PromptError, with the line, unless the template can be rendered."""
    for section in sections(template_text):
        _compiled(section)


def render(template_text: str, values: Mapping[str, object]) -> tuple[ChatMessage, ...]:
    """
    Return the messages of the template's sections, in order.

    Raises:
        PromptError: The template has no section, says what no prompt needs, or breaks a bound.
    """
    return tuple(ChatMessage(section.role, _fill(section, values)) for section in sections(template_text))


@lru_cache(maxsize=32)
def sections(template_text: str) -> tuple[Section, ...]:
    """Return the sections of a template; PromptError when there is none, or the front matter is wrong."""
    text = template_text.replace("\r\n", "\n")
    if len(text) > MAX_TEMPLATE_CHARS:
        raise PromptError(f"reply.md is longer than {MAX_TEMPLATE_CHARS} characters")
    matter = read_matter(text)
    _check_matter(matter.yaml)
    found = tuple(_sections(text, len(text) - len(matter.body)))
    if not found:
        raise PromptError("reply.md has no section: begin one with a line `# system` or `# user`")
    return found


def syntax_tree(section: Section) -> nodes.Template:
    """Return what Jinja reads of a section; PromptError, with the line, when it cannot be read."""
    if section.body.count("{{") + section.body.count("{%") > MAX_TAGS:
        raise _error(section, 1, f"it has more than {MAX_TAGS} tags")
    try:
        return ENVIRONMENT.parse(section.body)
    except TemplateSyntaxError as exc:
        raise _error(section, exc.lineno, _plain(exc.message or "it cannot be read")) from exc
    except (RecursionError, ValueError) as exc:
        raise _error(section, 1, "it is nested too deep, or holds an endless figure") from exc


def _check_matter(matter: YamlText) -> None:
    if matter.fault:
        raise PromptError(f"reply.md, line {matter.fault.line}: {matter.fault.reason}")
    try:
        TemplateMatter.model_validate(matter.data)
    except ValidationError as exc:
        raise PromptError(first_fault(exc, TemplateMatter, "reply.md", matter)) from exc


def _sections(text: str, after: int) -> Iterator[Section]:
    starts = list(_SECTION.finditer(text, after))
    for start, following in zip_longest(starts, starts[1:]):
        body = text[start.end() : following.start() if following else len(text)]
        begins = start.end() + len(body) - len(body.lstrip())
        yield Section(start.group(1), body.strip(), text.count("\n", 0, begins) + 1)


def _fill(section: Section, values: Mapping[str, object]) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in _compiled(section).generate(values):
            size += len(piece)
            if size > MAX_PROMPT_CHARS:
                raise PromptError(f"the prompt grew beyond {MAX_PROMPT_CHARS} characters")
            pieces.append(piece)
    except (TemplateError, TypeError, ValueError) as exc:
        raise PromptError(f"reply.md: {exc}") from exc
    return "".join(pieces).strip()


@lru_cache(maxsize=64)
def _compiled(section: Section) -> Template:
    tree = syntax_tree(section)
    try:
        check(tree)
    except RuleError as exc:
        raise _error(section, exc.line, exc.detail) from exc
    return Template.from_code(ENVIRONMENT, ENVIRONMENT.compile(tree), {})


def _plain(message: str) -> str:
    """Say of typographic quotes what they are; Jinja's own words are plain enough for the rest."""
    found = re.match(r"unexpected char '([“”„‘’«»])'", message)
    return f"{found[1]} is a typographic quote; between braces only straight ones count" if found else message


def _error(section: Section, line: int, detail: str) -> PromptError:
    return PromptError(f"reply.md, line {section.line + line - 1}: {detail}")
