import json

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
            "document.querySelector('.o_crm_accuracy_details').click();"
            "const wait = setInterval(() => { if (document.querySelector("
            "'.o_crm_accuracy_chart canvas')) { clearInterval(wait);"
            " console.log('test successful'); } }, 50)",
            ready="!!document.querySelector('[data-stage] .o_crm_accuracy_words')"
            " && !document.querySelector('.o_crm_accuracy_chart')",
            login=self.rep.login,
        )

    def test_amounts_are_short_as_one_says_them(self):
        """By ten thousands in Chinese, by thousands elsewhere; on cards and in the
        sums of columns."""
        self.rep.password = "a-password-for-the-tour"
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        self.make_deal("Tour deal", stages[1], expected_revenue=5_400_000)
        told = {
            "0": ("0", "0"),
            "9999": ("9999", "10k"),
            "58000": ("5.8万", "58k"),
            "999999": ("100万", "1M"),
            "99999999": ("1亿", "100M"),
            "123456789": ("1.23亿", "123M"),
            "2345600000000": ("23456亿", "2346B"),
            "-540000": ("-54万", "-540k"),
        }
        module = "@crm_sales_process/components/short_amount/short_amount"
        self.browser_js(
            "/odoo/action-crm.crm_lead_action_pipeline",
            f"""
            const {{ shortNumber }} = odoo.loader.modules.get("{module}");
            for (const [value, [zh, en]] of Object.entries({json.dumps(told)})) {{
                const found = ["zh-CN", "en-US"].map((l) => shortNumber(+value, l));
                if (found[0] !== zh || found[1] !== en) {{
                    throw new Error(`${{value}}: ${{found}}`);
                }}
            }}
            const card = document.querySelector(".o_kanban_record").innerText;
            const sums = [...document.querySelectorAll(".o_animated_number")]
                .map((sum) => sum.innerText).join(" | ");
            if (!card.includes("5.4M") || !sums.includes("5.4M")) {{
                throw new Error(card + " | " + sums);
            }}
            console.log("test successful");
            """,
            ready="!!document.querySelector('.o_kanban_record .o_stage_age')",
            login=self.rep.login,
        )
