from lxml import etree

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLeadLists(TransactionCase):
    """Lists of leads and deals hold what our people need. # S1"""

    def list_of(self, xmlid) -> etree._Element:
        view = self.env.ref(xmlid)
        arch, _view = self.env["crm.lead"]._get_view(view.id, "list")
        return arch

    def test_tags_are_one_line_and_the_name_has_room(self):
        for xmlid in ("crm.crm_case_tree_view_oppor", "crm.crm_case_tree_view_leads"):
            arch = self.list_of(xmlid)
            (tags,) = arch.xpath("//field[@name='tag_ids']")
            self.assertEqual(tags.get("widget"), "crm_one_line_tags")
            (name,) = arch.xpath("//field[@name='name']")
            self.assertEqual(name.get("width"), "260px")

    def test_a_row_of_deals_has_no_buttons_for_letters(self):
        arch = self.list_of("crm.crm_case_tree_view_oppor")
        buttons = arch.xpath("/list/button[@type='action']")
        self.assertTrue(buttons)
        self.assertEqual({one.get("column_invisible") for one in buttons}, {"1"})
