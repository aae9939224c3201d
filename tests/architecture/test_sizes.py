"""Nothing grows so large that nobody reads it. See docs/adr/0040."""

import ast
from collections import Counter

import house

FUNCTION_LINES = 45
FILE_LINES = 450
MODEL_METHODS = 60


def lines_of_functions(tree):
    """Yield ``(name, lines)`` of a tree's functions, comments and docstring included;
    what is defined within one counts with it."""
    for name, node in house.functions(tree):
        yield name, node.end_lineno - node.lineno + 1


def test_functions_fit_a_screen():
    found = {
        f"{house.short(file)}: {name}": lines
        for file in house.code_files(".py")
        for name, lines in lines_of_functions(house.tree_of(file))
    }
    house.hold("function lines", found, FUNCTION_LINES, "give its parts names")


def test_files_have_one_subject():
    files = house.code_files(".py", ".js")
    found = {house.short(file): house.text_of(file).count("\n") for file in files}
    house.hold("file lines", found, FILE_LINES, "find the second subject in it")


def methods_of_models(classes):
    """Return how many methods a model has in all classes of ours that make it."""
    found = Counter()
    for _file, node, model in classes:
        found[model] += sum(isinstance(item, ast.FunctionDef) for item in node.body)
    return found


def test_models_are_no_heaps():
    """One ``self`` with two hundred methods, cut into twenty files, is still one: what
    has a state of its own becomes an object of its own."""
    found = methods_of_models(house.model_classes())
    house.hold("model methods", found, MODEL_METHODS, "make an object of a part")


def test_the_sizes_are_those_of_a_sample():
    tree = ast.parse(
        "class A(models.Model):\n    _inherit = 'a'\n    def b(self):\n        pass\n"
        "class B(models.Model):\n    _name = 'a'\n    def c(self):\n"
        "        def d():\n            pass\n"
    )
    assert dict(lines_of_functions(tree)) == {"A.b": 2, "B.c": 3, "B.c.d": 2}
    classes = [(None, node, house.model_of(node)) for node in tree.body]
    assert methods_of_models(classes) == {"a": 2}
