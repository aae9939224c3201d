from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_a_stage_asks_for_something(self):
        stages = self.env["crm.stage"].search([])
        stages.write({"required_field_ids": [(5,)], "requirement_ids": [(5,)]})
        field = self.env["ir.model.fields"]._get("crm.lead", "expected_revenue")
        self.assert_settled_by(
            "stages",
            lambda: stages[:1].write({"required_field_ids": [(4, field.id)]}),
        )

    def test_a_rule_gives_leads(self):
        rules = self.env["crm.lead.assignment.rule"].sudo()
        rules.search([]).write({"state": "draft"})
        values = {"name": "All", "target": "user", "user_id": self.rep.id}
        rule = rules.create({**values, "state": "draft"})
        self.assert_settled_by("assignment", lambda: rule.write({"state": "ok"}))
