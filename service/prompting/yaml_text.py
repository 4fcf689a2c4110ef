"""
The YAML of a prompt file, with the line of each key, so that a fault can be pointed at; never raises for what it says.

It is read as YAML 1.2 reads it, as editors do: 020417 and 10:30 are texts, `no` is Norwegian, a date is text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import yaml

from service.prompting import yaml_faults

Path = tuple[str, ...]
MAX_DEPTH = 20
"""Of lists and mappings in one another; libyaml itself would die of some ten thousand."""

_MATTER = re.compile(r"\A\s*-{3,}[ \t]*\n(?P<yaml>.*?)^-{3,}[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENED = re.compile(r"\A\s*-{3,}[ \t]*(?:\n|\Z)")
_WRONG_VALUES = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What PyYAML raises for a tagged value that is none, such as `!!int x`."""


@dataclass(frozen=True, slots=True)
class YamlFault:
    line: int
    """1 for the first."""
    reason: str


@dataclass(frozen=True, slots=True)
class YamlText:
    data: Mapping[str, Any]
    """Empty when the text is no mapping."""
    lines: Mapping[Path, int]
    """By the keys that lead to a value (list items by their number): its line."""
    repeated: tuple[tuple[Path, int], ...] = ()
    """Keys that stand twice in one mapping, with the line of the first."""
    fault: YamlFault | None = None
    """Why it cannot be read."""

    def line(self, *path: object) -> int:
        """Return the line of the value at *path*, or of the nearest key above it."""
        keys = tuple(map(str, path))
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


@dataclass(frozen=True, slots=True)
class Matter:
    """A Markdown text in two: the YAML between two lines of `---` at its beginning, and what stands below."""

    yaml: YamlText
    """Empty, without a fault, when the text has none."""
    body: str
    body_line: int
    """1 for the first line of the text."""


def read_yaml(text: str, first_line: int = 1) -> YamlText:
    """Read a mapping; *first_line* is that of *text* in its file."""
    loader = None
    try:
        depths = accumulate(map(_step, yaml.parse(text, Loader=yaml.CSafeLoader)))
        if any(depth > MAX_DEPTH for depth in depths):
            return _broken(first_line, yaml_faults.NESTED)
        loader = _Loader(text)
        node = loader.get_single_node()
        walk = _Walk(first_line)
        walk.visit(node, ())
        data = loader.construct_document(node) if node else None
    except yaml.YAMLError as exc:
        return _broken(first_line + yaml_faults.line_of(exc, text), yaml_faults.reason_of(exc, text))
    except _WRONG_VALUES:
        return _broken(first_line, yaml_faults.WRONG_VALUE)
    finally:
        if loader:
            loader.dispose()
    if not isinstance(data, dict):
        return _broken(first_line, yaml_faults.EMPTY if data is None else yaml_faults.NO_MAPPING)
    return YamlText(data, walk.lines, tuple(walk.repeated))


def read_matter(text: str) -> Matter:
    """Split and read a Markdown text; lines end as Unix ends them."""
    plain = text.replace("\r\n", "\n")
    found = _MATTER.match(plain)
    if found is None:
        fault = YamlFault(1, yaml_faults.UNCLOSED) if _OPENED.match(plain) else None
        return Matter(YamlText({}, {}, fault=fault), plain, 1)
    first_line = plain.count("\n", 0, found.start("yaml")) + 1
    stated = read_yaml(found["yaml"], first_line)
    if stated.fault and stated.fault.reason == yaml_faults.EMPTY:
        stated = replace(stated, fault=None)
    return Matter(stated, plain[found.end() :], plain.count("\n", 0, found.end()) + 1)


class _Loader(yaml.CSafeLoader):
    """Knows the types of YAML 1.2's core schema that a prompt file needs, and merges (`<<`)."""


_TAGS = {name: f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "seq", "map", "merge")}
_PLAIN = {
    "null": (re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    "bool": (re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")),
    "int": (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,3999})", re.ASCII), list("-+0123456789")),
    "float": (
        re.compile(r"[-+]?(?:0|[1-9][0-9]{0,3999})?\.[0-9]{1,400}(?:[eE][-+]?[0-9]{1,3})?"),
        list("-+.0123456789"),
    ),
    "merge": (re.compile(r"<<"), ["<"]),
}
"""By type: how a value without quotes is written, and the letters that it may begin with."""

_Loader.yaml_implicit_resolvers = {}
_Loader.yaml_constructors = {
    tag: made for tag, made in yaml.CSafeLoader.yaml_constructors.items() if tag is None or tag in _TAGS.values()
}
for _name, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_TAGS[_name], re.compile(rf"(?:{_pattern.pattern})\Z", _pattern.flags), _first)


def _step(event: yaml.Event) -> int:
    """Return how much deeper what follows the event stands."""
    return isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)


def _broken(line: int, reason: str) -> YamlText:
    return YamlText({}, {}, fault=YamlFault(line, reason))


@dataclass(slots=True)
class _Walk:
    first_line: int
    lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def visit(self, node: yaml.Node | None, path: Path) -> None:
        # An alias leads to a node again, in a hostile file without end.
        if node is None or id(node) in self.seen or len(path) > MAX_DEPTH:
            return
        self.seen.add(id(node))
        for key, line, value in _children(node):
            inner = (*path, key)
            if inner in self.lines:
                self.repeated.append((inner, self.lines[inner]))
            self.lines[inner] = self.first_line + line
            self.visit(value, inner)


def _children(node: yaml.Node) -> Iterator[tuple[str, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield str(number), item.start_mark.line, item
