"""Lists as people really send them: feet, headings, filters, several people in a cell.

Each list has the truth of its rows beside it: what a row becomes, or why it becomes
no customer.
"""

import io
from datetime import date

import xlsxwriter
import xlwt

from odoo.tests import BaseCase

from ..tools import ditto
from ..tools.area_codes import area_code
from ..tools.cleaning import clean_row, split_parts
from ..tools.header import data_rows, find_header, match_headers
from ..tools.names import people
from ..tools.planning import NO_CUSTOMER
from ..tools.remarks import is_date, is_remark
from ..tools.workbook import open_table
from .engine_common import CLEANERS
from .test_cleaning_logic import LOOKUPS
from .workbooks import csv_bytes, ods_bytes, ods_row, xls_bytes, xlsb_bytes

TITLES = ["客户名称", "联系人", "电话", "手机", "城市", "税号", "备注"]
CODE = "91110000600037341L"


def made(rows, change=None):
    """Write .xlsx; ``change(page)`` merges and hides."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("客户名单")
        day = book.add_format({"num_format": "yyyy/m/d"})
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif cell != "":
                    page.write(number, column, cell)
        if change:
            change(page)
    return out.getvalue()


def read(content):
    """Return {row number: (what it becomes, its values, codes of its warnings)}."""
    table = open_table(content)
    header = find_header(table.head())
    matches = match_headers(header.labels)
    mapping = {one.index: one.field for one in matches if one.field}
    found = {}
    for row in ditto.filled(data_rows(table, header), ditto.columns(mapping)):
        clean = clean_row(row, mapping, CLEANERS, LOOKUPS)
        codes = [problem.code for problem in clean.problems]
        becomes = "customer" if not codes else codes[0]
        if set(codes) & set(NO_CUSTOMER):
            becomes = "none"
        found[row.number] = (becomes, clean.values, [w.code for w in clean.warnings])
    return found


class TestSentLists(BaseCase):
    """# C8: right rows come in right, the others are refused or named, none is lost."""

    def becomes(self, content):
        return [becomes for becomes, _values, _codes in read(content).values()]

    def test_feet(self):
        feet = [
            ["制表人：王芳", "审核：李强", "打印日期：2024-03-05"], ["审核"],
            ["制表", "王芳", "审核", "", "批准"], ["打印时间 2024-03-05 10:20"],
            ["第 1 页 共 3 页"], ["第2页/共3页"], ["Page 1 of 3"], ["- 1 -"], ["1/3"],
            ["", "", "", "", "", "", "第1页"], ["填表人（签字）：", "", "日期："],
            ["单位（盖章）"], ["制表单位：市场部", "", "", "2024年3月"],
            ["（以下空白）"],
            ["导出时间：2024-01-01 12:00:00", "操作员：admin"], ["数据来源：ERP"],
            ["---------"], ["以上数据截至2024年3月"],
        ]  # fmt: skip
        customers = [["苏州恒信贸易有限公司", "张三", "", "13800138000"],
                     ["打印店", "李四"], ["审核咨询有限公司"], ["统计局"]]  # fmt: skip
        content = made([TITLES, *customers, *feet])
        self.assertEqual(self.becomes(content), ["customer"] * 4 + ["none"] * len(feet))

    def test_feet_of_a_list_of_names_and_numbers(self):
        rows = [["客户", "电话"], ["上海", ""], ["华东区", ""], ["第1页", ""],
                ["制表人：王芳", ""], ["一、华东区", "13800138000"]]  # fmt: skip
        self.assertEqual(
            self.becomes(csv_bytes(rows, "gb18030")),
            ["customer", "customer", "none", "none", "customer"],
        )

    def test_landlines_without_their_area_code(self):
        rows = [
            ["客户名称", "电话", "城市", "省份", "地址"],
            ["甲公司", "65529988", "苏州", "", ""],
            ["乙公司", "8552998/8552997转801", "秦皇岛市", "", ""],
            ["丙公司", "65529988", "", "北京", ""],
            ["丁公司", "83000000", "", "", "广东省深圳市南山区1号"],
            ["戊公司", "65529988", "", "", ""],
            ["己公司", "6552998", "苏州", "", ""],
            ["庚公司", "13800138000", "苏州", "", ""],
            ["辛公司", "65529988", "柏林", "", ""],
        ]
        found = read(xls_bytes(rows))
        phones = [values.get("phone") for _becomes, values, _codes in found.values()]
        self.assertEqual(
            phones,
            ["+86 512 6552 9988", "+86 335 855 2998", "+86 10 6552 9988",
             "+86 755 8300 0000", None, None, "+86 138 0013 8000", None],
        )  # fmt: skip
        self.assertEqual(found[3][1]["phone2"], "+86 335 855 2997 ext. 801")
        self.assertEqual(
            [becomes for becomes, _values, _codes in found.values()],
            ["customer"] * 4
            + ["phone_needs_area_code", "phone_too_short", "customer"]
            + ["phone_needs_area_code"],
        )
        warned = [codes for _becomes, _values, codes in found.values()]
        added = ["area_code"]
        self.assertEqual(warned, [added, added * 2, added, added, [], [], [], []])

    def test_tax_numbers_of_before_2015(self):
        rows = [TITLES, ["甲公司", "", "", "", "", "320500123456789", "老客户"],
                ["乙公司", "", "", "", "", CODE, ""],
                ["丙公司", "", "", "", "", "32050012345678", ""]]  # fmt: skip
        first, second, third = read(csv_bytes(rows, "gb18030")).values()
        self.assertEqual(first[::2], ("customer", ["old_tax_number"]))
        note = "统一社会信用代码: 320500123456789\n老客户"
        self.assertEqual(first[1], {"company_name": "甲公司", "comment": note})
        self.assertEqual(second[1]["vat"], CODE)
        self.assertEqual(third[0], "credit_code_length")

    def test_titles_merged_across(self):
        rows = [["客户名称", "联系方式", "", "备注", ""],
                ["甲公司", "0512-65529988", "13800138000", "老客户", "付款慢"],
                ["乙公司", "", "13900139000", "", "爱喝茶"]]  # fmt: skip

        def merged(page):
            page.merge_range(0, 1, 0, 2, "联系方式")
            page.merge_range(0, 3, 0, 4, "备注")

        wide = (
            '<table:table-cell table:number-columns-spanned="2">{}</table:table-cell>'
        )
        covered = "<table:covered-table-cell/>"
        titles = [wide.format(f"<text:p>{t}</text:p>") for t in ("联系方式", "备注")]
        ods = ods_row("客户名称", titles[0], covered, titles[1], covered)
        merges = [(0, 0, 1, 2), (0, 0, 3, 4)]
        for content in (
            made(rows, merged),
            xls_bytes(rows, merges),
            xlsb_bytes(rows, merges=merges),
            ods_bytes(ods + "".join(ods_row(*row) for row in rows[1:])),
        ):
            first, second = read(content).values()
            self.assertEqual((first[0], second[0]), ("customer", "customer"))
            self.assertEqual(first[1]["phone"], "+86 512 6552 9988")
            self.assertEqual(first[1]["phone2"], "+86 138 0013 8000")
            self.assertEqual(first[1]["comment"], "老客户\n付款慢")
            self.assertEqual(second[1]["phone2"], "+86 139 0013 9000")
            self.assertEqual(second[1]["comment"], "爱喝茶")

    def test_a_title_merged_to_the_end_of_the_sheet(self):
        rows = [["客户名称", "手机", "备注"], ["甲公司", "13800138000", "a", "b"]]
        content = made(rows, lambda page: page.merge_range(0, 2, 0, 16383, "备注"))
        self.assertEqual(
            find_header(open_table(content).head()).labels,
            ("客户名称", "手机", "备注", "备注 (2)"),
        )

    def test_headings_of_regions(self):
        headings = [
            ["华东地区"], ["", "苏州市"], ["江苏省"], ["【上海】"], ["浙江省（12家）"],
            ["华北大区 负责人：王强"], ["A级客户", "", "", "", "共3家"], ["2024年3月"],
            ["一、广东"], ["", "", "", "", "广东"], ["华南区（共 8 户）"],
        ]  # fmt: skip
        customers = [["上海恒信贸易有限公司"], ["苏州园区", "张三"], ["广东", "李四"]]
        content = made([TITLES, *headings, *customers])
        self.assertEqual(
            self.becomes(content), ["none"] * len(headings) + ["customer"] * 3
        )

    def test_several_people_in_a_cell(self):
        rows = [
            TITLES,
            ["甲公司", "张三/李四", "", "13800138000/13900139000"],
            ["乙公司", "张三（采购）、李四（财务）", "", "13800138001"],
            ["丙公司", "张三13800138002 李四13900139003", "", ""],
            ["丁公司", "张三 13800138004", "", "13700137000"],
            ["戊公司", "李和平", "", "13800138005"],
            ["己公司", "张 三", "", "13800138006"],
            ["庚公司", "采购部/李四", "", "13800138007"],
        ]
        found = read(made(rows))
        self.assertEqual({one[0] for one in found.values()}, {"customer"})
        got = [one[1] for one in found.values()]
        self.assertEqual(
            [one["contact_name"] for one in got],
            ["张三", "张三（采购）", "张三", "张三", "李和平", "张 三", "采购部/李四"],
        )
        self.assertEqual(got[0]["comment"], "联系人: 张三/李四")
        self.assertEqual(got[0]["phone2"], "+86 139 0013 9000")
        self.assertEqual(got[2]["mobile"], "+86 138 0013 8002")
        self.assertEqual(got[2]["phone2"], "+86 139 0013 9003")
        self.assertEqual(got[2]["comment"], f"联系人: {rows[3][1]}")
        self.assertEqual(got[3]["mobile"], "+86 137 0013 7000")
        self.assertEqual(got[3]["phone2"], "+86 138 0013 8004")
        warned = [bool(one[2]) for one in found.values()]
        self.assertEqual(warned, [True, True, True, False, False, False, False])

    def test_a_list_that_was_filtered(self):
        rows = [TITLES[:2], ["甲公司", "张三"], ["乙公司", "李四"], ["", ""]]

        def hide(page):
            for number in (2, 3):
                page.set_row(number, None, None, {"hidden": True})
            page.set_column(1, 1, None, None, {"hidden": True})

        book = xlwt.Workbook(encoding="utf-8")
        page = book.add_sheet("客户")
        for number, cells in enumerate(rows[:3]):
            for column, cell in enumerate(cells):
                page.write(number, column, cell)
        page.row(2).hidden = True
        old = io.BytesIO()
        book.save(old)
        body = "".join(ods_row(*row) for row in rows[:2]) + ods_row(*rows[2]).replace(
            "<table:table-row", '<table:table-row table:visibility="filter"'
        )
        for content in (
            made(rows, hide),
            old.getvalue(),
            ods_bytes(body),
            xlsb_bytes(rows[:3], hidden=(2,)),
        ):
            found = read(content)
            self.assertEqual(
                found,
                {
                    2: ("customer", {"company_name": "甲公司",
                        "contact_name": "张三"}, []),
                    3: ("customer", {"company_name": "乙公司", "contact_name": "李四"},
                        ["hidden_row"]),
                },
            )  # fmt: skip

    def test_dates_in_cells_of_names(self):
        rows = [
            TITLES[:4],
            [date(2024, 3, 5), "张三", "", "13800138000"],
            ["甲公司", date(2024, 3, 5), "", "13800138000"],
            ["3月5日", "李四", "", "13800138001"],
            [45356, "李四", "", "13800138001"],
            ["13800138002", "李四", "", ""],
            ["1688", "李四", "", ""],
            ["7-11", "", "", "13800138004"],
            ["", "2024年3月5日", "", "13800138005"],
        ]
        found = read(made(rows))
        self.assertEqual(
            [one[0] for one in found.values()],
            ["not_a_name", "customer", "not_a_name", "not_a_name", "not_a_name",
             "customer", "customer", "no_name"],
        )  # fmt: skip
        self.assertEqual(found[3][1]["comment"], "联系人: 2024-03-05")
        self.assertEqual(found[3][2], ["moved_to_notes"])
        self.assertNotIn("contact_name", found[3][1])
        self.assertEqual(found[7][1]["company_name"], "1688")

    def test_numbers_kept_as_text_by_an_apostrophe(self):
        rows = [TITLES, ["'甲公司", "'张三", "'0512-65529988", "'13800138000", "",
                         f"'{CODE}"],
                ["乙公司", "", "‘010-65529988", "＇13900139000", "", ""]]  # fmt: skip
        for content in (made(rows), csv_bytes(rows, "gb18030"), xls_bytes(rows)):
            first, second = read(content).values()
            self.assertEqual(first[::2], ("customer", []))
            self.assertEqual(
                first[1],
                {"company_name": "甲公司", "contact_name": "张三", "vat": CODE,
                 "phone": "+86 512 6552 9988", "mobile": "+86 138 0013 8000"},
            )  # fmt: skip
            self.assertEqual(second[1]["phone"], "+86 10 6552 9988")
            self.assertEqual(second[1]["mobile"], "+86 139 0013 9000")

    def test_all_of_it_in_one_list(self):
        """Nothing that anybody wrote about a customer is lost."""
        rows = [
            ["2024年客户资料汇总表（内部）"],
            ["序号", "客户名称", "联系人", "联系方式", "", "城市", "税号"],
            ["", "江苏省（2家）"],
            [1, "苏州恒信贸易有限公司", "张三/李四", "65529988", "'13800138000", "苏州",
             "320500123456789"],
            [2, "无锡荣昌软件有限公司", date(2024, 3, 5), "0510-85529988", "",
             "无锡", ""],
            [3, date(2024, 3, 6), "王五", "", "13900139000", "", ""],
            ["小计", "", "", "", "", "", 3],
            ["制表人：王芳", "", "审核：李强"],
            ["第 1 页 共 1 页"],
        ]  # fmt: skip

        def change(page):
            page.merge_range(0, 0, 0, 6, rows[0][0])
            page.merge_range(1, 3, 1, 4, "联系方式")
            page.set_row(4, None, None, {"hidden": True})

        found = read(made(rows, change))
        self.assertEqual(
            [one[0] for one in found.values()],
            ["none", "customer", "customer", "not_a_name", "none", "none", "none"],
        )
        customer, contact = split_parts(found[4][1], "zh_CN")
        self.assertEqual(customer["phone"], "+86 512 6552 9988")
        self.assertEqual(contact, {"name": "张三"})
        self.assertEqual(
            set(customer["comment"].split("\n")),
            {"联系人: 张三/李四", "统一社会信用代码: 320500123456789",
             "其他电话: +86 138 0013 8000"},
        )  # fmt: skip
        self.assertEqual(sorted(found[5][2]), ["hidden_row", "moved_to_notes"])


