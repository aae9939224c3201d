from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DOMAIN, SERVICE, TicketCommon

BOUNCE = """\
Return-Path: <>
From: MAILER-DAEMON@mx.ruida.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mx.ruida.example>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ruida.example

Final-Recipient: rfc822; li@ruida.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Re: Sensor drifts

--b--
"""


@tagged("post_install", "-at_install")
class TestMailIntake(TicketCommon):
    """# V2: mail becomes tickets, answers find theirs."""

    def test_a_mail_becomes_a_ticket_of_the_team(self):
        """# V2: customer found by the address, text and channel kept."""
        ticket = self.receive(body="It drifts by 2 %.")
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Sensor drifts",
                    "team_id": self.service.id,
                    "partner_id": self.contact.id,
                    "partner_name": "Ms Li",
                    "channel": "email",
                    "state": "pending",
                    "awaiting_answer": True,
                }
            ],
        )
        self.assertIn("2 %", ticket.description)
        self.assertEqual(self.mail_row(ticket).outcome, "new")
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(message.author_id, self.contact)

    def test_an_unknown_sender_stays_a_stranger_or_becomes_a_contact(self):
        """# V2: as the team wants it; the second mail finds the contact."""
        unknown = "New Person <new@unknown.example>"
        ticket = self.receive(From=unknown)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.email_normalized, "new@unknown.example")
        self.service.customer_policy = "create"
        first = self.receive(From=unknown, Subject="One")
        second = self.receive(From=unknown, Subject="Two")
        self.assertEqual(first.partner_id.name, "New Person")
        self.assertEqual(first.partner_id.lifecycle_state, "potential")
        self.assertEqual(first.partner_id, second.partner_id)

    def test_an_address_two_customers_share_is_left_to_a_person(self):
        """# V2"""
        other = self.make_customer("Another Company")
        self.make_contact(other, "Same mail", email="li@ruida.example")
        self.assertFalse(self.receive().partner_id)

    def test_a_customer_is_found_by_phone(self):
        """# V2: however it is written."""
        ticket = self.make_ticket(partner_phone="0086 138-1234-5678")
        self.assertEqual(ticket.partner_id, self.contact)

    def test_answers_find_their_ticket_by_references(self):
        """# V2: whatever became of the subject."""
        ticket = self.receive()
        answer = self.answer(ticket, self.agent)
        for header in ("References", "In_Reply_To"):
            with self.subTest(header=header):
                reply = self.receive(Subject="Else", **{header: answer.message_id})
                self.assertEqual(reply, ticket)
        self.assertEqual(self.mail_row(ticket).outcome, "references")

    def test_answers_find_their_ticket_by_number(self):
        """# V2: in the subject and in the address; of a colleague too."""
        ticket = self.receive()
        self.assertEqual(self.receive(Subject=f"RE: [{ticket.number}] Else"), ticket)
        self.assertEqual(self.mail_row(ticket).outcome, "number")
        colleague = "Mr Wu <wu@ruida.example>"
        reply = self.receive(Subject=f"{ticket.number}", From=colleague)
        self.assertEqual(reply, ticket)
        address = SERVICE.replace("@", f"+{ticket.number.lower()}@")
        self.assertEqual(self.receive(Subject="Else", To=address), ticket)
        self.assertEqual(self.mail_row(ticket).outcome, "address")

    def test_naming_anothers_number_opens_no_door(self):
        """# V2: a ticket of one's own, with a hint for the agent."""
        ticket = self.receive()
        stranger = self.receive(
            Subject=f"Re: [{ticket.number}] x", From="Eve <eve@qq.com>"
        )
        self.assertNotEqual(stranger, ticket)
        self.assertEqual(self.mail_row(stranger).suggested_ticket_id, ticket)
        self.assertEqual(stranger.linked_ticket_ids, ticket)
        for provider in ("qq.com", "vip.163.com", "188.com", "vip.sina.com", "wo.cn"):
            with self.subTest(provider=provider):
                ticket.partner_email = f"li@{provider}"
                stranger = self.receive(
                    Subject=ticket.number, From=f"Eve <eve@{provider}>"
                )
                self.assertNotEqual(stranger, ticket, "a provider is no company")
                own = self.receive(Subject=ticket.number, From=f"Li <LI@{provider}>")
                self.assertEqual(own, ticket)

    def test_the_customer_is_the_team_s_not_the_gateway_s(self):
        """# V2 G3: one address known in two companies: the contact of the company the
        team belongs to, as customer and as author; a common one where it has none."""
        here, there = self.env.company, self.env["res.company"].create({"name": "B"})
        there.alias_domain_id = self.alias_domain
        self.contact.company_id = here
        other = self.make_customer("Ruida at B", company_id=there.id)
        theirs = self.make_contact(
            other, "Li at B", email="li@ruida.example", company_id=there.id
        )
        team = self.make_service_team("B", company_id=there.id, alias_name="help-b")
        ticket = self.receive(To=f"help-b@{DOMAIN}")
        self.assertEqual(ticket.team_id, team)
        self.assertEqual((ticket.partner_id, ticket.company_id), (theirs, there))
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(message.author_id, theirs)
        answer = self.receive(To=f"help-b@{DOMAIN}", Subject=f"[{ticket.number}] More")
        self.assertEqual(answer, ticket)
        self.assertEqual(ticket.message_ids[:1].author_id, theirs)
        ours = self.receive(Subject="For A")
        self.assertEqual((ours.partner_id, ours.company_id), (self.contact, here))
        self.contact.company_id = False
        theirs.company_id = False
        theirs.email = "else@ruida.example"
        self.assertEqual(self.receive(To=f"help-b@{DOMAIN}").partner_id, self.contact)

    def test_who_wrote_stands_on_the_ticket(self):
        """# V2: name and address as given, and the phone of a contact we know."""
        ticket = self.receive(From='"Li (mobile)" <LI@ruida.example>')
        self.assertEqual(ticket.partner_name, "Li (mobile)")
        self.assertEqual(ticket.email_normalized, "li@ruida.example")
        self.assertEqual(ticket.partner_phone, self.contact.phone)
        with self.calling_as(self.agent) as env:
            form = Form(ticket.with_env(env))
            for name in ("partner_name", "partner_email", "partner_phone"):
                self.assertFalse(form._get_modifier(name, "invisible"), name)

    def test_answers_find_their_ticket_by_sender_and_subject(self):
        """# V2: an answer only, and in the team's window only."""
        ticket = self.receive()
        self.assertEqual(self.receive(Subject="回复：Sensor drifts"), ticket)
        self.assertEqual(self.mail_row(ticket).outcome, "sender_subject")
        self.assertNotEqual(self.receive(), ticket)
        self.service.thread_window_days = 0
        self.assertNotEqual(self.receive(Subject="Re: Sensor drifts"), ticket)

    def test_the_same_mail_twice_makes_one_ticket(self):
        """# V2: with a Message-ID and without."""
        for message_id in ("<same@ruida.example>", None):
            raw = self.make_mail(Message_ID=message_id, body=f"Once {message_id}")
            with self.subTest(message_id=message_id):
                self.assertTrue(self.deliver(raw))
                self.assertFalse(self.deliver(raw))
        self.assertEqual(self.tickets.search_count([("name", "=", "Sensor drifts")]), 2)

    def test_automatic_answers_stop_and_are_kept_in_the_list(self):
        """# V2: no ticket, no loop, no word of the customer: a note."""
        ticket = self.receive()
        answer = self.answer(ticket, self.agent)
        ticket.action_wait()
        count = len(ticket.message_ids)
        out = self.receive(
            Subject="自动回复: Sensor drifts",
            Auto_Submitted="auto-replied",
            In_Reply_To=answer.message_id,
            body="Back on Monday.",
        )
        self.assertFalse(out)
        self.assertEqual(ticket.state, "waiting")
        self.assertEqual(len(ticket.message_ids), count + 1)
        note = ticket.message_ids[0]
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn("Back on Monday", note.body)
        row = self.mail_row(ticket)
        self.assertEqual(row.outcome, "stopped")
        self.assertIn("auto-replied", row.reason)
        self.assertIn("Back on Monday", row.excerpt)

    def test_an_alarm_of_a_device_is_a_ticket(self):
        """# V2: automatic, but no answer."""
        self.assertTrue(
            self.receive(Auto_Submitted="auto-generated", From="plc7@ruida.example")
        )

    def test_our_own_mail_coming_back_stops(self):
        """# V2: a loop of two systems."""
        source = self.env["crm.service.mail"]._source()
        self.assertTrue(source)
        self.assertFalse(self.receive(X_Service_Source=source))
        ticket = self.receive()
        headers = ticket._notify_by_email_get_headers()
        self.assertEqual(headers["X-Service-Source"], source)

    def test_a_bounce_makes_no_ticket_and_tells_the_agent(self):
        """# V2"""
        ticket = self.receive()
        answer = self.answer(ticket, self.agent)
        before = self.tickets.search_count([])
        bounce = BOUNCE.format(to=SERVICE, message_id=answer.message_id)
        self.assertFalse(self.deliver(bounce.encode()))
        self.assertEqual(self.tickets.search_count([]), before)
        self.assertIn("could not be delivered", ticket.message_ids[0].body)

    def test_a_customers_answer_is_never_an_internal_note(self):
        """# V2: even to a note that leaked out."""
        ticket = self.receive()
        note = ticket.with_user(self.agent).message_post(
            body="Internal", subtype_xmlid="mail.mt_note"
        )
        self.receive(In_Reply_To=note.message_id, body="I read this")
        message = ticket.message_ids[0]
        self.assertIn("I read this", message.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))

    def test_the_reply_address_of_a_sender_counts(self):
        """# V2: forms of a shop write as no-reply and say whom to answer."""
        ticket = self.receive(
            From="Shop <no-reply@shop.example>", Reply_To="Ms Li <li@ruida.example>"
        )
        self.assertEqual(ticket.partner_id, self.contact)

    def test_an_agent_answers_by_mail(self):
        """# V2 V1: from the mail program, and it is the first response."""
        ticket = self.receive()
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.receive(
            From=f"Agent <{self.agent.email}>",
            Subject="Re: Sensor drifts",
            In_Reply_To=message.message_id,
        )
        self.assertTrue(ticket.first_response_date)
        self.assertFalse(ticket.awaiting_answer)

    def test_a_mail_without_subject_or_text_is_a_ticket(self):
        """# V2"""
        ticket = self.receive(Subject=None, body="")
        self.assertEqual(ticket.name, "(no subject)")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_flood_of_one_sender_stops(self):
        """# V2: Odoo's own limit, by an indexed column."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        made = [self.receive(Subject=f"Flood {number}") for number in range(5)]
        self.assertEqual([bool(ticket) for ticket in made], [True] * 3 + [False] * 2)

    def test_a_mail_with_an_impossible_date_is_a_ticket(self):
        """# V2: of now."""
        self.assertTrue(self.receive(Date="Mon, 02 Mar 0309 10:00:00 +0000"))

    def test_what_a_flood_brought_stands_in_the_list(self):
        """# V2: nothing that came is lost: why it was stopped, and what it said."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 1)
        self.receive(Subject="First")
        self.assertFalse(self.receive(Subject="Second", body="Line two stands still"))
        row = self.env["crm.service.mail"].search([("subject", "=", "Second")])
        self.assertEqual(row.outcome, "stopped")
        self.assertIn("Too many", row.reason)
        self.assertIn("Line two stands still", row.excerpt)

    def test_who_has_no_address_is_no_flood(self):
        """# V2: tickets that were typed have no address either, and are not his."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 2)
        for number in range(3):
            self.make_ticket(f"Call {number}")
        self.assertTrue(self.receive(From="nobody at all", Subject="Help"))

    def test_outgoing_mail_carries_the_number_and_the_teams_address(self):
        """# V2"""
        ticket = self.receive()
        self.assertEqual(
            ticket._message_compute_subject(), f"[{ticket.number}] Sensor drifts"
        )
        self.assertIn(SERVICE, ticket._notify_get_reply_to()[ticket.id])

    def test_what_we_answer_reaches_the_customer(self):
        """# V2: also when nobody chose a recipient."""
        ticket = self.receive()
        answer = self.answer(ticket, self.agent)
        self.assertIn(self.contact, answer.notified_partner_ids)
