from datetime import date, datetime, timedelta

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.crm_service_sla.tools.clock import deadline, elapsed

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestCalendar(SlaCommon):
    """# V4: working time with breaks, holidays, make-up days and time zones, in which
    the clock and everything of Odoo's agree."""

    def hours(self, start, end, calendar=None):
        return (calendar or self.calendar).get_work_hours_count(start, end)

    def test_a_makeup_day_is_worked_like_a_weekday(self):
        """# V4: Saturday the 7th like a Monday, lunch break and all; Odoo's own
        counting and planning know it."""
        self.assertEqual(self.hours(at(7, 0), at(8, 0)), 0)
        self.add_makeup_day(7)
        self.assertEqual(self.hours(at(7, 0), at(8, 0)), 8)
        self.assertEqual(self.hours(at(7, 11), at(7, 14)), 2)
        friday = at(6, 17)
        self.assertEqual(self.calendar.plan_hours(5, friday, True), at(7, 14))
        self.assertEqual(self.calendar.plan_days(2, friday, True), at(7, 12))
        self.assertTrue(self.calendar._works_on_date(date(2026, 3, 7)))
        self.assertFalse(self.calendar._works_on_date(date(2026, 3, 8)))

    def test_a_makeup_day_may_have_hours_of_its_own(self):
        """# V4: two lines make a break."""
        own = {"works_like": "own"}
        self.add_makeup_day(7, hour_from=8, hour_to=11.5, **own)
        self.add_makeup_day(7, hour_from=12, hour_to=15, **own)
        self.assertEqual(self.hours(at(7, 0), at(8, 0)), 6.5)
        data = self.calendar.get_work_duration_data(at(7, 0), at(8, 0))
        self.assertEqual(data["hours"], 6.5)
        self.assertGreater(data["days"], 0)

    def test_a_makeup_day_without_calendar_is_for_all_of_the_company(self):
        """# V4: and for no calendar of another company."""
        other = self.make_calendar("Workshop", hours=((7, 15),))
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_calendar("Foreign", company_id=company.id)
        self.add_makeup_day(7, calendar_id=False)
        self.assertEqual(self.hours(at(7, 0), at(8, 0), other), 8)
        self.assertEqual(self.hours(at(7, 0), at(8, 0), foreign), 0)

    def test_a_day_that_is_worked_anyway_is_not_worked_twice(self):
        """# V4"""
        self.add_makeup_day(4)
        self.assertEqual(self.hours(at(4, 0), at(5, 0)), 8)

    def test_a_makeup_day_is_in_the_time_zone_of_the_calendar(self):
        """# V4: what is asked in another one is the same time."""
        self.add_makeup_day(7)
        found = self.calendar._work_intervals_batch(
            pytz.utc.localize(at(7, 0)),
            pytz.utc.localize(at(8, 0)),
            tz=pytz.timezone("Asia/Shanghai"),
        )[False]
        self.assertEqual([start.hour for start, _end, _a in found], [9, 13])

    def test_somebody_who_works_by_the_calendar_works_on_the_makeup_day(self):
        """# V4: resources too, in their own zone."""
        resource = self.env["resource.resource"].create(
            {
                "name": "Bench",
                "calendar_id": self.calendar.id,
                "tz": "Asia/Shanghai",
                "company_id": self.env.company.id,
            }
        )
        self.add_makeup_day(7)
        start, end = (pytz.utc.localize(at(day, 0)) for day in (7, 8))
        found = self.calendar._work_intervals_batch(start, end, resource)
        worked = sum((e - s).total_seconds() for s, e, _a in found[resource.id])
        self.assertEqual(worked, 8 * 3600)

    def test_a_makeup_day_within_a_holiday_is_refused(self):
        """# V4: the holiday would win without a word."""
        self.add_holiday(5, 8)
        with self.assertRaisesRegex(ValidationError, "2026-03-07.*Holiday"):
            self.add_makeup_day(7)

    def test_a_makeup_day_twice_is_refused(self):
        """# V4: or which of the two would hold?"""
        self.add_makeup_day(7)
        with self.assertRaisesRegex(ValidationError, "2026-03-07"):
            self.add_makeup_day(7, works_like="1")
        own = {"works_like": "own"}
        self.add_makeup_day(8, hour_from=9, hour_to=12, **own)
        with self.assertRaisesRegex(ValidationError, "2026-03-08"):
            self.add_makeup_day(8, hour_from=11, hour_to=13, **own)

    def test_hours_that_end_before_they_begin_are_refused(self):
        """# V4"""
        with self.refused_by_database():
            self.add_makeup_day(7, works_like="own", hour_from=12, hour_to=9)

    def test_the_clock_leaves_out_holidays(self):
        """# V4"""
        self.add_holiday(4, 5)
        working = self.calendar._sla_working_time(at(2, 0), at(13, 0))
        self.assertEqual(deadline(working, at(3, 17), 2 * 3600), at(6, 10))

    def test_daylight_saving_keeps_the_hours_on_the_wall(self):
        """# V4: in Berlin the clock goes forward on 29 March 2026. An office from 9
        to 17 has eight hours before and after, an hour earlier in UTC."""
        berlin = self.make_calendar("Berlin", hours=((9, 17),), tz="Europe/Berlin")
        start, end = datetime(2026, 3, 23), datetime(2026, 4, 4)
        working = berlin._sla_working_time(start, end)
        friday, monday = datetime(2026, 3, 27, 8), datetime(2026, 3, 30, 7)
        self.assertIn(friday, working.starts)
        self.assertIn(monday, working.starts)
        found = deadline(working, datetime(2026, 3, 27, 15), 2 * 3600)
        self.assertEqual(found, datetime(2026, 3, 30, 8))

    def test_a_night_shift_loses_the_hour_the_clock_loses(self):
        """# V4: from 0 to 6 on that Sunday only five hours are worked."""
        night = self.make_calendar(
            "Night", hours=((0, 6),), days=(6,), tz="Europe/Berlin"
        )
        start, end = datetime(2026, 3, 28), datetime(2026, 3, 30)
        working = night._sla_working_time(start, end)
        self.assertEqual(elapsed(working, start, end), 5 * 3600)

    def test_midnight_is_midnight(self):
        """# V4: 24:00 is 23:59:59.999999 in Odoo; days that touch are one interval."""
        always = self.make_calendar("Day and night", hours=((0, 24),), days=range(7))
        working = always._sla_working_time(at(3, 0), at(5, 0))
        self.assertEqual(elapsed(working, at(3, 0), at(5, 0)), 48 * 3600)
        self.assertEqual(len(working.starts), 1)

    def test_no_calendar_is_round_the_clock(self):
        """# V4"""
        nothing = self.env["resource.calendar"]
        working = nothing._sla_working_time(at(7, 0), at(8, 0))
        self.assertEqual(elapsed(working, at(7, 0), at(8, 0)), 24 * 3600)

    @settings(max_examples=25, deadline=None)
    @given(
        st.integers(0, 20 * 24 * 60),
        st.integers(0, 10 * 24 * 60),
        st.integers(1, 60 * 60),
    )
    def test_the_clock_and_odoo_count_alike(self, start, length, budget):
        """# V4: hours between two moments, and the moment hours are over, with lunch,
        holidays and a make-up day."""
        if not self.calendar.makeup_day_ids:
            self.add_holiday(9, 10)
            self.add_makeup_day(14)
        begin = at(1, 0) + timedelta(minutes=start)
        end = begin + timedelta(minutes=length)
        working = self.calendar._sla_working_time(begin, end + timedelta(days=60))
        self.assertAlmostEqual(
            elapsed(working, begin, end) / 3600, self.hours(begin, end), places=6
        )
        planned = self.calendar.plan_hours(budget / 60, begin, compute_leaves=True)
        found = deadline(working, begin, 60 * budget)
        self.assertLess(abs(found - planned), timedelta(seconds=1))


