from collections import Counter
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestAssignment(TicketCommon):
    """# V7: in turn, by load, by skill, by type; fair; explained."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_user(
            "second_agent", "crm_customer_center.group_service_agent"
        )
        cls.second_member = cls.add_member(cls.service, cls.second)
        cls.first_member = cls.service.member_ids.filtered(
            lambda member: member.user_id == cls.agent
        )
        cls.service.assignment_method = "turn"

    def make_tickets(self, count, **values):
        return self.tickets.create(
            [
                {"name": f"Ticket {number}", "team_id": self.service.id, **values}
                for number in range(count)
            ]
        )

    def shares(self, tickets):
        return Counter(tickets.user_id.browse(t.user_id.id).login for t in tickets)

    def test_by_hand_nobody_is_chosen(self):
        """# V7"""
        self.service.assignment_method = "manual"
        self.assertFalse(self.make_ticket().user_id)

    def test_in_turn_everybody_gets_the_same(self):
        """# V7: also over several calls."""
        tickets = self.make_tickets(5) | self.make_tickets(5)
        self.assertEqual(set(self.shares(tickets).values()), {5})

    def test_weights_are_kept(self):
        """# V7"""
        self.first_member.weight = 3
        shares = self.shares(self.make_tickets(40))
        self.assertEqual(shares[self.agent.login], 30)

    def test_technicians_get_no_new_tickets(self):
        """# V3 V7: a new ticket is at the first level."""
        self.assertNotIn(self.technician, self.make_tickets(10).user_id)

    def test_an_agent_that_is_given_stays(self):
        """# V7"""
        ticket = self.make_ticket(user_id=self.technician.id)
        self.assertEqual(ticket.user_id, self.technician)
        self.assertFalse(ticket.assignment_ids)

    def test_by_load_goes_to_the_least_busy(self):
        """# V7: open tickets of the person count, closed ones do not."""
        self.make_tickets(3, user_id=self.agent.id)
        self.make_tickets(5, user_id=self.second.id, stage_id=self.stage("closed").id)
        self.service.assignment_method = "load"
        tickets = self.make_tickets(5)
        self.assertEqual(
            self.shares(tickets), {self.second.login: 4, self.agent.login: 1}
        )

    def test_by_skill_type_tag_and_words_count(self):
        """# V7"""
        self.service.assignment_method = "skill"
        tag = self.env["crm.tag"].create({"name": "Pressure"})
        skill = self.env["crm.service.skill"].create(
            {
                "name": "Pressure sensors",
                "type_id": self.type("fault").id,
                "tag_ids": [(6, 0, tag.ids)],
                "keywords": "calibration，漂移",
            }
        )
        self.second_member.skill_ids = skill
        for values in (
            {"ticket_type": "fault"},
            {"tag_ids": [(6, 0, tag.ids)]},
            {"name": "零点漂移严重"},
            {"name": "CALIBRATION due"},
        ):
            with self.subTest(values=values):
                self.assertEqual(self.make_ticket(**values).user_id, self.second)
        self.assertEqual(self.make_ticket("Invoice").user_id, self.agent)

    def test_absent_paused_and_full_people_are_skipped(self):
        """# V7: and the log says why."""
        now = fields.Datetime.now()
        resource = self.env["resource.resource"].create(
            {"name": "Second", "user_id": self.second.id}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "resource_id": resource.id,
                "date_from": now - timedelta(hours=1),
                "date_to": now + timedelta(hours=1),
            }
        )
        ticket = self.make_ticket()
        self.assertEqual(ticket.user_id, self.agent)
        self.assertIn("on leave", ticket.assignment_ids.explanation)
        leave.unlink()
        self.first_member.paused = True
        self.assertEqual(self.make_ticket().user_id, self.second)
        self.second_member.open_cap = 1
        ticket = self.make_ticket()
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.assignment_ids.outcome, "waiting")
        self.assertIn("paused", ticket.assignment_ids.explanation)
        self.assertIn("as allowed", ticket.assignment_ids.explanation)

    def test_who_does_not_work_in_the_company_is_skipped(self):
        """# V7"""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.service.company_id = False
        ticket = self.make_ticket(company_id=other.id)
        self.assertFalse(ticket.user_id)
        self.assertIn("company", ticket.assignment_ids.explanation)

    def test_high_priority_is_given_first(self):
        """# V7: when only one can take one more."""
        self.second_member.paused = True
        self.first_member.daily_cap = 1
        low, high = self.tickets.create(
            [
                {"name": name, "team_id": self.service.id, "priority": priority}
                for name, priority in (("Low", "0"), ("High", "2"))
            ]
        )
        self.assertFalse(low.user_id)
        self.assertEqual(high.user_id, self.agent)

    def test_a_ticket_that_waited_is_given_when_somebody_is_back(self):
        """# V7: by the button, and by the job."""
        (self.first_member | self.second_member).paused = True
        ticket = self.make_ticket()
        self.first_member.paused = False
        ticket.with_user(self.agent).action_assign()
        self.assertEqual(ticket.user_id, self.agent)

    @freeze_time("2026-03-31 17:00:00")
    def test_a_cap_is_of_the_companys_day_whoever_writes(self):
        """# V7: in Shanghai it is April already, for a mail, a job, and an agent on the
        road: the cap of March does not come back, that of April counts once."""
        self.second_member.paused = True
        self.first_member.daily_cap = 2
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        zones = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Auckland")
        given = [
            self.make_ticket_in(zone).user_id for zone in zones for _ticket in range(2)
        ]
        self.assertEqual(sum(bool(user) for user in given), 2)
        self.assertEqual(self.first_member.taken_day, date(2026, 4, 1))

    def make_ticket_in(self, zone):
        tickets = self.tickets.with_context(tz=zone)
        return tickets.create({"name": "Ticket", "team_id": self.service.id})

    @freeze_time("2026-03-10 02:00:00")
    def test_a_pause_has_a_first_and_a_last_day(self):
        """# V7"""
        for first, last, is_there in (
            ("2026-03-09", "2026-03-10", False),
            ("2026-03-11", False, True),
            (False, "2026-03-09", True),
            (False, False, False),
        ):
            with self.subTest(first=first, last=last):
                self.first_member.write(
                    {"paused": True, "paused_from": first, "paused_until": last}
                )
                got = self.agent in self.make_tickets(2).user_id
                self.assertEqual(got, is_there)

    def test_a_batch_costs_the_same_queries_for_any_number(self):
        """# V7"""
        self.make_tickets(2)
        counts = []
        for number in (10, 40):
            tickets = self.make_tickets(number, user_id=self.technician.id)
            tickets.with_context(tracking_disable=True).write({"user_id": False})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tickets._assign()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6, counts)

    def test_everybody_is_told_once(self):
        """# V7: one message for many tickets, in the receiver's language."""
        before = self.env["mail.message"].search([], limit=1, order="id desc")
        self.make_tickets(6)
        notices = self.env["mail.message"].search(
            [("id", ">", before.id), ("message_type", "=", "user_notification")]
        )
        self.assertEqual(len(notices), 2)
