"""What waits to be written is not lost with somebody else's failure.

A statement within a savepoint first sends what waits in memory. Where the savepoint
does not do so before it begins, a failure takes those values back with it, and whoever
changed them is told nothing. So such a savepoint stands below a ``flush_all()``, or a
comment ``# no flush: …`` says what cannot be lost.
"""

import ast

import house
import pytest

REASON = "# no flush: "


def unflushed(source):
    """Yield the lines of savepoints that may lose what waits to be written."""
    lines = source.splitlines()
    for _name, function in house.functions(ast.parse(source)):
        flushed = [n.lineno for n in calls(function, "flush_all")]
        for call in calls(function, "savepoint"):
            if not any(
                keyword.arg == "flush" and ast.unparse(keyword.value) == "False"
                for keyword in call.keywords
            ):
                continue
            is_said = REASON in lines[call.lineno - 1]
            if not is_said and not any(line < call.lineno for line in flushed):
                yield call.lineno


def calls(function, name):
    """Return the calls of a method within a function."""
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == name
    ]


def test_no_savepoint_loses_what_waits():
    files = [
        file
        for file in house.code_files(".py")
        if file.is_relative_to(house.REPOSITORY / "addons")
        and "savepoint(flush=False)" in house.text_of(file)
    ]
    assert files
    wrong = [
        f"{house.short(file)}:{line}"
        for file in files
        for line in unflushed(house.text_of(file))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("body", "is_fine"),
    [
        ("with cr.savepoint(flush=False): f()", False),
        ("with cr.savepoint(): f()", True),
        ("env.flush_all()\n    with cr.savepoint(flush=False): f()", True),
        ("with cr.savepoint(flush=False): env.flush_all()", False),
        ("with cr.savepoint(flush=False):  # no flush: only read\n        f()", True),
    ],
)
def test_the_rule_sees(body, is_fine):
    assert bool(list(unflushed(f"def a():\n    {body}\n"))) is not is_fine
