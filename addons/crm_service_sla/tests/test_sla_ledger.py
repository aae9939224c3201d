from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SlaCommon, at, moment

MOVES = (
    "action_take",
    "action_wait",
    "action_resolve",
    "action_close",
    "action_reopen",
)


@tagged("post_install", "-at_install")
class TestSlaLedger(SlaCommon):
    """# V4: a ledger that accounts for every second, and that nobody rewrites."""

    def setUp(self):
        super().setUp()
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
        with moment(2, 14):
            self.wait(self.ticket)
        self.lines = self.ticket.sla_entry_ids

    def test_lunch_is_a_line_of_its_own(self):
        """# V4: 9 to 12 worked, 12 to 13 closed, 13 to 14 worked."""
        self.assertEqual(
            self.ledger(self.ticket),
            [
                ("working", 180, self.agent),
                ("closed", 60, self.agent),
                ("working", 60, self.agent),
            ],
        )
        self.assertEqual(self.lines.mapped("state"), ["pending"] * 3)
        self.assertEqual(sum(self.lines.mapped("hours")), 5)

    def test_nobody_changes_or_deletes_a_line(self):
        """# V4: no administrator, no superuser."""
        for user in (self.crm_admin, self.env.ref("base.user_root")):
            lines = self.lines.with_user(user).sudo()
            for attempt in (
                lambda lines=lines: lines.write({"seconds": 1}),
                lambda lines=lines: lines.unlink(),
                lambda lines=lines: lines[:1].copy(),
                lambda lines=lines: lines.create(
                    {"ticket_id": self.ticket.id, "seconds": 1}
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    attempt()

    def test_the_database_refuses_a_change_too(self):
        """# V4: not even by SQL."""
        with self.refused_by_database():
            self.env.cr.execute(
                "UPDATE crm_service_sla_entry SET user_id = NULL WHERE id = %s",
                [self.lines[0].id],
            )

    def row(self, start, end, seconds):
        return (
            self.ticket.id,
            start,
            end,
            seconds,
            "working",
            "pending",
            None,
            None,
            None,
            self.env.company.id,
        )

    def test_the_database_refuses_a_ledger_that_does_not_add_up(self):
        """# V4: a gap, an overlap, a line longer than its time."""
        for start, end, seconds in (
            (at(2, 15), at(2, 16), 3600),  # a gap after 14:00
            (at(2, 13, 30), at(2, 15), 5400),  # an overlap before it
            (at(2, 14), at(2, 15), 3599),
            (at(2, 14), at(2, 15), 3601),
            (at(2, 14), at(2, 15), 0),
        ):
            with self.subTest(start=start, seconds=seconds), self.refused_by_database():
                self.entries._append([self.row(start, end, seconds)])
        self.entries._append([self.row(at(2, 14), at(2, 15), 3600)])

    def test_the_report_says_which_team_used_the_clock(self):
        """# V4: not the one that had it last."""
        with moment(3, 9):
            self.say(self.ticket)
        with moment(3, 10):
            self.ticket.team_id = self.other_service
        with moment(3, 17):
            self.ticket.action_resolve()
        groups = self.entries._read_group(
            [("ticket_id", "=", self.ticket.id), ("bucket", "=", "working")],
            ["team_id"],
            ["hours:sum"],
        )
        self.assertEqual(groups, [(self.service, 5.0), (self.other_service, 6.0)])

    def test_a_ticket_takes_its_ledger_along(self):
        """# V4: who may delete a ticket deletes all of it."""
        lines = self.lines
        self.ticket.unlink()
        self.assertFalse(lines.exists())

    @settings(max_examples=10, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(1, 3000), st.sampled_from(MOVES), st.booleans()),
            max_size=6,
        )
    )
    def test_it_adds_up_whatever_is_done_to_a_ticket(self, story):
        """# V4: every move of the board, hand-overs and the customer's word, at any
        minute of two days."""
        with moment(2, 0):
            ticket = self.make_ticket("Story", self.contact)
        for minute, move, speaks in sorted(story):
            with moment(2 + minute // 1440, minute // 60 % 24, minute % 60):
                getattr(ticket, move)()
                if speaks:
                    self.say(ticket)
        self.assertAddsUp(ticket)
        worked = self.entries.search(
            [("ticket_id", "=", ticket.id), ("bucket", "=", "working")]
        )
        self.assertEqual(sum(worked.mapped("seconds")), self.clock(ticket).used)
