from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.setup_common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    def test_mail_has_a_domain(self):
        domains = self.env["mail.alias.domain"]
        self.env["res.company"].search([]).alias_domain_id = False
        domains.search([]).unlink()
        self.assert_settled_by(
            "alias_domain", lambda: domains.create({"name": "example.com"})
        )

    def test_a_team_has_members(self):
        teams = self.env["crm.service.team"]
        teams.search([]).member_ids.unlink()
        self.assert_settled_by(
            "service_team",
            lambda: teams.create(
                {"name": "Desk", "member_ids": [(0, 0, {"user_id": self.agent.id})]}
            ),
        )
