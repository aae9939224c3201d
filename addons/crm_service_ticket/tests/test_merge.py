from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestMerge(TicketCommon):
    """# V8: merge, undo, split, move, link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.receive(Subject="It drifts", body="First mail")
        cls.target = cls.receive(Subject="Sensor broken", body="Second mail")
        cls.source_answer = cls.answer(cls.source, cls.agent, "Which sensor?")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "photo.jpg",
                "raw": b"x",
                "res_model": "crm.service.ticket",
                "res_id": cls.source.id,
            }
        )
        cls.activity = cls.source.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.agent.id
        )

    def merge(self, user=None):
        with self.calling_as(user or self.agent) as env:
            tickets = (self.source | self.target).with_env(env)
            action = tickets.action_merge()
            wizard = Form(
                env["crm.service.merge.wizard"].with_context(**action["context"])
            )
            wizard.target_id = self.target.with_env(env)
            wizard.save().action_merge()

    def words(self, ticket):
        return "".join(ticket.message_ids.mapped("body"))

    def test_what_was_said_goes_into_the_target(self):
        """# V8: messages, files, activities; the source is closed."""
        self.merge()
        self.assertIn("First mail", self.words(self.target))
        self.assertIn("Which sensor?", self.words(self.target))
        self.assertNotIn("First mail", self.words(self.source))
        self.assertEqual(self.file.res_id, self.target.id)
        self.assertEqual(self.activity.res_id, self.target.id)
        self.assertEqual(self.source.state, "closed")
        self.assertEqual(self.source.merged_into_id, self.target)

    def test_later_mail_lands_in_the_target_however_it_comes(self):
        """# V8: by reference, by number, by sender and subject; the source stays
        closed."""
        self.merge()
        for name, headers in {
            "references": {"In_Reply_To": self.source_answer.message_id},
            "number": {"Subject": f"Re: [{self.source.number}]"},
            "subject": {"Subject": "Re: It drifts"},
        }.items():
            with self.subTest(name=name):
                self.assertEqual(self.receive(**headers), self.target)
        self.assertEqual(self.source.state, "closed")
        self.assertEqual(self.source.reopen_count, 0)

    def test_mail_follows_a_chain_of_merges(self):
        """# V8"""
        self.merge()
        last = self.receive(Subject="Third")
        self.env["crm.service.merge"]._merge(self.target, last)
        self.assertEqual(self.receive(Subject=f"Re: [{self.source.number}]"), last)

    def test_undoing_a_merge_brings_back_the_former_state(self):
        """# V8: to the exact one; what was said since stays where it was said."""
        names = [
            "stage_id",
            "state",
            "resolved_date",
            "closed_date",
            "reopen_count",
            "date_last_stage_update",
            "awaiting_answer",
            "first_response_date",
            "last_message_date",
            "user_id",
            "level",
            "merged_into_id",
        ]
        before = self.source.read(names)
        target_before = self.target.read(names)
        messages = self.env["crm.service.merge"]._messages_of(self.source)
        followers = self.source.message_partner_ids
        target_followers = self.target.message_partner_ids
        self.merge()
        late = self.target.message_post(body="Late word", subtype_xmlid="mail.mt_note")
        self.source.with_user(self.agent).action_undo_merge()
        self.assertEqual(self.source.read(names), before)
        self.assertEqual(self.target.read(names), target_before)
        self.assertEqual(
            self.env["crm.service.merge"]._messages_of(self.source), messages
        )
        self.assertEqual(self.file.res_id, self.source.id)
        self.assertEqual(self.activity.res_id, self.source.id)
        self.assertEqual(late.res_id, self.target.id)
        self.assertEqual(self.source.message_partner_ids, followers)
        self.assertEqual(self.target.message_partner_ids, target_followers)
        mail = self.receive(Subject=f"Re: [{self.source.number}]")
        self.assertEqual(mail, self.source)

    def test_a_merge_cannot_be_taken_back_twice_or_out_of_order(self):
        """# V8"""
        self.merge()
        last = self.receive(Subject="Third")
        Merge = self.env["crm.service.merge"]
        Merge._merge(self.target, last)
        with self.assertRaisesRegex(UserError, "merged further"):
            self.source.action_undo_merge()
        self.target.action_undo_merge()
        self.source.action_undo_merge()
        with self.assertRaisesRegex(UserError, "not merged"):
            self.source.action_undo_merge()

    def test_what_cannot_be_merged_is_refused(self):
        """# V8: with itself, merged already, of another company."""
        Merge = self.env["crm.service.merge"]
        with self.assertRaisesRegex(UserError, "at least one other"):
            Merge._merge(self.source, self.source)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_ticket(team_id=False, company_id=other.id)
        with self.assertRaisesRegex(UserError, "different companies"):
            Merge._merge(foreign, self.target)
        self.merge()
        with self.assertRaisesRegex(UserError, "merged already"):
            Merge._merge(self.target, self.source)

    def test_nobody_merges_what_he_may_not_change(self):
        """# V8 G1"""
        wizard = self.env["crm.service.merge.wizard"].create(
            {"ticket_ids": self.source.ids, "target_id": self.target.id}
        )
        for user in (self.other_agent, self.rep):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                wizard.with_user(user).action_merge()

    # ------------------------------------------------------------
    # MOVE, SPLIT, LINK
    # ------------------------------------------------------------

    def move_wizard(self, env, ticket):
        action = ticket.with_env(env).action_move_messages()
        return Form(env["crm.service.move.wizard"].with_context(**action["context"]))

    def test_a_mail_in_the_wrong_ticket_is_moved(self):
        """# V2 V8: the last message is proposed, and the ticket the sender named."""
        stranger = self.receive(
            Subject=f"[{self.target.number}]", From="Eve <eve@qq.com>", body="Mine"
        )
        self.assertNotEqual(stranger, self.target)
        with self.calling_as(self.agent) as env:
            wizard = self.move_wizard(env, stranger)
            self.assertEqual(wizard.target_id, self.target.with_env(env))
            wizard.save().action_move()
        self.assertIn("Mine", self.words(self.target))
        self.assertEqual(self.mail_row(self.target).email_from, '"Eve" <eve@qq.com>')

    def test_a_ticket_is_split(self):
        """# V8: the second matter gets a ticket of its own, linked."""
        message = self.receive(
            Subject=f"[{self.target.number}]", body="And the invoice is wrong"
        ).message_ids[0]
        with self.calling_as(self.agent) as env:
            wizard = self.move_wizard(env, self.target)
            wizard.to_new = True
            wizard.name = "Wrong invoice"
            action = wizard.save().action_move()
        split = self.tickets.browse(action["res_id"])
        self.assertEqual(message.res_id, split.id)
        self.assertEqual(split.name, "Wrong invoice")
        self.assertEqual(split.partner_id, self.contact)
        self.assertIn("invoice", split.description)
        self.assertEqual(split.linked_ticket_ids, self.target)
        self.assertIn(split, self.target.linked_ticket_ids)

    def test_only_words_of_this_ticket_are_moved(self):
        """# V8 G1: never another ticket's, never a note of the system."""
        foreign = self.env["crm.service.merge"]._messages_of(self.source)
        with self.assertRaisesRegex(UserError, "of this ticket"):
            self.target._move_messages(foreign, self.source)
        with self.assertRaisesRegex(UserError, "Choose messages"):
            self.target._move_messages(foreign.browse(), self.source)

    def test_a_link_shows_on_both_sides_and_goes_on_both(self):
        """# V8"""
        self.source.linked_ticket_ids = self.target
        self.assertEqual(self.target.linked_ticket_ids, self.source)
        self.target.linked_ticket_ids = False
        self.assertFalse(self.source.linked_ticket_ids)

    # ------------------------------------------------------------
    # LEAD
    # ------------------------------------------------------------

    def test_a_ticket_becomes_a_lead_of_the_customers_owner(self):
        """# V8: the agent cannot read leads, and gives it to sales nevertheless."""
        with self.calling_as(self.agent) as env:
            wizard = Form(
                env["crm.service.lead.wizard"].with_context(
                    default_ticket_id=self.target.id
                )
            )
            wizard.note = "Twelve more"
            action = wizard.save().action_create_lead()
        self.assertEqual(action["tag"], "display_notification")
        lead = self.env["crm.lead"].search([("name", "=", "Sensor broken")])
        self.assertEqual(lead.user_id, self.rep)
        self.assertEqual(lead.partner_id, self.contact)
        self.assertEqual(lead.type, "opportunity")

    def test_a_lead_of_a_stranger_has_the_strangers_address(self):
        """# V8: and the customer's own address is never overwritten."""
        ticket = self.receive(From="Eve <eve@new.example>", Subject="Offer?")
        wizard = self.env["crm.service.lead.wizard"].create({"ticket_id": ticket.id})
        wizard.action_create_lead()
        lead = self.env["crm.lead"].search([("name", "=", "Offer?")])
        self.assertEqual(lead.type, "lead")
        self.assertEqual(lead.email_normalized, "eve@new.example")
        ticket = self.make_ticket(partner=self.contact, partner_email="x@new.example")
        wizard = self.env["crm.service.lead.wizard"].create({"ticket_id": ticket.id})
        wizard.action_create_lead()
        self.assertEqual(self.contact.email, "li@ruida.example")
