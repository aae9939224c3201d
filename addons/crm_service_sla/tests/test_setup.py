from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_a_policy_is_in_use(self):
        policies = self.env["crm.service.sla.policy"].sudo()
        policies.search([]).write({"state": "draft"})
        values = {"name": "All", "first_response_minutes": 60, "state": "draft"}
        policy = policies.create(values)
        self.assert_settled_by("sla", lambda: policy.write({"state": "ok"}))

    def test_holidays_of_the_year_are_known(self):
        leaves = self.env["resource.calendar.leaves"].search(
            [("resource_id", "=", False)]
        )
        leaves.unlink()
        year = self.env.company._today().year
        self.assert_settled_by(
            "holidays",
            lambda: leaves.create(
                {
                    "name": "New Year",
                    "date_from": f"{year}-01-01 00:00:00",
                    "date_to": f"{year}-01-01 15:59:59",
                }
            ),
        )
