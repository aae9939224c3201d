from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import email_normalize

from odoo.addons.mail.tests.common import MailCase

from .common import DOMAIN, TicketCommon

SUPPLIER = "chips@maker.example"


class InquiryCase(TicketCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket(
            "Drift",
            cls.contact,
            user_id=cls.agent.id,
            description="<p>Hall two drifts</p>",
        )
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Chip Maker", "email": SUPPLIER}
        )

    def wizard(self, user=None, **values):
        wizards = self.env["crm.service.inquiry.wizard"].with_user(user or self.agent)
        values = {"partner_id": self.supplier.id, **values}
        return wizards.with_context(active_id=self.ticket.id).create(values)

    def ask(self, **values):
        """A question that was sent, and its mail."""
        with self.mock_mail_gateway():
            self.wizard(**values).action_ask()
        [mail] = [m for m in self._mails if SUPPLIER in str(m["email_to"])]
        return self.ticket.inquiry_ids[:1], mail

    def reply(self, mail, references=True, **headers):
        answer = {
            "From": f"Engineer <{SUPPLIER}>",
            "To": mail["reply_to"],
            "Subject": f"Re: {mail['subject']}",
            **headers,
        }
        if references:
            answer["In_Reply_To"] = mail["message_id"]
        raw = self.make_mail(**{"body": "It is batch 7.", **answer})
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(False, raw)
        self.env.invalidate_all()

    def notes(self, text="batch 7"):
        return self.ticket.message_ids.filtered(lambda m: text in (m.body or ""))


