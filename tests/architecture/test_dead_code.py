"""What nobody calls is taken out: it is read, translated and guarded for nothing."""

import ast
import re
from collections import Counter

import house

WORD = re.compile(r"[A-Za-z_]\w*")
# these say of what follows that it is called by somebody: Odoo, a browser, Python
CALLED = re.compile(
    r"@(api\.(constrains|onchange|ondelete|autovacuum)|(http\.)?route"
    r"|field_type_optimization|precedes|follows)\b"
)
# Odoo and Python call these by name
FOREIGN = {
    "_detect_loop_sender_domain": "mail.thread: whose mails may be a loop",
    "_get_report_values": "the values of a report that is printed",
    "convert_to_record": "Field: the value in the cache, as records show it",
    "emit": "logging.Handler",
    "visit_Name": "ast.NodeVisitor",
}


def texts_that_call():
    """Return all texts in which something of ours may be named."""
    return [
        house.text_of(file)
        for folder in ("addons", "bench", "scripts", "tests")
        for file in (house.REPOSITORY / folder).rglob("*")
        if file.suffix in (".py", ".xml", ".js", ".csv")
    ]


def decorators(node):
    """Return what stands above a function."""
    return [f"@{ast.unparse(decorator)}" for decorator in node.decorator_list]


def put_together(texts):
    """Return the names that come of ``f"_explain_{kind}"`` and the kinds there are."""
    found = (re.findall(r'getattr\(\w+, f"(_\w*)\{', text) for text in texts)
    beginnings = {beginning for one in found for beginning in one}
    kinds = {kind for text in texts for kind in re.findall(r"[\"'](\w+)[\"']", text)}
    return {f"{beginning}{kind}" for beginning in beginnings for kind in kinds}


def never_named(trees, texts):
    """Yield ``(place, name)`` of the functions that nothing names but themselves.

    :param trees: ``{place: tree}`` of the code
    :param texts: all texts that may call something
    """
    named = Counter(word for text in texts for word in WORD.findall(text))
    defined = Counter(n for text in texts for n in re.findall(r"def (\w+)\(", text))
    called = put_together(texts)
    for place, tree in trees.items():
        for full, node in house.functions(tree):
            name = node.name
            if (
                named[name] == defined[name]
                and not name.startswith("__")
                and name not in called
                and not any(map(CALLED.match, decorators(node)))
            ):
                yield place, full


def test_everything_is_called():
    addons = [
        file
        for file in house.code_files(".py")
        if file.is_relative_to(house.REPOSITORY / "addons")
    ]
    trees = {house.short(file): house.tree_of(file) for file in addons}
    found = {
        f"{place}: {name}": 1
        for place, name in never_named(trees, texts_that_call())
        if name.split(".")[-1] not in FOREIGN
    }
    house.hold("never called", found, advice="take it out, or call it in a test")


def test_the_dead_of_a_sample_are_found():
    source = """
class A(models.Model):
    def action_dead(self):
        pass
    @api.model
    def _dead(self):
        pass
    def action_alive(self):
        return getattr(self, f"_do_{self.state}")()
    def _do_draft(self):
        pass
    def _do_nothing(self):
        pass
    @api.constrains("name")
    def _check_name(self):
        pass
    def __len__(self):
        pass
"""
    texts = [source, '<button name="action_alive"/>', "# action_dea", "'draft'"]
    found = dict.fromkeys(
        name for _p, name in never_named({"": ast.parse(source)}, texts)
    )
    assert list(found) == ["A.action_dead", "A._dead", "A._do_nothing"]


def test_no_name_is_excused_for_nothing():
    ours = "\n".join(map(house.text_of, house.code_files(".py")))
    assert not [name for name in FOREIGN if f"def {name}(" not in ours]
