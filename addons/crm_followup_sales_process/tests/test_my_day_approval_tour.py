from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestMyDayApprovalTour(CustomerCommon, HttpCase):
    def test_a_manager_refuses_where_it_is_asked(self):
        """# F3 S9: from the day, with the reason, and nothing else opens."""
        self.env["crm.lead.approval.rule"].search([]).active = False
        self.env["crm.lead.approval.rule"].create({"name": "Large", "amount": 1000})
        customer = self.make_customer("Acme", self.rep)
        lead = self.make_lead("Line 2", self.rep, customer, expected_revenue=5000)
        lead.team_id = self.team
        self.manager.password = self.manager.login
        with self.calling_as(self.rep) as env:
            env["crm.lead"].browse(lead.id)._ask_approval(5000, 0, "Before Friday")
        self.start_tour("/odoo/my-day", "crm_my_day_approval", login=self.manager.login)
        [approval] = lead.approval_ids
        self.assertEqual(approval.state, "refused")
        self.assertEqual(approval.decided_by_id, self.manager)
