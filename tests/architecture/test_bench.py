"""Benchmarks run seldom: what they call of ours must not be gone by then."""

import ast
import re

from devenv import paths

# private names of Odoo and of Python that scenarios use
FOREIGN = {"_action_assign_leads", "_asdict", "_get_id", "_is_admin", "_modules"}


def private_names(file):
    """Yield the private attributes a file uses."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
            yield node.attr


def test_what_benchmarks_call_is_there():
    bench = sorted((paths.REPOSITORY / "bench").rglob("*.py"))
    used = {name for file in bench for name in private_names(file)}
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in [*bench, *paths.ADDONS.rglob("*.py")]
        if "tests" not in file.parts
    )
    known = set(re.findall(r"def (_\w+)\(|self\.(_\w+) = ", code))
    defined = {name for pair in known for name in pair if name}
    assert used, "no scenario uses anything of ours"
    assert not used - defined - FOREIGN
