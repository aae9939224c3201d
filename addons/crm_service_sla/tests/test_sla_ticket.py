from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_service_sla.hooks import post_init_hook

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestSlaTicket(SlaCommon):
    """# V4: deadlines, and how they follow what happens."""

    def make(self, *when, **values):
        with moment(*when):
            return self.make_ticket(
                "Drift", self.contact, user_id=self.agent.id, **values
            )

    def test_a_new_ticket_has_its_deadlines(self):
        """# V4: Monday, 11:30, lunch from 12 to 13."""
        ticket = self.make(2, 11, 30)
        self.assertRecordValues(
            ticket,
            [
                {
                    "sla_policy_id": self.policy.id,
                    "sla_state": "on_track",
                    "first_response_deadline": at(2, 13, 30),
                    "next_response_deadline": False,
                    "resolution_deadline": at(3, 11, 30),
                    "sla_deadline": at(2, 13, 30),
                }
            ],
        )

    def test_mail_of_the_night_counts_from_the_morning(self):
        """# V4, V2"""
        with moment(7, 23):
            ticket = self.receive(subject="Broken")
        self.assertEqual(ticket.first_response_deadline, at(9, 10))

    def test_the_answer_ends_the_first_clock(self):
        """# V4: in time, or not."""
        for minute, late in ((20, False), (59, False)):
            ticket = self.make(2, 9)
            with moment(2, 9, minute):
                self.answer(ticket, self.agent)
            self.assertFalse(ticket.first_response_deadline)
            result = ticket.sla_result_ids
            self.assertEqual((result.clock, result.is_late), ("first_response", late))
            self.assertEqual(result.used, minute * 60)
        ticket = self.make(2, 9)
        with moment(2, 10):
            self.answer(ticket, self.agent)
        self.assertTrue(ticket.sla_result_ids.is_late)
        self.assertEqual(ticket.sla_state, "breached")

    def test_a_note_is_no_answer(self):
        """# V4: what colleagues say among themselves stops nothing."""
        ticket = self.make(2, 9)
        with moment(2, 9, 20):
            ticket.with_user(self.agent).message_post(
                body="Who knows this?", subtype_xmlid="mail.mt_note"
            )
        self.assertEqual(ticket.first_response_deadline, at(2, 10))

    def test_waiting_stops_the_clock_and_the_customer_resumes_it(self):
        """# V4: an hour used, asked on Monday at 10, answered on Wednesday at 9."""
        ticket = self.make(2, 9)
        with moment(2, 9, 30):
            self.answer(ticket, self.agent)
        with moment(2, 10):
            self.wait(ticket)
        self.assertEqual((ticket.sla_state, ticket.sla_deadline), ("paused", False))
        with moment(2, 15):
            self.assertEqual(ticket.sla_label, "Paused, 7 h left")
        with moment(4, 9):
            self.say(ticket)
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.resolution_deadline, at(4, 17))
        self.assertEqual(ticket.next_response_deadline, at(4, 11))
        self.assertIn(("customer", 47 * 60, self.agent), self.ledger(ticket))
        self.assertAddsUp(ticket)

    def test_what_was_late_once_is_a_mark_and_hides_no_pause(self):
        """# V4: first response missed at 10, answered at 11, then we wait."""
        ticket = self.make(2, 9)
        with moment(2, 10, 30):
            self.assertEqual((ticket.sla_look, ticket.sla_was_missed), ("breached", 0))
        with moment(2, 11):
            self.answer(ticket, self.agent)
            ticket.invalidate_recordset()
            self.assertEqual(ticket.sla_state, "breached")
            self.assertEqual((ticket.sla_look, ticket.sla_was_missed), ("on_track", 1))
            self.assertIn("left", ticket.sla_label)
            self.wait(ticket)
        with moment(2, 15):
            ticket.invalidate_recordset()
            self.assertEqual((ticket.sla_look, ticket.sla_was_missed), ("paused", 1))
            self.assertIn("Paused", ticket.sla_label)

    def test_every_answer_ends_the_clock_of_the_question(self):
        """# V4: two questions, two results; a second word is no second question."""
        ticket = self.make(2, 9)
        with moment(2, 9, 30):
            self.answer(ticket, self.agent)
        with moment(2, 10):
            self.say(ticket)
        with moment(2, 11):
            self.say(ticket)
        self.assertEqual(ticket.next_response_deadline, at(2, 12))
        with moment(2, 11, 30):
            self.answer(ticket, self.agent)
        with moment(2, 14):
            self.say(ticket)
        with moment(2, 17):
            self.answer(ticket, self.agent)
        found = ticket.sla_result_ids.filtered(lambda r: r.clock == "next_response")
        self.assertRecordValues(
            found.sorted("cycle"),
            [
                {"cycle": 0, "used": 90 * 60, "is_late": False},
                {"cycle": 1, "used": 180 * 60, "is_late": True},
            ],
        )

    def test_resolving_ends_all_clocks(self):
        """# V4: also that of an open question."""
        ticket = self.make(2, 9)
        with moment(2, 9, 30):
            self.answer(ticket, self.agent)
        with moment(2, 10):
            self.say(ticket)
        with moment(2, 16):
            ticket.action_resolve()
        self.assertFalse(ticket.sla_deadline or ticket.next_response_deadline)
        self.assertEqual(ticket.sla_state, "breached")
        by_clock = {r.clock: r.is_late for r in ticket.sla_result_ids}
        self.assertEqual(
            by_clock,
            {"first_response": False, "next_response": True, "resolution": False},
        )

    def test_reopening_goes_on_where_it_was(self):
        """# V4, V1: two hours used before, six left after."""
        ticket = self.make(2, 9)
        with moment(2, 11):
            ticket.action_resolve()
        self.assertEqual(ticket.sla_label, "Missed")  # the first response was
        with moment(3, 9):
            ticket.action_reopen()
        self.assertEqual(ticket.resolution_deadline, at(3, 16))
        with moment(3, 10):
            ticket.action_close()
        found = ticket.sla_result_ids.filtered(lambda r: r.clock == "resolution")
        self.assertEqual(sorted(found.mapped("cycle")), [0, 1])
        self.assertAddsUp(ticket)

    def test_what_was_used_is_kept_when_the_target_changes(self):
        """# V4: by priority, type, customer level, team, stage. Five hours used at
        15:00; four allowed: late at once; sixteen: eleven left."""
        short = self.make_policy(
            "Short",
            sequence=1,
            resolution_minutes=240,
            priority_ids=[Command.set(self.choice("priority", "2").ids)],
        )
        ticket = self.make(2, 9)
        with moment(2, 9, 30):
            self.answer(ticket, self.agent)
        with moment(2, 15):
            ticket.priority = "2"
        self.assertEqual(ticket.sla_policy_id, short)
        self.assertEqual(ticket.sla_state, "breached")
        self.assertEqual(ticket.resolution_deadline, at(2, 15))
        with moment(2, 15):
            ticket.priority = "0"
        self.assertEqual(ticket.sla_state, "on_track")
        self.assertEqual(ticket.resolution_deadline, at(2, 18))

    def test_each_condition_is_followed(self):
        """# V4: whatever changes, the promise follows."""
        vip = self.env["crm.customer.level"].create({"name": "VIP"})
        waiting = self.stage("waiting")
        changes = (
            ({"type_ids": [Command.set(self.type("fault").ids)]},
             lambda t: t.write({"ticket_type": "fault"})),
            ({"level_ids": [Command.set(vip.ids)]},
             lambda t: self.customer.write({"customer_level_id": vip.id})),
            ({"team_ids": [Command.set(self.other_service.ids)]},
             lambda t: t.write({"team_id": self.other_service.id})),
            ({"stage_ids": [Command.set(waiting.ids)]},
             lambda t: t.write({"stage_id": waiting.id})),
        )  # fmt: skip
        for conditions, change in changes:
            with self.subTest(conditions=conditions), moment(2, 9):
                special = self.make_policy("Special", sequence=1, **conditions)
                ticket = self.make(2, 9)
                self.assertEqual(ticket.sla_policy_id, self.policy)
                change(ticket)
                self.assertEqual(ticket.sla_policy_id, special)
                special.active = False

    def test_another_calendar_counts_from_then_on(self):
        """# V4: two hours used in the office; then round the clock, six more."""
        always = self.make_policy(
            "Always",
            sequence=1,
            hours="always",
            priority_ids=[Command.set(self.choice("priority", "2").ids)],
        )
        ticket = self.make(2, 9)
        with moment(2, 11):
            ticket.priority = "2"
        self.assertEqual(ticket.sla_policy_id, always)
        self.assertEqual(ticket.resolution_deadline, at(2, 17))

    def test_a_hand_over_leaves_the_deadline_alone(self):
        """# V4: and the ledger says whose time it was."""
        ticket = self.make(2, 9)
        due = ticket.resolution_deadline
        with moment(2, 10):
            ticket.write(
                {"team_id": self.other_service.id, "user_id": self.other_agent.id}
            )
        with moment(2, 12):
            ticket.user_id = self.agent
        self.assertEqual(ticket.resolution_deadline, due)
        self.assertEqual(
            self.ledger(ticket),
            [("working", 60, self.agent), ("working", 120, self.other_agent)],
        )
        entries = ticket.sla_entry_ids.sorted("date_from")
        self.assertEqual(entries.mapped("team_id"), self.service | self.other_service)

    def test_a_merged_ticket_counts_for_nothing(self):
        """# V4, V8: its clock was that of a double."""
        ticket, target = self.make(2, 9), self.make(2, 9)
        with moment(2, 15):
            ticket.sudo().write(
                {"merged_into_id": target.id, "stage_id": self.stage("closed").id}
            )
        self.assertFalse(ticket.sla_result_ids)
        self.assertFalse(ticket.sla_deadline)
        self.assertFalse(ticket.sla_state)

    def test_spam_counts_for_nothing_until_it_is_taken_back(self):
        """# V2, V4: nothing was promised to who sends it."""
        ticket = self.make(2, 9)
        ticket.partner_email = "eve@spam.example"
        with moment(2, 9, 30):
            ticket.action_spam()
        self.assertFalse(ticket.sla_result_ids)
        self.assertFalse(ticket.sla_deadline)
        self.assertFalse(ticket.sla_state)
        with moment(2, 11):
            ticket.action_no_spam()
        self.assertEqual(ticket.sla_state, "on_track")
        self.assertEqual(ticket.first_response_deadline, at(2, 11, 30))
        self.assertAddsUp(ticket)

    def test_a_merge_taken_back_lets_the_clocks_go_on(self):
        """# V4, V8: with what they had used; the ledger adds up."""
        ticket, target = self.make(2, 9), self.make(2, 9)
        with moment(2, 9, 30):
            self.env["crm.service.merge"]._merge(ticket, target)
        with moment(2, 11):
            ticket.action_undo_merge()
        self.assertEqual(ticket.sla_state, "on_track")
        self.assertEqual(ticket.first_response_deadline, at(2, 11, 30))
        self.assertAddsUp(ticket)

    def test_a_question_takes_its_clock_along(self):
        """# V4, V8: to the ticket it belongs to, from the one it was in by mistake."""
        ticket, target = self.make(2, 9), self.make(2, 9)
        with moment(2, 9, 30):
            self.answer(ticket, self.agent)
            self.answer(target, self.agent)
            self.wait(target)
        with moment(2, 10):
            message = self.say(ticket)
            self.assertTrue(ticket.next_response_deadline)
            ticket._move_messages(message, target)
        self.assertFalse(ticket.next_response_deadline)
        self.assertTrue(target.next_response_deadline)
        self.assertEqual(ticket.sla_result_ids.mapped("clock"), ["first_response"])

    def test_late_by_less_than_it_reads_is_explained(self):
        """# V4: the deadline at closing time, the answer in the night: an hour of an
        hour was used, and it says why that is late."""
        ticket = self.make(2, 17)
        with moment(2, 20):
            self.answer(ticket, self.agent)
        self.assertTrue(ticket.sla_result_ids.is_late)
        self.assertIn("closed hours are not counted", ticket.sla_explanation)
        policy = self.env["crm.service.sla.policy"]
        self.assertEqual(policy._late_note(3640, 3600, True), "40 s over")
        self.assertFalse(policy._late_note(3660, 3600, True))
        self.assertFalse(policy._late_note(3599, 3600, False))

    def test_a_calendar_that_is_all_holiday_gives_no_deadline(self):
        """# V4: no crash, no endless loop, and no false alarm."""
        self.add_holiday(1, 31)
        self.calendar.attendance_ids.unlink()
        ticket = self.make(2, 9)
        self.assertFalse(ticket.sla_deadline)
        self.assertEqual(ticket.sla_state, "on_track")
        self.assertTrue(ticket.sla_label)

    def test_nobody_types_a_deadline(self):
        """# V4: not even who may change the ticket."""
        ticket = self.make(2, 9)
        for values in (
            {"resolution_deadline": at(9, 9)},
            {"sla_state": "met"},
            {"sla_policy_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                ticket.with_user(self.agent).write(values)

    def test_the_clock_cannot_be_set_from_outside(self):
        """# V4: a context is all a caller may send, and it does not help."""
        with moment(2, 9):
            ticket = self.make_ticket().with_context(
                sla_moment="2026-03-02 01:00:00", sla_later=True, sla_past=True
            )
        with moment(2, 15):
            ticket.write({"user_id": self.agent.id})
        self.assertEqual(self.ledger(ticket)[0][:2], ("working", 180))
        self.assertAddsUp(ticket)

    def test_many_at_once_are_as_one_by_one(self):
        """# V4: a change in the list, of tickets that stand differently."""
        early, late = self.make(2, 9), self.make(2, 14)
        waiting = self.make(2, 9)
        with moment(2, 10):
            self.wait(waiting)
        with moment(2, 15):
            (early | late | waiting).write({"priority": "1"})
            (early | late | waiting).write({"user_id": self.technician.id})
        self.assertEqual(early.resolution_deadline, at(2, 18))
        self.assertEqual(late.resolution_deadline, at(3, 14))
        self.assertFalse(waiting.resolution_deadline)
        for ticket in early | late | waiting:
            self.assertAddsUp(ticket)

    def test_a_ticket_that_was_there_before_counts_from_now(self):
        """# V4: nothing is known of its past, so nothing is held against it."""
        ticket, done = self.make(2, 9), self.make(2, 9)
        with moment(2, 10):
            done.action_resolve()
        # as if the module had not been there
        for model in ("result", "clock", "entry"):
            self.env.cr.execute(f"DELETE FROM crm_service_sla_{model}")
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET sla_state = NULL, sla_policy_id = NULL"
        )
        self.env.invalidate_all()
        ticket.create_date  # noqa: B018 - read before the clock meets it
        with moment(4, 9):
            self.env.cr.execute(
                "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
                [at(2, 9), ticket.id],
            )
            self.env.invalidate_all()
            # as when the module's own policies are loaded at installation
            self.make_policy("Fresh", sequence=99)
            self.assertFalse(self.clock(ticket))
            post_init_hook(self.env)
        self.assertEqual(ticket.resolution_deadline, at(4, 18))
        self.assertEqual(self.ledger(ticket), [("before", 2 * 24 * 60, self.agent)])
        self.assertFalse(done.sla_result_ids or done.sla_state)


@tagged("post_install", "-at_install")
class TestSlaWords(SlaCommon):
    """# V4: the badge, and why the deadline is what it is."""

    def setUp(self):
        super().setUp()
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)

    def label(self, *when):
        with moment(*when):
            self.ticket.invalidate_recordset(["sla_label", "sla_tooltip"])
            return self.ticket.with_context(tz="Asia/Shanghai").sla_label

    def test_the_badge_tells_working_time(self):
        """# V4: what is left, what is overdue; at night neither grows."""
        self.assertEqual(self.label(2, 9, 15), "45 min left")
        self.assertEqual(self.label(2, 11), "Overdue 1 h")
        with moment(2, 9, 30):
            self.answer(self.ticket, self.agent)
        self.assertEqual(self.label(2, 13, 30), "4 h 30 min left")
        self.assertEqual(self.label(2, 20), self.label(3, 8))

    def test_the_tooltip_tells_why(self):
        """# V4: which target, policy and working time, in the reader's zone."""
        with moment(2, 9, 15):
            found = self.ticket.with_context(tz="Asia/Shanghai").sla_tooltip
        self.assertEqual(
            found,
            "First response due 2026-03-02 10:00. Policy “Everybody”: 1 h, working "
            "time: Office",
        )

    def test_the_page_adds_up_before_the_readers_eyes(self):
        """# V4: ledger and present span, to the age of the ticket."""
        with moment(2, 11):
            self.wait(self.ticket)
        with moment(2, 16):
            self.say(self.ticket)
        with moment(2, 17):
            lines = self.ticket._sla_all_lines(at(2, 17))
            page = self.ticket.with_context(tz="Asia/Shanghai")._sla_explain()
        self.assertEqual(sum(line.seconds for line in lines), 8 * 3600)
        for words in ("8 h", "2026-03-02 11:00", "Waiting for the customer", "Office"):
            self.assertIn(words, page)

    def test_names_on_the_page_are_text(self):
        """# V4: no customer writes our HTML."""
        self.contact.name = "<script>alert(1)</script>"
        with moment(2, 11):
            self.wait(self.ticket)
        with moment(2, 12):
            page = self.ticket._sla_explain()
        self.assertNotIn("<script>", page)

    def test_due_today_and_overdue_are_found(self):
        """# V4: by the filters of the list."""
        with moment(2, 15):
            self.assertEqual(
                self.tickets.search(
                    [("sla_deadline", "<", "now"), ("id", "=", self.ticket.id)]
                ),
                self.ticket,
            )
        self.assertEqual(self.ticket.sla_deadline, at(2, 9) + timedelta(hours=1))
