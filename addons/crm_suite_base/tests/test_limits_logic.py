from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import limits
from ..tools.limits import LimitRefused, Parts, minutes_of, parts_of

DAYS = st.sampled_from([420, 450, 456, 480, 1440])


def english(parts):
    units = zip(parts, ("working days", "h", "min"), strict=True)
    return " ".join(f"{number} {unit}" for number, unit in units if number)


def chinese(parts):
    units = zip(parts, ("个工作日", "小时", "分钟"), strict=True)
    return " ".join(f"{number} {unit}" for number, unit in units if number)


@tagged("post_install", "-at_install")
class TestLimitsLogic(BaseCase):
    """# V4: limits are typed as people say them, and shown so."""

    def test_what_people_type_is_understood(self):
        """# V4: in both languages, with fractions, full-width signs and numerals."""
        for text, minutes in (
            ("30 分钟", 30),
            ("4 小时", 240),
            ("４小时", 240),
            ("2 个工作日", 960),
            ("两个工作日", 960),
            ("半小时", 30),
            ("半天", 240),
            ("1天4小时", 720),
            ("1 天，30 分", 510),
            ("1.5h", 90),
            ("1,5 h", 90),
            ("2d 4h", 1200),
            ("4h 2d", 1200),
            ("1 working day and 20 min", 500),
            ("90M", 90),
            ("0.01 h", 1),
            ("", 0),
            (" 0 ", 0),
            ("0 h", 0),
        ):
            with self.subTest(text):
                self.assertEqual(minutes_of(text, 480, working=True), minutes)

    def test_on_the_wall_a_day_has_24_hours(self):
        """# V4: and there are no working days."""
        self.assertEqual(minutes_of("2 天"), 2880)
        for text in ("2 个工作日", "1 business day"):
            with self.assertRaises(LimitRefused) as caught:
                minutes_of(text)
            self.assertEqual(caught.exception.why, limits.NO_WORKING_DAYS)

    def test_what_is_no_limit_is_refused_with_the_reason(self):
        """# V4"""
        for text, why in (
            ("90", limits.NO_UNIT),
            ("1h 30", limits.NO_UNIT),
            ("soon", limits.UNKNOWN),
            ("-2 h", limits.UNKNOWN),
            ("2 weeks", limits.UNKNOWN),
            ("2 mx", limits.UNKNOWN),
            ("1..5 h", limits.UNKNOWN),
            ("2 h 3 h", limits.TWICE),
            ("1 d 1 working day", limits.TWICE),
            ("0.001 min", limits.TOO_SHORT),
            ("9" * 12 + " h", limits.TOO_LONG),
        ):
            with self.subTest(text), self.assertRaises(LimitRefused) as caught:
                minutes_of(text, 480, working=True)
            self.assertEqual(caught.exception.why, why)

    def test_days_are_shown_where_they_say_it_all(self):
        """# V4"""
        self.assertEqual(parts_of(1200, 480), Parts(2, 4, 0))
        self.assertEqual(parts_of(500, 480), Parts(0, 8, 20))
        self.assertEqual(parts_of(2880), Parts(2, 0, 0))
        self.assertEqual(parts_of(90, 0), Parts(0, 1, 30))

    @given(st.integers(0, limits.LONGEST), DAYS)
    def test_what_is_shown_is_what_was_meant(self, minutes, day):
        """# V4: read again it is the same, in both languages."""
        parts = parts_of(minutes, day)
        for words in (english, chinese):
            self.assertEqual(minutes_of(words(parts), day, working=True), minutes)

    @given(st.text(alphabet="0123456789.小时天hdm个 半日分", max_size=12))
    def test_every_text_is_a_limit_or_refused(self, text):
        """# V4: and nothing breaks."""
        try:
            self.assertIn(minutes_of(text, 480, working=True), range(2**31))
        except LimitRefused as refused:
            self.assertTrue(refused.why)
