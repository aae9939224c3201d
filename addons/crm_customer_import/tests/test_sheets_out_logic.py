import io

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.fields import FIELDS, IGNORE, REASON_HEADERS, label_of
from ..tools.header import data_rows, find_header, match_headers
from ..tools.sheets_out import (
    RefusedRow,
    TemplateColumn,
    TemplateTexts,
    refused_workbook,
    template_workbook,
)
from ..tools.table import _bare
from ..tools.workbook import open_table, sheet_names
from .workbooks import HEADER, ROWS

cells = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cn", "Cc")), max_size=15).filter(
        # what protects digits is taken off in reading, and a blank cell is an empty one
        lambda text: _bare(text) == text and bool(text) == bool(text.strip())
    ),
    min_size=4,
    max_size=4,
)


def read_again(content):
    table = open_table(content)
    header = find_header(table.head())
    return header, list(data_rows(table, header))


class TestRefusedWorkbook(BaseCase):
    def test_it_can_be_corrected_and_imported_again(self):
        """# C8: the refused rows with the reason in a column."""
        for label in REASON_HEADERS:
            content = refused_workbook(
                HEADER, [RefusedRow(row, "电话少一位") for row in ROWS], label
            )
            header, rows = read_again(content)
            self.assertEqual(list(header.labels), [label, *HEADER])
            self.assertEqual(match_headers(header.labels)[0].field, IGNORE)
            self.assertEqual([list(row.cells) for row in rows],
                             [["电话少一位", *row] for row in ROWS])  # fmt: skip

    def test_it_looks_as_people_expect(self):
        rows = [RefusedRow(ROWS[0], "x")]
        content = refused_workbook(HEADER, rows, "原因", "拒绝/的行")
        page = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(page.freeze_panes, "B2")
        self.assertEqual(page.title, "拒绝 的行")
        self.assertTrue(page["A1"].font.bold)
        self.assertEqual(page["D2"].data_type, "s")

    def test_wrong_cells_are_coloured_and_say_why(self):
        rows = [RefusedRow(("甲", "12"), "x", {1: "电话不对", 3: "没有名称"})]
        page = openpyxl.load_workbook(
            io.BytesIO(refused_workbook(["客户", "电话"], rows))
        ).active
        self.assertEqual(page["C2"].comment.text, "电话不对")
        self.assertEqual(page["C2"].fill.fgColor.rgb, page["E2"].fill.fgColor.rgb)
        self.assertFalse(page["B2"].comment)

    def test_the_name_of_a_sheet_has_31_characters(self):
        content = refused_workbook(HEADER, [], "x", "名" * 40)
        page = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(page.title, "名" * 31)

    def test_text_that_looks_like_a_formula_stays_text(self):
        row = ["=cmd|' /C calc'!A0", "+1", "0012", "http://x.cn"]
        _header, rows = read_again(refused_workbook(HEADER, [RefusedRow(row, "=1+1")]))
        self.assertEqual(list(rows[0].cells), ["=1+1", *row])

    def test_what_a_workbook_cannot_hold_is_dropped(self):
        row = ["a\x00\x08b", "\ud800c", "x" * 40_000, ""]
        _header, rows = read_again(refused_workbook(HEADER, [RefusedRow(row, "r")]))
        self.assertEqual(rows[0].cells[1:3], ("ab", "c"))
        self.assertEqual(len(rows[0].cells[3]), 32_767)

    def test_an_empty_list_has_its_titles(self):
        header, rows = read_again(refused_workbook(HEADER, []))
        self.assertEqual((list(header.labels[1:]), rows), (HEADER, []))

    @settings(max_examples=50, deadline=None)
    @given(st.lists(cells, max_size=5))
    def test_reading_what_was_written_gives_it_back(self, rows):
        content = refused_workbook(HEADER, (RefusedRow(row, "reason") for row in rows))
        _header, read = read_again(content)
        self.assertEqual([list(row.cells[1:]) for row in read], rows)


class TestTemplateWorkbook(BaseCase):
    columns = (
        TemplateColumn("客户名称", "写全称", ("甲公司",), required=True),
        TemplateColumn("客户等级", "选一个", ("A",), ("VIP", "A", "B")),
    )

    def test_titles_examples_lists_and_explanations(self):
        """# C8: template workbook to download."""
        texts = TemplateTexts("客户", "说明", "选项", "列", "怎么填", "必填", "请选择")
        content = template_workbook(self.columns, texts)
        self.assertEqual(sheet_names(content), ["客户", "说明"])
        header, rows = read_again(content)
        self.assertEqual(header.labels, ("客户名称", "客户等级"))
        self.assertEqual([row.cells for row in rows], [("甲公司", "A")])
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(book["说明"]["A2"].value, "客户名称 (必填)")
        self.assertEqual(book["说明"]["B3"].value, "选一个")
        self.assertEqual([cell.value for cell in book["选项"]["B"]][1:],
                         ["VIP", "A", "B"])  # fmt: skip
        (rule,) = book["客户"].data_validations.dataValidation
        self.assertEqual(rule.formula1, "'选项'!$B$2:$B$4")
        self.assertTrue(str(rule.sqref).startswith("B2:B"))

    def test_every_title_of_the_template_is_recognised(self):
        for lang in ("en_US", "zh_CN"):
            names = [name for name in FIELDS if name != IGNORE]
            columns = [TemplateColumn(label_of(name, lang)) for name in names]
            header, _rows = read_again(template_workbook(columns))
            fields = [match.field for match in match_headers(header.labels)]
            self.assertEqual(fields, names)
