"""Whoever takes all rights says why that is safe.

A call that raises the rights has a comment ``# sudo: …`` on one of its lines, on a line
of its statement, or directly before.
"""

import ast
import io
import tokenize
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
REASON = "# sudo: "
# migrations and hooks of installation are run by the system in any case
PASSED_OVER = {"tests", "migrations"}


def raises_rights(call):
    """Tell whether a call gives the records in hand all rights."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "sudo":
        return not any(
            is_value(given, False) or ast.unparse(given).endswith("env.su")
            for given in values_of(call)
        )
    if name in ("with_user", "env", "Environment"):
        return any(
            is_value(given, True) or getattr(given, "id", "") == "SUPERUSER_ID"
            for given in values_of(call)
        )
    return False


def values_of(call):
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def is_value(node, value):
    return isinstance(node, ast.Constant) and node.value is value


def statements(tree):
    """Yield each statement's own lines (without those of statements within it), and
    the calls in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            parts = list(own_parts(node))
            calls = [part for part in parts if isinstance(part, ast.Call)]
            ends = [part.end_lineno for part in parts if hasattr(part, "end_lineno")]
            if calls:
                first = min(call.lineno for call in calls)
                # a decorator stands before what it decorates
                yield min(getattr(node, "lineno", first), first), max(ends), calls


def own_parts(node):
    """Yield what a statement is made of, without the statements within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from own_parts(child)


def comments(source):
    """Return the comments of a file by line, and which of them have a line alone."""
    found, alone = {}, set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            found[token.start[0]] = token.string
            if not token.line[: token.start[1]].strip():
                alone.add(token.start[0])
    return found, alone


def without_reason(source):
    """Yield the lines of calls that raise the rights and do not say why."""
    found, alone = comments(source)
    for first, last, calls in statements(ast.parse(source)):
        lines = list(range(first, last + 1))
        while lines[0] - 1 in alone:
            lines.insert(0, lines[0] - 1)
        if not any(found.get(line, "").startswith(REASON) for line in lines):
            yield from (call.lineno for call in calls if raises_rights(call))


def test_each_sudo_has_its_reason():
    folder = REPOSITORY / "addons"
    wrong = [
        f"{file.relative_to(REPOSITORY)}:{line}"
        for file in sorted(folder.rglob("*.py"))
        if not PASSED_OVER & set(file.relative_to(folder).parts)
        for line in without_reason(file.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(["say why it is safe: “# sudo: …”", *wrong])


@pytest.mark.parametrize(
    "code",
    [
        "x.sudo().y",
        "x.sudo(flag)",
        "x.with_user(SUPERUSER_ID).y",
        "self.env(user=SUPERUSER_ID)",
        "self.env(su=True)",
        "api.Environment(cr, SUPERUSER_ID, {})",
        "# sudo: of the first\na = x.sudo()\nb = x.sudo()",
        "# sudo: too far above\n\na = x.sudo()",
        "for one in x.sudo():\n    one.y()  # sudo: of another line",
        "if x:  # sudo: of another line\n    x.sudo()",
        "a = 1  # sudo: of another line\nx.sudo()",
        "with x.sudo():\n    pass",
        "try:\n    pass\nexcept x.sudo():\n    pass",
        "# why: it has not the word\nx.sudo()",
        "y = [a.sudo() for a in b]",
        "def y(a=x.sudo()):\n    pass",
    ],
)
def test_every_way_without_a_reason_is_seen(code):
    assert list(without_reason(code))


@pytest.mark.parametrize(
    "code",
    [
        "x.sudo(False)",
        "x.sudo(self.env.su)",
        "x.with_user(user)",
        "self.env(user=user, su=False)",
        "x.sudo().y  # sudo: so",
        "# sudo: so, and\n# so on\nx.sudo()",
        "y(\n    # sudo: so\n    x.sudo(),\n)",
        "y(\n    x.sudo(),\n)  # sudo: so",
        "for one in x.sudo():  # sudo: so\n    one.y()",
        "# sudo: so\nfor one in x.sudo():\n    one.y()",
    ],
)
def test_what_has_its_reason_passes(code):
    assert not list(without_reason(code))
