from datetime import timedelta

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

    def test_a_question_goes_on_waiting_in_the_target(self):
        """# V8 V11: what the customer asked in the source is not closed with it; the
        target is worked on, and is what it was after an undo."""
        names = ["stage_id", "awaiting_answer", "last_message_date", "reopen_count"]
        self.source = self.receive(Subject="And this?", body="Third mail")
        for state in ("waiting", "closed"):
            with self.subTest(state=state):
                self.answer(self.target, self.agent)
                self.target._move_to(state)
                before = self.target.read(names)
                self.merge()
                self.assertTrue(self.target.awaiting_answer)
                self.assertEqual(self.target.state, "in_progress")
                self.assertFalse(self.source.awaiting_answer)
                self.source.with_user(self.agent).action_undo_merge()
                self.assertEqual(self.target.read(names), before)
                self.assertTrue(self.source.awaiting_answer)

    def test_an_undo_leaves_what_was_said_in_the_target_since(self):
        """# V8: and the question of another ticket that was merged into it."""
        self.answer(self.target, self.agent)
        self.target.action_wait()
        first = self.receive(Subject="One", body="One")
        second = self.receive(Subject="Two", body="Two")
        self.env["crm.service.merge"]._merge(first | second, self.target)
        first.action_undo_merge()
        self.assertTrue(self.target.awaiting_answer)
        self.assertEqual(self.target.state, "in_progress")
        self.answer(self.target, self.agent, "Both are known.")
        second.action_undo_merge()
        self.assertFalse(self.target.awaiting_answer)
        self.assertEqual(self.target.state, "in_progress")

    def test_the_customer_is_asked_though_a_merge_was_taken_back(self):
        """# V6 V8: the closing by the merge was none."""
        self.merge()
        self.assertEqual(len(self.source.survey_ids), 1)
        self.source.with_user(self.agent).action_undo_merge()
        self.assertFalse(self.source.survey_ids)
        self.source._move_to("closed")
        self.assertEqual(self.source.survey_ids.state, "queued")

    def test_where_a_mail_is_now_goes_along_with_a_merge(self):
        """# V2 V8: the list of incoming mail names the ticket that has it, and after
        an undo the former one."""
        mail = self.mail_row(self.source)
        self.merge()
        self.assertEqual(mail.ticket_id, self.target)
        self.source.with_user(self.agent).action_undo_merge()
        self.assertEqual(mail.ticket_id, self.source)

    def test_a_word_into_a_merged_ticket_goes_on_to_the_target(self):
        """# V8 V9: by a call past the page, which offers no answer there."""
        self.merge()
        message = self.source.message_post(
            body="By the way",
            author_id=self.contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(message.res_id, self.target.id)
        self.assertTrue(self.target.awaiting_answer)
        self.assertEqual(self.source.state, "closed")

    def test_tickets_of_different_customers_are_not_merged_unawares(self):
        """# V8 G1: the dialog says whose they are."""
        stranger = self.receive(From="Eve <eve@new.example>", Subject="Offer?")
        wizard = self.env["crm.service.merge.wizard"].create(
            {"ticket_ids": self.source.ids, "target_id": self.target.id}
        )
        self.assertFalse(wizard.customers)
        wizard.target_id = stranger
        self.assertEqual(wizard.customers, "Ruida Instruments, Eve")

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
        with self.assertRaisesRegex(UserError, "was merged into"):
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
        """# V2 V8: the last message is proposed, and the ticket the sender named. It
        is all there is, so nothing stays behind that would wait for an answer."""
        self.answer(self.target, self.agent)
        self.target.action_wait()
        stranger = self.receive(
            Subject=f"[{self.target.number}]", From="Eve <eve@qq.com>", body="Mine"
        )
        self.assertNotEqual(stranger, self.target)
        with self.calling_as(self.agent) as env:
            wizard = self.move_wizard(env, stranger)
            self.assertEqual(wizard.target_id, self.target.with_env(env))
            self.assertTrue(wizard.merges)
            self.assertEqual(wizard.customers, "Eve, Ruida Instruments")
            wizard.save().action_move()
        self.assertIn("Mine", self.words(self.target))
        self.assertEqual(stranger.merged_into_id, self.target)
        self.assertEqual((stranger.state, self.target.state), ("closed", "in_progress"))
        self.assertTrue(self.target.awaiting_answer)
        self.assertEqual(self.mail_row(self.target).email_from, '"Eve" <eve@qq.com>')

    def test_one_mail_of_several_is_moved_with_its_question(self):
        """# V2 V8: the ticket it leaves waits for nothing any more, the one it comes
        to does."""
        self.answer(self.target, self.agent)
        self.target.action_wait()
        self.answer(self.source, self.agent)
        last_word = self.source.last_message_date
        self.receive(Subject=f"[{self.source.number}]", body="About the other one")
        self.assertTrue(self.source.awaiting_answer)
        with self.calling_as(self.agent) as env:
            wizard = self.move_wizard(env, self.source)
            wizard.target_id = self.target.with_env(env)
            self.assertFalse(wizard.merges)
            self.assertFalse(wizard.customers)
            wizard.save().action_move()
        self.assertFalse(self.source.awaiting_answer)
        # a message is a moment older than what was noted about it
        self.assertAlmostEqual(
            self.source.last_message_date, last_word, delta=timedelta(minutes=1)
        )
        self.assertFalse(self.source.merged_into_id)
        self.assertTrue(self.target.awaiting_answer)
        self.assertEqual(self.target.state, "in_progress")

    def test_what_is_left_unanswered_goes_on_waiting(self):
        """# V8: the first mail was not answered, the second one is moved."""
        self.receive(Subject=f"[{self.target.number}]", body="Something else")
        self.target._move_messages(self.target.message_ids[:1], self.source)
        self.assertTrue(self.target.awaiting_answer)

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
