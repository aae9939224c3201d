from odoo.tests import tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestSlaPast(SlaCommon):
    """# V4: tickets brought in with their history get the clock they would have had."""

    def setUp(self):
        super().setUp()
        with moment(2, 9):
            self.ticket = self.make_ticket("Drift", self.contact, user_id=self.agent.id)
        with moment(2, 9, 30):
            self.answer(self.ticket, self.agent)
        with moment(2, 11):
            self.say(self.ticket)
        with moment(2, 13, 30):
            self.answer(self.ticket, self.agent)
        with moment(2, 16):
            self.ticket.action_resolve()
        with moment(3, 10):
            self.ticket.action_close()
        self.opened_at(self.ticket, at(2, 9))

    def opened_at(self, ticket, when):
        """Give a ticket another date of creation, which the ORM does not allow."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = %s WHERE id = %s",
            [when, ticket.id],
        )
        self.env.invalidate_all()

    def outcome(self):
        return sorted(
            (result.clock, result.cycle, result.used, result.is_late)
            for result in self.ticket.sla_result_ids
        )

    def test_it_is_the_clock_the_ticket_had(self):
        """# V4: the same results, and a ledger that adds up."""
        before = self.outcome()
        self.assertEqual(len(before), 3)
        with moment(4, 9):
            self.ticket._sla_take_over()
        self.assertEqual(self.outcome(), before)
        self.assertAddsUp(self.ticket)
        self.assertEqual(self.ticket.sla_state, "met")

    def test_nobody_is_warned_of_what_is_past(self):
        """# V4"""
        with moment(2, 9):
            late = self.make_ticket("Late", self.contact, user_id=self.agent.id)
        self.opened_at(late, at(2, 9))
        with moment(3, 11):
            late._sla_take_over()
            self.assertEqual(late.sla_state, "breached")
            self.run_job()
        notices = self.notices.search([("ticket_id", "=", late.id)])
        self.assertFalse(notices)
        self.assertEqual(late.level, "agent")

    def test_who_has_a_past_keeps_it(self):
        """# V4: taking over all leaves alone what the clock has seen itself."""
        before = self.ticket.sla_entry_ids
        self.tickets._sla_take_over_all()
        self.assertEqual(self.ticket.sla_entry_ids, before)
