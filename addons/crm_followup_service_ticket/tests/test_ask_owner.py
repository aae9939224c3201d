from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.crm_service_ticket.tests.common import TicketCommon

WORDS = "Wants a quotation for two more sensors"


@tagged("post_install", "-at_install")
class TestAskOwner(TicketCommon):
    """# V5: an agent asks the customer's owner to follow up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", cls.contact)
        cls.tomorrow = fields.Date.today() + timedelta(days=1)
        cls.followups = cls.env["crm.followup"]

    def ask(self, user=None, ticket=None, words=WORDS):
        """As the dialog does; return the activity."""
        ticket = (ticket or self.ticket).with_user(user or self.agent)
        context = ticket.action_ask_owner()["context"]
        wizard = Form(ticket.env["crm.service.owner.request"].with_context(**context))
        wizard.words = words
        wizard.save().action_ask()
        return ticket.sudo().owner_activity_id

    def test_the_owner_gets_an_activity_with_number_and_link(self):
        """# V5: on the customer company, for its owner, as a line of My Day."""
        activity = self.ask()
        self.assertRecordValues(
            activity,
            [
                {
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "user_id": self.rep.id,
                    "summary": f"{self.ticket.number} {WORDS}",
                }
            ],
        )
        self.assertGreaterEqual(activity.date_deadline, self.tomorrow)
        self.assertIn(f'data-oe-id="{self.ticket.id}"', activity.note)
        self.assertIn(self.ticket.number, activity.note)
        self.assertIn(self.agent.name, activity.note)
        self.assertIn(WORDS, self.ticket.message_ids[0].body)

    def test_asking_is_no_contact_of_sales(self):
        """# V5 F1 F3: only a follow-up moves the date of the last contact."""
        self.ask()
        self.assertFalse(self.customer.last_contact_date)
        self.assertFalse(
            self.followups.search([("customer_id", "=", self.customer.id)])
        )

    def test_agents_write_no_follow_ups(self):
        """# V5 F1: the record is the salesperson's."""
        with self.assertRaises(AccessError):
            self.followups.with_user(self.agent).create(
                {"partner_id": self.customer.id, "content": "Spoke about the sensor."}
            )

    def test_the_owners_answer_shows_on_the_ticket(self):
        """# V5 F1: by the way of My Day; the follow-up is the owner's."""
        activity = self.ask()
        mine = self.ticket.with_user(self.agent)
        self.assertEqual(mine.owner_request_state, "open")
        self.assertIn(self.rep.name, mine.owner_request)
        self.assertIn(WORDS, mine.owner_request)
        with self.calling_as(self.rep) as env:
            action = activity.with_env(env).action_followup_done()
            dialog = Form(env[action["res_model"]].with_context(**action["context"]))
            dialog.content = "Quotation sent today"
            dialog.save().action_save()
        self.env.invalidate_all()
        self.assertEqual(mine.owner_request_state, "done")
        self.assertIn("Quotation sent today", mine.owner_request)
        followup = mine.customer_followup_ids
        self.assertEqual(followup.user_id, self.rep)
        self.assertEqual(mine.customer_last_contact, followup.day)

    def test_an_activity_marked_as_done_is_an_answer_too(self):
        """# V5 F1: the usual way of Odoo, without our dialog."""
        activity = self.ask()
        activity.with_user(self.rep).action_feedback(feedback="Called, all is well")
        self.assertEqual(self.ticket.owner_request_state, "done")
        self.assertIn("Called, all is well", self.ticket.owner_request)
        self.assertEqual(self.ticket.customer_followup_ids.user_id, self.rep)

    def test_an_owner_is_asked_once_while_it_is_open(self):
        """# V5: and again afterwards, or when the request was deleted."""
        activity = self.ask()
        with self.assertRaisesRegex(UserError, "asked already"):
            self.ask(self.technician)
        activity.with_user(self.rep).action_feedback(feedback="Called the buyer")
        again = self.ask()
        self.assertNotEqual(again, activity)
        again.unlink()
        self.assertFalse(self.ticket.owner_request_state)
        self.assertTrue(self.ask())

    def test_another_ticket_of_the_customer_asks_for_itself(self):
        """# V5: once per ticket."""
        other = self.make_ticket("Noise", self.customer)
        self.assertNotEqual(self.ask(), self.ask(ticket=other))

    def test_without_an_owner_the_team_leader_is_asked(self):
        """# V5: also for one who has left."""
        self.customer.write({"user_id": False, "team_id": self.team.id})
        self.assertEqual(self.ask().user_id, self.manager)
        other = self.make_ticket("Noise", self.customer)
        self.customer.user_id = self.colleague
        self.colleague.active = False
        self.assertEqual(self.ask(ticket=other).user_id, self.manager)

    def test_without_anybody_a_sentence_says_what_to_do(self):
        """# V5: before the agent has typed anything."""
        self.customer.write({"user_id": False, "team_id": False})
        with self.assertRaisesRegex(UserError, "neither an owner nor a team"):
            self.ticket.with_user(self.agent).action_ask_owner()
        with self.assertRaisesRegex(UserError, "Choose the customer first"):
            self.make_ticket("Stranger").with_user(self.agent).action_ask_owner()

    def test_only_who_works_on_the_ticket_may_ask(self):
        """# V5 G1: by button, by dialog and by call."""
        for role in ("other_agent", "rep", "plain"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.ticket.with_user(self.roles[role]).action_ask_owner()
        wizard = self.env["crm.service.owner.request"].with_user(self.other_agent)
        with self.assertRaises(AccessError):
            wizard.create({"ticket_id": self.ticket.id, "words": WORDS}).action_ask()
        self.assertTrue(self.ask(self.service_manager))

    def test_nobody_links_an_activity_by_hand(self):
        """# V5 G1: or the sentence would read out any activity."""
        activity = self.customer.activity_schedule(summary="Secret")
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).owner_activity_id = activity

    def test_a_line_that_says_nothing_is_refused(self):
        """# V5: and a day that is past."""
        with self.assertRaisesRegex(ValidationError, "Punctuation"):
            self.ask(words="。。。")
        wizard = self.env["crm.service.owner.request"].create(
            {"ticket_id": self.ticket.id, "words": WORDS, "date": "2020-01-01"}
        )
        with self.assertRaisesRegex(ValidationError, "past"):
            wizard.action_ask()

    def test_what_is_asked_is_not_taken_over_by_the_owners_own_next_step(self):
        """# V5 F2: the owner's next date plans an activity of its own."""
        activity = self.ask()
        day = fields.Date.today() + timedelta(days=30)
        self.followups.with_user(self.rep).create(
            {
                "partner_id": self.customer.id,
                "content": "Talked about the frame contract.",
                "next_date": day,
            }
        )
        self.assertLess(activity.date_deadline, day)
        self.assertTrue(activity.active)


