"""UPGRADE.md knows every place that leans on what Odoo does not promise."""

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import house
import pytest

import odoo.orm

PAGE = house.REPOSITORY / "UPGRADE.md"
ADDONS = house.REPOSITORY / "addons"
# underscored, and all the same what every module of Odoo's says and overrides
CONVENTION = {
    "_",
    "_abstract",
    "_compute_display_name",
    "_description",
    "_fields",
    "_name",
    "_origin",
    "_read_group",
    "_rec_names_search",
    "_search_display_name",
    "_table",
    "_table_query",
}
# methods of ours that have the name of one of the ORM's by chance
OURS = {"_convert", "_digits", "_field", "_lock", "_write"}
OF_ENVIRONMENT = {
    "add_to_compute",
    "cache",
    "protecting",
    "remove_to_compute",
    "transaction",
}
OPEN_OF_REGISTRY = {"clear_cache", "cursor"}
CLOSED_MODULES = re.compile(r"odoo\.(orm|service|modules|tools\.sql|sql_db)\b")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@functools.cache
def private_names():
    """Return the underscored names that classes of Odoo's ORM define."""
    names = set()
    for folder in odoo.orm.__path__:
        for file in Path(folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    names |= set(house.names_in_class(node))
    kept = {n for n in names if n.startswith("_") and not n.startswith("__")}
    return kept - CONVENTION - OURS


def last_name(node):
    """Return the last part of an expression: ``registry`` of ``self.env.registry``."""
    return getattr(node, "attr", getattr(node, "id", ""))


def used(node):
    """Return what an expression uses of Odoo's inside, ``None`` for nothing."""
    if not isinstance(node, ast.Attribute):
        return None
    owner = last_name(node.value)
    if owner in ("registry", "pool") and node.attr not in OPEN_OF_REGISTRY:
        return f"registry.{node.attr}"
    if owner == "env" and node.attr in OF_ENVIRONMENT:
        return f"env.{node.attr}"
    return node.attr if node.attr in private_names() else None


def uses(tree):
    """Yield ``(what, function)`` of everything in a tree that Odoo does not promise."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and CLOSED_MODULES.match(node.module or ""):
            yield node.module, "import"
    for name, function in house.functions(tree):
        short = name.split(".")[-1]
        if "." in name and short in private_names():
            yield short, short
        for node in ast.walk(function):
            if what := used(node):
                yield what, short


def found():
    """Return ``{what: places}``, a place as the page writes it."""
    functions = defaultdict(lambda: defaultdict(set))
    for file in house.code_files(".py"):
        if file.is_relative_to(ADDONS):
            place = file.relative_to(ADDONS).as_posix()
            for what, function in uses(house.tree_of(file)):
                functions[what][place].add(function)
    return {what: written(places) for what, places in sorted(functions.items())}


def written(places):
    """Return the places of a use as one cell of the page."""
    return "; ".join(
        f"{place}: {', '.join(sorted(functions))}"
        for place, functions in sorted(places.items())
    )


def documented(text):
    """Return ``{what: places}`` of the page."""
    return {what: places.strip() for what, _why, places in ROW.findall(text)}


def test_the_page_lists_what_leans_on_odoos_inside():
    on_page, in_code = documented(house.text_of(PAGE)), found()
    wrong = [
        f"| `{what}` | … | {places} |"
        for what, places in in_code.items()
        if on_page.get(what) != places
    ]
    assert not wrong, "\n".join(["UPGRADE.md should say:", *wrong])
    assert not on_page.keys() - in_code.keys(), "is used no more"


def test_each_says_what_for():
    for what, why, _places in ROW.findall(house.text_of(PAGE)):
        assert len(why) > 10, what


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("def f(self):\n    self._search([])", {("_search", "f")}),
        (
            "class A:\n    def _write_multi(self, vals):\n        pass",
            {("_write_multi", "_write_multi")},
        ),
        ("from odoo.orm.domains import X", {("odoo.orm.domains", "import")}),
        (
            "def f(env):\n    env.registry.field_depends\n    env.cache",
            {("registry.field_depends", "f"), ("env.cache", "f")},
        ),
        (
            "def f(self):\n    self._read_group([])\n    self.env.registry.cursor()",
            set(),
        ),
    ],
)
def test_every_way_to_lean_is_seen(code, what):
    assert set(uses(ast.parse(code))) == what
