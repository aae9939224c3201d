"""Tickets and scores on the customer's timeline, and open tickets in its headline."""

from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketTimeline(TicketCommon):
    def timeline(self, user, **asked):
        with self.calling_as(user) as env:
            partner = env["res.partner"].browse(self.customer.id)
            return partner.get_customer_timeline(**asked)["events"]

    def headline(self, user):
        with self.calling_as(user) as env:
            page = env["res.partner"].browse(self.customer.id).get_customer_headline()
        return page["facts"], {action["key"] for action in page["actions"]}

    def test_a_ticket_is_told_from_opening_to_stars(self):
        """# C5 V1 V6: opened, answered, resolved, scored; the message that brought the
        stars is not told again."""
        ticket = self.make_ticket("Drift", self.contact, ticket_type="fault")
        self.answer(ticket, self.agent)
        ticket.stage_id = self.stage("resolved")
        survey = self.env["crm.service.survey"].create(
            {"ticket_id": ticket.id, "closing": 7, "partner_id": self.contact.id}
        )
        survey.write({"score": 2, "comment": "Took too long"})
        ticket._apply_satisfaction(survey)
        # stars are for whom they are about, and the service manager
        events = self.timeline(self.service_manager)
        self.assertEqual(
            [e["text"] for e in events if e["kind"] == "ticket"], ["Drift", "Drift"]
        )
        [stars] = [e for e in events if "Took too long" in e["text"]]
        self.assertEqual((stars["kind"], stars["tone"]), ("rating", "red"))
        self.assertEqual(stars["title"], "★★☆☆☆")
        [answer] = [e for e in events if "We look into it." in e["text"]]
        self.assertEqual(answer["about"]["id"], ticket.id)

    def test_tickets_of_another_team_are_not_told(self):
        """# C5 G1: neither they, nor what was written there, nor their stars."""
        ticket = self.make_ticket(
            "Secret", self.customer, team_id=self.other_service.id
        )
        ticket.message_post(body="Secret note", message_type="comment")
        with self.calling_as(self.agent) as env:
            if env["crm.service.ticket"].browse(ticket.id).has_access("read"):
                self.fail("the agent reads the ticket; this test shows nothing")
        self.assertNotIn("Secret", str(self.timeline(self.agent)))

    def test_an_urgent_ticket_comes_first_and_is_red(self):
        """# C5: in the headline, before all else."""
        self.make_ticket("Calm", self.contact)
        facts, actions = self.headline(self.agent)
        fact = next(fact for fact in facts if fact["key"] == "tickets")
        self.assertEqual((fact["value"], fact["tone"]), ("1", ""))
        self.assertIn("ticket", actions)
        self.make_ticket("Fire", self.contact, priority="2")
        facts, _actions = self.headline(self.agent)
        self.assertEqual(facts[0]["key"], "tickets")
        self.assertEqual((facts[0]["value"], facts[0]["tone"]), ("2", "red"))

    def test_a_new_ticket_begins_with_the_customer(self):
        """# C5: one tap."""
        action = self.customer.with_user(self.agent).action_customer_new_ticket()
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
