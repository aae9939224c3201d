from pathlib import Path

import polib

from odoo.tests import BaseCase
from odoo.tools.misc import file_path

from odoo.addons.crm_suite_base.tools import glossary

FILE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgctxt "crm"
msgid "Contact"
msgstr "人"

#: model:ir.model.fields,field_description:crm.field_crm_lead__partner_id
msgctxt "crm"
msgid "Contact"
msgstr "客户"

msgctxt "web"
msgid "Domain"
msgstr "条件"
"""
PARTNER = "model:ir.model.fields,field_description:crm.field_crm_lead__partner_id"


class TestGlossary(BaseCase):
    def test_a_word_is_for_a_module(self):
        words = glossary.read(FILE)
        self.assertEqual(set(words), {"crm", "web"})
        self.assertEqual(glossary.word_for(words["web"], "Domain", "code:"), "条件")
        self.assertIsNone(glossary.word_for(words["crm"], "Domain", "code:"))

    def test_the_word_that_names_the_place_comes_first(self):
        words = glossary.read(FILE)["crm"]
        self.assertEqual(glossary.word_for(words, "Contact", PARTNER), "客户")
        self.assertEqual(glossary.word_for(words, "Contact", "model:ir.model"), "人")

    def test_a_word_for_one_place_is_for_no_other(self):
        words = {"Contact": [glossary.Word("客户", (PARTNER,))]}
        self.assertIsNone(glossary.word_for(words, "Contact", "model:ir.model"))

    def test_files_are_united(self):
        one, other = glossary.read(FILE), glossary.read(FILE)
        self.assertEqual(len(glossary.united([one, other])["web"]["Domain"]), 2)
        self.assertEqual(len(one["web"]["Domain"]), 1, "the files stay as they are")

    def test_a_term_without_a_module_is_refused(self):
        with self.assertRaisesRegex(ValueError, "Domain"):
            glossary.read(FILE.replace('msgctxt "web"\n', ""))

    def test_every_word_is_for_a_term_that_odoo_has(self):
        """Or it would stand there for nothing, after Odoo has another term."""
        root = Path(file_path("crm_suite_base")).parent
        files = sorted(root.glob("*/words/*.po"))
        self.assertTrue(files)
        for file in files:
            for module, terms in glossary.read(file.read_text("utf-8")).items():
                path = file_path(f"{module}/i18n/{module}.pot")
                known = {entry.msgid for entry in polib.pofile(path)}
                self.assertFalse(set(terms) - known, f"{file.parent.parent}: {module}")
