from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TicketCommon

NUMBER = "138 1234 5678"


@tagged("post_install", "-at_install")
class TestCall(TicketCommon):
    """# V7: somebody is on the phone: who, what about, done."""

    def form(self, user=None):
        return Form(self.env["crm.service.call.wizard"].with_user(user or self.agent))

    def take_down(self, form):
        before = self.tickets.search([])
        action = form.save().action_take_down()
        ticket = self.tickets.search([]) - before
        self.assertEqual(len(ticket), 1)
        self.assertEqual(
            action["params"]["links"][0]["url"],
            f"/odoo/crm.service.ticket/{ticket.id}",
        )
        return ticket

    def test_the_number_says_who_it_is(self):
        known = self.make_ticket("Before", self.contact)
        form = self.form()
        form.phone = NUMBER
        self.assertEqual(form.partner_id, self.contact)
        self.assertIn(known.id, form.open_ticket_ids.ids)
        form.words = "\n Sensor drifts\nsince <Monday>"
        ticket = self.take_down(form)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Sensor drifts",
                    "channel": "phone",
                    "partner_id": self.contact.id,
                    "user_id": self.agent.id,
                    "team_id": self.service.id,
                    "state": "in_progress",
                    "awaiting_answer": False,
                }
            ],
        )
        self.assertIn("since &lt;Monday&gt;", ticket.description)
        self.assertEqual(ticket.create_uid, self.agent)

    def test_it_counts_as_answered_when_it_was_taken_down(self):
        form = self.form()
        form.words = "Drifts"
        ticket = self.take_down(form)
        self.assertTrue(ticket.first_response_date)
        between = ticket.first_response_date - ticket.create_date
        self.assertLess(abs(between.total_seconds()), 60)
        self.env.flush_all()
        report = self.env["crm.service.ticket.report"].search(
            [("ticket_id", "=", ticket.id)]
        )
        self.assertAlmostEqual(report.response_hours, 0, 1)

    def test_solved_on_the_phone(self):
        self.service.is_solution_required = True
        form = self.form()
        form.words = "How do I reset it?"
        form.solution = "Hold the button."
        ticket = self.take_down(form)
        self.assertEqual(ticket.state, "resolved")
        self.assertIn("Hold the button.", ticket.resolution)

    def test_a_caller_nobody_knows(self):
        form = self.form()
        form.phone = "139 0000 1111"
        form.partner_name = "Mr Wu"
        form.words = "Needs an offer"
        ticket = self.take_down(form)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.partner_name, "Mr Wu")
        self.assertEqual(ticket.partner_phone, "139 0000 1111")
        self.assertEqual(
            self.tickets.search([("ticket_search", "ilike", "13900001111")]), ticket
        )

    def test_a_number_several_have_is_asked_about(self):
        other = self.make_customer("Other Works")
        self.make_contact(other, "Mr Wu", phone="+86 138 1234 5678")
        form = self.form()
        form.phone = NUMBER
        self.assertFalse(form.partner_id)
        self.assertTrue(form.is_unclear)
        form.partner_id = self.contact
        self.assertFalse(form.is_unclear)

    def test_who_was_chosen_stays_where_the_number_says_nothing(self):
        form = self.form()
        form.partner_id = self.customer
        for number in ("12", "not a number", "9" * 400, "139 0000 1111"):
            form.phone = number
            self.assertEqual(form.partner_id, self.customer)

    def test_nothing_said_is_no_ticket(self):
        wizards = self.env["crm.service.call.wizard"].with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Write down"):
            wizards.create({"words": " \n "}).action_take_down()

    def test_a_long_first_line_is_cut(self):
        form = self.form()
        form.words = "x" * 500
        ticket = self.take_down(form)
        self.assertEqual(len(ticket.name), 80)
        self.assertIn("x" * 500, ticket.description)

    def test_only_who_works_at_the_desk(self):
        for user in (self.rep, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.form(user)

    def test_said_later_to_have_come_by_phone(self):
        ticket = self.make_ticket("Drift", self.contact)
        self.assertFalse(ticket.first_response_date)
        ticket.channel = "phone"
        self.assertTrue(ticket.first_response_date)
        first = ticket.first_response_date
        ticket.channel = "agent"
        ticket.channel = "phone"
        self.assertEqual(ticket.first_response_date, first)
