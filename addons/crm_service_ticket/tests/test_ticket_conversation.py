from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketConversation(TicketCommon):
    """# V9: what is asked is the first message, whatever way it came in."""

    def first(self, ticket):
        return ticket.message_ids.sorted("id").filtered(
            lambda message: message.message_type == "comment"
        )[:1]

    def test_the_customers_words_are_the_first_message(self):
        ticket = self.make_ticket(
            "Drift", self.contact, description="<p>Hall two</p>", channel="portal"
        )
        message = self.first(ticket)
        self.assertIn("Hall two", message.body)
        self.assertEqual(message.author_id, self.contact)
        self.assertTrue(ticket.is_description_said)
        self.assertFalse(message.notification_ids, "nobody is told twice")
        self.assertTrue(ticket.awaiting_answer)
        self.assertFalse(ticket.first_response_date)

    def test_a_strangers_words_are_under_the_strangers_name(self):
        ticket = self.make_ticket(
            description="<p>Hall two</p>",
            channel="web",
            partner_name="Ms Zhou",
            partner_email="zhou@neu.example",
        )
        message = self.first(ticket)
        self.assertFalse(message.author_id)
        self.assertIn("Ms Zhou", message.email_from)

    def test_what_an_agent_writes_down_is_no_answer(self):
        """# V9 V10: it may be corrected by who wrote it, and starts no clock."""
        with self.calling_as(self.agent) as env:
            ticket = env["crm.service.ticket"].create(
                {
                    "name": "Call",
                    "partner_id": self.contact.id,
                    "team_id": self.service.id,
                    "description": "<p>Hall too</p>",
                }
            )
            message = self.first(ticket)
            self.assertEqual(message.author_id, self.agent.partner_id)
            self.assertFalse(ticket.first_response_date)
            self.assertFalse(ticket._is_spoken(message))
            ticket._message_update_content(message, body="<p>Hall two</p>")
        self.assertIn("Hall two", ticket.description)
        self.assertTrue(ticket.is_description_said)

    def test_an_emptied_message_takes_no_words_away(self):
        """Odoo deletes a message by emptying it; what was asked stays in the ticket."""
        with self.calling_as(self.agent) as env:
            ticket = self.make_ticket(description="<p>Hall two</p>").with_env(env)
            message = self.first(ticket).sudo()
            message.author_id = self.agent.partner_id
            ticket._message_update_content(message, body="", attachment_ids=[])
        self.assertIn("Hall two", ticket.description)
        self.assertFalse(ticket.is_description_said)

    def test_a_hundred_cost_no_more_queries_than_two(self):
        def queries(count):
            rows = [
                {
                    "name": f"Ticket {number}",
                    "team_id": self.service.id,
                    "description": "<p>Hall two</p>",
                    "channel": "web",
                    "partner_email": f"nr{number}@neu.example",
                }
                for number in range(count)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.tickets.create(rows)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(20), queries(2) + 2)

    def test_nothing_asked_is_nothing_said(self):
        for empty in (False, "", "<p><br></p>"):
            self.assertFalse(self.first(self.make_ticket(description=empty)), empty)

    def test_a_mail_is_said_once(self):
        ticket = self.receive(body="It drifts")
        said = ticket.message_ids.filtered(lambda m: "It drifts" in (m.body or ""))
        self.assertEqual(len(said), 1)
        self.assertEqual(said.message_type, "email")


@tagged("post_install", "-at_install")
class TestTicketSearch(TicketCommon):
    """# V9: one box finds a ticket by whatever one remembers."""

    def found(self, text):
        return self.tickets.search([("ticket_search", "ilike", text)])

    def test_by_whatever_one_remembers(self):
        known = self.make_ticket("Drift of the sensor", self.contact)
        stranger = self.make_ticket(
            "Order",
            partner_name="Ms Zhou",
            partner_email="zhou@neu.example",
            partner_phone="+86 (137) 0013-5790",
        )
        for text in (known.number, "of the sen", "Ruida", "Ms Li", "138 1234 5678"):
            self.assertIn(known, self.found(text), text)
            self.assertNotIn(stranger, self.found(text), text)
        for text in ("Zhou", "zhou@neu", "13700135790", "+86 137 0013 5790", "5790"):
            self.assertIn(stranger, self.found(text), text)
            self.assertNotIn(known, self.found(text), text)

    def test_signs_are_characters_and_nothing_finds_all(self):
        ticket = self.make_ticket("100 % wrong")
        self.assertIn(ticket, self.found("100 %"))
        self.assertFalse(self.found("100_%"))
        self.assertIn(ticket, self.found("  "))

    def test_the_box_finds_a_strangers_number(self):
        ticket = self.make_ticket(partner_name="Ms Zhou", partner_phone="137-0013-5790")
        lines = self.env["crm.global.search"].find("13700135790")
        self.assertIn(ticket.id, [x["id"] for x in lines if x["key"] == "tickets"])
