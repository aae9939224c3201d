"""Tests that cannot fail are no tests."""

import ast

import house


def test_files():
    """Return every file of tests in the repository."""
    folders = (house.REPOSITORY / "tests", house.REPOSITORY / "addons")
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*.py"))
        if "tests" in file.relative_to(house.REPOSITORY).parts
    ]


test_files.__test__ = False


def lost_subtests(tree):
    """Yield the functions that hand something out from within a ``subTest``: what fails
    in the caller's hands is not seen by it, so that it names the wrong case or none."""
    for name, node in house.functions(tree):
        for block in ast.walk(node):
            yields = (isinstance(n, ast.Yield | ast.YieldFrom) for n in ast.walk(block))
            if is_subtest(block) and any(yields):
                yield name


def is_subtest(block):
    """Tell whether a node is ``with self.subTest(…):``."""
    return isinstance(block, ast.With) and any(
        "subTest(" in ast.unparse(item) for item in block.items
    )


def names_of_tests(tree):
    """Yield ``(class, name)`` of the tests of each class, and of the module."""
    for holder in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))]:
        for node in holder.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                yield getattr(holder, "name", ""), node.name


def test_no_case_is_handed_out_of_its_subtest():
    wrong = {
        house.short(file): found
        for file in test_files()
        if (found := list(lost_subtests(house.tree_of(file))))
    }
    assert not wrong


def test_no_test_is_overwritten_by_another():
    """Of two with one name in one class only the second runs."""
    wrong = {}
    for file in test_files():
        names = list(names_of_tests(house.tree_of(file)))
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            wrong[house.short(file)] = twice
    assert not wrong


def test_the_checks_see_what_they_are_for():
    tree = ast.parse(
        "class A:\n"
        "    def each(self):\n"
        "        with self.subTest(a=1):\n"
        "            yield 1\n"
        "    def test_one(self):\n"
        "        with self.subTest(a=1):\n"
        "            pass\n"
        "    def test_one(self):\n"
        "        pass\n"
    )
    assert list(lost_subtests(tree)) == ["A.each"]
    assert list(names_of_tests(tree)) == [("A", "test_one")] * 2
