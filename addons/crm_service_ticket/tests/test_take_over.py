from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.crm_service_ticket_take import held_since
from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTakeOver(TicketCommon):
    """Taking what a colleague has asks with his name and since when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.make_ticket("Drift", user_id=cls.agent.id)

    def ask(self, tickets=None, user=None):
        """What somebody is asked who takes tickets, as an open dialog."""
        tickets = (tickets or self.ticket).with_user(user or self.technician)
        question = tickets.action_take()
        self.assertEqual(question["res_model"], "crm.service.take.wizard")
        wizards = tickets.env[question["res_model"]]
        return Form(wizards.with_context(**question["context"]))

    def test_who_has_it_is_said_and_nothing_is_taken(self):
        form = self.ask()
        self.assertIn(self.ticket.display_name, form.holders)
        self.assertIn(self.agent.name, form.holders)
        self.assertEqual(self.ticket.user_id, self.agent)

    def test_taking_it_over_is_kept_and_told(self):
        form = self.ask()
        form.note = "You are on leave"
        messages = self.env["mail.message"].search([], order="id desc", limit=1)
        form.save().action_take_over()
        self.assertEqual(self.ticket.user_id, self.technician)
        self.assertEqual(self.ticket.state, "in_progress")
        self.assertRecordValues(
            self.ticket.handover_ids,
            [
                {
                    "from_user_id": self.agent.id,
                    "to_user_id": self.technician.id,
                    "from_level": "agent",
                    "to_level": "agent",
                    "note": "You are on leave",
                }
            ],
        )
        told = self.env["mail.message"].search(
            [
                ("id", ">", messages.id),
                ("partner_ids", "in", self.agent.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(self.technician.name, told.subject)
        self.assertIn("You are on leave", told.body)

    def test_of_several_only_those_of_colleagues_are_said(self):
        mine = self.make_ticket("Mine", user_id=self.technician.id)
        free = self.make_ticket("Nobody's")
        form = self.ask(self.ticket | mine | free)
        self.assertEqual(form.holders.count("\n"), 0)
        self.assertIn("Drift", form.holders)
        form.save().action_take_over()
        self.assertEqual((self.ticket | mine | free).user_id, self.technician)
        self.assertEqual(len((self.ticket | mine | free).handover_ids), 1)

    def test_what_nobody_or_i_have_is_taken_without_a_question(self):
        free = self.make_ticket("Nobody's").with_user(self.technician)
        self.assertFalse(free.action_take())
        self.assertEqual(free.user_id, self.technician)
        self.assertFalse(free.action_take())

    def test_who_got_it_meanwhile_keeps_it(self):
        wizard = self.ask().save()
        self.ticket.user_id = self.service_manager
        with self.assertRaisesRegex(UserError, self.service_manager.name):
            wizard.action_take_over()
        self.assertEqual(self.ticket.user_id, self.service_manager)

    def test_what_became_free_meanwhile_is_taken(self):
        wizard = self.ask().save()
        self.ticket.user_id = False
        wizard.action_take_over()
        self.assertEqual(self.ticket.user_id, self.technician)
        self.assertFalse(self.ticket.handover_ids)

    def test_who_may_not_change_it_takes_nothing(self):
        """A salesperson reads the customer's ticket, and that is all."""
        ticket = self.make_ticket("Asked", self.contact, user_id=self.agent.id)
        self.assertTrue(ticket.with_user(self.rep).has_access("read"))
        for user in (self.rep, self.other_agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                ticket.with_user(user).action_take()
        wizards = self.env["crm.service.take.wizard"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.rep).create({"ticket_ids": [(6, 0, ticket.ids)]})
        with self.assertRaises(AccessError):
            wizard = wizards.with_user(self.other_agent)
            wizard.create({"ticket_ids": [(6, 0, ticket.ids)]}).action_take_over()
        self.assertEqual(ticket.user_id, self.agent)

    def test_since_when_is_that_of_the_last_change(self):
        begun = fields.Datetime.now() - timedelta(days=3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            [begun, self.ticket.id],
        )
        self.ticket.invalidate_recordset()
        self.assertEqual(held_since(self.ticket)[self.ticket.id], begun)
        field = self.env["ir.model.fields"]._get("crm.service.ticket", "user_id")
        note = self.ticket._message_log(body="Agent")
        self.env["mail.tracking.value"].create(
            {"field_id": field.id, "mail_message_id": note.id}
        )
        since = held_since(self.ticket)[self.ticket.id]
        self.assertGreater(since, begun + timedelta(days=2))

    def test_many_are_asked_about_at_once(self):
        """Queries do not grow with the tickets."""
        many = self.ticket
        for number in range(20):
            many += self.make_ticket(f"Drift {number}", user_id=self.agent.id)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            held_since(many)
