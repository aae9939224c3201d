"""The context is half the client's: no key of it decides what matters.

See docs/adr/0028. A flag or a value of ours travels as a
``crm_suite_base.tools.token.Token``, which no client can send; whatever else our code
reads from the context stands here, with the reason why a client may say it.
"""

import ast

import pytest
from devenv import addons as addons_

MODULES = addons_.scan()
# where tokens are compared by identity
HELPER = "crm_suite_base/tools/token.py"
ALLOWED = {
    "_force_unlink": "Odoo's own key: a module is being taken out; asks no more then",
    "active_id": "which record a wizard starts with; read with the person's rights",
    "active_ids": "which records a wizard starts with; read with the person's rights",
    "active_model": "what kind of records those are",
    "crm_tag_short": "names of tags without their group: shown only",
    "crm_tag_short_name": "names of tags without their group: shown only",
    "crm_tag_twin_comes": "asked beside env.su: data files bring both twins",
    "default_": "a default: passes the checks of values, see docs/adr/0022",
    "default_fetchmail_server_id": "Odoo's own key of fetched mail; only who may hand "
    "in mails comes there",
    "default_lang": "a default: passes the checks of values",
    "default_lifecycle_state": "a default: passes the checks of values",
    "default_partner_id": "a default: passes the checks of values",
    "default_ticket_type": "a default: passes the checks of values",
    "default_type_id": "a default: passes the checks of values",
    "import_file": "Odoo's own key: a list is loaded by the person, and says so",
    "show_industry_code": "names of industries with their code: shown only",
    "shown_decision": "which rows of an import a list shows",
    "tz": "Odoo's own key: the zone in which times are shown",
}


def is_context(node):
    """Tell whether an expression is the context of something."""
    return (
        isinstance(node, ast.Attribute) and node.attr in ("context", "_context")
    ) or (isinstance(node, ast.Name) and node.id == "context")


def environment_context(node):
    """``env.context`` and ``….env.context``, not the context of an action."""
    return (
        is_context(node)
        and isinstance(node, ast.Attribute)
        and (
            (isinstance(node.value, ast.Attribute) and node.value.attr == "env")
            or (
                isinstance(node.value, ast.Name) and node.value.id in ("env", "request")
            )
        )
    )


def keys_read(tree):
    """Yield ``(line, expression)`` of what is looked up in the context."""
    aliases = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and environment_context(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def read(node):
        return environment_context(node) or (
            isinstance(node, ast.Name) and node.id in aliases
        )

    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and read(node.value):
            yield node.lineno, node.slice
        elif isinstance(node, ast.Compare) and any(map(read, node.comparators)):
            yield node.lineno, node.left
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and read(node.func.value)
        ):
            if node.func.attr in ("get", "pop", "setdefault"):
                yield node.lineno, node.args[0]
            elif node.func.attr in ("items", "keys", "values"):
                yield node.lineno, node


def key_of(node, constants):
    """Return the key an expression stands for; of a text put together its beginning;
    ``None`` for what cannot be told."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return node.values[0].value
    return None


def constants_of(tree):
    """Return the texts that a module names at its head."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


CONSTANTS = {"MODULE_UNINSTALL_FLAG": "_force_unlink"}  # named by Odoo
TREES = {}
for name in sorted(MODULES):
    for file in sorted(MODULES[name].path.rglob("*.py")):
        if "tests" not in file.parts:
            TREES[file] = ast.parse(file.read_text(encoding="utf-8"))
            CONSTANTS |= constants_of(TREES[file])


def unexplained(tree, constants):
    """Yield ``(line, key)`` of what is read and stands on no list."""
    for line, expression in keys_read(tree):
        key = key_of(expression, constants)
        if key not in ALLOWED:
            yield line, key


def test_the_context_is_asked_for_nothing_that_matters():
    """# A5 of the threats: flags of ours are tokens, the rest is explained."""
    wrong = [
        f"{file}:{line}: {key!r} is read from the context: use a Token"
        for file, tree in TREES.items()
        if not str(file).endswith(HELPER)
        for line, key in unexplained(tree, {**CONSTANTS, **constants_of(tree)})
    ]
    assert not wrong, "\n".join(wrong)


def test_the_list_holds_nothing_that_is_not_read():
    read = {
        key_of(expression, {**CONSTANTS, **constants_of(tree)})
        for tree in TREES.values()
        for _line, expression in keys_read(tree)
    }
    assert not ALLOWED.keys() - read


@pytest.mark.parametrize(
    "code",
    [
        "self.env.context.get('no_check')",
        "self.env.context['no_check']",
        "'no_check' in self.env.context",
        "env.context.get(KEY)",
        "context = self.env.context\ncontext.get('no_check')",
        "self.env.context.get(something())",
        "dict(**self.env.context).get('x') or self.env.context.items()",
        "request.context.get('no_check')",
    ],
)
def test_every_way_to_read_is_seen(code):
    assert list(unexplained(ast.parse(code), {"KEY": "no_check"}))


def test_a_token_is_made_once_and_compared_by_nothing_else():
    """Two tokens of one key would put each other out."""
    keys = [
        node.args[0].value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Token"
        # not the words of a tokenizer
        and len(node.args) == 1
    ]
    assert keys
    assert len(keys) == len(set(keys))
