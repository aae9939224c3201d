"""What people read can be translated: the extractor finds every sentence."""

import ast
import re

import polib
import pytest
from devenv import addons as addons_

MODULES = addons_.scan()
# a Western sign between two Chinese ones
WESTERN = re.compile("[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")


def lost_sentences(tree):
    """Yield the lines in which the translator gets another name: the extractor does not
    see the sentences that are given to it then."""
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "_" and node not in called:
            yield node.lineno


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_translator_has_no_other_name(name):
    found = [
        f"{file.relative_to(MODULES[name].path)}:{line}"
        for file in sorted(MODULES[name].path.rglob("*.py"))
        if "tests" not in file.parts
        for line in lost_sentences(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not found, "write self.env._('…') where the sentence stands"


def test_the_check_sees_what_it_is_for():
    source = 'text = self.env._\nself.env._("Good")\nother.env._("So")'
    assert list(lost_sentences(ast.parse(source))) == [1]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_chinese_has_chinese_signs(name):
    file = MODULES[name].path / "i18n" / "zh_CN.po"
    entries = polib.pofile(str(file)) if file.exists() else []
    assert not [entry.msgstr for entry in entries if WESTERN.search(entry.msgstr)]
