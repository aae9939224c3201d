from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.number_formats import number_format
from ..tools.table import number_text
from ..tools.workbook import open_table
from .workbooks import formatted_xls, formatted_xlsx, xlsb_bytes

# code, value, what Excel shows (or the plain number where Excel would round)
SHOWN = [
    # zeros
    ("00000000", 123, "00000123"),
    ("000000", 50000, "050000"),
    ("[$-804]000000", 30024, "030024"),
    ("[$-F800]000000", 30024, "030024"),
    ("000000_ ", 30024, "030024"),
    ("0#", 5, "05"),
    ("#0", 5, "5"),
    ("[Blue]000000", 30024, "030024"),
    # phones
    ("000-00000000", 1065529988, "010-65529988"),
    ("0000\\-0000000", 4512345678, "0451-2345678"),
    ('"+86 "000 0000 0000', 13800138000, "+86 138 0013 8000"),
    ("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 2162345678, "(216) 234-5678"),
    ("[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", 6234567, "623-4567"),
    # colours and conditions are no dates
    ("[Magenta]0", 45123, "45123"),
    ("[Cyan]General", 45123, "45123"),
    ("[颜色10]0", 45123, "45123"),
    ("[Red][>100]0;[Green]0", 45123, "45123"),
    ("[Black][DBNum1]0", 45123, "45123"),
    ("[ENG][$-409]0", 45123, "45123"),
    # literals
    ('"KH"00000', 12, "KH00012"),
    ('0"号"', 12, "12号"),
    ('0"m"', 45123, "45123m"),
    ('General"元"', 5.5, "5.5元"),
    ('[=1]"男";[=2]"女";0', 2, "女"),
    ("KH000", 5, "KH005"),
    # sections
    ("0;-0;;@", 0, ""),
    ("0;[Red]-0", -5, "-5"),
    (";;;", 13800138000, "13800138000"),
    ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0, "-"),
    # what rounds, groups or scales is left out
    ("0.00", 3.14159, "3.14159"),
    ("#,##0", 1234567, "1234567"),
    ("0%", 0.15, "0.15"),
    ("0.00E+00", 13800138000, "13800138000"),
    ("# ?/?", 5, "5"),
    ("0", 13800138000, "13800138000"),
    ("0_);(0)", 7, "7"),
    ("@", 7, "7"),
    ("00000", 12.5, "12.5"),
    # dates
    ("yyyy-mm-dd", 45322, "2024-01-31"),
    ('yyyy"年"m"月"d"日"', 45322, "2024-01-31"),
    ("yyyy年m月d日", 45322, "2024-01-31"),
    ("[$-804]aaaa", 45322, "2024-01-31"),
    ("[$-409]d/m/yy h:mm AM/PM;@", 45322.5, "2024-01-31 12:00:00"),
    ("[Magenta]d/m/yy", 45322, "2024-01-31"),
    ("mm:ss.0", 0.25, "06:00:00"),
    ("[h]:mm:ss", 1.5, "36:00:00"),
    ("[mm]:ss", 0.25, "06:00:00"),
    ("yyyy-mm-dd", 13800138000, "13800138000"),
    ('0"年"', 5, "5年"),
    ("0.0m", 5.5, "5.5"),
]


def shown(code, value):
    found = number_format(0, code)
    return found.number(value) if found else number_text(value)


class TestNumberFormats(BaseCase):
    """# C8: numbers as Excel shows them, dates only where the format is one."""

    def test_numbers_as_excel_shows_them(self):
        for code, value, text in SHOWN:
            with self.subTest(code=code, value=value):
                self.assertEqual(shown(code, value), text)

    def test_every_kind_of_workbook_shows_the_same(self):
        rows = [["客户名称", "值"]]
        rows += [[f"甲{number}", (value, code)] for number, (code, value, _text)
                 in enumerate(SHOWN)]  # fmt: skip
        for write in (formatted_xlsx, formatted_xls, xlsb_bytes):
            with self.subTest(write=write.__name__):
                read = [row.cells for row in open_table(write(rows)).rows()][1:]
                texts = [(cells + ("",))[1] for cells in read]
                self.assertEqual(texts, [text for _code, _value, text in SHOWN])

    def test_text_with_something_around_it(self):
        rows = [["客户名称", ("001", '"KH"@')], ["甲", ("乙", "@")]]
        for write in (formatted_xlsx, formatted_xls, xlsb_bytes):
            with self.subTest(write=write.__name__):
                read = [row.cells for row in open_table(write(rows)).rows()]
                self.assertEqual(read, [("客户名称", "KH001"), ("甲", "乙")])

    def test_built_in_formats(self):
        for number in (14, 22, 31, 57):
            self.assertEqual(number_format(number).number(45322), "2024-01-31")
        self.assertEqual(number_format(46).number(1.5), "36:00:00")
        for number in (0, 1, 3, 9, 38, 49, 60, 164):
            self.assertIsNone(number_format(number))

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**14), st.lists(st.sampled_from(
        ["0", "00", "#", "-", " ", '"no"', "\\x", "[Red]", "_ ", "(", ")"]),
        min_size=1, max_size=12))  # fmt: skip
    def test_a_layout_shows_every_digit_once(self, value, pieces):
        """Reference: the number, padded with zeros to the number of zeros."""
        code = "".join(pieces)
        text = shown(code, value)
        if not {"0", "00", "#"} & set(pieces):
            return
        digits = "".join(char for char in text if char.isdecimal())
        first = code.find("0")
        zeros = (code.count("0") + code[first:].count("#")) if first >= 0 else 0
        self.assertIn(
            digits, {str(value).zfill(zeros), "0" * zeros if not value else "-"}
        )

    @settings(max_examples=400, deadline=None)
    @given(st.floats(allow_nan=False, allow_infinity=False), st.text(
        st.sampled_from('0#?.,%;[]"\\_*@/+-EehHmMsSyYdDaAbgG<>=$()年月日元 1'),
        max_size=20))  # fmt: skip
    def test_no_format_breaks(self, value, code):
        """Whatever the code, a number comes out as text; never an exponent."""
        text = shown(code, value)
        self.assertIsInstance(text, str)
        found = number_format(0, code)
        self.assertIsInstance(found.text("甲") if found else "", str)
