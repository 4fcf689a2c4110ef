"""What a reply template may say: an allow-list over Jinja's syntax tree, checked before anything of it is run."""

from collections.abc import Iterator

from jinja2 import nodes

SCALARS = frozenset(
    {"brand.name", "brand.about", "voice.register_rule", "language.code", "language.name", "fence", "no_answer"}
)
LISTS = frozenset({"voice.avoid", "voice.prefer"})
BLOCKS = frozenset({"tone.text", "frame", "passages", "variables", "conversation"})
"""Long texts, most of them from outside: a template may place them, or ask whether they are empty."""
VALUES = SCALARS | LISTS | BLOCKS
"""Everything that a template is given."""
LOOP_VALUES = frozenset({"loop.index", "loop.first", "loop.last"})
FILTERS = {"join": LISTS, "length": LISTS, "upper": SCALARS, "lower": SCALARS, "capitalize": SCALARS}
"""By filter: the values that it is for."""

MAX_NODES = 2_000
_MAX_DEPTH = 30

_WORDS: dict[type[nodes.Node], str] = {
    nodes.Call: "a call", nodes.Include: "an include", nodes.Import: "an import", nodes.FromImport: "an import",
    nodes.Extends: "an extends", nodes.Block: "a block", nodes.Macro: "a macro", nodes.Assign: "a set",
    nodes.AssignBlock: "a set", nodes.With: "a with", nodes.Filter: "this filter", nodes.Getitem: "an index",
    nodes.Mul: "the operator *", nodes.Pow: "the operator **", nodes.Add: "the operator +",
    nodes.Concat: "the operator ~", nodes.List: "a list", nodes.Dict: "a mapping", nodes.FilterBlock: "a filter block",
}  # fmt: skip


class RuleError(Exception):
    """The template says what no prompt needs."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(detail)
        self.line = line
        """1 for the first line of what was checked."""
        self.detail = detail


def check(tree: nodes.Template) -> None:
    """
    Raise RuleError unless the template only places values, asks `if`, and loops once over a given list.

    A template within these rules ends: it runs at most its nodes times the items of the longest list of the brand.
    """
    for seen, _ in enumerate(_all(tree, 0)):
        if seen > MAX_NODES:
            raise RuleError(1, f"it has more than {MAX_NODES} parts")
    _Checker(frozenset()).statements(tree.body)


def paths(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield each value that the template names, and the line."""
    for node in _all(tree, 0):
        if isinstance(node, nodes.Getattr | nodes.Name) and (path := _path(node)) in VALUES:
            yield path, node.lineno


def _all(node: nodes.Node, depth: int) -> Iterator[nodes.Node]:
    if depth > _MAX_DEPTH:
        raise RuleError(node.lineno or 1, f"it is nested more than {_MAX_DEPTH} deep")
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child, depth + 1)


class _Checker:
    def __init__(self, own: frozenset[str]) -> None:
        self._own = own
        """Names that the loop around gives."""

    def statements(self, body: list[nodes.Node]) -> None:
        for node in body:
            self._statement(node)

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        self._value(part)
            case nodes.If():
                self._condition(node.test)
                self.statements([*node.body, *node.elif_, *node.else_])
            case nodes.For():
                self._loop(node)
            case _:
                raise _refused(node)

    def _loop(self, node: nodes.For) -> None:
        if self._own:
            raise RuleError(node.lineno, "a loop cannot stand in a loop")
        if _path(node.iter) not in LISTS or node.recursive or node.test or node.else_:
            raise RuleError(node.lineno, f"a loop goes over one of: {', '.join(sorted(LISTS))}")
        targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        names = frozenset(_path(target) for target in targets)
        if names & {path.partition(".")[0] for path in VALUES | LOOP_VALUES}:
            raise RuleError(node.lineno, "a loop needs a name of its own")
        _Checker(names | LOOP_VALUES).statements(node.body)

    def _value(self, node: nodes.Node) -> None:
        """Check what is written into the prompt."""
        match node:
            case nodes.Filter() if node.name in FILTERS and node.node is not None:
                if _path(node.node) not in FILTERS[node.name]:
                    fitting = ", ".join(sorted(FILTERS[node.name]))
                    raise RuleError(node.lineno, f"the filter {node.name} is for: {fitting}")
                self._constants([*node.args, *(keyword.value for keyword in node.kwargs)])
            case nodes.CondExpr():
                self._condition(node.test)
                for part in filter(None, (node.expr1, node.expr2)):
                    self._value(part)
            case nodes.Const():
                pass
            case nodes.Name() | nodes.Getattr():
                self._known(node)
            case _:
                raise _refused(node)

    def _condition(self, node: nodes.Node) -> None:
        match node:
            case nodes.And() | nodes.Or():
                self._condition(node.left)
                self._condition(node.right)
            case nodes.Not():
                self._condition(node.node)
            case nodes.Compare():
                self._comparison(node)
            case _:
                self._value(node)

    def _comparison(self, node: nodes.Compare) -> None:
        """Long texts are not compared: that would be work without an end in sight."""
        for part in (node.expr, *(operand.expr for operand in node.ops)):
            self._value(part)
            if _path(part) in BLOCKS | LISTS:
                raise RuleError(node.lineno, f"{_path(part)} cannot be compared")

    def _known(self, node: nodes.Node) -> None:
        path = _path(node)
        if path not in VALUES | self._own:
            hint = f"there are: {', '.join(sorted(VALUES))}"
            raise RuleError(node.lineno, f"{path or 'this'} is not a value of a template; {hint}")

    def _constants(self, parts: list[nodes.Expr]) -> None:
        if not all(isinstance(part, nodes.Const) for part in parts):
            raise RuleError(parts[0].lineno, "a filter takes plain texts and figures only")


def _path(node: nodes.Node) -> str:
    """Return `voice.avoid` for the node that reads it; empty for any other node."""
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""


def _refused(node: nodes.Node) -> RuleError:
    what = _WORDS.get(type(node), f"“{type(node).__name__.lower()}”")
    return RuleError(node.lineno or 1, f"{what} is not available in prompts")
