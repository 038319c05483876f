"""Small faults to put into a module, one at a time, as the campaign of mutants.py does.

A comparison loses its limit, a sum becomes a difference, a number is one more, a condition always holds or never, `and`
becomes `or`, a word of a table another word, an argument by name is left out. Not touched: docstrings, annotations,
decorators, the bodies of classes (the defaults of their fields), and the words of messages, which are the texts of
f-strings, those given to errors, and those of five words or more.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import formcheck.errors

COMPARISONS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Div,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OPPOSITES = ["min max", "any all", "lower upper", "lstrip rstrip", "ljust rjust", "find rfind", "partition rpartition"]
_OPPOSITES += ["removeprefix removesuffix", "startswith endswith", "match search", "fullmatch match", "floor ceil"]
SWAPPED = {one: other for pair in _OPPOSITES for one, other in [pair.split(), pair.split()[::-1]]} | {"match": "search"}


class Mutation(NamedTuple):
    """One fault: where it is, what stood there, what stands there now, and how to put it in and take it out."""

    function: str
    line: int
    lines: range
    before: str
    after: str
    place: tuple[Any, ...]
    node: ast.AST
    default_of: ast.AST | None
    statement: ast.stmt

    def put(self, node: ast.AST) -> None:
        """Put a node in the place: the fault, or what was there before."""
        holder, field, index = self.place
        if index is None:
            setattr(holder, field, node)
        else:
            getattr(holder, field)[index] = node


def mutations(tree: ast.Module) -> Iterator[Mutation]:
    """Every fault of a module, in the order of its text."""
    yield from _Walk().below(tree)


class _Walk:
    def __init__(self) -> None:
        self.scope: list[str] = []
        self.statement: Any = None
        self.default_of: Any = None

    def below(self, node: ast.AST) -> Iterator[Mutation]:
        for field, value in ast.iter_fields(node):
            if field in ("decorator_list", "annotation", "returns", "type_comment", "format_spec", "bases"):
                continue
            if isinstance(value, list):
                for index, child in enumerate(value):
                    if isinstance(child, ast.AST):
                        yield from self.at(child, (node, field, index), node)
            elif isinstance(value, ast.AST):
                yield from self.at(value, (node, field, None), node)

    def at(self, node: ast.AST, place: tuple[Any, ...], parent: ast.AST) -> Iterator[Mutation]:
        if _is_left_alone(node, parent):
            return
        before, default = self.statement, self.default_of
        if isinstance(node, ast.stmt):
            self.statement = node
        if isinstance(parent, ast.arguments) and place[1] in ("defaults", "kw_defaults"):
            self.default_of = self.statement
        for other in _others(node, parent):
            yield self.found(node, other, place, parent)
        is_scope = isinstance(node, (ast.FunctionDef, ast.ClassDef))
        if is_scope:
            self.scope.append(node.name)  # type: ignore[attr-defined]
        yield from self.below(node)
        if is_scope:
            self.scope.pop()
        self.statement, self.default_of = before, default

    def found(self, node: ast.AST, other: ast.AST, place: tuple[Any, ...], parent: ast.AST) -> Mutation:
        at = node if hasattr(node, "lineno") else parent
        for part in ast.walk(other):
            if not hasattr(part, "lineno"):
                ast.copy_location(part, at)
        shown = parent if isinstance(parent, ast.expr) and not isinstance(parent, (ast.JoinedStr, ast.Dict)) else node
        one = Mutation(
            ".".join(self.scope) or "(module)", at.lineno, _lines(self.statement), _text(shown), "", place, node,
            self.default_of, self.statement,
        )  # fmt: skip
        one.put(other)
        after = _text(other if shown is node else shown)
        one.put(node)
        return one._replace(after=after, node=other)


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 160 else text[:80] + " ... " + text[-75:]


def _lines(statement: ast.stmt) -> range:
    """The lines of a statement, of a compound one those of its head."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(last, statement.lineno) + 1)


def _is_left_alone(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.expr_context)):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(parent, ast.ClassDef) and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return True
    if isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("NewType", "TypeVar", "cast"):
        return True
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _others(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.Constant):
        yield from _constants(node, parent)
    elif type(node) in _FAULTS:
        yield from _FAULTS[type(node)](node)
    if _is_condition(node, parent):
        yield ast.BoolOp(ast.Or(), [node, ast.Constant(True)])
        yield ast.BoolOp(ast.And(), [node, ast.Constant(False)])


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        ops = [*node.ops[:index], COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
        yield ast.Compare(node.left, ops, node.comparators)


def _sums(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS:
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)


def _steps(node: ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS:
        yield ast.AugAssign(node.target, OPERATORS[type(node.op)](), node.value)


def _signs(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _conditions(node: ast.BoolOp) -> Iterator[ast.AST]:
    for index in range(len(node.values)):
        values = [*node.values[:index], *node.values[index + 1 :]]
        yield values[0] if len(values) == 1 else ast.BoolOp(node.op, values)


def _slices(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower or node.upper:
        yield ast.Slice(None, None, node.step)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None and keyword.arg != "key":
            yield ast.Call(node.func, node.args, [*node.keywords[:index], *node.keywords[index + 1 :]])
    if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
        yield ast.Call(ast.Name(SWAPPED[node.func.id], ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Attribute) and node.func.attr in SWAPPED:
        swapped = ast.Attribute(node.func.value, SWAPPED[node.func.attr], ast.Load())
        yield ast.Call(swapped, node.args, node.keywords)


_FAULTS: dict[type, Callable[[Any], Iterator[ast.AST]]] = {
    ast.Compare: _comparisons,
    ast.BinOp: _sums,
    ast.AugAssign: _steps,
    ast.UnaryOp: _signs,
    ast.BoolOp: _conditions,
    ast.Call: _calls,
    ast.Slice: _slices,
    ast.Continue: lambda node: iter([ast.Break()]),
    ast.Break: lambda node: iter([ast.Continue()]),
    ast.Raise: lambda node: iter([ast.Pass()]),
    ast.Expr: lambda node: iter([ast.Pass()]),
}


def _is_condition(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)):
        return node is parent.test
    return isinstance(parent, ast.comprehension) and node in parent.ifs


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and len(value.split()) > 4:
        return
    elif isinstance(value, str) and isinstance(parent, ast.Call) and _name(parent) in ("strip", "lstrip", "rstrip"):
        yield ast.Constant(value[:-1])
    elif isinstance(value, str) and not (isinstance(parent, ast.Call) and _name(parent) in _ERRORS):
        yield ast.Constant(f"XX{value}")


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


_ERRORS = {name for name in vars(formcheck.errors) if name[0].isupper()} | {"TypeError", "ValueError"}