@tagged("post_install", "-at_install")
class TestInquiry(InquiryCase):
    """# V7: a question to a supplier, beside the ticket."""

    def test_the_supplier_gets_a_mail_with_an_address_of_its_own(self):
        inquiry, mail = self.ask(body="Which batch is 4711?")
        self.assertIn("Which batch is 4711?", mail["body"])
        self.assertEqual(
            email_normalize(mail["reply_to"]),
            f"help+s{inquiry.sudo().key}@{DOMAIN}",
        )
        self.assertEqual(len(self._mails), 1, "the customer gets none")
        self.assertEqual(inquiry.state, "waiting")
        self.assertEqual(self.ticket.supplier_state, "waiting")
        asked = [("inquiry_ids.state", "=", "waiting")]
        self.assertIn(self.ticket, self.tickets.with_user(self.agent).search(asked))
        # it is no answer to the customer
        self.assertFalse(self.ticket.first_response_date)
        self.assertEqual(self.ticket.state, "pending")

    def test_what_the_customer_says_is_proposed_to_be_sent(self):
        self.assertEqual(self.wizard().body, "Hall two drifts")

    def test_an_answer_is_a_note_in_the_ticket(self):
        for references in (True, False):
            inquiry, mail = self.ask(name=f"Batch {references}")
            self.reply(mail, references, body=f"It is {references}.")
            note = self.notes(f"It is {references}.")
            with self.subTest(references=references):
                self.assertEqual(len(note), 1)
                self.assertTrue(note.subtype_id.internal)
                self.assertEqual(note.author_id, self.supplier)
                self.assertIn(self.agent.partner_id, note.notified_partner_ids)
                self.assertEqual(inquiry.state, "answered")
                self.assertTrue(inquiry.answer_date)
        self.assertEqual(self.ticket.supplier_state, "answered")
        self.assertFalse(self.ticket.awaiting_answer or self.ticket.last_message_date)
        self.assertEqual(self.ticket.state, "pending")
        self.assertNotIn(self.supplier, self.ticket.message_partner_ids)

    def test_the_customer_sees_and_hears_nothing_of_it(self):
        portal = self.make_portal_user("li", self.contact)
        inquiry, mail = self.ask()
        self.reply(mail, attachments=[("batch.txt", b"x")])
        note = self.notes()
        self.assertTrue(note.attachment_ids)
        self.assertNotIn(self.contact, note.notified_partner_ids)
        self.assertFalse([m for m in self._mails if "li@ruida" in str(m["email_to"])])
        for records in (note, note.attachment_ids, inquiry, inquiry.message_ids):
            with self.subTest(records._name):
                self.assertFalse(records.with_user(portal).has_access("read"))
        self.assertTrue(self.ticket.with_user(portal).has_access("read"))
        with self.assertRaises(AccessError):
            self.ticket.with_user(portal).read(["inquiry_ids"])

    def test_another_of_the_suppliers_people_may_answer(self):
        _inquiry, mail = self.ask()
        self.reply(mail, references=False, From="Boss <boss@elsewhere.example>")
        self.assertEqual(len(self.notes()), 1)
        self.assertFalse(
            self.tickets.search([("partner_email", "=", "boss@elsewhere.example")])
        )

    def test_the_same_mail_twice_is_one_note(self):
        _inquiry, mail = self.ask()
        for _time in range(2):
            self.reply(mail, Message_ID="<1@maker.example>")
        self.assertEqual(len(self.notes()), 1)

    def test_a_wrong_key_is_no_door(self):
        self.ask()
        self.reply(
            {"reply_to": f"help+s0123456789abcdef@{DOMAIN}", "subject": "Batch"},
            references=False,
            From="Eve <eve@spam.example>",
        )
        self.assertFalse(self.notes())
        self.assertEqual(self.ticket.supplier_state, "waiting")

    def test_a_machine_is_noted_and_answers_nothing(self):
        inquiry, mail = self.ask()
        self.reply(mail, Auto_Submitted="auto-replied", body="Out of office, batch 7")
        self.assertEqual(len(self.notes()), 1)
        self.assertEqual(inquiry.state, "waiting")

    def test_an_answer_wakes_the_ticket_and_goes_along_with_a_merge(self):
        inquiry, mail = self.ask()
        target = self.make_ticket("Same", self.contact, user_id=self.technician.id)
        values = {"ticket_ids": self.ticket.ids, "target_id": target.id}
        self.env["crm.service.merge.wizard"].create(values).action_merge()
        until = self.ticket.create_date
        mine = target.with_user(self.technician)
        self.env["crm.service.aside"]._put_aside(mine, until, "Supplier")
        self.reply(mail)
        self.assertFalse(self.notes())
        note = target.message_ids.filtered(lambda m: "batch 7" in m.body)
        self.assertEqual(len(note), 1)
        self.assertFalse(target.aside_until)
        self.assertEqual(inquiry.state, "answered")

    def test_one_may_ask_again_and_be_done(self):
        inquiry, mail = self.ask()
        self.reply(mail)
        with self.mock_mail_gateway():
            inquiry.with_user(self.agent)._ask("And 8?", self.env["ir.attachment"])
        self.assertEqual(inquiry.state, "waiting")
        self.assertEqual(len(self._mails), 1)
        inquiry.with_user(self.agent).action_done()
        self.assertFalse(self.ticket.supplier_state)

    def test_files_of_the_ticket_may_go_along_and_no_others(self):
        values = {"name": "log.txt", "raw": b"x", "res_model": self.ticket._name}
        mine = self.env["ir.attachment"].create({**values, "res_id": self.ticket.id})
        other = self.make_ticket("Secret", team_id=self.other_service.id)
        theirs = self.env["ir.attachment"].create({**values, "res_id": other.id})
        wizard = self.wizard()
        self.assertEqual(wizard.available_ids, mine)
        inquiry, _mail = self.ask(file_ids=mine.ids)
        sent = inquiry.message_ids.attachment_ids
        self.assertEqual(sent.mapped("name"), ["log.txt"])
        self.assertNotEqual(sent, mine)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.ask(file_ids=theirs.ids)

    def test_who_is_not_asked_this_way(self):
        nobody = self.env["res.partner"].create({"name": "No address"})
        for partner, sentence in (
            (nobody, "no e-mail address"),
            (self.contact, "is the customer"),
            (self.technician.partner_id, "is a colleague"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self.wizard(partner_id=partner.id).action_ask()
        with self.assertRaisesRegex(UserError, "Write what"):
            self.wizard(body=" \n").action_ask()
        self.assertFalse(self.ticket.inquiry_ids)

    def test_who_works_with_the_ticket_works_with_its_questions(self):
        inquiry, _mail = self.ask()
        for role, may in (
            ("agent", True),
            ("technician", True),
            ("service_manager", True),
            ("other_agent", False),
            ("rep", False),
            ("plain", False),
        ):
            mine = inquiry.with_user(self.roles[role])
            with self.subTest(role):
                self.assertEqual(mine.has_access("read"), may)
                self.assertEqual(mine.has_access("write"), may)
        for name, value in (("state", "done"), ("key", "x")):
            with self.subTest(name), self.assertRaises(UserError):
                inquiry.with_user(self.agent).write({name: value})
        with self.assertRaises(AccessError):
            self.wizard(user=self.rep)

    def test_a_mail_that_does_not_arrive_is_told(self):
        inquiry, _mail = self.ask()
        inquiry._message_receive_bounce(SUPPLIER, self.supplier)
        self.assertTrue(self.notes("could not be delivered"))
