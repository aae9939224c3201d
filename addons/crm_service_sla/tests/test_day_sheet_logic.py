import io
from datetime import date, datetime, timedelta

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_sla.tools import day_sheet
from odoo.addons.crm_service_sla.tools.day_sheet import (
    Refusal,
    SheetRefused,
    days_of,
    rows_of,
)
from odoo.addons.crm_service_sla.tools.public_days import PublicDay

HEAD = ["日期", "名称", "是否上班"]
DAYS = [
    PublicDay(date(2027, 1, 1), "元旦", False),
    PublicDay(date(2027, 1, 3), "元旦", True),
]


def xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestDaySheetLogic(BaseCase):
    """# V4: a year's list from a sheet."""

    def read(self, rows, year=2027):
        return days_of(rows, year)

    def test_a_workbook_is_read(self):
        """# V4: dates as dates or as text."""
        rows = rows_of(
            xlsx(
                [HEAD, [datetime(2027, 1, 1), "元旦", "休"], ["2027/1/3", "元旦", "班"]]
            )
        )
        self.assertEqual(self.read(rows), (DAYS, []))

    def test_a_csv_is_read_in_both_encodings(self):
        """# V4: whatever Excel writes in China."""
        text = "日期,名称,是否上班\n2027年1月1日 星期五,元旦,否\n2027-01-03,元旦,是\n"
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            with self.subTest(encoding):
                rows = rows_of(text.encode(encoding))
                self.assertEqual(self.read(rows), (DAYS, []))

    def test_titles_say_which_column_is_which(self):
        """# V4: without titles: date, name, worked or not."""
        rows = [["Name", "", "Working", "Date"], ["元旦", "x", "no", "20270101"]]
        self.assertEqual(self.read(rows), (DAYS[:1], []))
        self.assertEqual(self.read([["2027.1.1", "元旦", 0]]), (DAYS[:1], []))

    def test_a_row_that_cannot_be_taken_says_why(self):
        """# V4: by the number the sheet shows."""
        rows = [
            HEAD,
            ["2027-13-01", "元旦", "休"],
            ["2026-12-31", "元旦", "休"],
            ["2027-01-01", "", "休"],
            ["2027-01-01", "元旦", "也许"],
            [],
            ["2027-01-01", "元旦", "休"],
            ["2027-01-01", "元旦", "班"],
        ]
        days, refused = self.read(rows)
        self.assertEqual(days, DAYS[:1])
        self.assertEqual(
            refused,
            [
                Refusal(2, day_sheet.NO_DATE, "2027-13-01"),
                Refusal(3, day_sheet.OTHER_YEAR, "2026-12-31"),
                Refusal(4, day_sheet.NO_NAME, "2027-01-01"),
                Refusal(5, day_sheet.NO_KIND, "也许"),
                Refusal(8, day_sheet.TWICE, "2027-01-01"),
            ],
        )

    def test_ordinary_days_of_a_whole_years_list_say_nothing(self):
        """# V4"""
        rows = [["2027-01-02", "周末", "休"], ["2027-01-04", "", "工作日"]]
        self.assertEqual(self.read([*rows, ["2027-01-01", "元旦", "休"]])[0], DAYS[:1])

    def test_a_sheet_without_days_is_refused(self):
        """# V4"""
        self.assertEqual(self.read([HEAD])[1], [Refusal(0, day_sheet.EMPTY)])

    def test_what_is_no_sheet_is_refused(self):
        """# V4"""
        for content, why in (
            (b"PK\3\4 no workbook", day_sheet.NO_SHEET),
            (b"\xd0\xcf\x11\xe0\0\0 old Excel", day_sheet.NO_SHEET),
            (b"\xff\xff\xff", day_sheet.NO_SHEET),
            (b"2027-01-01,x,1\n" * 2000, day_sheet.TOO_LARGE),
            (b"x" * (day_sheet.SIZE + 1), day_sheet.TOO_LARGE),
        ):
            with self.subTest(content[:10]), self.assertRaises(SheetRefused) as caught:
                rows_of(content)
            self.assertEqual(caught.exception.why, why)

    @given(
        st.lists(
            st.lists(st.none() | st.text(max_size=12) | st.integers(), max_size=5),
            max_size=8,
        )
    )
    def test_every_row_is_taken_or_refused(self, rows):
        """# V4: whatever it holds, and nothing breaks."""
        days, refused = self.read(rows)
        self.assertTrue(all(one.date.year == 2027 for one in days))
        self.assertTrue(days or refused)

    @given(st.integers(0, 364), st.booleans())
    def test_what_was_written_is_read_again(self, offset, works):
        """# V4"""
        day = PublicDay(date(2027, 1, 1) + timedelta(days=offset), "节", works)
        rows = [[day.date.isoformat(), day.name, "班" if works else "休"]]
        self.assertEqual(self.read(rows), ([day], []))
