"""What the rules of the house read, and the ratchet they hold on to.

A rule counts something place by place. What was there before the rule stands in
``ratchet.json`` with its number: no number may rise, no place may be added, and one
that has fallen is written down at once, so that it stays fallen. ``RATCHET=lower``
writes what has fallen, never what has risen.
"""

import ast
import functools
import json
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
RATCHET = Path(__file__).with_name("ratchet.json")
# what an installation runs, and what developers run
CODE_FOLDERS = ("addons", "bench", "scripts")
NO_CODE = {"tests", "migrations", "lib"}


def code_files(*suffixes):
    """Return the code of the repository, without tests, migrations and libraries."""
    return [
        file
        for folder in CODE_FOLDERS
        for file in sorted((REPOSITORY / folder).rglob("*"))
        if file.suffix in suffixes
        and not NO_CODE & set(file.relative_to(REPOSITORY).parts)
    ]


def short(file):
    """Return a path as it is written in the repository."""
    return file.relative_to(REPOSITORY).as_posix()


@functools.cache
def text_of(file):
    """Return the text of a file, read once."""
    return file.read_text(encoding="utf-8")


@functools.cache
def tree_of(file):
    """Return the syntax tree of a file, parsed once."""
    return ast.parse(text_of(file), filename=str(file))


def functions(tree, outer=""):
    """Yield ``(name with its classes, node)`` of every function of a tree."""
    for node in ast.iter_child_nodes(tree):
        name = f"{outer}{getattr(node, 'name', '')}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name, node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(node, f"{name}.")
        else:
            yield from functions(node, outer)


def assigned(node, name):
    """Return the value a class body gives to a name, or ``None``."""
    assigns = (item for item in node.body if isinstance(item, ast.Assign))
    values = (a.value for a in assigns if getattr(a.targets[0], "id", None) == name)
    return next(values, None)


def texts(node):
    """Return the texts an expression is made of: one, or those of a list."""
    return [
        element.value
        for element in getattr(node, "elts", [node])
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    ]


def names_in_class(node):
    """Return what a class body defines: methods and attributes."""
    names = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
    for item in node.body:
        if isinstance(item, ast.Assign | ast.AnnAssign):
            targets = getattr(item, "targets", None) or [item.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def is_model(node):
    """Tell whether a class is one of Odoo's models."""
    bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    return bool(bases & {"Model", "TransientModel", "AbstractModel"})


def model_of(node):
    """Return the model a class makes or extends; ``None`` for other classes."""
    if not is_model(node):
        return None
    names = texts(assigned(node, "_name")) or texts(assigned(node, "_inherit"))
    return names[0] if names else None


@functools.cache
def model_classes():
    """Return ``(file, class, model)`` of every class of a model in the modules."""
    return [
        (file, node, model_of(node))
        for file in code_files(".py")
        if file.is_relative_to(REPOSITORY / "addons")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.ClassDef) and model_of(node)
    ]


def judge(found, held, limit=0):
    """Say what is wrong between what is found and what the ratchet holds.

    :param found: ``{place: number}``; what is not above ``limit`` is no matter
    :param held: ``{place: number}`` of the ratchet
    :return: ``(too much, fallen)``: sentences, and ``{place: number now}``
    """
    above = {place: number for place, number in found.items() if number > limit}
    wrong = [
        f"{place}: {number}, "
        + (f"was {held[place]}" if place in held else f"new, at most {limit}")
        for place, number in sorted(above.items())
        if number > held.get(place, limit)
    ]
    fallen = {
        place: above.get(place, limit)
        for place, number in sorted(held.items())
        if above.get(place, limit) < number
    }
    return wrong, fallen


def lowered(held, fallen, limit=0):
    """Return the ratchet with what has fallen; what is within the limit leaves it."""
    numbers = {**held, **fallen}
    return {place: number for place, number in numbers.items() if number > limit}


def hold(rule, found, limit=0, advice=""):
    """Compare what a rule has found with the ratchet; fail with every place.

    :param rule: its key in the ratchet
    :param found: ``{place: number}``
    :param limit: what needs no mention
    :param advice: what to do about a new place
    """
    ratchet = json.loads(text_of(RATCHET))
    wrong, fallen = judge(found, ratchet[rule], limit)
    assert not wrong, "\n".join([f"{rule}: {advice}", *wrong])
    if fallen and os.environ.get("RATCHET") == "lower":
        write(rule, lowered(ratchet[rule], fallen, limit))
        return
    better = (
        f"{rule}: better than the ratchet, and is to stay so; RATCHET=lower writes:"
    )
    now = [f"{place}: {number}" for place, number in fallen.items()]
    assert not fallen, "\n".join([better, *now])


def write(rule, numbers):
    """Write one rule's numbers; the others may have been written meanwhile."""
    ratchet = json.loads(RATCHET.read_text(encoding="utf-8"))
    ratchet[rule] = dict(sorted(numbers.items()))
    text = json.dumps(ratchet, indent=2, ensure_ascii=False, sort_keys=True)
    RATCHET.write_text(f"{text}\n", encoding="utf-8")
    text_of.cache_clear()
