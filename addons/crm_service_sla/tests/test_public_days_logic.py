from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import china
from odoo.addons.crm_service_sla.tools.public_days import (
    ADD,
    CHANGE,
    ELSEWHERE,
    IN_HOLIDAY,
    REFUSED,
    REMOVE,
    Change,
    PublicDay,
    Span,
    There,
    changes,
    holidays_of,
    makeups_of,
)

YEAR = 2026
FIRST = date(YEAR, 1, 1)


def day(month, number):
    return date(YEAR, month, number)


def span(month, first, last, name="国庆节"):
    return Span(day(month, first), day(month, last), name)


def national_day(last=7):
    return [PublicDay(day(10, n), "国庆节", False) for n in range(1, last + 1)]


def plan(days, holidays=(), makeups=()):
    return changes(days, holidays, makeups, YEAR)


def after(there, done):
    """What is in the calendar once the changes are made."""
    gone = {one.old.key for one in done if one.old and one.verb in (CHANGE, REMOVE)}
    made = [one.new for one in done if one.verb in (ADD, CHANGE)]
    return [one for one in there if one.key not in gone] + [
        There(1000 + at, one, "own", YEAR) for at, one in enumerate(made)
    ]


def off(there):
    return {
        one.span.first + timedelta(days=n)
        for one in there
        if one.whole and one.level != "narrower"
        for n in range((one.span.last - one.span.first).days + 1)
    }


dates = st.integers(0, 364).map(lambda n: FIRST + timedelta(days=n))
public_days = st.lists(
    st.builds(PublicDay, dates, st.sampled_from("AB"), st.booleans()),
    unique_by=lambda one: one.date,
    max_size=25,
)


@st.composite
def calendars(draw, longest):
    """What is in a calendar; make-up days are whole and of one day."""
    found = []
    for key in range(draw(st.integers(0, 6))):
        first = draw(dates)
        last = first + timedelta(days=draw(st.integers(0, longest)))
        found.append(
            There(
                key,
                Span(first, last, draw(st.sampled_from("ABX"))),
                draw(st.sampled_from(("own", "own", "wider", "narrower"))),
                draw(st.sampled_from((0, 0, YEAR, YEAR - 1))),
                longest == 0 or draw(st.booleans()),
            )
        )
    return found


