"""Small changes of a source, each a mistake somebody could make.

Pure: a tree in, changed trees out. Only what stands in functions is changed; words
(texts, docstrings) and annotations are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Mutant(NamedTuple):
    """A changed source. ``name`` is stable while the changed line is: function, and
    the smallest piece of source around the change before and after it."""

    name: str
    tree: ast.Module


class _Change(NamedTuple):
    """``apply`` changes a node of a copy in place."""

    place: int
    apply: Callable[[ast.AST], None]


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a source, in the order of its text."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    owners = _owners(tree)
    for place, node in enumerate(nodes):
        if id(node) not in owners:
            continue
        for change in _changes(place, node):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[change.place]
            before = _words(target)
            change.apply(target)
            ast.fix_missing_locations(changed)
            name = f"{owners[id(node)]}: {before} → {_words(target)}"
            yield Mutant(name, changed)


def _owners(tree: ast.Module) -> dict[int, str]:
    """Return the function of each node that may be changed, by the node's identity."""
    owners: dict[int, str] = {}

    def walk(node: ast.AST, owner: str) -> None:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            children = value if isinstance(value, list) else [value]
            for child in children:
                if isinstance(child, ast.AST):
                    inner = owner
                    if isinstance(child, ast.FunctionDef | ast.ClassDef):
                        inner = f"{owner}.{child.name}".lstrip(".")
                    elif isinstance(node, ast.FunctionDef) or id(node) in owners:
                        owners[id(child)] = owner
                    walk(child, inner)

    walk(tree, "")
    return owners


def _words(node: ast.AST) -> str:
    """Return a node's source on one line; of a long one the beginning."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}…"


def _changes(place: int, node: ast.AST) -> Iterator[_Change]:
    """Yield the changes of one node."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            if type(operator) in _SWAPS:
                yield _Change(place, _swap_comparison(number))
        return
    for fits, apply in _KINDS:
        if fits(node):
            yield _Change(place, apply)


def _is_operation(node: ast.AST) -> bool:
    kinds = ast.BinOp | ast.BoolOp | ast.AugAssign
    return isinstance(node, kinds) and type(node.op) in _SWAPS and not _is_text(node)


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _is_choice(node: ast.AST) -> bool:
    return isinstance(node, ast.If | ast.While | ast.IfExp)


def _is_filter(node: ast.AST) -> bool:
    return isinstance(node, ast.comprehension) and bool(node.ifs)


def _is_answer(node: ast.AST) -> bool:
    if not isinstance(node, ast.Return) or node.value is None:
        return False
    return not (isinstance(node.value, ast.Constant) and node.value.value is None)


def _is_denial(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _is_text(node: ast.AST) -> bool:
    """Tell whether an operation joins or fills in texts."""
    parts = (getattr(node, "left", None), getattr(node, "right", None))
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in parts
    )


def _swap_comparison(number: int) -> Callable[[ast.AST], None]:
    def apply(node: ast.AST) -> None:
        node.ops[number] = _SWAPS[type(node.ops[number])]()  # type: ignore[attr-defined]

    return apply


def _swap_operator(node: ast.AST) -> None:
    node.op = _SWAPS[type(node.op)]()  # type: ignore[attr-defined]


def _next_value(node: ast.AST) -> None:
    value = node.value  # type: ignore[attr-defined]
    node.value = not value if isinstance(value, bool) else value + 1  # type: ignore[attr-defined]


def _negate(node: ast.AST) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]


def _drop_condition(node: ast.AST) -> None:
    node.ifs = []  # type: ignore[attr-defined]


def _return_nothing(node: ast.AST) -> None:
    node.value = ast.Constant(None)  # type: ignore[attr-defined]


def _say_twice(node: ast.AST) -> None:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)  # type: ignore[attr-defined]


_KINDS: list[tuple[Callable[[ast.AST], bool], Callable[[ast.AST], None]]] = [
    (_is_operation, _swap_operator),
    (_is_number, _next_value),
    (_is_choice, _negate),
    (_is_filter, _drop_condition),
    (_is_answer, _return_nothing),
    (_is_denial, _say_twice),
]
