from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_sales_process.exceptions import (
    ClosingReasonMissing,
    StageRequirementsMissing,
)

from .stage_common import StageCommon


class EnterStageCommon(StageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.approval.rule"].search([]).action_archive()
        fields = cls.env["ir.model.fields"]
        cls.offer.required_field_ids = fields._get("crm.lead", "expected_revenue")
        cls.offer.required_field_ids |= fields._get("crm.lead", "date_deadline")
        cls.customer = cls.make_customer("Acme", owner=cls.rep)

    def deal(self, **values):
        return self.make_deal(**values).with_user(self.rep)

    def dialog(self, leads, stage):
        entry = self.env["crm.stage.entry"].with_user(self.rep)
        return entry.get_dialog(leads.ids, stage.id)

    def enter(self, leads, stage, values):
        entry = self.env["crm.stage.entry"].with_user(self.rep)
        return entry.enter(leads.ids, stage.id, values)

    def asked(self, leads, stage):
        """Fields of the dialog, in order, with whether they have to be filled in."""
        dialog = self.dialog(leads, stage)
        if not dialog:
            return dialog
        nodes = etree.fromstring(dialog["arch"]).iter("field")
        return {
            node.get("name"): node.get("required") == "True"
            or node.get("required") == "1"
            for node in nodes
            if not node.get("invisible") and not node.get("column_invisible")
        }

    def text(self, leads, stage):
        arch = self.dialog(leads, stage)["arch"]
        return " ".join(etree.fromstring(arch).itertext())


@tagged("post_install", "-at_install")
class TestEnterStage(EnterStageCommon):
    """A deal asks for what is missing, and moves on. # S4"""

    def test_the_refusal_tells_the_web_client_where_to_go(self):
        """The words are those of before; the deals and the stage are said beside."""
        deals = self.deal() | self.deal(expected_revenue=1, date_deadline="2027-06-01")
        with self.assertRaisesRegex(UserError, "“Deal” cannot enter") as caught:
            deals.stage_id = self.offer
        self.assertEqual(
            caught.exception.context,
            {"lead_ids": deals.ids, "stage_id": self.offer.id},
        )

    def test_of_a_deal_just_being_made_nothing_can_be_asked(self):
        """It is rolled back: there would be nothing to write to."""
        new = {
            "name": "New",
            "type": "opportunity",
            "team_id": self.team.id,
        }
        leads = self.env["crm.lead"].with_user(self.rep)
        for stage, error in (
            (self.offer, StageRequirementsMissing),
            (self.won, ClosingReasonMissing),
        ):
            with self.subTest(stage.name), self.assertRaises(error) as caught:
                leads.create({**new, "stage_id": stage.id})
            self.assertFalse(caught.exception.context["lead_ids"])

    def test_just_the_missing_fields_are_asked_for(self):
        deal = self.deal(expected_revenue=5000)
        self.assertEqual(self.asked(deal, self.offer), {"date_deadline": True})

    def test_fields_and_move_are_one_write(self):
        deal = self.deal(expected_revenue=5000)
        self.assertFalse(self.enter(deal, self.offer, {"date_deadline": "2027-06-01"}))
        self.assertEqual(str(deal.date_deadline), "2027-06-01")
        self.assertEqual(deal.stage_id, self.offer)

    def test_what_is_missing_all_the_same_is_said_and_not_asked_again(self):
        deal = self.deal()
        with (
            self.assertRaisesRegex(UserError, "Expected Closing") as caught,
            self.env.cr.savepoint(),
        ):
            self.enter(deal, self.offer, {"expected_revenue": 7})
        self.assertIs(type(caught.exception), UserError)
        self.assertFalse(deal.expected_revenue)

    def test_a_check_asks_for_the_fields_it_looks_at(self):
        """And its sentence says what for; what lies behind a link is only said."""
        checks = self.env["crm.stage.requirement"].create(
            [
                {
                    "stage_id": self.needs.id,
                    "name": "Know how to reach them",
                    "domain": "['|', ('phone', '!=', False),"
                    " ('email_from', '!=', False)]",
                },
                {
                    "stage_id": self.needs.id,
                    "name": "The customer has a code",
                    "domain": "[('partner_id.ref', '!=', False)]",
                },
            ]
        )
        deal = self.deal(partner_id=self.customer.id)
        self.assertEqual(
            self.asked(deal, self.needs), {"phone": False, "email_from": False}
        )
        text = self.text(deal, self.needs)
        self.assertIn("Know how to reach them", text)
        self.assertIn("The customer has a code", text)
        checks[0].unlink()
        self.assertFalse(self.dialog(deal, self.needs))

    def test_of_several_each_gets_what_it_has_not(self):
        rich = self.deal(expected_revenue=5000)
        poor = self.deal(date_deadline="2027-02-02")
        asked = self.asked(rich | poor, self.offer)
        self.assertEqual(asked, {"date_deadline": True, "expected_revenue": True})
        values = {"expected_revenue": 1, "date_deadline": "2027-06-01"}
        self.enter(rich | poor, self.offer, values)
        self.assertEqual((rich | poor).stage_id, self.offer)
        self.assertEqual((rich | poor).mapped("expected_revenue"), [5000, 1])
        self.assertEqual(str(poor.date_deadline), "2027-02-02")

    def test_what_the_person_may_not_write_is_named(self):
        """Not shown, and the move is refused as before."""
        fields = self.env["ir.model.fields"]
        for name in ("stage_move_ids", "date_deadline"):
            self.needs.required_field_ids |= fields._get("crm.lead", name)
        guarded = self.env["crm.lead"]._fields["date_deadline"]
        self.addCleanup(setattr, guarded, "groups", guarded.groups)
        guarded.groups = "base.group_system"
        self.needs.required_field_ids |= fields._get("crm.lead", "phone")
        deal = self.deal()
        self.assertEqual(self.asked(deal, self.needs), {"phone": True})
        self.assertIn("Somebody else has to fill in", self.text(deal, self.needs))

    def test_who_may_not_write_the_deal_is_asked_nothing(self):
        deal = self.make_deal(user_id=self.other_rep.id, team_id=self.other_team.id)
        with self.assertRaises(AccessError):
            self.dialog(deal, self.offer)
        with self.assertRaises(AccessError):
            self.enter(deal, self.offer, {"phone": "1"})

    def test_tags_are_tags(self):
        self.needs.required_field_ids = self.env["ir.model.fields"]._get(
            "crm.lead", "tag_ids"
        )
        deal = self.deal()
        arch = etree.fromstring(self.dialog(deal, self.needs)["arch"])
        node = arch.find(".//field[@name='tag_ids']")
        self.assertEqual(node.get("widget"), "many2many_tags")
        tag = self.env["crm.tag"].search([], limit=1) or self.env["crm.tag"].create(
            {"name": "One"}
        )
        self.enter(deal, self.needs, {"tag_ids": [Command.link(tag.id)]})
        self.assertEqual(deal.tag_ids, tag)


@tagged("post_install", "-at_install")
class TestWinning(EnterStageCommon):
    """One dialog asks for all a won deal needs. # S9 S10"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.required_field_ids |= cls.env["ir.model.fields"]._get(
            "crm.lead", "phone"
        )

    def test_customer_amount_day_and_reason(self):
        self.assertEqual(
            self.asked(self.deal(), self.won),
            {
                "partner_id": True,
                "expected_revenue": True,
                "signed_on": True,
                "won_reason_id": True,
                "competitor_id": False,
                "phone": True,
            },
        )
        deal = self.deal(partner_id=self.customer.id, phone="+86 139 1234 5678")
        self.assertNotIn("partner_id", self.asked(deal, self.won))
        self.assertNotIn("phone", self.asked(deal, self.won))

    def test_stages_of_other_teams_are_not_on_the_way(self):
        self.offer.team_ids = self.other_team
        self.assertNotIn("phone", self.asked(self.deal(), self.won))
        deal = self.deal(stage=self.make_stage("Late", 103, 80))
        self.assertNotIn("phone", self.asked(deal, self.won))

    def test_won_on_the_day_it_was_signed(self):
        deal = self.deal()
        values = {
            "partner_id": self.customer.id,
            "expected_revenue": 9000,
            "signed_on": "2026-01-09",
            "won_reason_id": self.reason.id,
        }
        self.enter(deal, self.won, values)
        self.assertRecordValues(
            deal, [{"won_status": "won", "expected_revenue": 9000.0}]
        )
        self.assertEqual(str(deal.signed_on), "2026-01-09")
        self.assertEqual(str(deal.date_closed.date()), "2026-01-09")
        # which nobody asks for any more
        self.assertEqual(str(deal.date_deadline), "2026-01-09")
        today = self.deal()
        self.enter(today, self.won, {"won_reason_id": self.reason.id})
        self.assertEqual(today.signed_on, self.env.company._today())

    def test_nothing_is_signed_tomorrow(self):
        deal = self.deal()
        with self.assertRaisesRegex(UserError, "a day to come"):
            self.enter(
                deal,
                self.won,
                {"won_reason_id": self.reason.id, "signed_on": "2999-01-01"},
            )

    def test_the_won_button_opens_it(self):
        deal = self.deal(stage=self.offer)
        action = deal.action_set_won_rainbowman()
        self.assertEqual(action["tag"], "crm_sales_process.enter_stage")
        self.assertEqual(
            action["params"], {"lead_ids": deal.ids, "stage_id": self.won.id}
        )
        self.env.company.is_closing_reason_required = False
        deal.action_set_won_rainbowman()
        self.assertEqual(deal.won_status, "won")

    def test_what_waits_for_approval_says_so_first(self):
        """Before anything is asked: the amount past the threshold, and the request."""
        self.env["crm.lead.approval.rule"].create({"name": "Large", "amount": 100})
        deal = self.deal(expected_revenue=500)
        for way in (
            deal.action_set_won_rainbowman,
            lambda: self.dialog(deal, self.won),
        ):
            with self.assertRaisesRegex(UserError, "Ask for Approval"):
                way()
        deal._ask_approval(500, 0, "Please")
        for way in (
            deal.action_set_won_rainbowman,
            lambda: self.dialog(deal, self.won),
        ):
            with self.assertRaisesRegex(UserError, "waits for the approval"):
                way()
        deal.sudo().approval_ids.with_user(self.manager).action_approve()
        self.assertTrue(self.dialog(deal, self.won))

    def test_more_than_was_approved_is_refused_at_the_end(self):
        self.env["crm.lead.approval.rule"].create({"name": "Large", "amount": 100})
        deal = self.deal(expected_revenue=50)
        with self.assertRaisesRegex(UserError, "Ask for Approval"):
            self.enter(
                deal,
                self.won,
                {"won_reason_id": self.reason.id, "expected_revenue": 5000},
            )
