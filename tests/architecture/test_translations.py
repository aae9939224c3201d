"""The Chinese of every module is complete, and the templates are fresh."""

import os
import re

import polib
import pytest
from devenv import addons as addons_
from devenv import translations

import odoo

# those installed in this database
NAMES = os.environ["CRM_SUITE_MODULES"].split(",")
MODULES = {name: addons_.scan()[name] for name in NAMES}
LANGUAGE = "zh_CN"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def chinese(name):
    """Return the Chinese of a module; a missing file is a plain failure."""
    file = MODULES[name].path / "i18n" / f"{LANGUAGE}.po"
    assert file.exists()
    return polib.pofile(str(file))


@pytest.fixture(scope="session")
def fresh_templates():
    """The template of each module, exported from the installed database."""
    registry = odoo.modules.registry.Registry(os.environ["CRM_SUITE_DATABASE"])
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        return {name: translations.fresh_template(env, name) for name in MODULES}


def each_module():
    """Parametrize a test with the names of all modules."""
    return pytest.mark.parametrize("name", sorted(MODULES))


@each_module()
def test_the_committed_template_is_fresh(name, fresh_templates):
    """``make i18n`` brings it up to date."""
    committed = MODULES[name].path / "i18n" / f"{name}.pot"
    fresh = terms(polib.pofile(fresh_templates[name]))
    assert terms(polib.pofile(str(committed))) == fresh


def terms(file):
    """Return the terms of a .po or .pot file, with where each is used."""
    return {
        entry.msgid: sorted(entry.occurrences) for entry in file if not entry.obsolete
    }


@each_module()
def test_every_term_is_translated(name, fresh_templates):
    done = {
        e.msgid for e in chinese(name) if e.msgstr and not e.fuzzy and not e.obsolete
    }
    missing = {entry.msgid for entry in polib.pofile(fresh_templates[name])} - done
    assert not missing


@each_module()
def test_nothing_is_translated_twice_or_left_over(name, fresh_templates):
    file = chinese(name)
    known = {entry.msgid for entry in polib.pofile(fresh_templates[name])}
    assert len({entry.msgid for entry in file}) == len(file)
    assert not [entry.msgid for entry in file if entry.msgid not in known]


@each_module()
def test_placeholders_survive_translation(name):
    """A lost ``%(name)s`` is an error at the moment the text is shown."""
    for entry in chinese(name):
        wanted = sorted(PLACEHOLDER.findall(entry.msgid))
        assert sorted(PLACEHOLDER.findall(entry.msgstr)) == wanted, entry.msgid
