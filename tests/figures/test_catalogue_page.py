from odoo.tests import tagged

from odoo.addons.crm_reports.tests.page_common import CataloguePageCase


@tagged("post_install", "-at_install")
class TestCataloguePage(CataloguePageCase):
    def test_the_manual_has_every_figure(self):
        """# A9 U6 V10: where all modules are, the page is the catalogue, whole."""
        self.assertTrue(self.is_whole)
        self.check_pages()
