"""The page of registries: each hook is where the page says, and is read there."""

import ast
import re

import house
import pytest

PAGE = house.REPOSITORY / "docs" / "registries.md"
ADDONS = house.REPOSITORY / "addons"
ROW = re.compile(
    r"^\| (?P<name>[^|]+) \| `(?P<model>[\w.]+)\.(?P<hook>_\w+)(?:\(\))?` \| "
    r"`(?P<file>[\w/]+\.py)` \| (?P<entry>[^|]+) \| "
    r"`(?P<reader>[\w/]+\.py): (?P<function>\w+)` \|$",
    re.MULTILINE,
)


def rows():
    """Return the rows of the page's tables."""
    return [match.groupdict() for match in ROW.finditer(house.text_of(PAGE))]


def each_row():
    """Parametrize a test with the registries."""
    return pytest.mark.parametrize("row", rows(), ids=lambda row: row["hook"])


def test_every_line_of_a_table_is_read():
    """One that is written in another way would be checked by nobody."""
    lines = house.text_of(PAGE).splitlines()
    written = [line for line in lines if line.startswith("| ")]
    heads = [line for line in written if line.startswith("| Registry |")]
    assert len(rows()) == len(written) - len(heads)
    assert len(rows()) > 20


@each_row()
def test_the_hook_is_there(row):
    names = {
        name
        for file, node, model in house.model_classes()
        if house.short(file) == f"addons/{row['file']}" and model == row["model"]
        for name in house.names_in_class(node)
    }
    assert row["hook"] in names


@each_row()
def test_the_reader_reads_it(row):
    tree = house.tree_of(ADDONS / row["reader"])
    bodies = [
        ast.unparse(node)
        for name, node in house.functions(tree)
        if name.split(".")[-1] == row["function"]
    ]
    assert any(re.search(rf"\b{row['hook']}\b", body) for body in bodies)


def test_every_registry_is_on_the_page():
    """What says of itself that others extend it by ``super()`` is one."""
    found = {
        f"{model}.{item.name}"
        for _file, node, model in house.model_classes()
        for item in node.body
        if isinstance(item, ast.FunctionDef)
        and re.search(
            r"(extend|append)[^.]*``super\(\)``|``super\(\)``[^.]*append",
            ast.get_docstring(item) or "",
        )
    }
    assert len(found) > 10
    assert not found - {f"{row['model']}.{row['hook']}" for row in rows()}
