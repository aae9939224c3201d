"""Mail through the gateway: which mail is which, and who sent it."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DOMAIN, SERVICE, TicketCommon

REPORT = """\
From: MAILER-DAEMON@mx.ruida.example
To: {to}
Subject: Delivery status
Message-ID: <report-{status}@mx.ruida.example>
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

About your message.
--b
Content-Type: message/{kind}

Reporting-MTA: dns; mx.ruida.example

Final-Recipient: rfc822; li@ruida.example
Original-Message-ID: {about}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {about}
To: li@ruida.example

--b--
"""
RETURNED = """\
From: {sender}
To: {to}
Subject: {subject}
Message-ID: <returned-{number}@mx.example>
{extra}Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{text}
--b
Content-Type: {enclosed}

From: service
To: li@ruida.example
Message-ID: {about}

Hello
--b--
"""


@tagged("post_install", "-at_install")
class TestMailKinds(TicketCommon):
    """# V2: no mail is lost, and no machine speaks for the customer."""

    def rows(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["crm.service.mail"].search(domain)

    # ------------------------------------------------------------
    # IDENTITY
    # ------------------------------------------------------------

    def test_two_mails_under_one_message_id_both_arrive(self):
        """# V2: identity is Message-ID and content."""
        first = self.make_mail(Message_ID="<same@x.example>", body="Parcel 1 is held")
        for other in (
            self.make_mail(Message_ID="<same@x.example>", body="Parcel 2 is broken"),
            first.replace(b"Sensor drifts", b"Something else"),
            first.replace(b"Date: ", b"Date: Mon, 02 Mar 2026 10:00:00 +0800\nX-Old: "),
            self.make_mail(
                Message_ID="<same@x.example>",
                body="Parcel 1 is held",
                attachments=[("a.bin", b"1")],
            ),
        ):
            self.deliver(first)
            with self.subTest(other=other):
                self.assertTrue(self.deliver(other))
                self.assertFalse(self.deliver(other), "and is one itself")
                self.assertFalse(self.deliver(first))
        self.assertEqual(
            self.tickets.search_count([("email_normalized", "=", "li@ruida.example")]),
            5,
        )

    def test_the_same_said_again_is_another_mail(self):
        """# V2: the alarm of each day; a program that tries again within the hour is
        none."""
        values = {"Message_ID": "<alarm@x.example>", "Subject": "Backup failed"}
        for moment, arrives in (
            ("Mon, 02 Mar 2026 10:00:00 +0800", True),
            ("Mon, 02 Mar 2026 02:20:00 +0000", False),
            ("Tue, 03 Mar 2026 10:00:00 +0800", True),
            ("Tue, 03 Mar 2026 10:00:00 +0800", False),
            ("Wed, 04 Mar 2026 10:00:00 +0800", True),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(bool(self.receive(Date=moment, **values)), arrives)

    def test_the_same_mail_carried_another_way_is_the_same(self):
        """# V2: what carries a mail writes into it, and packs it anew."""
        raw = self.make_mail(body="漏水 please help", Message_ID="<one@x.example>")
        self.assertTrue(self.deliver(raw))
        self.assertFalse(self.deliver(b"Received: from x by y\nX-Spam: no\n" + raw))
        self.assertFalse(self.deliver(raw.replace(b"\n", b"\r\n")))

    def test_a_mail_known_from_before_is_known(self):
        """# V2: rows are kept half a year, messages longer."""
        raw = self.make_mail(Message_ID="<old@x.example>", body="The first one")
        self.deliver(raw)
        self.rows(message_id="<old@x.example>").unlink()
        self.assertFalse(self.deliver(raw))
        other = self.make_mail(Message_ID="<old@x.example>", body="Another one")
        self.assertTrue(self.deliver(other))

    def test_an_answer_under_our_own_message_id_arrives(self):
        """# V2: some programs answer so; our own mail that comes back does not."""
        ticket = self.receive()
        answer = self.answer(ticket, self.agent, "We look into it.")
        raw = self.make_mail(
            Message_ID=answer.message_id,
            References=answer.message_id,
            body="It still leaks",
        )
        self.assertEqual(self.deliver(raw), ticket)
        self.assertIn("still leaks", ticket.message_ids[0].body)
        copy = self.make_mail(Message_ID=answer.message_id, body="We look into it.")
        self.assertFalse(self.deliver(copy))

    # ------------------------------------------------------------
    # MACHINES
    # ------------------------------------------------------------

    def closed_ticket(self):
        ticket = self.receive(Subject="Pump leaks")
        ticket.user_id = self.agent
        answer = self.answer(ticket, self.agent)
        ticket.action_close()
        return ticket, answer

    def assert_untouched(self, ticket, messages=1):
        """It stands where it stood; what came is a note."""
        self.assertEqual(ticket.state, "closed")
        self.assertFalse(ticket.awaiting_answer)
        self.assertEqual(ticket.reopen_count, 0)
        notes = ticket.message_ids.filtered(lambda m: m.message_type == "email")[
            :messages
        ]
        self.assertEqual(notes.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse(notes.filtered("notified_partner_ids"))

    def test_no_machine_reopens_a_ticket(self):
        """# V2: nor counts as the customer's word; what it said is a note."""
        rule = "Mailbox Rules Agent"
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Auto_Submitted": "auto-replied"},
            {
                "Auto_Submitted": "auto-generated",
                "X_MS_Exchange_Generated_Message_Source": rule,
            },
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"From": "no-reply@ruida.example"},
            {"Subject": "自动回复：Pump leaks"},
            {"Subject": "Automatic reply: [{number}] Pump leaks"},
        ):
            with self.subTest(headers=headers):
                ticket, answer = self.closed_ticket()
                headers = {
                    name: value.format(number=ticket.number)
                    for name, value in headers.items()
                }
                before = ticket.last_message_date
                self.receive(
                    In_Reply_To=answer.message_id, body="Away till Monday", **headers
                )
                self.assert_untouched(ticket)
                self.assertEqual(ticket.last_message_date, before)
                self.assertIn("Away till Monday", ticket.message_ids[0].body)
                self.assertIn(self.mail_row(ticket).outcome, ("stopped", "note"))

    def test_an_automatic_answer_that_only_its_subject_shows_is_found(self):
        """# V2: of a program that names no references; and somebody looks at it."""
        ticket, _answer = self.closed_ticket()
        self.receive(Subject="自动回复: Pump leaks")
        self.assert_untouched(ticket)
        self.assertTrue(self.mail_row(ticket).to_review)

    def test_who_writes_about_automatic_answers_is_a_person(self):
        """# V2: words of a subject alone never stop a mail."""
        for subject in (
            "Out of office printer is jammed",
            "自动回复功能不能用了，请协助",
            "Automatic reply: how do I switch it off?",
            "自动回复：怎么设置？",
            "系统退信是什么意思",
        ):
            with self.subTest(subject=subject):
                self.assertEqual(self.receive(Subject=subject).name, subject)

    def test_what_a_list_passes_on_is_the_customers_word(self):
        """# V2: it opens the ticket again; it is only never confirmed."""
        ticket, answer = self.closed_ticket()
        self.receive(In_Reply_To=answer.message_id, List_Id="<staff.ruida.example>")
        self.assertEqual(ticket.state, "in_progress")
        other = self.receive(Subject="New", List_Id="<staff.ruida.example>")
        self.assertFalse(other.acknowledged_date)

    def test_a_machine_that_goes_on_and_on_fills_no_ticket(self):
        """# V2: after some notes the list has the rest."""
        ticket, answer = self.closed_ticket()
        count = len(ticket.message_ids)
        for number in range(15):
            self.receive(
                Auto_Submitted="auto-replied",
                In_Reply_To=answer.message_id,
                body=f"away {number}",
            )
        self.assertEqual(len(ticket.message_ids), count + 10)
        self.assertEqual(len(self.rows(ticket_id=ticket.id, outcome="stopped")), 15)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_two_systems_that_answer_each_other_end_by_themselves(self):
        """# V2: without any header that would say so: whoever writes too much is told
        once, and machines are told nothing."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        sent = []

        def send(mails, *_args, **_values):
            sent.extend(mails.mapped("email_to"))

        with patch.object(type(self.env["mail.mail"]), "send", send):
            for number in range(12):
                self.receive(From="them@them.example", Subject=f"Ticket {number}")
            self.assertEqual(len([to for to in sent if "them@" in (to or "")]), 1)
            sent.clear()
            for number in range(8):
                self.receive(
                    From="robot@them.example",
                    Subject=f"Ticket {number}",
                    Auto_Submitted="auto-generated",
                )
        self.assertFalse([to for to in sent if "robot@" in (to or "")])

    # ------------------------------------------------------------
    # REPORTS
    # ------------------------------------------------------------

    def report(self, ticket, answer, kind="delivery-status", to=SERVICE, **values):
        raw = REPORT.format(kind=kind, about=answer.message_id, to=to, **values)
        count = self.tickets.search_count([])
        self.assertFalse(self.deliver(raw.encode()))
        self.assertEqual(self.tickets.search_count([]), count)

    def told(self, ticket):
        """What the agent was told of, in notes to him."""
        notes = ticket.message_ids.filtered(
            lambda m: self.agent.partner_id in m.notified_partner_ids
        )
        return " ".join(notes.mapped("body"))

    def test_only_a_failure_is_a_failure(self):
        """# V2: the agent reads what happened, and nothing reopens."""
        for action, status, outcome, said, unsaid in (
            ("failed", "5.1.1", "bounce", "could not be delivered", "so far"),
            ("failed", "4.4.7", "note", "has not arrived so far", "could not be"),
            ("delayed", "4.4.1", "note", "has not arrived so far", "could not be"),
            ("delivered", "2.0.0", "note", "", "could not be"),
        ):
            for to in (SERVICE, f"bounce@{DOMAIN}"):
                with self.subTest(action=action, status=status, to=to):
                    ticket, answer = self.closed_ticket()
                    status_ = f"{status}"
                    self.report(ticket, answer, action=action, status=status_, to=to)
                    self.assert_untouched(ticket)
                    row = self.mail_row(ticket)
                    self.assertEqual(row.outcome, outcome)
                    self.assertIn(said, self.told(ticket))
                    self.assertNotIn(unsaid, self.told(ticket))
                    self.rows(message_id=row.message_id).unlink()
                    ticket.message_ids.filtered(
                        lambda m: m.message_type == "email" and "report" in m.message_id
                    ).unlink()

    def test_a_receipt_is_no_word(self):
        """# V2"""
        ticket, answer = self.closed_ticket()
        self.report(
            ticket, answer, "disposition-notification", action="displayed", status="2"
        )
        self.assert_untouched(ticket)
        self.assertEqual(self.mail_row(ticket).kind, "receipt")
        self.assertFalse(self.told(ticket))

    def test_what_mail_systems_return_finds_its_ticket(self):
        """# V2: QQ, 163, Exchange, old daemons: by our Message-ID inside."""
        cases = (
            (
                "PostMaster@qq.com",
                "系统退信/The email is returned",
                "",
                "message/rfc822",
            ),
            ("Postmaster@163.com", "系统退信", "Return-Path: <>\n", "message/rfc822"),
            ("MAILER-DAEMON@mx.example (Mail)", "failure notice", "", "text/plain"),
            (
                "<>",
                "Undeliverable: x",
                "Auto-Submitted: auto-replied\n",
                "message/rfc822",
            ),
            (
                "postmaster@corp.example",
                "无法送达: x",
                "X-MS-Exchange-Message-Is-Ndr: 1\n",
                "text/rfc822-headers",
            ),
        )
        for number, (sender, subject, extra, enclosed) in enumerate(cases):
            with self.subTest(sender=sender):
                ticket, answer = self.closed_ticket()
                count = self.tickets.search_count([])
                raw = RETURNED.format(
                    sender=sender,
                    subject=subject,
                    extra=extra,
                    enclosed=enclosed,
                    number=number,
                    about=answer.message_id,
                    to=SERVICE,
                    text="收件人不存在 550 no such user",
                )
                self.assertFalse(self.deliver(raw.encode()))
                self.assertEqual(self.tickets.search_count([]), count)
                self.assert_untouched(ticket)
                self.assertIn("li@ruida.example could not be", self.told(ticket))
                self.assertEqual(self.mail_row(ticket).outcome, "bounce")

    def test_a_returned_mail_about_nothing_we_know_stands_in_the_list(self):
        """# V2"""
        raw = RETURNED.format(
            sender="PostMaster@qq.com",
            subject="系统退信",
            extra="",
            enclosed="message/rfc822",
            number=99,
            about="<never@seen.example>",
            to=SERVICE,
            text="returned",
        )
        self.assertFalse(self.deliver(raw.encode()))
        row = self.rows(message_id="<returned-99@mx.example>")
        self.assertTrue(row.to_review)
        self.assertEqual((row.kind, row.team_id), ("bounce", self.service))

    def test_an_automatic_answer_to_where_bounces_go_is_no_bounce(self):
        """# V2: RFC 3834 has them sent there."""
        ticket, answer = self.closed_ticket()
        self.receive(
            To=f"bounce@{DOMAIN}",
            In_Reply_To=answer.message_id,
            Auto_Submitted="auto-replied",
            body="Away",
        )
        self.assert_untouched(ticket)
        self.assertFalse(self.told(ticket))
        self.assertEqual(self.mail_row(ticket).kind, "auto_reply")

    def test_a_mail_to_a_colleague_that_comes_back_makes_no_more_mail(self):
        """# V2: or the message about it would come back as well."""
        ticket, answer = self.closed_ticket()
        raw = REPORT.format(
            kind="delivery-status",
            about=answer.message_id,
            to=SERVICE,
            action="failed",
            status="5.1.1",
        ).replace("li@ruida.example", self.agent.email)
        self.deliver(raw.encode())
        self.assertIn(
            "could not be delivered", " ".join(ticket.message_ids.mapped("body"))
        )
        self.assertFalse(self.told(ticket))
