from datetime import date, timedelta

from odoo import fields
from odoo.tests import BaseCase, tagged

from ..models.crm_fair_share_mixin import CrmFairShareMixin
from ..tools.fair_share import Balance, Member, choose
from .common import CustomerCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestAbsence(CustomerCommon):
    """# S2 V7: who is there to be given work."""

    def leave(self, company=None, **values):
        now = fields.Datetime.now()
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Leave",
                "calendar_id": False,
                "date_from": now - DAY,
                "date_to": now + DAY,
                **values,
            }
        )
        # without calendar it is of the company of whoever happens to flush it
        leave.company_id = leave.calendar_id.company_id or company or self.env.company
        return leave

    def resource(self, user):
        return self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "calendar_id": self.env.company.resource_calendar_id.id,
            }
        )

    def reasons(self):
        return (self.rep | self.colleague | self.other_rep)._absent_now()

    def test_who_works_today_is_there(self):
        """# S2"""
        self.assertEqual(self.reasons(), {})
        self.assertEqual(self.env["res.users"]._absent_now(), {})

    def test_an_account_switched_off_is_nobody_whatever_else(self):
        """# S2"""
        self.leave(resource_id=self.resource(self.rep).id)
        self.rep.active = False
        self.assertEqual(self.reasons(), {self.rep.id: "archived"})

    def test_own_leave_is_the_persons_own(self):
        """# S2: now, and only what is leave."""
        resource = self.resource(self.rep)
        leave = self.leave(resource_id=resource.id)
        self.assertEqual(self.reasons(), {self.rep.id: "leave"})
        now = fields.Datetime.now()
        for values in (
            {"date_from": now + DAY, "date_to": now + 2 * DAY},
            {"date_from": now - 2 * DAY, "date_to": now - DAY},
            {"time_type": "other", "date_from": now - DAY, "date_to": now + DAY},
        ):
            with self.subTest(values=values):
                leave.write(values)
                self.assertEqual(self.reasons(), {})

    def test_a_holiday_is_that_of_the_company_and_calendar(self):
        """# S2: of one's own only."""
        mine = self.env.company.resource_calendar_id
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        everybody = dict.fromkeys(
            (self.rep | self.colleague | self.other_rep).ids, "holiday"
        )
        for values, expected in (
            ({"calendar_id": mine.id}, everybody),
            ({}, everybody),
            ({"calendar_id": mine.copy().id}, {}),
            ({"company": elsewhere}, {}),
        ):
            with self.subTest(values=values):
                leave = self.leave(**values)
                self.assertEqual(self.reasons(), expected)
                leave.unlink()

    def test_many_cost_the_queries_of_one(self):
        """# S2"""
        people = self.env["res.users"].browse(user.id for user in self.roles.values())
        self.leave(resource_id=self.resource(self.rep).id)
        counts = []
        for users in (self.rep, people):
            self.env.invalidate_all()
            users.mapped("active")
            before = self.env.cr.sql_log_count
            users._absent_now()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)


class Person:
    """A row that gets work, without a database."""

    def __init__(self, key):
        self.user_id = type("User", (), {"id": key})
        self.credit, self.taken, self.taken_day, self.total = 0.0, 0, False, 0
        self.writes = 0

    def write(self, values):
        vars(self).update(values)
        self.writes += 1


class Pool(list):
    """Rows, with the methods under test."""

    _as_balances = CrmFairShareMixin._as_balances
    _remember = CrmFairShareMixin._remember


@tagged("post_install", "-at_install")
class TestFairShareMemory(BaseCase):
    """# S2 V7: what is remembered is what the chooser returned."""

    def test_what_is_written_is_what_is_read(self):
        """# S2"""
        pool = Pool([Person(1), Person(2)])
        members = [Member(1), Member(2)]
        today = date(2026, 3, 2)
        balances = pool._as_balances()
        for _n in range(3):
            balances = choose(members, balances, today).balances
        pool._remember(balances)
        self.assertEqual(pool._as_balances(), balances)
        self.assertEqual(sum(person.total for person in pool), 3)

    def test_nothing_changed_nothing_written(self):
        """# S2: and who is not spoken of stays as he is."""
        pool = Pool([Person(1), Person(2)])
        pool._remember({1: Balance(0.5, date(2026, 3, 2), 1, 1)})
        pool._remember(pool._as_balances())
        self.assertEqual([person.writes for person in pool], [1, 0])
