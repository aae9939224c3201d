import os
from pathlib import Path

from odoo.tests import TransactionCase, tagged

DOCS = Path(__file__).parents[3] / "docs"
MODELS = ("crm.lead", "res.partner", "crm.followup", "crm.followup.task")
PAGES = {"en_US": "measures.md", "zh_CN": "measures.zh-CN.md"}


@tagged("post_install", "-at_install")
class TestCataloguePage(TransactionCase):
    def test_the_manual_says_what_the_catalogue_says(self):
        """# A9 U6: the page is made by ``crm.measure._catalogue_page()``; with
        ``WRITE_PAGES=1`` in the environment this writes it anew."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, name in PAGES.items():
            catalogue = self.env["crm.measure"].with_context(lang=lang)
            page = catalogue._catalogue_page(MODELS)
            if os.environ.get("WRITE_PAGES"):
                (DOCS / name).write_text(page, encoding="utf-8")
            with self.subTest(name):
                text = (DOCS / name).read_text(encoding="utf-8")
                self.assertEqual(text, page)
