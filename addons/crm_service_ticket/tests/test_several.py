from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.crm_service_ticket.models import several
from odoo.addons.mail.tests.common import MailCase

from .common import TicketCommon

CUSTOMER = "li@ruida.example"
STRANGER = "zhou@neu.example"


class SeveralCase(TicketCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.make_ticket("Drift", cls.contact, user_id=cls.agent.id)
        cls.two = cls.make_ticket(
            "Cable", partner_email=STRANGER, partner_name="Zhou", channel="email"
        )
        cls.both = cls.one | cls.two

    def wizard(self, kind, tickets=None, user=None, **values):
        """A dialog as it was opened from the list."""
        wizards = self.env[f"crm.service.{kind}.wizard"].with_user(user or self.agent)
        ids = (self.both if tickets is None else tickets).ids
        return wizards.with_context(active_ids=ids).create(values)

    def act(self, name, tickets=None, user=None):
        """By the server action of a button."""
        tickets = self.both if tickets is None else tickets
        action = self.env.ref(f"crm_service_ticket.action_several_{name}")
        return (
            action.with_user(user or self.agent)
            .with_context(
                active_model=tickets._name,
                active_ids=tickets.ids,
                active_id=tickets.ids[0],
            )
            .run()
        )

    def mails(self, *addresses):
        """Those that went to one of these; others wait in the queue as well."""
        return [
            m for m in self._mails if any(a in str(m["email_to"]) for a in addresses)
        ]

    def said(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"]

    def merged(self):
        ticket = self.make_ticket("Again", self.contact)
        values = {"ticket_ids": ticket.ids, "target_id": self.one.id}
        self.env["crm.service.merge.wizard"].create(values).action_merge()
        return ticket


@tagged("post_install", "-at_install")
class TestSeveralAnswered(SeveralCase):
    """# V7: one text for the customers of several tickets."""

    def test_each_customer_gets_a_mail_of_his_own(self):
        with self.mock_mail_gateway():
            told = self.wizard(
                "answer", body="Dear {customer},\nabout {ticket}: solved <soon>."
            ).action_answer()
            self.env["mail.mail"].process_email_queue()
        self.assertEqual(len(self.mails(CUSTOMER, STRANGER)), 2)
        for address, ticket, other, name in (
            (CUSTOMER, self.one, self.two, "Ms Li"),
            (STRANGER, self.two, self.one, "Zhou"),
        ):
            [mail] = self.mails(address)
            with self.subTest(address):
                self.assertEqual(len(mail["email_to"]), 1)
                self.assertIn(f"Dear {name},", mail["body"])
                self.assertIn(f"about {ticket.number}: solved", mail["body"])
                self.assertIn("&lt;soon&gt;", mail["body"])
                for foreign in (other.number, other.partner_email):
                    self.assertNotIn(foreign, str(mail))
        self.assertIn("Answered: 2", self.said(told))
        self.assertEqual(told["params"]["type"], "success")

    def test_it_counts_as_an_answer_of_who_sends(self):
        with self.mock_mail_gateway():
            self.wizard("answer", body="Soon.").action_answer()
        for ticket in self.both:
            message = ticket.message_ids[:1]
            self.assertEqual(message.author_id, self.agent.partner_id)
            self.assertIn("Soon.", message.body)
            self.assertTrue(ticket.first_response_date)
            self.assertEqual(ticket.state, "in_progress")
        self.assertFalse(self.env["res.partner"].search([("email", "=", STRANGER)]))

    def test_a_canned_answer_with_files_and_what_it_sets(self):
        tag = self.env["crm.tag"].create({"name": "Recall"})
        canned = self.env["mail.canned.response"].create(
            {
                "source": "recall",
                "substitution": "Dear {customer}, we replace it.",
                "ticket_state": "waiting",
                "ticket_tag_ids": tag.ids,
                "group_ids": self.env.ref("base.group_user").ids,
                "attachment_ids": [(0, 0, {"name": "recall.pdf", "raw": b"x"})],
            }
        )
        wizards = self.env["crm.service.answer.wizard"].with_user(self.agent)
        with Form(wizards.with_context(active_ids=self.both.ids)) as form:
            form.canned_id = canned.with_user(self.agent)
            self.assertEqual(form.body, canned.substitution)
            self.assertIn("Recall", form.moves)
            self.assertIn("Dear Ms Li", form.example)
        with self.mock_mail_gateway():
            form.record.action_answer()
        for ticket in self.both:
            self.assertEqual(ticket.state, "waiting")
            self.assertEqual(ticket.tag_ids, tag)
            file = ticket.message_ids.attachment_ids
            self.assertEqual(file.mapped("name"), ["recall.pdf"])
            self.assertNotIn(file, canned.attachment_ids)
        self.assertEqual(self.two.user_id, self.agent)

    def test_what_a_canned_answer_sets_can_be_left(self):
        canned = self.env["mail.canned.response"].create(
            {
                "source": "x",
                "substitution": "Hello",
                "ticket_state": "waiting",
                "group_ids": self.env.ref("base.group_user").ids,
            }
        )
        with self.mock_mail_gateway():
            self.wizard("answer", canned_id=canned.id, does_moves=False).action_answer()
        self.assertEqual(self.both.mapped("state"), ["in_progress"] * 2)

    def test_it_may_resolve(self):
        self.service.is_solution_required = True
        with self.mock_mail_gateway():
            self.wizard(
                "answer", body="Turn it.", state_after="resolved"
            ).action_answer()
        self.assertEqual(self.both.mapped("state"), ["resolved"] * 2)
        self.assertIn("Turn it.", self.two.resolution)

    def test_who_cannot_be_reached_is_left_out_with_the_reason(self):
        nobody = self.make_ticket("Call", channel="phone")
        spam = self.make_ticket("Win", partner_email="a@b.example", channel="email")
        spam.action_spam()
        merged = self.merged()
        tickets = self.both | nobody | spam | merged
        wizard = self.wizard("answer", tickets, body="Soon.")
        self.assertEqual(wizard.ticket_count, 2)
        with self.mock_mail_gateway():
            told = wizard.action_answer()
        for ticket, reason in (
            (nobody, "no e-mail address is known"),
            (spam, "spam"),
            (merged, "merged into another ticket"),
        ):
            line = f"Left out: 1 – {reason} ({ticket.number})"
            self.assertIn(line, self.said(told))
            self.assertIn(line, wizard.left_out)
            self.assertFalse(ticket.message_ids.filtered(lambda m: "Soon" in m.body))
        self.assertEqual(told["params"]["type"], "warning")
        self.assertTrue(told["params"]["sticky"])

    def test_words_that_mean_nothing_are_refused_before_a_mail_goes(self):
        for text, sentence in (
            ("Dear {kunde}", "Nothing can be filled in"),
            (" \n ", "Write what"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserError, sentence):
                self.wizard("answer", body=text).action_answer()
        self.assertFalse(self.both.filtered("first_response_date"))

    def test_a_ticket_that_fails_says_nothing_and_the_others_do(self):
        post = type(self.env["crm.service.ticket"]).message_post

        def fail(ticket, **kwargs):
            message = post(ticket, **kwargs)
            if ticket == self.two:
                raise UserError("Not now")
            return message

        with (
            self.mock_mail_gateway(),
            patch.object(self.registry["crm.service.ticket"], "message_post", fail),
        ):
            told = self.wizard("answer", body="Soon.").action_answer()
            self.env["mail.mail"].process_email_queue()
        self.assertIn("Answered: 1", self.said(told))
        self.assertIn(f"Not now ({self.two.number})", self.said(told))
        self.assertFalse(self.two.first_response_date)
        self.assertFalse(self.two.message_ids.filtered(lambda m: "Soon" in m.body))
        self.assertEqual(len(self.mails(CUSTOMER)), 1)
        self.assertFalse(self.mails(STRANGER))

    def test_more_than_somebody_has_read_are_refused(self):
        with patch.object(several, "MOST", 1):
            wizard = self.wizard("answer", body="Soon.")
            self.assertIn("at most 1", wizard.left_out)
            with self.assertRaisesRegex(UserError, "at most 1"):
                wizard.action_answer()
        self.assertFalse(self.both.filtered("first_response_date"))


@tagged("post_install", "-at_install")
class TestSeveralMoved(SeveralCase):
    """# V7: waiting, resolved, closed, given to somebody, spam."""

    def test_wait(self):
        done = self.make_ticket("Done")
        done.action_close()
        told = self.said(self.act("wait", self.both | done | self.merged()))
        self.assertEqual(self.both.mapped("state"), ["waiting"] * 2)
        self.assertEqual(done.state, "closed")
        self.assertIn("Waiting for the customer: 2", told)
        self.assertIn(f"resolved or closed already ({done.number})", told)
        self.assertIn("merged into another ticket", told)

    def test_where_nothing_is_to_do_that_is_said(self):
        self.both.action_wait()
        with self.assertRaisesRegex(UserError, "Nothing was done(.|\n)*already"):
            self.act("wait")

    def test_close(self):
        self.one.action_close()
        told = self.said(self.act("close"))
        self.assertEqual(self.both.mapped("state"), ["closed"] * 2)
        self.assertIn("Closed: 1", told)
        self.assertIn(f"closed already ({self.one.number})", told)

    def test_resolve_with_one_solution(self):
        self.two.action_close()
        with self.mock_mail_gateway():
            told = self.wizard("resolve", solution="<p>Restarted.</p>").action_resolve()
        self.assertEqual(self.one.state, "resolved")
        self.assertIn("Restarted.", self.one.resolution)
        self.assertEqual(self.two.state, "closed")
        self.assertFalse(self.two.resolution)
        self.assertIn("Resolved: 1", self.said(told))
        self.assertEqual(len(self.mails(CUSTOMER)), 1)
        self.assertFalse(self.mails(STRANGER))

    def test_those_that_need_a_solution_are_left_out_without_one(self):
        self.other_service.is_solution_required = True
        self.two.team_id = self.other_service
        manager = self.service_manager
        told = self.wizard("resolve", user=manager, tell_customer=False)
        told = self.said(told.action_resolve())
        self.assertEqual(self.one.state, "resolved")
        self.assertNotEqual(self.two.state, "resolved")
        self.assertIn("Resolved: 1", told)
        self.assertIn("Say how this was solved", told)

    def test_assign_to_a_colleague(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        wizard = self.wizard("assign", user_id=self.technician.id, note="On leave")
        self.assertIn(self.technician, wizard.candidate_ids)
        self.assertNotIn(self.rep, wizard.candidate_ids)
        told = self.said(wizard.action_assign())
        self.assertEqual(self.both.user_id, self.technician)
        self.assertIn(f"Given to {self.technician.name}: 2", told)
        row = self.one.handover_ids
        self.assertEqual((row.from_user_id, row.note), (self.agent, "On leave"))
        heard = self.env["mail.message"].search(
            [
                ("id", ">", before.id),
                ("partner_ids", "in", self.technician.partner_id.ids),
            ]
        )
        self.assertEqual(len(heard), 1)
        self.assertIn("On leave", heard.body)

    def test_to_whom_it_makes_no_sense_to_give_them(self):
        self.two.action_close()
        with self.assertRaisesRegex(UserError, "has them already"):
            self.wizard("assign", user_id=self.agent.id).action_assign()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.technician.write(
            {"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id}
        )
        wizard = self.wizard("assign", user_id=self.technician.id)
        self.assertIn("does not work in their company", wizard.left_out)
        with self.assertRaisesRegex(UserError, "resolved or closed already"):
            wizard.action_assign()
        self.assertEqual(self.one.user_id, self.agent)

    def test_spam(self):
        told = self.said(self.act("spam"))
        self.assertEqual((self.one.is_spam, self.two.is_spam), (False, True))
        self.assertIn("sender blocked: 1", told)
        self.assertIn(f"did not come by e-mail ({self.one.number})", told)
        colleague = self.make_ticket(
            "In", partner_email=self.agent.email, channel="email"
        )
        with self.assertRaises(UserError):
            self.act("spam", colleague)
        self.assertFalse(colleague.is_spam)

    def test_a_team_without_the_stage_is_said(self):
        stages = self.env["crm.service.stage"].search([("state", "=", "waiting")])
        stages.team_ids = self.other_service
        with self.assertRaisesRegex(UserError, "has no stage"):
            self.act("wait")


@tagged("post_install", "-at_install")
class TestSeveralAccess(SeveralCase):
    """# G1: who may not, does not; what one may not see is not named."""

    def test_what_one_may_not_see_is_counted_and_not_named(self):
        hidden = self.make_ticket("Secret", team_id=self.other_service.id)
        told = self.said(self.act("wait", self.both | hidden))
        self.assertIn("Left out: 1 – you may not see them", told)
        self.assertNotIn(hidden.number, told)
        self.assertEqual(hidden.state, "pending")
        for kind, values in (
            ("answer", {"body": "Soon."}),
            ("resolve", {}),
            ("assign", {"user_id": self.technician.id}),
        ):
            with self.subTest(kind), self.assertRaises(UserError):
                wizard = self.wizard(kind, hidden, **values)
                getattr(wizard, f"action_{kind}")()
        self.assertEqual(hidden.state, "pending")
        self.assertFalse(hidden.user_id or hidden.first_response_date)

    def test_who_reads_only_changes_nothing(self):
        self.assertTrue(self.one.with_user(self.rep).has_access("read"))
        for name in ("wait", "close", "spam"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.act(name, user=self.rep)
        for kind in ("answer", "resolve", "assign", "aside", "call"):
            with self.subTest(kind), self.assertRaises(AccessError):
                self.wizard(kind, user=self.rep)
        act = several.Wait(self.env(user=self.rep))
        fit, left_out = act.sort_out(self.one.with_user(self.rep))
        self.assertFalse(fit)
        self.assertEqual(
            left_out, [(self.one.number, "you may read them, not change them")]
        )
        self.assertFalse(self.both.filtered(lambda t: t.state != "pending"))

    def test_a_ticket_that_is_gone_is_no_stone(self):
        gone = self.make_ticket("Gone")
        wizard = self.wizard("answer", self.both | gone, body="Soon.")
        gone.unlink()
        with self.mock_mail_gateway():
            self.assertIn("Answered: 2", self.said(wizard.action_answer()))
