"""What texts point at is there: decisions by their number, hooks by their name."""

import ast
import functools
import re
from collections import defaultdict

import house
import pytest

DECISIONS = house.REPOSITORY / "docs" / "adr"
DECISION = re.compile(
    r"\badr/(\d{4}(?:-[\w-]+\.md)?)|\bADR (\d{4})|\]\((\d{4}-[\w-]+\.md)"
)
SPAN = re.compile(r"`([^`\n]+)`")
HOOK = re.compile(r"(?:\b([a-z][\w.]*)\.)?(?<!\w)(_[a-z]\w+)([<*]?)")
# Odoo's, named where a text says what is not done or what is built upon
ODOOS = {
    "_from",
    "_get_active_addons_list",
    "_get_share_url",
    "_pls_get_naive_bayes_probabilities",
    "_prepare_outgoing_list",
    "_select",
    "_where",
    "_write_multi",
}
TEXT_SUFFIXES = (".md", ".py", ".js", ".xml", ".conf", ".toml", ".scss", ".sh")


def texts():
    """Return ``{path: text}`` of everything written in the repository."""
    files = (
        file
        for file in sorted(house.REPOSITORY.rglob("*"))
        if file.suffix in TEXT_SUFFIXES and ".git" not in file.parts
    )
    return {house.short(file): house.text_of(file) for file in files}


def unresolved(text, decisions):
    """Return the decisions a text names that are not among ``decisions``."""
    found = ("".join(parts) for parts in DECISION.findall(text))
    numbers = {name[:4] for name in decisions}
    return sorted({f for f in found if f not in decisions and f not in numbers})


def test_decisions_that_are_named_are_there():
    decisions = {file.name for file in DECISIONS.glob("*.md")}
    assert len(decisions) > 20
    wrong = {
        place: missing
        for place, text in texts().items()
        if place != house.short(house.Path(__file__))
        and (missing := unresolved(text, decisions))
    }
    assert not wrong


def test_no_two_decisions_have_one_number():
    numbers = [file.name[:4] for file in DECISIONS.glob("*.md")]
    assert sorted(set(numbers)) == sorted(numbers)


@pytest.mark.parametrize(
    "text",
    ["see ADR 0002", "docs/adr/0002", "docs/adr/0001-b.md", "[so](0003-c.md)"],
)
def test_every_way_to_name_a_decision_is_read(text):
    assert unresolved(text, {"0001-a.md"})
    assert not unresolved("ADR 0001, docs/adr/0001, adr/0001-a.md", {"0001-a.md"})


