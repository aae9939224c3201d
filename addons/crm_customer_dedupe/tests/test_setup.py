from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_pairs_were_decided_and_none_waits(self):
        one, other = self.make_customer("One"), self.make_customer("Other")
        pairs = self.env["crm.customer.pair"].sudo()
        pairs.search([]).unlink()
        pair = pairs.create({"one_id": one.id, "other_id": other.id})
        self.assert_settled_by("duplicates", lambda: pair.write({"state": "different"}))
        pair.unlink()
        self.assert_state("duplicates", "open")
