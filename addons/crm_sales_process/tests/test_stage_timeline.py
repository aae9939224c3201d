"""Moves of opportunities on the customer's timeline."""

from odoo.tests import tagged

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestStageTimeline(StageCommon):
    def test_a_deal_is_told_from_first_stage_to_won(self):
        """# C5 S5: created, each move, won; each once."""
        customer = self.make_customer("Acme", self.rep)
        deal = self.make_deal("Plant", partner_id=customer.id)
        for stage in (self.needs, self.offer, self.won):
            self.env.flush_all()
            deal.stage_id = stage
        with self.calling_as(self.rep) as env:
            page = (
                env["res.partner"]
                .browse(customer.id)
                .get_customer_timeline(kinds=["opportunity"])
            )
        titles = sorted(event["title"] for event in page["events"])
        self.assertEqual(
            titles,
            ["First → Needs", "Needs → Offer", "New opportunity", "Opportunity won"],
        )

    def test_the_moves_of_a_hidden_deal_are_hidden(self):
        """# C5 G1: a colleague's deal with my customer."""
        customer = self.make_customer("Acme", self.rep)
        deal = self.make_deal(
            "Plant", partner_id=customer.id, user_id=self.other_rep.id
        )
        self.env.flush_all()
        deal.stage_id = self.needs
        with self.calling_as(self.rep) as env:
            page = (
                env["res.partner"]
                .browse(customer.id)
                .get_customer_timeline(kinds=["opportunity"])
            )
        self.assertFalse(page["events"])
