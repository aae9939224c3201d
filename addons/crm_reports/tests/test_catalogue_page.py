from odoo.tests import tagged

from .page_common import CataloguePageCase


@tagged("post_install", "-at_install")
class TestCataloguePage(CataloguePageCase):
    def test_the_manual_says_what_the_catalogue_says(self):
        """# A9 U6"""
        self.check_pages()