@tagged("post_install", "-at_install")
class TestFollowupsBesideTicket(TicketCommon):
    """# V5: the customer's follow-ups beside the ticket."""

    def test_agents_read_the_customers_follow_ups_beside_the_ticket(self):
        """# V5 F1: in the page of the ticket and as a tile; those of the customer's
        contacts too, of other customers none."""
        ticket = self.make_ticket("Drift", self.contact)
        texts = ("Spoke to the buyer", "Visited the site")
        partners = (self.contact, self.customer)
        self.env["crm.followup"].with_user(self.rep).create(
            [
                {"partner_id": partner.id, "content": text}
                for partner, text in zip(partners, texts, strict=True)
            ]
        )
        self.env["crm.followup"].create(
            {"partner_id": self.make_customer("Other").id, "content": "Not of this one"}
        )
        with self.calling_as(self.agent) as env:
            mine = ticket.with_env(env)
            self.assertEqual(
                set(mine.customer_followup_ids.mapped("content")), {*texts}
            )
            tiles = mine.customer_id.get_customer_360()
            form = Form(mine)
            self.assertEqual(
                fields.Date.to_date(form.customer_last_contact),
                mine.customer_last_contact,
            )
            self.assertTrue(mine.customer_last_contact)
        counts = {tile["key"]: tile["count"] for tile in tiles}
        self.assertEqual(counts["followups"], 2)

    def test_a_salesperson_opens_the_ticket_of_an_own_customer(self):
        """# V5 G1: without the button, with the follow-ups."""
        ticket = self.make_ticket("Drift", self.contact)
        with self.calling_as(self.rep) as env:
            arch = env["crm.service.ticket"].get_view(view_type="form")["arch"]
            self.assertNotIn("action_ask_owner", arch)
            self.assertIn("customer_followup_ids", arch)
            self.assertEqual(Form(ticket.with_env(env)).number, ticket.number)

    def test_customers_on_the_portal_see_nothing_of_it(self):
        """# V9 G1: neither what sales wrote nor what was asked."""
        ticket = self.make_ticket("Drift", self.contact)
        portal = self.make_portal_user("li", self.contact)
        for field in ("customer_followup_ids", "owner_request", "owner_activity_id"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                ticket.with_user(portal).read([field])
