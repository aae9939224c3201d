from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_suite_base.models import ir_module_module_words as words_
from odoo.addons.crm_suite_base.tools import glossary

LANG = "zh_CN"


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """# U1: Odoo's terms stand on the screens in the words of this field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(LANG)
        cls.modules = cls.env["ir.module.module"]

    def load(self, *modules, **words):
        """Load the terms of modules while base has other words."""
        file = {"base": {t: [glossary.Word(w, ())] for t, w in words.items()}}
        ours = {"crm_suite_base": file}
        with patch.object(words_, "_words_of", lambda name, lang: ours.get(name, {})):
            self.modules._load_module_terms(modules, [LANG])

    def name_of(self, xml_id):
        return self.env.ref(xml_id).with_context(lang=LANG).name

    def test_our_word_stands_over_odoos(self):
        self.load("base", Germany="德国（欧洲）")
        self.assertEqual(self.name_of("base.de"), "德国（欧洲）")
        self.assertEqual(self.env.ref("base.de").name, "Germany")

    def test_both_ways_of_coming_anew(self):
        """With the module that brings the word, and with the module it is for."""
        for number, module in enumerate(("base", "crm_suite_base")):
            self.env.ref("base.de").with_context(lang=LANG).name = "德国"
            self.load(module, Germany=f"词 {number}")
            self.assertEqual(self.name_of("base.de"), f"词 {number}", module)

    def test_a_companys_own_word_stays(self):
        self.env.ref("base.de").with_context(lang=LANG).name = "德意志"
        self.load("base", Germany="德国（欧洲）")
        self.assertEqual(self.name_of("base.de"), "德意志")

    def headings(self):
        view = self.env.ref("base.view_partner_form").with_context(lang=LANG)
        return etree.fromstring(view.arch_db).xpath("//group[@name='misc']/@string")

    def test_a_term_inside_a_view(self):
        self.load("base", Misc="其他")
        self.assertEqual(self.headings(), ["其他"])

    def test_a_companys_own_term_inside_a_view_stays(self):
        view = self.env.ref("base.view_partner_form")
        view.update_field_translations("arch_db", {LANG: {"Misc": "自己的"}})
        self.load("base", Misc="其他")
        self.assertEqual(self.headings(), ["自己的"])

    def test_nothing_is_written_twice(self):
        self.load("base", Germany="德国（欧洲）")
        self.env.cr.execute("SELECT xmin FROM res_country WHERE code = 'DE'")
        [before] = self.env.cr.fetchone()
        self.load("crm_suite_base", France="法国")
        self.env.cr.execute("SELECT xmin FROM res_country WHERE code = 'DE'")
        self.assertEqual(self.env.cr.fetchone()[0], before)

    def test_choices_of_an_inherited_field(self):
        partners = self.env["res.partner"].with_context(lang=LANG)
        states = dict(partners._fields["activity_state"]._description_selection(
            partners.env
        ))  # fmt: skip
        self.assertEqual(states["overdue"], "逾期")
        self.env.cr.execute("""
            UPDATE ir_model_fields_selection SET name = name - 'zh_CN'
             WHERE field_id IN (SELECT id FROM ir_model_fields
                                 WHERE name = 'activity_state'
                                   AND model = 'res.partner')
        """)
        self.env.registry.clear_cache()
        self.load("base")
        field = partners._fields["activity_state"]
        self.assertEqual(dict(field._description_selection(partners.env)), states)

    def test_what_the_browser_translates(self):
        found, _parameters = self.env["ir.http"]._get_translations_for_webclient(
            ["web"], LANG
        )
        texts = {one["id"]: one["string"] for one in found["web"]["messages"]}
        self.assertEqual(texts["Edit Domain"], "编辑条件")

    def test_a_refusal_is_plain(self):
        rep = self.env["res.users"].create(
            {"name": "Rep", "login": "words-rep", "lang": "en_US"}
        )
        other = self.env["res.users.settings"].create({"user_id": self.env.uid})
        with self.assertRaises(AccessError) as refused:
            other.with_user(rep).write({"push_to_talk_key": "1"})
        self.assertIn("You may not change this record", str(refused.exception))
        self.assertNotIn("cookies", str(refused.exception))

    def test_what_code_says(self):
        self.modules._register_hook()
        found = words_.code_translations.get_python_translations("mail", LANG)
        self.assertEqual(found["Emails"], "邮件")