class TestRemarks(BaseCase):
    """# C8: what says nothing of a customer, and what only looks so."""

    def test_cells_of_a_foot(self):
        for cells, expected in (
            (["审核", "张三"], True), (["审核", "苏州公司"], False),
            (["张三", "审核"], False), (["审核部门", "负责人："], True),
            (["负责人"], False), (["负责人", "张三"], False),
            (["审核：张三", "1"], False),
            (["2024-03-05"], True), (["2024-03-05", "2024-03-06"], False),
            (["12家"], False), (["12家", "2024-03-05"], False),
            (["第1页", "12家"], True),
            (["SC"], False), (["海"], False), (["京"], False), (["Hainan"], False),
            (["上海", "江苏"], False), (["江苏 负责人：张三"], True),
            (["江苏 张三"], False),
            (["第1页"] + [f"第{n}页" for n in range(2, 9)], True),
            ([f"第{n}页" for n in range(1, 10)], False),
        ):  # fmt: skip
            with self.subTest(cells=cells):
                self.assertIs(is_remark(cells), expected)

    def test_headings_only_where_a_list_has_columns_enough(self):
        for cells, always in (
            (["华东区"], False), (["2024-03-05"], False), (["上海"], False),
            (["制表人：王芳"], True), (["第1页"], True),
        ):  # fmt: skip
            self.assertIs(is_remark(cells), True, cells)
            self.assertIs(is_remark(cells, headings=False), always, cells)

    def test_dates(self):
        for text, expected in {
            "2024-03-05": True, "2024/3/5": True, "2024年3月5日": True, "3月5日": True,
            "2024.3": True, "2024-03-05 10:20": True, "2024": False, "7-11": False,
            "第1页": False, "2024年": False,
        }.items():  # fmt: skip
            self.assertIs(is_date(text), expected, text)

    def test_people(self):
        for text, expected in {
            "张三": ["张三"], "张三/李四": ["张三", "李四"],
            "张三 李四": ["张三", "李四"],
            "王经理、李总": ["王经理", "李总"], "张三和李四": ["张三", "李四"],
            "李和平": ["李和平"], "张 三": ["张 三"], "张三、采购部": [],
            "": [], "/": [],
            "Tom/Jerry": [],
        }.items():  # fmt: skip
            self.assertEqual(people(text), expected, text)

    def test_area_codes(self):
        for city, expected in {
            "苏州": "0512", "苏州市": "0512", " 北京 市": "010", "本溪": "024",
            "昆山": "0512", "江苏": "", "": "", "柏林": "",
        }.items():  # fmt: skip
            self.assertEqual(area_code(city), expected, city)
