"""A YAML text with the line of each key, so that a finding can point at it; never raises for what stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str, ...]
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class YamlText:
    data: Mapping[str, Any]
    """Empty when the text is no mapping."""
    lines: Mapping[Path, int]
    """By the keys that lead to a value (list items by their number): its line."""
    repeated: tuple[tuple[Path, int], ...] = ()
    """Keys that stand twice in one mapping, with the line of the first."""
    fault: tuple[int, str] | None = None
    """Line and reason when it cannot be read."""

    def line(self, *path: object) -> int:
        """Return the line of the value at *path*, or of the nearest key above it."""
        keys = tuple(map(str, path))
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


def read_yaml(text: str, first_line: int = 1) -> YamlText:
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        reason = getattr(exc, "problem", None) or "it is not YAML"
        return YamlText({}, {}, fault=(first_line + (mark.line if mark else 0), reason))
    except (ValueError, RecursionError) as exc:
        return YamlText({}, {}, fault=(first_line, type(exc).__name__))
    finally:
        loader.dispose()
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode):
        return YamlText({}, {}, fault=(first_line, "it is not a list of keys and values"))
    walk = _Walk(first_line)
    walk.visit(node, ())
    return YamlText(data, walk.lines, tuple(walk.repeated))


@dataclass(slots=True)
class _Walk:
    first_line: int
    lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def visit(self, node: yaml.Node, path: Path) -> None:
        # An alias leads to a node again, in a hostile file without end.
        if id(node) in self.seen or len(path) > _MAX_DEPTH:
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