@tagged("post_install", "-at_install")
class TestPublicDaysLogic(BaseCase):
    """# V4: a year's list, and what it changes in a calendar."""

    def test_days_of_one_name_are_one_holiday(self):
        """# V4"""
        days = [*national_day(3), PublicDay(day(10, 4), "中秋", False)]
        self.assertEqual(
            holidays_of(days), [span(10, 1, 3), span(10, 4, 4, name="中秋")]
        )

    def test_a_day_between_parts_a_holiday(self):
        """# V4: and one of another name before it."""
        names = {1: "元旦", 2: "元旦", 3: "国庆节", 4: "国庆节", 6: "国庆节"}
        days = [PublicDay(day(10, n), name, False) for n, name in names.items()]
        spans = [span(10, 1, 2, name="元旦"), span(10, 3, 4), span(10, 6, 6)]
        self.assertEqual(holidays_of(days), spans)

    def test_only_weekends_are_made_up_for(self):
        """# V4: a list of all days of a year names workdays as well."""
        days = [PublicDay(day(10, n), "补班", True) for n in (8, 9, 10)]
        self.assertEqual(makeups_of(days), [span(10, 10, 10, name="补班")])

    def test_an_empty_calendar_gets_all(self):
        """# V4"""
        found = plan([*national_day(), PublicDay(day(10, 10), "国庆节", True)])
        self.assertEqual(found.holidays, [Change(ADD, span(10, 1, 7), None)])
        self.assertEqual(found.makeups, [Change(ADD, span(10, 10, 10), None)])

    def test_what_was_entered_by_hand_and_is_part_of_it_is_put_right(self):
        """# V4: as it was known before the announcement; two of them become one."""
        there = [There(1, span(10, 1, 3, "National")), There(2, span(10, 5, 5, "More"))]
        found = plan(national_day(), there)
        self.assertEqual(
            found.holidays,
            [
                Change(CHANGE, span(10, 1, 7), there[0]),
                Change(REMOVE, None, there[1]),
            ],
        )

    def test_what_gives_more_than_the_list_stays(self):
        """# V4: a company may give its people two days more."""
        longer = There(1, span(10, 1, 9))
        self.assertFalse(plan(national_day(), [longer]))
        beyond = There(1, span(10, 6, 10, "Trip"))
        self.assertEqual(
            plan(national_day(), [beyond]).holidays,
            [Change(ADD, span(10, 1, 7), None)],
        )

    def test_half_a_day_is_not_a_day_off(self):
        """# V4: what was entered for some hours becomes the day."""
        half = There(1, span(10, 1, 7), whole=False)
        self.assertEqual(
            plan(national_day(), [half]).holidays,
            [Change(CHANGE, span(10, 1, 7), half)],
        )

    def test_what_an_earlier_list_said_is_brought_up_to_date(self):
        """# V4: shorter, or gone; what was entered by hand elsewhere stays."""
        there = [
            There(1, span(10, 1, 8), year=YEAR),
            There(2, span(6, 1, 1, "Gone"), year=YEAR),
            There(3, span(7, 1, 1, "Ours")),
            There(4, span(1, 1, 1, "Older"), year=YEAR - 1),
        ]
        self.assertEqual(
            plan(national_day(), there).holidays,
            [Change(CHANGE, span(10, 1, 7), there[0]), Change(REMOVE, None, there[1])],
        )

    def test_what_holds_for_all_calendars_need_not_hold_for_one(self):
        """# V4: and what holds for one does not hold for all."""
        self.assertFalse(plan(national_day(), [There(1, span(10, 1, 7), "wider")]))
        narrow = There(1, span(10, 1, 7), "narrower")
        self.assertEqual(
            plan(national_day(), [narrow]).holidays,
            [Change(ADD, span(10, 1, 7), None)],
        )

    def test_a_make_up_day_in_a_holiday_of_the_company_is_refused(self):
        """# V4: the holiday wins, and is named."""
        trip = There(1, span(10, 9, 11, "Trip"))
        found = plan([PublicDay(day(10, 10), "国庆节", True)], [trip])
        self.assertEqual(
            found.makeups, [Change(REFUSED, span(10, 10, 10), trip, IN_HOLIDAY)]
        )
        self.assertFalse(found, "nothing to do")

    def test_a_make_up_day_of_one_calendar_is_in_the_way_of_one_for_all(self):
        """# V4"""
        one = There(1, span(10, 10, 10), "narrower")
        found = plan([PublicDay(day(10, 10), "国庆节", True)], (), [one])
        self.assertEqual(
            found.makeups, [Change(REFUSED, span(10, 10, 10), one, ELSEWHERE)]
        )

    def test_a_make_up_day_that_became_a_holiday_goes(self):
        """# V4: by hand or not, it would not be worked."""
        there = [There(1, span(10, 4, 4, "By hand")), There(2, span(9, 6, 6), year=0)]
        self.assertEqual(
            plan(national_day(), (), there).makeups, [Change(REMOVE, None, there[0])]
        )

    @given(public_days, calendars(9), calendars(0))
    def test_a_second_time_changes_nothing(self, days, holidays, makeups):
        """# V4"""
        found = plan(days, holidays, makeups)
        again = plan(
            days, after(holidays, found.holidays), after(makeups, found.makeups)
        )
        self.assertFalse(again, again)

    @given(public_days, calendars(9), calendars(0))
    def test_what_the_list_says_holds(self, days, holidays, makeups):
        """# V4: every day off is off; every make-up day is there or refused, and none
        is in a holiday."""
        found = plan(days, holidays, makeups)
        then = after(holidays, found.holidays)
        free = off(then)
        self.assertLessEqual({one.date for one in days if not one.works}, free)
        worked = {one.span.first for one in after(makeups, found.makeups)}
        refused = {one.new.first for one in found.makeups if one.verb == REFUSED}
        self.assertLessEqual({one.first for one in makeups_of(days)}, worked | refused)
        added = {one.new.first for one in found.makeups if one.verb == ADD}
        self.assertFalse(added & free)

    @given(public_days, calendars(9), calendars(0))
    def test_what_is_not_its_own_is_left_alone(self, days, holidays, makeups):
        """# V4: neither other levels, nor what was entered by hand for other days."""
        found = plan(days, holidays, makeups)
        named = [span for span in holidays_of(days)]
        for one in [*found.holidays, *found.makeups]:
            if one.old and one.verb != REFUSED:
                self.assertEqual(one.old.level, "own")
                self.assertTrue(
                    one.old.year or any(s.meets(one.old.span) for s in named), one
                )


@tagged("post_install", "-at_install")
class TestChinaLogic(BaseCase):
    """# V4: the announcement as the library has it."""

    def test_the_year_2026_as_it_was_announced(self):
        """# V4: 33 days off, six weekends worked."""
        days = china.days_of(2026)
        holidays = holidays_of(days)
        self.assertEqual(
            [(str(s.first), str(s.last), s.name) for s in holidays],
            [
                ("2026-01-01", "2026-01-03", "元旦"),
                ("2026-02-15", "2026-02-23", "春节"),
                ("2026-04-04", "2026-04-06", "清明"),
                ("2026-05-01", "2026-05-05", "劳动节"),
                ("2026-06-19", "2026-06-21", "端午"),
                ("2026-09-25", "2026-09-27", "中秋"),
                ("2026-10-01", "2026-10-07", "国庆节"),
            ],
        )
        self.assertEqual(
            [str(s.first)[5:] for s in makeups_of(days)],
            ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
        )

    def test_names_are_told_in_english_too(self):
        """# V4"""
        names = {one.name for one in china.days_of(2026, in_chinese=False)}
        self.assertIn("National Day", names)
        self.assertTrue(all(name.isascii() for name in names), names)

    def test_a_year_that_is_not_announced_is_not_known(self):
        """# V4"""
        after_last = china.known_years()[-1] + 1
        self.assertEqual(china.days_of(after_last), [])
        self.assertIn(2026, china.known_years())

    def test_every_known_year_makes_sense(self):
        """# V4: no day twice, no make-up day in a holiday."""
        for year in china.known_years():
            days = china.days_of(year)
            self.assertEqual(len({one.date for one in days}), len(days), year)
            self.assertGreaterEqual(len(days), 20, year)
