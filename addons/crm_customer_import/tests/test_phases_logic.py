import ast
from pathlib import Path

from odoo.tests import BaseCase

MODULE = Path(__file__).parents[1]
# of any class of the module, over all the files that extend it
MOST_METHODS = 60


def syntax_trees(folder):
    for file in sorted((MODULE / folder).glob("*.py")):
        yield file.stem, ast.parse(file.read_text(encoding="utf-8"))


class TestPhases(BaseCase):
    """The work beside the record that keeps it; see docs/adr/0036."""

    def test_phases_know_no_models(self):
        """The record calls the phases; they ask it by name, never by its class."""
        seen = 0
        for name, tree in syntax_trees("phases"):
            seen += 1
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    own = (node.module or "").split(".")[0] if node.level > 1 else ""
                    self.assertIn(own, ("", "tools"), f"{name} imports {node.module}")
                    taken = {alias.name for alias in node.names}
                    if node.module == "odoo":
                        self.assertFalse(taken & {"api", "fields", "models"}, name)
        self.assertGreater(seen, 10)

    def test_rights_are_raised_where_they_are_named(self):
        """The system's environment has one source; whatever else takes all rights
        asks for something that is not the import's."""
        places = {
            f"{name}.{function.name}"
            for name, tree in syntax_trees("phases")
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "sudo"
        }
        self.assertEqual(
            places,
            {
                "phase.__init__",
                "choices.choice_names",
                "custom_fields.definition",
                "undoing._note_used",
                "word_list.shaping",
            },
        )

    def test_no_class_grows_without_end(self):
        methods = {}
        for folder in ("models", "phases"):
            for _name, tree in syntax_trees(folder):
                for node in tree.body:
                    if isinstance(node, ast.ClassDef):
                        own = [x for x in node.body if isinstance(x, ast.FunctionDef)]
                        methods[node.name] = methods.get(node.name, 0) + len(own)
        self.assertGreater(methods["CrmCustomerImport"], 40)
        big = {name: count for name, count in methods.items() if count > MOST_METHODS}
        self.assertFalse(big)
