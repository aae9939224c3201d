from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestStageRequirements(StageCommon):
    """Nobody enters a stage without what it asks for. # S4"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        fields = cls.env["ir.model.fields"]
        cls.offer.required_field_ids = fields._get("crm.lead", "expected_revenue")
        cls.offer.required_field_ids |= fields._get("crm.lead", "date_deadline")
        cls.check = cls.env["crm.stage.requirement"].create(
            {
                "stage_id": cls.offer.id,
                "name": "Name the customer",
                "domain": "[('partner_id', '!=', False)]",
            }
        )
        cls.customer = cls.make_customer("Acme", owner=cls.rep)
        cls.complete = {
            "expected_revenue": 5000,
            "date_deadline": "2027-06-01",
            "partner_id": cls.customer.id,
        }

    def as_rep(self, lead):
        return lead.with_user(self.rep)

    def refused(self, *missing):
        words = ".*".join(missing)
        return self.assertRaisesRegex(UserError, f"“Deal”.*“Offer”.*{words}")

    def test_the_refusal_names_lead_stage_and_what_is_missing(self):
        deal = self.as_rep(self.make_deal(expected_revenue=10))
        with self.assertRaises(UserError) as caught:
            deal.stage_id = self.offer
        self.assertEqual(
            str(caught.exception),
            "“Deal” cannot enter the stage “Offer” yet. Still missing: "
            "Expected Closing, Name the customer.",
        )

    def test_who_may_not_change_a_stage_still_reads_what_it_asks_for(self):
        """The form of a stage, for a manager of a team and a rep."""
        for user in (self.manager, self.rep):
            with Form(self.offer.with_user(user)) as form:
                self.assertEqual(
                    form.requirement_summary.split("\n"),
                    ["Expected Closing", "Expected Revenue", "Name the customer"],
                )
        label = self.offer.with_user(self.rep).with_context(lang="zh_CN")
        self.assertIn("预期收入", label.requirement_summary)

    def test_labels_are_in_the_users_language(self):
        deal = self.as_rep(self.make_deal(expected_revenue=10))
        label = deal.with_context(lang="zh_CN").fields_get(["date_deadline"])
        with self.assertRaisesRegex(UserError, label["date_deadline"]["string"]):
            deal.with_context(lang="zh_CN").stage_id = self.offer

    def test_every_way_in_is_guarded(self):
        """Write, mass edit, creation, import, form, won button, conversion, team."""
        leads = self.env["crm.lead"].with_user(self.rep)
        deal = self.as_rep(self.make_deal())
        lead = self.as_rep(self.make_deal(type="lead", stage=self.offer))
        by_team = self.as_rep(self.make_deal())
        fenced = self.make_stage("Fenced", 1, 5)
        fenced.team_ids = self.team
        by_team.sudo().stage_id = fenced
        new = {
            "name": "Deal",
            "type": "opportunity",
            "team_id": self.team.id,
            "stage_id": self.offer.id,
        }
        ways = {
            "write": lambda: deal.write({"stage_id": self.offer.id}),
            "web_save": lambda: deal.web_save({"stage_id": self.offer.id}, {}),
            "mass edit": lambda: (deal | self.as_rep(self.make_deal("B"))).write(
                {"stage_id": self.offer.id}
            ),
            "create": lambda: leads.create(new),
            "conversion": lambda: lead.convert_opportunity(self.env["res.partner"]),
        }
        for name, way in ways.items():
            with self.subTest(name), self.refused(), self.env.cr.savepoint():
                way()
        answer = leads.load(
            ["name", "type", "team_id/.id", "stage_id/.id"],
            [["Deal", "opportunity", str(self.team.id), str(self.offer.id)]],
        )
        self.assertIn("Offer", answer["messages"][0]["message"])
        form = Form(deal)
        form.stage_id = self.offer
        with self.refused():
            form.save()

    def test_the_won_button_is_guarded(self):
        fields = self.env["ir.model.fields"]
        self.won.required_field_ids = fields._get("crm.lead", "expected_revenue")
        deal = self.as_rep(self.make_deal(won_reason_id=self.reason.id))
        with self.assertRaisesRegex(UserError, "Signed.*Expected Revenue"):
            deal.action_set_won()

    def test_a_team_that_moves_a_deal_into_a_stage_is_guarded(self):
        """The new team's first stage is computed, and asks for its things."""
        asking = self.make_stage("Asking", 0, 5)
        asking.team_ids = self.other_team
        asking.requirement_ids = [
            Command.create({"name": "A phone", "domain": "[('phone', '!=', False)]"})
        ]
        only_ours = self.make_stage("Ours", 0, 5)
        only_ours.team_ids = self.team
        deal = self.make_deal(stage=only_ours).with_user(self.crm_admin)
        with self.assertRaisesRegex(UserError, "Asking.*A phone"):
            deal.write({"team_id": self.other_team.id, "user_id": False})

    def test_what_is_complete_goes_in(self):
        deal = self.as_rep(self.make_deal(**self.complete))
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_filled_in_with_the_move_is_early_enough(self):
        deal = self.as_rep(self.make_deal())
        deal.write({"stage_id": self.offer.id, **self.complete})
        self.assertEqual(deal.stage_id, self.offer)

    def test_who_is_inside_is_left_alone(self):
        """A requirement added later asks those who come, not those who are there."""
        deal = self.make_deal(stage=self.offer)
        self.as_rep(deal).write({"stage_id": self.offer.id, "name": "Renamed"})
        self.assertEqual(deal.name, "Renamed")

    def test_the_system_is_not_held_up(self):
        """Automation, mail gateway and scheduled actions work as superuser."""
        deal = self.make_deal()
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_leads_are_not_in_the_pipeline_yet(self):
        lead = self.as_rep(self.make_deal(type="lead"))
        lead.stage_id = self.offer
        self.assertEqual(lead.stage_id, self.offer)

    def test_many_refused_are_named_shortly(self):
        deals = self.env["crm.lead"].union(
            *(self.make_deal(f"Deal {number}") for number in range(8))
        )
        with self.assertRaises(UserError) as caught:
            self.as_rep(deals).stage_id = self.offer
        message = str(caught.exception)
        self.assertEqual(message.count("Still missing"), 5)
        self.assertIn("3 more", message)

    def test_checks_cost_no_query_each(self):
        one = self._queries(1)
        self.assertLessEqual(self._queries(40), one + 2)

    def _queries(self, count):
        deals = self.env["crm.lead"].union(
            *(self.make_deal(f"D{n}", **self.complete) for n in range(count))
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET stage_id = %s WHERE id IN %s",
            [self.offer.id, tuple(deals.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.as_rep(deals)._check_stage_entry()
        return self.env.cr.sql_log_count - before

    def test_the_form_says_what_the_next_stage_needs(self):
        """Before one moves, in the user's language."""
        deal = self.as_rep(self.make_deal(stage=self.needs, expected_revenue=5))
        self.assertEqual(deal.next_stage_id, self.offer)
        self.assertEqual(
            deal.next_stage_checklist,
            [
                {"label": "Expected Closing", "done": False},
                {"label": "Expected Revenue", "done": True},
                {"label": "Name the customer", "done": False},
            ],
        )
        first = self.as_rep(self.make_deal(stage=self.first))
        self.assertEqual(first.next_stage_id, self.needs)
        self.assertFalse(first.next_stage_checklist)
        self.assertFalse(self.make_deal(stage=self.won).next_stage_id)

    def test_the_next_stage_is_that_of_now(self):
        """Remembered, until stages change in any way that could change it."""
        deal = self.make_deal(stage=self.first)
        other = self.make_deal(stage=self.first, team_id=self.other_team.id)

        def next_of(lead):
            lead.invalidate_recordset(["next_stage_id"])
            return lead.next_stage_id

        self.assertEqual([next_of(deal), next_of(other)], [self.needs] * 2)
        self.needs.team_ids = self.team
        self.assertEqual(next_of(deal), self.needs)
        self.assertEqual(next_of(other), self.offer)
        self.won.sequence = 102
        self.assertEqual(next_of(other), self.won)
        between = self.needs.create(
            {"name": "Between", "sequence": 101, "team_ids": self.team.ids}
        )
        self.first.name = "A first one"
        self.assertEqual(next_of(deal), between)
        between.unlink()
        self.assertEqual(next_of(deal), self.needs)
        self.first.is_won = True
        self.assertFalse(next_of(deal))

    def test_a_check_one_may_not_read_is_judged_all_the_same(self):
        """A check may look at records hidden from the salesperson."""
        hidden = self.make_customer("Hidden", owner=self.other_rep, ref="KEY")
        self.check.domain = "[('partner_id.ref', '=', 'KEY')]"
        deal = self.make_deal(**{**self.complete, "partner_id": hidden.id})
        self.as_rep(deal).stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_a_condition_that_cannot_be_read_is_refused(self):
        for domain in ("[('nowhere', '=', 1)]", "not a domain", "[("):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.check.domain = domain

    def test_what_a_stage_asks_for_holds_from_the_moment_it_is_set(self):
        """Which stages ask for something is remembered, and forgotten on a change."""
        deal = self.as_rep(self.make_deal())
        deal.stage_id = self.needs
        check = self.check.copy({"stage_id": self.first.id})
        with self.assertRaisesRegex(UserError, "Name the customer"):
            deal.stage_id = self.first
        check.stage_id = self.won
        deal.stage_id = self.first
        self.needs.required_field_ids = self.offer.required_field_ids
        with self.assertRaisesRegex(UserError, "Expected Closing"):
            deal.stage_id = self.needs
        self.needs.required_field_ids = False
        deal.stage_id = self.needs
        (self.check | check).unlink()
        self.offer.required_field_ids = False
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_the_sales_administrator_sets_requirements_up(self):
        """Who is no system administrator chooses fields as well."""
        with self.calling_as(self.crm_admin) as env:
            form = Form(env["crm.stage"].browse(self.needs.id))
            form.required_field_ids.add(
                env["ir.model.fields"]._get("crm.lead", "expected_revenue")
            )
            form.save()
            found = env["ir.model.fields"].name_search(
                "Expected Closing", [("model", "=", "crm.lead")]
            )
            self.assertTrue(found)
        self.assertEqual(self.needs.requirement_count, 1)
