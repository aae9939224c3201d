from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_sales_process import hooks
from odoo.addons.crm_sales_process.models.crm_team import MODE_PARAMETER

from .stage_common import StageCommon

CREATED = datetime(2026, 3, 1, 8, 0)


@tagged("post_install", "-at_install")
class TestInstall(StageCommon):
    """What the installation makes of a database in use. # S4, S5, O5"""

    def forget(self, lead):
        """As before the installation, with a creation a while ago."""
        self.env.cr.flush()
        self.env.cr.execute(
            "DELETE FROM crm_lead_stage_move WHERE lead_id = %s", [lead.id]
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [CREATED, lead.id]
        )
        self.env.invalidate_all()

    def track(self, lead, day, old, new):
        """A move as Odoo has tracked it."""
        message = self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": lead.id,
                "message_type": "notification",
                "date": CREATED + timedelta(days=day),
            }
        )
        self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get("crm.lead", "stage_id").id,
                "old_value_integer": old.id,
                "new_value_integer": new.id,
            }
        )

    def test_history_is_rebuilt_from_what_odoo_tracked(self):
        """Dates and stages are known; what was expected then is not, and stays
        empty."""
        deal = self.make_deal(stage=self.offer)
        self.forget(deal)
        self.track(deal, 2, self.first, self.needs)
        self.track(deal, 5, self.needs, self.offer)
        hooks._rebuild_history(self.env)
        day = 86400
        self.assertRecordValues(
            self.stays(deal),
            [
                {"stage_id": self.first.id, "duration": 2 * day, "ending": "moved"},
                {"stage_id": self.needs.id, "duration": 3 * day, "ending": "moved"},
                {"stage_id": self.offer.id, "duration": 0, "ending": False},
            ],
        )
        first, second, third = self.stays(deal)
        self.assertEqual((second.previous_id, third.previous_id), (first, second))
        self.assertEqual(first.date_entered, CREATED)
        self.env.cr.execute(
            "SELECT count(*) FROM crm_lead_stage_move WHERE lead_id = %s AND"
            " (probability IS NOT NULL OR expected_revenue IS NOT NULL)",
            [deal.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_every_lead_gets_a_stay(self):
        """Without tracking: since its creation; a lost one until it was lost."""
        deal, lost = self.make_deal(), self.make_deal()
        lost.action_set_lost(lost_reason_id=self.lost_reason.id)
        lost.date_closed = CREATED + timedelta(days=4)
        for lead in deal | lost:
            self.forget(lead)
        hooks._rebuild_history(self.env)
        self.assertRecordValues(
            self.stays(deal) | self.stays(lost),
            [
                {"date_left": False, "ending": False, "entry": "known"},
                {
                    "date_left": CREATED + timedelta(days=4),
                    "ending": "closed",
                    "entry": "known",
                },
            ],
        )

    def test_the_changes_are_read_once(self):
        """Not once for each lead, of which a database in use has many."""
        stage_field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        stays = hooks._known_stays(hooks._known_entries(stage_field.id))
        self.env.cr.execute(SQL("EXPLAIN %s", hooks._insert_stays(stays)))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertNotIn("SubPlan", plan)

    def test_a_rebuilt_history_goes_on(self):
        deal = self.make_deal(stage=self.needs)
        self.forget(deal)
        hooks._rebuild_history(self.env)
        hooks._rebuild_history(self.env)
        self.assertEqual(len(self.stays(deal)), 1)
        deal.stage_id = self.offer
        self.assertEqual(self.stays(deal)[1].previous_id, self.stays(deal)[0])

    def test_stages_a_company_named_keep_their_names(self):
        """Odoo's own get ours, in every language; a renamed one stays, with a
        probability."""
        self.env["res.lang"]._activate_lang("zh_CN")
        stages = {
            name: self.env.ref(f"crm.{name}") for name in hooks.stage_names(self.env)
        }
        for name, (core_name, _ours, _probability) in hooks.stage_names(
            self.env
        ).items():
            stages[name].with_context(lang="en_US").name = core_name
        stages["stage_lead2"].name = "Hot"
        stages["stage_lead2"].default_probability = 0
        hooks._adapt_stages(self.env)
        self.assertEqual(stages["stage_lead1"].name, "First Contact")
        self.assertEqual(
            stages["stage_lead3"].with_context(lang="zh_CN").name, "方案报价"
        )
        self.assertEqual(stages["stage_lead2"].name, "Hot")
        self.assertEqual(stages["stage_lead2"].default_probability, 30)

    def test_the_stages_of_a_fresh_database(self):
        """# S4: first contact, needs, proposal, negotiation, won, in this order."""
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        self.assertEqual(
            [(stage.name, stage.default_probability) for stage in stages],
            [
                ("First Contact", 10),
                ("Needs Analysis", 30),
                ("Proposal and Quotation", 50),
                ("Negotiation", 75),
                ("Won", 100),
            ],
        )
        negotiation = self.env.ref("crm_sales_process.stage_negotiation")
        self.assertEqual(
            set(negotiation.required_field_ids.mapped("name")),
            {"expected_revenue", "date_deadline"},
        )

    def test_a_longer_pipeline_gets_no_stage_of_ours(self):
        """A company with stages of its own keeps its pipeline; its stages get
        probabilities in their order."""
        hooks._place_negotiation(self.env)
        self.assertFalse(
            self.env.ref(
                "crm_sales_process.stage_negotiation", raise_if_not_found=False
            )
        )
        hooks._spread_probabilities(self.env)
        own = self.first | self.needs | self.offer
        self.assertEqual(
            own.mapped("default_probability"),
            sorted(own.mapped("default_probability")),
        )
        self.assertEqual(self.won.default_probability, 100)

    def test_deals_that_are_there_keep_learned_probabilities(self):
        """A database in use changes nobody's figures by itself."""
        self.env["ir.config_parameter"].set_param(MODE_PARAMETER, False)
        self.make_deal()
        self.env.flush_all()
        hooks.pre_init_hook(self.env)
        self.assertEqual(self.env["crm.team"]._default_probability_mode(), "learned")

    def test_leaving_gives_the_probabilities_back_to_odoo(self):
        hooks.uninstall_hook(self.env)
        self.assertEqual(set(self.teams.mapped("probability_mode")), {"learned"})
