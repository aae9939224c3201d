import os
from pathlib import Path

from odoo.tests import TransactionCase

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {"en_US": "measures.md", "zh_CN": "measures.zh-CN.md"}
# modules whose figures stand on the page
ALL = (
    "crm_reports",
    "crm_reports_sales_process",
    "crm_reports_followup",
    "crm_reports_service_ticket",
    "crm_reports_service_sla",
)


class CataloguePageCase(TransactionCase):
    """The manual's page is made by ``crm.measure._catalogue_page()`` with all modules
    installed; with ``WRITE_PAGES=1`` in the environment the test writes it anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        modules = cls.env["ir.module.module"].search(
            [("name", "in", ALL), ("state", "=", "installed")]
        )
        cls.is_whole = len(modules) == len(ALL)

    def check_pages(self):
        """Compare; where modules are missing, their rows are allowed to stand."""
        for lang, name in PAGES.items():
            catalogue = self.env["crm.measure"].with_context(lang=lang)
            page = catalogue._catalogue_page()
            if self.is_whole and os.environ.get("WRITE_PAGES"):
                (DOCS / name).write_text(page, encoding="utf-8")
            text = (DOCS / name).read_text(encoding="utf-8")
            with self.subTest(name):
                if self.is_whole:
                    self.assertEqual(text, page)
                else:
                    self.assertFalse(set(page.splitlines()) - set(text.splitlines()))
