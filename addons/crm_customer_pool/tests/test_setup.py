from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_a_rule_is_in_use(self):
        rules = self.env["crm.pool.rule"].sudo()
        rules.search([]).write({"state": "draft"})
        rule = rules.create({"name": "After a month", "state": "draft"})
        self.assert_settled_by("pool", lambda: rule.write({"state": "ok"}))
