from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_a_list_was_imported(self):
        run = self.env["crm.customer.import"].create({})
        done = self.env["crm.customer.import"].search([("state", "=", "done")])
        done.sudo().write({"state": "undone"})
        self.assert_settled_by("import", lambda: run.sudo().write({"state": "done"}))
