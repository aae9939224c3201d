from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketState(TicketCommon):
    """# V1: number, state and times are the system's."""

    def test_a_ticket_gets_the_next_number_of_its_company(self):
        """# V1: one draw for many; a company may have its own series."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["ir.sequence"].create(
            {
                "name": "Tickets elsewhere",
                "code": "crm.service.ticket",
                "prefix": "EL-",
                "company_id": other.id,
            }
        )
        team = self.make_service_team("Elsewhere", company_id=other.id)
        first, second, third = self.tickets.create(
            [
                {"name": "One", "team_id": self.service.id},
                {"name": "Two", "team_id": team.id},
                {"name": "Three", "team_id": self.service.id},
            ]
        )
        self.assertEqual(second.company_id, other)
        self.assertEqual(second.number, "EL-1")
        self.assertTrue(first.number.startswith("TK"))
        self.assertEqual(int(third.number[2:]), int(first.number[2:]) + 1)

    def test_a_missing_sequence_says_what_to_do(self):
        """# V1"""
        self.env["ir.sequence"].search([("code", "=", "crm.service.ticket")]).unlink()
        with self.assertRaisesRegex(UserError, "sequence"):
            self.make_ticket()

    def test_moves_set_and_clear_the_times(self):
        """# V1: resolved, closed, reopened."""
        ticket = self.make_ticket()
        self.assertEqual(ticket.state, "pending")
        with freeze_time("2026-03-02 10:00:00"):
            ticket.action_resolve()
        with freeze_time("2026-03-03 10:00:00"):
            ticket.action_close()
        self.assertEqual(str(ticket.resolved_date), "2026-03-02 10:00:00")
        self.assertEqual(str(ticket.closed_date), "2026-03-03 10:00:00")
        ticket.action_reopen()
        self.assertEqual(ticket.state, "in_progress")
        self.assertRecordValues(
            ticket,
            [{"resolved_date": False, "closed_date": False, "reopen_count": 1}],
        )

    def test_many_tickets_move_together_each_with_its_own_count(self):
        """# V1: one write, different former states."""
        fresh, done, again = (self.make_ticket(name) for name in "abc")
        done.action_resolve()
        again.action_resolve()
        again.action_reopen()
        again.action_close()
        (fresh | done | again).write({"stage_id": self.stage("in_progress").id})
        self.assertEqual((fresh | done | again).mapped("reopen_count"), [0, 1, 2])

    def test_the_same_stage_again_changes_nothing(self):
        """# V1"""
        with freeze_time("2026-03-02 10:00:00"):
            ticket = self.make_ticket()
        ticket.write({"stage_id": ticket.stage_id.id})
        self.assertEqual(str(ticket.date_last_stage_update), "2026-03-02 10:00:00")

    def test_a_ticket_entered_as_closed_has_its_times(self):
        """# V1"""
        ticket = self.make_ticket(stage_id=self.stage("closed").id)
        self.assertTrue(ticket.resolved_date)
        self.assertTrue(ticket.closed_date)

    def test_nobody_writes_what_the_system_sets(self):
        """# V1 V6: not the agent, not the administrator, not at creation."""
        ticket = self.make_ticket()
        for name, value in {
            "number": "TK1",
            "state": "closed",
            "first_response_date": "2026-01-01",
            "resolved_date": "2026-01-01",
            "closed_date": "2026-01-01",
            "reopen_count": 0,
            "satisfaction_score": 5,
            "satisfaction_comment": "Great",
            "level": "management",
            "merged_into_id": ticket.id,
            "awaiting_answer": False,
        }.items():
            for user in (self.agent, self.crm_admin):
                mine = ticket.with_user(user)
                with self.subTest(name=name, user=user.login):
                    with self.assertRaises(AccessError):
                        mine.write({name: value})
                    with self.assertRaises(AccessError):
                        mine.create({"name": "Faked", name: value})

    def test_who_only_reads_makes_nobody_wait(self):
        """# V1 V8: also where there is nothing to change."""
        states = {
            "action_take": "in_progress",
            "action_wait": "waiting",
            "action_resolve": "resolved",
            "action_close": "closed",
            "action_reopen": "in_progress",
        }
        for name, state in states.items():
            ticket = self.make_ticket(partner=self.contact)
            ticket._move_to(state)
            mine = ticket.with_user(self.rep)
            self.assertTrue(mine.has_access("read"))
            with self.subTest(name), self.patched_turn() as turn:
                with self.assertRaises(AccessError):
                    getattr(mine, name)()
                turn.assert_not_called()

    def patched_turn(self):
        return patch.object(self.registry[self.tickets._name], "_take_turn")

    def test_a_stage_in_use_keeps_its_meaning(self):
        """# V1: the dates were set by it."""
        self.make_ticket()
        with self.assertRaisesRegex(UserError, "another stage"):
            self.stage("pending").state = "closed"
        free = self.env["crm.service.stage"].create({"name": "Lab"})
        free.state = "waiting"
        self.assertEqual(free.state, "waiting")

    def test_a_ticket_moves_to_the_stages_of_its_team(self):
        """# V1: by what the stage means."""
        ticket = self.make_ticket()
        lab = self.env["crm.service.stage"].create(
            {
                "name": "In the Lab",
                "state": "in_progress",
                "sequence": 1,
                "team_ids": [(6, 0, self.other_service.ids)],
            }
        )
        ticket.action_take()
        self.assertNotEqual(ticket.stage_id, lab)
        ticket.team_id = self.other_service
        ticket.stage_id = lab
        ticket.team_id = self.service
        self.assertNotEqual(ticket.stage_id, lab)
        self.assertEqual(ticket.state, "in_progress")

    def test_the_first_public_word_of_ours_is_the_first_response(self):
        """# V1: not a note, not the customer, not the second."""
        ticket = self.make_ticket(partner=self.contact, channel="web")
        self.assertTrue(ticket.awaiting_answer)
        ticket.with_user(self.agent).message_post(
            body="Look", subtype_xmlid="mail.mt_note"
        )
        ticket.message_post(
            body="Hello?",
            author_id=self.contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.first_response_date)
        with freeze_time("2026-03-02 10:00:00"):
            self.answer(ticket, self.agent)
        self.answer(ticket, self.agent)
        self.assertEqual(str(ticket.first_response_date), "2026-03-02 10:00:00")
        self.assertFalse(ticket.awaiting_answer)
        self.assertEqual(ticket.state, "in_progress")

    def test_who_calls_is_answered_at_once(self):
        """# V1"""
        self.assertTrue(self.make_ticket(channel="phone").first_response_date)
        old = self.make_ticket(channel="phone", first_response_date="2026-01-02")
        self.assertEqual(str(old.first_response_date), "2026-01-02 00:00:00")

    def test_the_customers_word_takes_up_what_waits_or_was_done(self):
        """# V1"""
        for state, reopened in (("waiting", 0), ("resolved", 1), ("closed", 1)):
            ticket = self.make_ticket(partner=self.contact)
            ticket._move_to(state)
            ticket.message_post(
                body="Still broken",
                author_id=self.contact.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            with self.subTest(state=state):
                self.assertEqual(ticket.state, "in_progress")
                self.assertEqual(ticket.reopen_count, reopened)

    def test_what_the_system_says_is_nobodys_word(self):
        """# V1: it neither answers the customer nor opens the ticket again."""
        ticket = self.receive()
        ticket._move_to("closed")
        ticket.sudo().message_post(
            body="Imported",
            author_id=self.env.ref("base.partner_root").id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(ticket.state, "closed")
        self.assertFalse(ticket.first_response_date)

    def test_an_agent_opens_and_solves_a_ticket_in_the_form(self):
        """# V1: subject, customer, and two clicks."""
        with self.calling_as(self.agent) as env:
            form = Form(env["crm.service.ticket"])
            form.name = "No signal"
            form.partner_id = env["res.partner"].browse(self.contact.id)
            ticket = form.save()
            ticket.action_take()
            ticket.action_resolve()
        self.assertEqual(ticket.user_id, self.agent)
        self.assertEqual(ticket.partner_email, "li@ruida.example")
        self.assertEqual(ticket.state, "resolved")

    def test_the_board_shows_the_stages_of_the_team(self):
        """# V1"""
        self.env["crm.service.stage"].create(
            {"name": "Lab", "team_ids": [(6, 0, self.other_service.ids)]}
        )
        groups = self.tickets.with_context(read_group_expand=True).formatted_read_group(
            [("team_id", "in", self.service.ids)], ["stage_id"], ["__count"]
        )
        names = [group["stage_id"][1] for group in groups]
        self.assertIn("Resolved", names)
        self.assertNotIn("Lab", names)
