from odoo.tests import tagged

from .common import SlaCommon, at, moment


class SpokenCase(SlaCommon):
    def make(self, *when):
        with moment(*when):
            return self.make_ticket("Drift", self.contact, user_id=self.agent.id)


@tagged("post_install", "-at_install")
class TestSpoken(SpokenCase):
    """# V4 V7: a ticket by phone is answered when it is taken down; for clock, ledger
    and report alike."""

    def first(self, ticket):
        return ticket.sla_result_ids.filtered(lambda r: r.clock == "first_response")

    def test_a_call_is_answered_at_once(self):
        with moment(2, 9):
            wizards = self.env["crm.service.call.wizard"].with_user(self.agent)
            wizard = wizards.create({"words": "Drifts", "partner_id": self.contact.id})
            before = self.tickets.search([])
            wizard.action_take_down()
            ticket = self.tickets.search([]) - before
        self.assertEqual(ticket.first_response_date, at(2, 9))
        self.assertFalse(ticket.first_response_deadline)
        self.assertRecordValues(
            self.first(ticket),
            [{"used": 0, "is_late": False, "user_id": self.agent.id}],
        )
        self.assertFalse(ticket.next_response_deadline)
        self.assertTrue(ticket.resolution_deadline)
        self.assertAddsUp(ticket)

    def test_solved_on_the_phone_ends_all_clocks(self):
        with moment(2, 9):
            wizards = self.env["crm.service.call.wizard"].with_user(self.agent)
            wizard = wizards.create({"words": "Reset?", "solution": "The button."})
            before = self.tickets.search([])
            wizard.action_take_down()
            ticket = self.tickets.search([]) - before
        self.assertFalse(ticket.sla_deadline)
        self.assertEqual(
            set(ticket.sla_result_ids.mapped("clock")), {"first_response", "resolution"}
        )
        self.assertFalse(any(ticket.sla_result_ids.mapped("is_late")))

    def test_said_later_to_have_come_by_phone(self):
        """The clock ran until then, and clock and ticket say the same moment."""
        ticket = self.make(2, 9)
        with moment(2, 9, 20):
            ticket.channel = "phone"
        self.assertEqual(ticket.first_response_date, at(2, 9, 20))
        self.assertRecordValues(
            self.first(ticket), [{"used": 20 * 60, "is_late": False}]
        )
        self.assertAddsUp(ticket)


@tagged("post_install", "-at_install")
class TestAside(SpokenCase):
    """# V4 V7: what is put aside is promised all the same."""

    def test_the_clock_goes_on(self):
        ticket = self.make(2, 9)
        with moment(2, 9, 10):
            wizards = self.env["crm.service.aside.wizard"].with_user(self.agent)
            wizard = wizards.create(
                {"ticket_ids": ticket.ids, "until": at(4, 9), "reason": "Part"}
            )
            self.assertEqual(wizard.sla_deadline, at(2, 10))
            wizard.action_until()
        self.assertEqual(ticket.aside_until, at(4, 9))
        self.assertEqual(ticket.first_response_deadline, at(2, 10))
        self.assertEqual(ticket.sla_state, "on_track")
        with moment(2, 11):
            self.assertEqual(ticket.sla_look, "breached")

    def test_what_is_promised_for_none_has_no_deadline(self):
        self.policy.active = False
        ticket = self.make(2, 9)
        wizards = self.env["crm.service.aside.wizard"].with_user(self.agent)
        self.assertFalse(wizards.create({"ticket_ids": ticket.ids}).sla_deadline)