@tagged("post_install", "-at_install")
class TestCalendarChange(SlaCommon):
    """# V4: whoever changes working time changes the deadlines that count in it."""

    def setUp(self):
        super().setUp()
        with moment(6, 17):
            self.ticket = self.make_ticket()
        # 1 hour left on Friday, so seven on Monday
        self.assertEqual(self.ticket.resolution_deadline, at(9, 17))

    def test_a_new_makeup_day_brings_the_deadline_forward(self):
        """# V4"""
        with moment(6, 17, 30):
            day = self.add_makeup_day(7)
        self.assertEqual(self.ticket.resolution_deadline, at(7, 17))
        with moment(6, 17, 40):
            day.unlink()
        self.assertEqual(self.ticket.resolution_deadline, at(9, 17))

    def test_a_new_holiday_puts_it_off(self):
        """# V4"""
        with moment(6, 17, 30):
            holiday = self.add_holiday(9, 9)
        self.assertEqual(self.ticket.resolution_deadline, at(10, 17))
        with moment(6, 17, 40):
            holiday.write({"date_to": at(10, 23, 59)})
        self.assertEqual(self.ticket.resolution_deadline, at(11, 17))

    def test_other_hours_move_it(self):
        """# V4"""
        monday = self.calendar.attendance_ids.filtered(
            lambda line: line.dayofweek == "0" and line.hour_from == 13
        )
        with moment(6, 17, 30):
            monday.hour_to = 15
        self.assertEqual(self.ticket.resolution_deadline, at(10, 11))

    def test_somebodys_leave_does_not_move_it(self):
        """# V4: the promise is the company's."""
        resource = self.env["resource.resource"].create(
            {"name": "Agent", "calendar_id": self.calendar.id}
        )
        with moment(6, 17, 30):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Leave",
                    "resource_id": resource.id,
                    "calendar_id": self.calendar.id,
                    "date_from": at(9, 0),
                    "date_to": at(9, 23),
                }
            )
        self.assertEqual(self.ticket.resolution_deadline, at(9, 17))

    def test_another_calendar_of_the_company_moves_it(self):
        """# V4"""
        early = self.make_calendar("Early", hours=((6, 14),))
        with moment(6, 17, 30):
            self.env.company.resource_calendar_id = early
        self.assertEqual(self.ticket.resolution_deadline, at(9, 14))
