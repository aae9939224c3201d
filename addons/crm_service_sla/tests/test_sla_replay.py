from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SlaCommon, moment


@tagged("post_install", "-at_install")
class TestSlaReplay(SlaCommon):
    """# V4: what would have been, without touching what was."""

    def setUp(self):
        super().setUp()
        # answered after half an hour, resolved after six, an hour of it waiting
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
        with moment(2, 9, 30):
            self.answer(self.ticket, self.agent)
        with moment(2, 10):
            self.wait(self.ticket)
        with moment(2, 11):
            self.ticket.action_reopen()
        with moment(2, 17):
            self.ticket.action_resolve()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            [self.ticket.sla_entry_ids[0].date_from, self.ticket.id],
        )
        self.env.invalidate_all()

    def replay(self, *policies, **values):
        record = self.env["crm.service.sla.replay"].create(
            {
                "name": "Try",
                "date_from": date(2026, 3, 1),
                "date_to": date(2026, 3, 31),
                "policy_ids": [Command.set([policy.id for policy in policies])],
                **values,
            }
        )
        record.action_run()
        return record

    def lines(self, record):
        """By clock: was, would be, minutes used, minutes it would have used."""
        return {
            line.clock: (
                line.before,
                line.after,
                line.used_before / 60,
                line.used_after / 60,
            )
            for line in record.line_ids
        }

    def test_without_a_change_nothing_changes(self):
        """# V4"""
        record = self.replay(self.policy)
        self.assertEqual(record.state, "done")
        self.assertEqual(
            self.lines(record),
            {
                "first_response": ("met", "met", 30, 30),
                "resolution": ("met", "met", 360, 360),
            },
        )
        self.assertFalse(record.difference_ids)
        self.assertIn("0 were breached", record.summary)

    def test_a_shorter_target_would_have_been_missed(self):
        """# V4: under a draft, which need not be in use."""
        draft = self.policy.copy({"resolution_minutes": 300})
        record = self.replay(draft)
        self.assertEqual(self.lines(record)["resolution"], ("met", "late", 360, 360))
        self.assertEqual(record.difference_ids.mapped("change"), ["worse"])
        self.assertIn("1 would have been", record.summary)

    def test_missed_to_the_second_says_why(self):
        """# V4: the same rule as the live clock's: a target used up at closing time
        is missed by what comes in the night, and the line says so."""
        with moment(2, 17):
            late = self.make_ticket("Late", self.contact, user_id=self.agent.id)
        with moment(2, 20):
            self.answer(late, self.agent)
            late.action_resolve()
        late.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            [late.sla_entry_ids.sorted("date_from")[0].date_from, late.id],
        )
        self.env.invalidate_all()
        lines = self.replay(self.policy).line_ids
        line = lines.filtered(
            lambda line: (line.ticket_id, line.clock) == (late, "first_response")
        )
        self.assertEqual((line.before, line.after), ("late", "late"))
        expected = "1 h / 1 h, deadline passed"
        self.assertEqual((line.told_before, line.told_after), (expected, expected))
        others = lines - line
        self.assertFalse([o for o in others if "passed" in o.told_after])

    def test_without_the_pause_the_hour_of_waiting_counts(self):
        """# V4: 7 hours instead of 6."""
        draft = self.policy.copy({"pause_waiting": False})
        self.assertEqual(self.lines(self.replay(draft))["resolution"][3], 420)

    def test_another_calendar_counts_otherwise(self):
        """# V4: without a lunch break, an hour more."""
        through = self.make_calendar("Through", hours=((9, 18),))
        record = self.replay(self.policy, calendar_id=through.id)
        self.assertEqual(self.lines(record)["resolution"], ("met", "met", 360, 420))

    def test_an_edited_calendar_counts_as_it_is_now(self):
        """# V4: what was noted then stays in the results."""
        self.add_holiday(2, 2)
        found = self.lines(self.replay(self.policy))["resolution"]
        self.assertEqual(found, ("met", "met", 360, 0))

    def test_a_promise_nobody_had_made(self):
        """# V4: and one that would not be made any more."""
        only_first = self.policy.copy({"resolution_minutes": 0})
        found = self.replay(only_first).line_ids
        gone = found.filtered(lambda line: line.clock == "resolution")
        self.assertEqual(
            (gone.before, gone.after, gone.change), ("met", "none", "gone")
        )
        self.env.cr.execute(
            "DELETE FROM crm_service_sla_result WHERE ticket_id = %s", [self.ticket.id]
        )
        self.env.invalidate_all()
        fresh = self.lines(self.replay(self.policy))
        self.assertEqual(fresh["resolution"], ("none", "met", 0, 360))

    def test_the_past_is_not_touched(self):
        """# V4: no ticket, no line of the ledger, no result, no notice."""

        def everything():
            self.env.flush_all()
            tables = ("ticket", "sla_entry", "sla_result", "sla_clock", "sla_notice")
            rows = {}
            for table in tables:
                self.env.cr.execute(f"SELECT * FROM crm_service_{table} ORDER BY id")
                rows[table] = self.env.cr.fetchall()
            return rows

        before = everything()
        self.replay(self.policy.copy({"resolution_minutes": 60, "hours": "always"}))
        after = everything()
        self.assertEqual(before, after)

    def test_a_second_run_begins_anew(self):
        """# V4"""
        record = self.replay(self.policy)
        count = len(record.line_ids)
        record.action_run()
        self.assertEqual(len(record.line_ids), count)
        self.assertEqual(record.done, record.total)

    def test_many_are_done_in_batches_with_progress(self):
        """# V4: the job goes on where the button stopped."""
        record = self.replay(self.policy)
        record.write({"state": "running", "last_ticket_id": 0, "done": 0, "total": 4})
        self.assertEqual(record.progress, 0)
        record.line_ids.sudo().unlink()
        with self.enter_registry_test_mode():
            self.env.ref("crm_service_sla.ir_cron_sla_replay").method_direct_trigger()
        record.invalidate_recordset()
        self.assertEqual((record.state, record.progress), ("done", 100))
        self.assertEqual(len(record.line_ids), 2)

    def test_open_and_merged_tickets_and_other_teams_are_left_out(self):
        """# V4"""
        with moment(2, 9):
            self.make_ticket("Open")
        record = self.replay(self.policy, team_ids=[Command.set(self.service.ids)])
        self.assertEqual(record.total, 1)
        record = self.replay(
            self.policy, team_ids=[Command.set(self.other_service.ids)]
        )
        self.assertEqual(record.total, 0)
        self.assertIn("No ticket", record.summary)

    def test_a_replay_that_makes_no_sense_is_refused(self):
        """# V4"""
        with self.assertRaisesRegex(UserError, "at least one policy"):
            self.replay()
        with self.refused_by_database():
            self.replay(self.policy, date_to=date(2026, 2, 1))
        empty = self.make_calendar("Empty", hours=())
        with self.assertRaisesRegex(ValidationError, "no fixed working hours"):
            self.replay(self.policy, calendar_id=empty.id)

    def test_differences_are_counted_by_team_and_type(self):
        """# V4: the pivot."""
        record = self.replay(self.policy.copy({"resolution_minutes": 300}))
        action = record.action_lines()
        groups = self.env["crm.service.sla.replay.line"]._read_group(
            action["domain"], ["team_id", "type_id", "after"], ["__count"]
        )
        self.assertIn((self.service, self.type("consult"), "late", 1), groups)
