from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestStageTour(HttpCase, StageCommon):
    """A rep drags a deal through all stages in the browser. # S4, S5, S10"""

    def test_a_deal_is_dragged_through_all_stages(self):
        """Asked for what is missing, on the board and on the form, and for all a won
        deal needs, with one stay for each stage in the history."""
        (self.first | self.needs | self.offer | self.won).team_ids = self.other_team
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        deal = self.make_deal("Tour deal", stages[0])
        customer = self.make_customer("Tour customer", owner=self.rep)
        self.rep.password = "a-password-for-the-tour"
        # refusals are part of the story
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/action-crm.crm_lead_action_pipeline",
                "crm_sales_process_stages",
                login=self.rep.login,
            )
        self.env.invalidate_all()
        self.assertEqual(deal.won_status, "won")
        self.assertEqual((deal.partner_id, deal.expected_revenue), (customer, 4800))
        self.assertEqual(
            deal.won_reason_id, self.env.ref("crm_sales_process.won_reason_delivery")
        )
        self.assertEqual(self.stays(deal).mapped("stage_id"), stages)
        self.assertEqual(len(self.stays(deal)), 5)
        self.assertEqual(self.stays(deal)[1:].mover_id, self.rep)

    def test_reports_open_in_the_browser(self):
        """The funnel and the probability check render for a rep, empty and full."""
        self.rep.password = "a-password-for-the-tour"
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        self.make_deal("Tour deal", stages[1])
        self.browser_js(
            "/odoo/action-crm_sales_process.action_crm_funnel",
            "console.log('test successful')",
            ready="document.querySelectorAll('.o_crm_funnel_step').length > 4",
            login=self.rep.login,
        )
        self.browser_js(
            "/odoo/action-crm_sales_process.action_crm_accuracy",
            "console.log('test successful')",
            ready="!!document.querySelector('.o_crm_accuracy .o_view_nocontent')",
            login=self.rep.login,
        )
        deal = self.make_deal("Closed", stages[1])
        deal.write({"stage_id": stages[4].id, "won_reason_id": self.reason.id})
        self.browser_js(
            "/odoo/action-crm_sales_process.action_crm_accuracy",
            "console.log('test successful')",
            ready="!!document.querySelector('.o_crm_accuracy_chart canvas')",
            login=self.rep.login,
        )
