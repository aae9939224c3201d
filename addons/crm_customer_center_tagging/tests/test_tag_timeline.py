from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestTagTimeline(CustomerCommon):
    def test_a_tag_is_told_with_who_put_it_on_and_why(self):
        """# C5 T3: to who reads the customer, though nobody reads reasons as such."""
        tag = self.env["res.partner.category"].create({"name": "Test Tag"})
        customer = self.make_customer("Acme", owner=self.rep)
        customer.with_user(self.rep).category_id = tag
        for user in (self.rep, self.agent):
            with self.subTest(user=user.login), self.calling_as(user) as env:
                partner = env["res.partner"].browse(customer.id)
                page = partner.get_customer_timeline(kinds=["change"])
                [event] = [e for e in page["events"] if "Test Tag" in e["title"]]
                self.assertEqual(event["text"], "Put on by hand")
                self.assertEqual(event["person"]["name"], "rep user")
                self.assertFalse(event["noise"])
                self.assertFalse(event["opens"])
