"""Whose day it is: the company's. See docs/adr/0020-whose-day-it-is.md."""

import ast

import pytest
from devenv import addons as addons_

MODULES = addons_.scan()
# (class or module, attribute) of what says "today" by the server's or the asker's clock
FOREIGN_CLOCKS = {
    ("Date", "today"),
    ("Date", "context_today"),
    ("date", "today"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("datetime", "now"),
}


def foreign_clocks(file):
    """Yield the lines of a file in which a day is asked of the wrong clock."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
            if (owner, node.attr) in FOREIGN_CLOCKS:
                yield node.lineno


@pytest.mark.parametrize("name", sorted(MODULES))
def test_days_are_asked_of_the_company(name):
    found = [
        f"{file.relative_to(MODULES[name].path)}:{line}"
        for file in sorted(MODULES[name].path.rglob("*.py"))
        if "tests" not in file.parts and "demo" not in file.parts
        for line in foreign_clocks(file)
    ]
    assert not found, "use company._today() of crm_suite_base"


def test_the_check_sees_what_it_is_for(tmp_path):
    file = tmp_path / "sample.py"
    file.write_text(
        "a = fields.Date.context_today(self)\nb = date.today\nc = x._today()\n"
    )
    assert sorted(foreign_clocks(file)) == [1, 2]