@functools.cache
def defined():
    """Return every underscored name that our code defines: methods, functions,
    attributes of classes, parameters of modules."""
    names = set()
    for file in house.code_files(".py"):
        for node in ast.walk(house.tree_of(file)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = getattr(node, "targets", None) or [node.target]
                names |= {getattr(t, "id", getattr(t, "attr", "")) for t in targets}
    return names


@functools.cache
def names_of_models():
    """Return ``{model: names its own classes define}`` and ``{model: its parents}``."""
    names, parents = defaultdict(set), defaultdict(set)
    for _file, node, model in house.model_classes():
        parents[model] |= set(house.texts(house.assigned(node, "_inherit"))) - {model}
        for item in node.body:
            if isinstance(item, ast.FunctionDef):
                names[model].add(item.name)
            elif isinstance(item, ast.Assign):
                names[model] |= {getattr(t, "id", "") for t in item.targets}
    return names, parents


def has(model, name):
    """Tell whether a model of ours has a name, by itself or by what it inherits."""
    names, parents = names_of_models()
    if name in names[model]:
        return True
    return any(has(parent, name) for parent in parents[model])


def unknown_hooks(text):
    """Return the underscored names in a text's code spans that nothing defines."""
    wrong = set()
    for span in SPAN.findall(text):
        for model, name, mark in HOOK.findall(span):
            if mark or name.endswith("_"):
                known = any(one.startswith(name) for one in defined())
            elif model in names_of_models()[0]:
                known = has(model, name) or name in ODOOS
            else:
                known = name in defined() | ODOOS
            if not known:
                wrong.add(f"{model}.{name}" if model else name)
    return sorted(wrong)


def documents():
    """Return the documents of the repository by their path."""
    return {place: text for place, text in texts().items() if place.endswith(".md")}


# the page of Odoo's own names is held against the code by test_upgrade.py
@pytest.mark.parametrize("place", sorted(documents().keys() - {"UPGRADE.md"}))
def test_hooks_that_are_named_exist(place):
    """A hook that was renamed is looked for in vain by whoever reads the page."""
    assert not unknown_hooks(documents()[place])


FILE = re.compile(r"^(?:[\w.]+/)*[\w.]+\.(?:py|js|xml|csv|conf|md|toml|json)$")
NAME_IN_FILE = re.compile(r"`([A-Za-z_]\w+)` in\s+`([\w/]+\.py)`")


FOUNDATION = house.REPOSITORY / "addons" / "crm_suite_base"
# made by whoever runs it, from the example beside it
MADE_LATER = {"config/nginx.conf"}


def candidates(place, name):
    """Return where a file that a page names may be: beside the page, in the repository,
    in the folder of modules, or in the module the page is about."""
    page, addons = house.REPOSITORY / place, house.REPOSITORY / "addons"
    roots = [page.parent, house.REPOSITORY, addons]
    if not page.is_relative_to(addons) or page.parent == FOUNDATION:
        # these speak of all modules, or of whatever stands on the foundations
        roots += sorted(addons.iterdir())
    return [root / name for root in roots if (root / name).exists()]


def says(file, name):
    """Tell whether a file defines a name."""
    defined = rf"^ *(?:def |class )?{name}\b"
    return re.search(defined, house.text_of(file), re.MULTILINE)


def lost_files(place, text):
    """Return the files with a folder in their name that a page names and that are not
    there, and the names that a file the page says has them has not."""
    files = {span for span in SPAN.findall(text) if FILE.match(span) and "/" in span}
    lost = {name for name in files - MADE_LATER if not candidates(place, name)}
    for name, file in NAME_IN_FILE.findall(text):
        found = candidates(place, file)
        if found and not any(says(one, name) for one in found):
            lost.add(f"{name} in {file}")
    return sorted(lost)


@pytest.mark.parametrize("place", sorted(documents()))
def test_files_that_are_named_exist(place):
    assert not lost_files(place, documents()[place])


def test_lost_files_of_a_sample():
    text = (
        "`tools/fair_share.py` `tools/gone.py` `docs/security.md` `CHECKS` in "
        "`tools/fair_share.py`, `choose` in `tools/fair_share.py`, `res.partner`"
    )
    assert lost_files("addons/crm_customer_center/README.md", text) == [
        "CHECKS in tools/fair_share.py",
        "tools/gone.py",
    ]


def test_mutants_that_are_explained_stand_in_functions_that_are_there():
    """``module/tools/file.py::function: before → after``."""
    text = house.text_of(house.REPOSITORY / "tests" / "mutants.txt")
    named = re.findall(r"^([\w/]+\.py)::([\w.]*): ", text, re.MULTILINE)
    lines = [one for one in text.splitlines() if one and not one.startswith("#")]
    assert lines and len(named) == len(lines)
    lost = {
        f"{file}::{function}"
        for file, function in named
        if function and function not in names_of_functions(file)
    }
    assert not lost


@functools.cache
def names_of_functions(file):
    """Return the functions and classes of a file of a module, with their classes."""
    path = house.REPOSITORY / "addons" / file
    if not path.exists():
        return set()
    tree = house.tree_of(path)
    classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return {name for name, _node in house.functions(tree)} | classes


def test_hooks_of_a_sample():
    text = (
        "`_customer_360_sections()`, `crm.lead._checklist(stage)`, `_decide_<target>`,"
        " `crm.stage._checklist()`, `_gone_with_the_wind(x)`, `_never_<kind>`,"
        " _no_code_at_all, `self.env['crm.job']._work_off(Step)`, `job._work_in_vain()`"
    )
    assert unknown_hooks(text) == [
        "_gone_with_the_wind",
        "_never_",
        "crm.stage._checklist",
        "job._work_in_vain",
    ]
