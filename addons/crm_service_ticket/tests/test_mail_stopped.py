"""The list of stopped mails: who sees it, and what can be done from it."""

import runpy
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TicketCommon

MIGRATIONS = Path(__file__).parents[1] / "migrations"
GATE = "odoo.addons.crm_service_ticket.models.crm_service_mail_gate"


@tagged("post_install", "-at_install")
class TestMailStopped(TicketCommon):
    """# V2: what is stopped or not understood is seen by somebody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails = cls.env["crm.service.mail"]
        cls.add_roles({"admin": "crm_customer_center.group_crm_admin"})
        cls.admin = cls.roles["admin"]

    def stop(self, subject="自动回复：away", **values):
        """A mail that is stopped; returns its row."""
        values = {"Auto_Submitted": "auto-replied", "body": "Away, 漏水", **values}
        self.assertFalse(self.receive(Subject=subject, **values))
        return self.mails.search([("subject", "=", subject)], limit=1)

    # ------------------------------------------------------------
    # WHO SEES IT
    # ------------------------------------------------------------

    def test_manager_and_administrator_see_what_was_stopped(self):
        """# V2: nobody else does; it has no ticket that would say whose it is."""
        row = self.stop()
        self.assertTrue(row.to_review)
        for user, sees in (
            (self.service_manager, True),
            (self.admin, True),
            (self.agent, False),
            (self.rep, False),
        ):
            with self.subTest(user=user.login):
                mails = self.mails.with_user(user)
                if user == self.rep:
                    self.assertFalse(mails.has_access("read"))
                    continue
                self.assertEqual(row in mails.search([("to_review", "=", True)]), sees)
        action = self.env.ref("crm_service_ticket.action_service_mail_stopped")
        self.assertIn("search_default_to_review", action.context)
        menus = self.env["ir.ui.menu"]
        menu = self.env.ref("crm_service_ticket.menu_service_stopped")
        for user in (self.service_manager, self.admin):
            self.assertIn(menu.id, menus.with_user(user)._visible_menu_ids())
        self.assertNotIn(menu.id, menus.with_user(self.agent)._visible_menu_ids())

    def test_mail_of_another_company_is_not_ours(self):
        """# V2: mail of no team is everybody's."""
        other = self.env["res.company"].create({"name": "Other Company"})
        row = self.stop()
        self.assertEqual(row.team_id, self.service)
        self.service.company_id = other
        self.assertEqual(row.company_id, other)
        mails = self.mails.with_user(self.service_manager)
        self.assertNotIn(row, mails.search([]))
        row.addressed_team_id = False
        self.assertIn(row, mails.search([]))

    def test_each_row_says_why(self):
        row = self.stop()
        self.assertEqual((row.kind, row.outcome), ("auto_reply", "stopped"))
        self.assertEqual(row.reason, "Auto-Submitted: auto-replied")
        self.assertEqual(row.excerpt, "Away, 漏水")
        self.assertEqual(row.sender, "li@ruida.example")

    # ------------------------------------------------------------
    # WHAT COULD NOT BE TAKEN IN
    # ------------------------------------------------------------

    @mute_logger(GATE)
    def test_a_mail_the_gateway_fails_with_stands_in_the_list(self):
        """# V2: with its original, and is taken in later."""
        error = KeyError("broken")
        Ticket = type(self.tickets)
        raw = self.make_mail(
            Subject="Fails", body="漏水", attachments=[("a.bin", b"1")]
        )
        # a real second connection tells the sender; not in a test
        told = patch.object(
            type(self.env["mail.alias"]), "_alias_bounce_incoming_email"
        )
        with patch.object(Ticket, "message_new", side_effect=error), told:
            self.assertFalse(self.deliver(raw))
        row = self.mails.search([("subject", "=", "Fails")])
        self.assertEqual((row.kind, row.to_review), ("unread", True))
        self.assertIn("KeyError", row.reason)
        self.assertEqual(row.original_id.raw, raw)
        row.with_user(self.service_manager).action_make_ticket()
        self.assertIn("漏水", row.ticket_id.description)

    @mute_logger(GATE)
    def test_a_fetched_mail_survives_two_at_once(self):
        """# V2: a mail server tries again; a mail taken out of its box does not."""
        error = psycopg2.errors.SerializationFailure("two at once")
        raw = self.make_mail(Subject="Collides")
        broken = patch.object(type(self.tickets), "message_new", side_effect=error)
        # a real second connection tells the sender; not in a test
        told = patch.object(
            type(self.env["mail.alias"]), "_alias_bounce_incoming_email"
        )
        with broken, told, self.assertRaises(psycopg2.OperationalError):
            self.deliver(raw)
        thread = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        with broken, told:
            self.assertFalse(thread.message_process(False, raw))
        row = self.mails.search([("subject", "=", "Collides")])
        self.assertEqual((row.kind, row.to_review), ("unread", True))
        self.assertEqual(row.original_id.raw, raw)

    def test_what_nobody_has_seen_is_not_forgotten(self):
        """# V2: half a year later only what was looked at goes."""
        unseen, seen = self.stop("Unseen"), self.stop("Seen")
        seen.with_user(self.service_manager).action_seen()
        (unseen | seen).date = "2020-01-01 00:00:00"
        self.env.flush_all()
        self.mails._gc_old_rows()
        self.assertEqual((unseen | seen).exists(), unseen)

    def test_a_mail_that_names_no_address_of_ours_is_shown(self):
        """# V2: the team is in Bcc, and the mailbox makes no tickets by itself; a mail
        server that hands it over hears that nobody takes it."""
        raw = self.make_mail(To="undisclosed-recipients:;", Subject="In Bcc")
        with self.assertRaises(ValueError):
            self.deliver(raw)
        thread = self.env["mail.thread"].with_context(default_fetchmail_server_id=1)
        self.assertFalse(thread.message_process(False, raw))
        row = self.mails.search([("subject", "=", "In Bcc")])
        self.assertEqual((row.kind, row.to_review), ("unrouted", True))
        row.with_user(self.service_manager).action_make_ticket()
        self.assertEqual(row.ticket_id.name, "In Bcc")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_what_odoo_refuses_for_a_team_is_shown(self):
        """# V2: a team that takes mail of known senders only."""
        self.service.alias_contact = "partners"
        self.assertFalse(self.receive(From="new@unknown.example", Subject="Refused"))
        row = self.mails.search([("subject", "=", "Refused")])
        self.assertEqual((row.kind, row.to_review), ("unrouted", True))
        self.assertTrue(row.original_id)

    # ------------------------------------------------------------
    # MAKE IT A TICKET
    # ------------------------------------------------------------

    def test_one_button_restores_everything(self):
        """# V2: words, files, sender, date, team: as if it had never been stopped."""
        row = self.stop(
            "Pump leaks",
            body="漏水 at noon",
            From="New Person <new@unknown.example>",
            Date="Mon, 02 Mar 2026 10:00:00 +0800",
            attachments=[("报价.xls", b"\x00\x01")],
        )
        action = row.with_user(self.service_manager).action_make_ticket()
        ticket = row.ticket_id
        self.assertEqual(action["res_id"], ticket.id)
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "Pump leaks",
                    "team_id": self.service.id,
                    "channel": "email",
                    "email_normalized": "new@unknown.example",
                    "partner_name": "New Person",
                    "awaiting_answer": True,
                    "state": "pending",
                }
            ],
        )
        self.assertIn("漏水 at noon", ticket.description)
        message = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(str(message.date), "2026-03-02 02:00:00")
        self.assertEqual(
            [(f.name, f.raw) for f in message.attachment_ids],
            [("报价.xls", b"\x00\x01")],
        )
        self.assertEqual((row.outcome, row.to_review), ("made", False))
        self.assertFalse(ticket.acknowledged_date, "a machine is told nothing")
        with self.assertRaises(UserError):
            row.with_user(self.service_manager).action_make_ticket()
        self.assertFalse(self.deliver(row.original_id.raw), "and it stays one mail")

    def test_several_at_once(self):
        rows = self.stop("One") | self.stop("Two")
        action = rows.with_user(self.service_manager).action_make_ticket()
        self.assertEqual(action["domain"], [("id", "in", rows.ticket_id.ids)])
        self.assertEqual(len(rows.ticket_id), 2)

    def test_only_who_looks_after_mail_may(self):
        """# V2"""
        row = self.stop()
        ticket = self.receive(Subject="Other")
        mine = self.mail_row(ticket)
        for name in (
            "action_make_ticket",
            "action_seen",
            "action_block_sender",
            "action_unblock_sender",
        ):
            for mail in (row, mine):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    getattr(mail.with_user(self.agent), name)()
        with self.assertRaises(AccessError):
            row.with_user(self.service_manager).write({"outcome": "new"})

    def test_a_row_of_before_makes_a_ticket_of_its_text(self):
        """# V2: older versions kept no original."""
        row = self.stop()
        row.original_id.unlink()
        row.with_user(self.service_manager).action_make_ticket()
        self.assertIn("漏水", row.ticket_id.description)

    def test_seen_is_seen(self):
        row = self.stop()
        row.with_user(self.service_manager).action_seen()
        self.assertFalse(row.to_review)
        self.assertEqual(row.outcome, "stopped")

    def test_the_original_goes_with_its_row(self):
        row = self.stop()
        original = row.original_id
        row.unlink()
        self.assertFalse(original.exists())

    # ------------------------------------------------------------
    # BLOCKED SENDERS
    # ------------------------------------------------------------

    def block(self, name, **values):
        senders = self.env["crm.service.blocked.sender"].with_user(self.service_manager)
        return senders.create({"name": name, **values})

    def test_who_is_blocked_writes_no_ticket(self):
        """# V2: by address, by domain, by whom to answer; the mail is in the list."""
        self.block(" Eve@Spam.example ")
        self.block("@junk.example")
        for headers in (
            {"From": "Eve <EVE@spam.example>"},
            {"From": "anybody@junk.example"},
            {"From": "form@shop.example", "Reply_To": "eve@spam.example"},
        ):
            with self.subTest(headers=headers):
                self.assertFalse(self.receive(Subject=f"Buy {headers}", **headers))
                row = self.mails.search([], limit=1)
                self.assertEqual((row.kind, row.outcome), ("blocked", "stopped"))
                self.assertTrue(row.original_id)
        self.assertTrue(self.receive(From="adam@spam.example", Subject="Passes"))

    def test_blocked_mail_joins_no_ticket(self):
        ticket = self.receive()
        answer = self.answer(ticket, self.agent)
        ticket.action_close()
        self.block("li@ruida.example")
        count = len(ticket.message_ids)
        self.receive(In_Reply_To=answer.message_id)
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(len(ticket.message_ids), count)

    def test_what_cannot_be_blocked_says_why(self):
        for name in ("qq.com", "163.com", "gmail.com", "nonsense", "a b.example", "x@"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.block(name)

    def test_a_colleague_cannot_be_blocked(self):
        row = self.stop(From=self.agent.email)
        with self.assertRaises(UserError):
            row.with_user(self.service_manager).action_block_sender()

    def test_block_and_unblock_from_the_list(self):
        """# V2"""
        row = self.stop()
        row.with_user(self.service_manager).action_block_sender()
        row.invalidate_recordset()
        self.assertTrue(row.is_blocked)
        self.assertFalse(self.receive(Subject="Blocked"))
        row.with_user(self.service_manager).action_unblock_sender()
        row.invalidate_recordset()
        self.assertFalse(row.is_blocked)
        self.assertTrue(self.receive(Subject="Again"))

    def test_a_block_is_of_one_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env["crm.service.blocked.sender"].create(
            {"name": "li@ruida.example", "company_id": other.id}
        )
        self.assertTrue(self.receive())

    def test_a_block_of_another_company_is_not_mine(self):
        """# V2: neither shown at my mail nor lifted by my button."""
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.env["crm.service.blocked.sender"].create(
            {"name": "li@ruida.example", "company_id": other.id}
        )
        row = self.stop()
        manager = self.service_manager
        manager.company_ids += other
        mine = row.with_user(manager).with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        self.assertFalse(mine.is_blocked)
        mine.action_block_sender()
        mine.invalidate_recordset()
        self.assertTrue(mine.is_blocked)
        mine.action_unblock_sender()
        mine.invalidate_recordset()
        self.assertFalse(mine.is_blocked)
        self.assertTrue(theirs.active)

    def test_many_senders_are_blocked_at_once(self):
        """# V2: as many queries for twenty as for two."""
        counts = []
        for number in (2, 20):
            rows = self.mails.create(
                [
                    {
                        "message_id": f"<many-{number}-{place}@x.example>",
                        "sender": f"many{number}-{place}@x.example",
                        "outcome": "stopped",
                    }
                    for place in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.with_user(self.service_manager).action_block_sender()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            rows.invalidate_recordset()
            self.assertEqual(rows.mapped("is_blocked"), [True] * number)
        self.assertLessEqual(counts[1], counts[0] + 1)

    # ------------------------------------------------------------
    # SPAM
    # ------------------------------------------------------------

    def confirmation(self, ticket):
        domain = [("model", "=", ticket._name), ("res_id", "=", ticket.id)]
        mails = self.env["mail.mail"].sudo().search(domain)
        return mails.filtered(lambda mail: "auto-replied" in (mail.headers or ""))

    def test_spam_closes_blocks_and_promises_nothing(self):
        """# V2: and nobody is asked how it went."""
        ticket = self.receive(From="Eve <eve@spam.example>")
        self.assertEqual(self.confirmation(ticket).state, "outgoing")
        ticket.with_user(self.agent).action_spam()
        self.assertEqual(ticket.state, "closed")
        self.assertTrue(ticket.is_spam)
        self.assertFalse(ticket.awaiting_answer)
        self.assertEqual(self.confirmation(ticket).state, "cancel")
        self.assertFalse(ticket.acknowledged_date)
        self.assertEqual(ticket._satisfaction_email(), "")
        self.assertFalse(self.receive(From="eve@spam.example", Subject="More"))
        row = self.mails.search([("subject", "=", "More")])
        self.assertEqual(row.kind, "blocked")

    def test_spam_can_be_taken_back(self):
        ticket = self.receive(From="Eve <eve@spam.example>")
        ticket.with_user(self.agent).action_take()
        ticket.with_user(self.agent).action_spam()
        ticket.with_user(self.agent).action_no_spam()
        self.assertFalse(ticket.is_spam)
        self.assertEqual(ticket.state, "in_progress")
        self.assertTrue(ticket.awaiting_answer)
        self.assertTrue(self.receive(From="eve@spam.example", Subject="More"))

    def test_spam_of_two_tickets_is_taken_back_by_either(self):
        """# V2: the block stands because of the first; the sender may write again."""
        first = self.receive(From="Eve <eve@spam.example>", Subject="One")
        second = self.receive(From="Eve <eve@spam.example>", Subject="Two")
        (first | second).with_user(self.agent).action_spam()
        second.with_user(self.agent).action_no_spam()
        self.assertTrue(self.receive(From="eve@spam.example", Subject="More"))

    def test_what_the_manager_blocked_stays_and_is_said(self):
        """# V2: an agent takes back what agents did."""
        ticket = self.receive(From="Eve <eve@spam.example>")
        self.block("spam.example")
        ticket.with_user(self.agent).action_spam()
        ticket.with_user(self.agent).action_no_spam()
        self.assertFalse(self.receive(From="eve@spam.example", Subject="More"))
        self.assertIn("all the same", ticket.message_ids[0].body)

    def test_who_waited_waits_again(self):
        """# V2: the customer wrote after our answer, then it was taken for spam."""
        ticket = self.receive(From="Eve <eve@spam.example>")
        answer = self.answer(ticket, self.agent)
        self.receive(From="eve@spam.example", In_Reply_To=answer.message_id)
        self.assertTrue(ticket.awaiting_answer)
        last = ticket.last_message_date
        ticket.with_user(self.agent).action_spam()
        ticket.with_user(self.agent).action_no_spam()
        self.assertTrue(ticket.awaiting_answer)
        self.assertEqual(ticket.last_message_date, last)

    def test_spam_is_no_way_to_block_colleagues_or_write_flags(self):
        ticket = self.make_ticket(partner_email=self.technician.email)
        with self.assertRaises(UserError):
            ticket.with_user(self.agent).action_spam()
        self.assertFalse(ticket.is_spam)
        with self.assertRaises(UserError):
            self.make_ticket(partner_email=False).with_user(self.agent).action_spam()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write({"is_spam": True})
        with self.assertRaises(AccessError):
            ticket.with_user(self.other_agent).action_spam()

    # ------------------------------------------------------------
    # OLD ROWS
    # ------------------------------------------------------------

    def test_rows_of_before_are_looked_at(self):
        """# V2: the migration marks what nobody saw, and opens the rule."""
        row = self.stop(From="Somebody <Old.One@unknown.example>")
        row.write({"to_review": False, "sender": False})
        rule = self.env.ref("crm_service_ticket.rule_mail_service_manager")
        rule.domain_force = "[('ticket_id.company_id', 'in', company_ids)]"
        self.env.flush_all()
        file = MIGRATIONS / "19.0.1.1.0/post-stopped-mail.py"
        runpy.run_path(str(file))["migrate"](self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        self.assertEqual((row.to_review, row.sender), (True, "old.one@unknown.example"))
        self.assertEqual(rule.domain_force, "[(1, '=', 1)]")
