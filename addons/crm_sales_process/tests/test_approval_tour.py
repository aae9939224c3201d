from odoo.tests import HttpCase, tagged

from .test_lead_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalTour(ApprovalCommon, HttpCase):
    def test_the_rep_asks_and_the_manager_approves(self):
        """# S9: in the browser, as the two who do it."""
        self.env["crm.lead.approval"].search([("state", "=", "pending")]).unlink()
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "crm_sales_process_approval_ask",
            login=self.rep.login,
        )
        self.assertEqual(self.lead.approval_state, "pending")
        self.start_tour(
            "/odoo/action-crm_sales_process.action_lead_approval_todo",
            "crm_sales_process_approval_approve",
            login=self.manager.login,
        )
        self.env.invalidate_all()
        self.assertEqual(self.lead.approval_state, "approved")
        self.assertEqual(self.lead.approval_ids.decided_by_id, self.manager)
