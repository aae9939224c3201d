from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.errors import ImportFileError
from ..tools.fields import FIELDS, IGNORE, REASON_HEADERS, header_key
from ..tools.header import (
    SHARED,
    data_rows,
    find_header,
    match_headers,
    signature,
)
from ..tools.table import Row, Table
from ..tools.workbook import open_table
from .workbooks import HEADER, ROWS, csv_bytes, openpyxl_bytes

titles = st.lists(
    st.one_of(
        st.sampled_from([f.label_zh for f in FIELDS.values()]),
        st.sampled_from([word for f in FIELDS.values() for word in f.synonyms]),
        st.text(max_size=8),
    ),
    max_size=15,
)


def rows_of(*cells):
    return [Row(number, tuple(row)) for number, row in enumerate(cells, 1) if any(row)]


def fields_of(*labels, remembered=None):
    return [match.field for match in match_headers(labels, remembered)]


class TestFindHeader(BaseCase):
    def test_titles_below_a_title_and_notes(self):
        """# C8"""
        header = find_header(
            rows_of(
                ["2024年客户信息一览表"],
                [""],
                ["制表人：张三", "", "联系电话：13800138000"],
                ["填表说明：请按照模板填写客户名称、电话、邮箱，不要改动表头的顺序"],
                ["序号", "客户名称", "联系人", "电话"],
                ["1", "深圳创新科技有限公司", "张三", "13800138000"],
            )
        )
        self.assertEqual(header.row_number, 5)
        self.assertEqual(header.labels, ("序号", "客户名称", "联系人", "电话"))

    def test_a_line_of_titles_and_values_is_no_header(self):
        header = find_header(
            rows_of(
                ["联系人", "张三", "电话", "13800138000"],
                ["公司名称", "手机"],
                ["甲公司", "13900139000"],
            )
        )
        self.assertEqual(header.row_number, 2)

    def test_the_lower_of_two_title_lines(self):
        header = find_header(
            rows_of(
                ["基本信息", "", "", "联系人", "", ""],
                ["公司名称", "行业", "地址", "姓名", "手机", "邮箱"],
                ["甲公司", "制造业", "深圳", "张三", "13800138000", "a@b.cn"],
            )
        )
        self.assertEqual(header.row_number, 2)

    def test_titles_used_twice_are_numbered(self):
        header = find_header(rows_of(["客户名称", "手机", "手机", " 手机 "]))
        self.assertEqual(header.labels, ("客户名称", "手机", "手机 (2)", "手机 (3)"))

    def test_columns_without_title_are_kept(self):
        header = find_header(rows_of(["客户名称", "", "电话"], ["a", "b", "c", "d"]))
        self.assertEqual(header.labels, ("客户名称", "", "电话"))

    def test_files_without_titles(self):
        for cells in (
            [["甲公司", "13800138000", "a@b.cn"], ["乙公司", "13900139000", "c@d.cn"]],
            [["甲公司", "客户", "13800138000"]],
            [["1", "2"], ["3", "4"]],
            [],
        ):
            with self.assertRaises(ImportFileError) as caught:
                find_header(rows_of(*cells))
            self.assertEqual(caught.exception.code, "no_header")

    def test_english_titles(self):
        header = find_header(rows_of(["Customers"], ["Company", "E-mail"], ["A", "b"]))
        self.assertEqual(header.row_number, 2)


class TestMatchHeaders(BaseCase):
    def test_titles_people_use(self):
        """# C8: Chinese and English headers."""
        expected = {
            "company_name": [
                "公司名称",
                "单位名称",
                "企业名称",
                "客户",
                "Account Name",
            ],
            "contact_name": ["联系人", "姓名", "Contact person", "联系人姓名"],
            "phone": ["电话", "固话", "座机", "联系电话", "Tel.", "Phone Number"],
            "mobile": ["手机", "手机号码", "移动电话", "Cell phone", "手機"],
            "email": ["邮箱", "电子邮件", "E-MAIL", "Email Address"],
            "vat": ["统一社会信用代码", "税号", "信用代码", "Tax ID"],
            "customer_code": ["客户编号", "编码", "Customer No."],
            "owner": ["业务员", "客户经理", "Salesperson"],
            "street": ["地址", "详细地址", "Address"],
            "comment": ["备注", "Remarks"],
            IGNORE: ["序号", "No.", "#"],
        }
        for field, labels in expected.items():
            for label in labels:
                with self.subTest(label=label):
                    self.assertEqual(fields_of(label), [field])

    def test_decorated_titles(self):
        for label, field in {
            "*客户名称": "company_name",
            "客户名称（必填）": "company_name",
            "手机号码(11位)": "mobile",
            "客户名称/Customer": "company_name",
            "电子邮箱\nE-mail": "email",
            "企业（客户名称）": "company_name",
            "Ｐｈｏｎｅ": "phone",
            "Custmer name": "company_name",
        }.items():
            with self.subTest(label=label):
                self.assertEqual(fields_of(label), [field])

    def test_unknown_titles_are_left_to_the_person(self):
        match = match_headers(["合作年限", "", "x" * 200])
        self.assertEqual([m.field for m in match], [None, None, None])
        self.assertEqual([m.why for m in match], ["unknown", "no_title", "unknown"])

    def test_a_second_column_of_one_meaning(self):
        """# C8: two columns of one name: both are kept."""
        self.assertEqual(fields_of("手机", "手机 (2)"), ["mobile", "phone2"])
        self.assertEqual(fields_of("电话", "固定电话"), ["phone", "phone2"])
        self.assertEqual(fields_of("邮箱", "邮箱 (2)"), ["email", "email2"])
        self.assertEqual(fields_of("备注", "备注 (2)"), ["comment", "comment"])
        names = match_headers(["客户名称", "公司名称"])
        self.assertEqual([m.why for m in names], ["exact", "taken"])

    def test_responsible_is_owner_or_contact(self):
        self.assertEqual(fields_of("公司", "负责人"), ["company_name", "contact_name"])
        self.assertEqual(fields_of("联系人", "负责人"), ["contact_name", "owner"])
        self.assertEqual(
            fields_of("联系人", "业务员", "负责人"), ["contact_name", "owner", None]
        )

    def test_what_a_person_decided_is_remembered(self):
        remembered = {header_key("合作年限"): "property:年限", "电话": IGNORE}
        self.assertEqual(
            fields_of("合作年限", "电话", "座机", remembered=remembered),
            ["property:年限", IGNORE, "phone"],
        )

    def test_the_reason_column_is_ignored(self):
        for label in REASON_HEADERS:
            match = match_headers([label, "客户名称"])[0]
            self.assertEqual((match.field, match.why), (IGNORE, "reason_column"))

    @settings(deadline=None)
    @given(titles)
    def test_each_column_gets_one_answer_and_each_field_one_column(self, labels):
        matches = match_headers(labels)
        self.assertEqual([m.index for m in matches], list(range(len(labels))))
        self.assertEqual([m.header for m in matches], labels)
        single = [m.field for m in matches if m.field and m.field not in SHARED]
        self.assertEqual(len(single), len(set(single)))
        for match in matches:
            self.assertTrue(match.field is None or match.field in FIELDS)
            self.assertEqual(bool(match.field), match.confidence > 0)

    @given(titles, st.randoms())
    def test_the_signature_ignores_order_and_reason(self, labels, chance):
        shuffled = [*labels, REASON_HEADERS[1]]
        chance.shuffle(shuffled)
        self.assertEqual(signature(labels), signature(shuffled))
        self.assertNotEqual(signature(labels), signature([*labels, "新的一列"]))


class TestDataRows(BaseCase):
    def test_rows_below_the_titles_are_padded(self):
        content = csv_bytes([["客户清单"], HEADER, *ROWS, ["丙公司"]])
        table = open_table(content)
        header = find_header(table.head())
        rows = list(data_rows(table, header))
        self.assertEqual([row.number for row in rows], [3, 4, 5])
        self.assertEqual(rows[2].cells, ("丙公司", "", "", ""))

    def test_repeated_titles_and_totals_are_marked(self):
        labels = ["客户名称", "手机", "手机", "金额"]
        table_rows = [
            Row(1, tuple(labels)),
            Row(2, ("甲公司", "1", "", "5")),
            Row(3, tuple(labels)),
            Row(4, ("合计", "", "", "5")),
            Row(5, ("合计科技有限公司", "", "", "5")),
            Row(6, ("合计", "张三", "", "")),
            Row(7, ("客户名称", "138", "", "")),
        ]
        table = Table("csv", "", "", lambda: iter(table_rows))
        rows = list(data_rows(table, find_header(table_rows)))
        codes = [[problem.code for problem in row.problems] for row in rows]
        self.assertEqual(
            codes, [[], ["repeated_header"], ["total_row"], [], [], []]
        )  # fmt: skip

    def test_totals_in_any_cell(self):
        """# C8: a row of totals is named as no customer, whatever it looks like."""
        labels = ["序号", "客户名称", "联系人", "手机", "注册资本", "备注"]
        totals = [
            ["合计", "", "", "", "1200", ""], ["", "合计", "", "", "1200", ""],
            ["合计", "合计", "", "", "1200", ""], ["", "合 计", "27", "", "1,200", ""],
            ["", "", "总计：", "", "¥1200", ""], ["", "江苏", "小计", "", "5", ""],
            ["", "华东区小计", "", "", "1200", ""], ["", "张三 汇总", "", "", "12", ""],
            ["", "本页合计", "", "", "12", ""], ["", "合计（元）", "", "", "12", ""],
            ["", "共 27 家", "", "", "", ""], ["", "汇总", "", "", "12", "制表:李四"],
            ["", "小计", "3家", "", "12万元", ""], ["", "合计", "", "", "=SUM(E2)", ""],
            ["", "共计", "", "", "", ""], ["", "平均", "", "", "12", ""],
            ["", "Total", "", "", "1200", ""], ["", "Subtotal:", "", "", "1200", ""],
            ["", "GRAND TOTAL", "", "", "12", ""], ["", "Sum", "", "", "12", ""],
            ["", "East Total", "", "", "12", ""], ["", "總計", "", "", "12", ""],
        ]  # fmt: skip
        customers = [
            ["1", "合计科技", "", "", "100", ""],
            ["1", "合计科技有限公司", "张三", "13800138000", "100", ""],
            ["3", "小计算机店", "王五", "13800138000", "", ""],
            ["3", "共计网络", "王五", "13800138000", "", ""],
            ["1", "Total", "Jean Dupont", "0123456789", "", ""],
            ["1", "Total", "", "0123456789", "", ""],
            ["", "TotalEnergies", "", "", "100", ""],
            ["5", "深圳创新科技有限公司", "李四", "13800138000", "100", "合计"],
            ["5", "华为", "李四", "13800138000", "100", "合计"],
            ["", "合计", "张三", "13800138000", "", "a@b.cn"],
        ]
        for rows, wanted in ((totals, ["total_row"]), (customers, [])):
            for cells in rows:
                with self.subTest(cells=cells):
                    lines = [Row(1, tuple(labels)), Row(2, tuple(cells))]
                    table = Table("csv", "", "", lambda lines=lines: iter(lines))
                    (row,) = data_rows(table, find_header(lines[:1]))
                    self.assertEqual([p.code for p in row.problems], wanted)

    def test_titles_merged_downwards(self):
        def fill(book):
            book.active.append(["客户名称", "联系方式", None])
            book.active.append([None, "电话", "手机"])
            book.active.append(["甲公司", "1", "2"])
            book.active.merge_cells("A1:A2")
            book.active.merge_cells("B1:C1")

        table = open_table(openpyxl_bytes(fill))
        header = find_header(table.head())
        self.assertEqual(header.labels, ("客户名称", "电话", "手机"))
        self.assertEqual(len(list(data_rows(table, header))), 1)


@tagged("post_install", "-at_install")
class TestTwoRowsOfTitles(BaseCase):
    """Titles below the title of a group."""

    def found(self, *rows):
        numbered = [Row(number, cells) for number, cells in enumerate(rows, 1)]
        return find_header(numbered)

    def test_they_are_one_row(self):
        header = self.found(
            ("客户汇总表", "", "", ""),
            ("客户名称", "联系方式", "", "行业"),
            ("", "电话", "邮箱", ""),
            ("甲公司", "13800138000", "a@b.cn", "软件"),
        )
        self.assertEqual(header.row_number, 3)
        self.assertEqual(header.labels, ("客户名称", "电话", "邮箱", "行业"))

    def test_data_and_repeated_titles_are_no_titles(self):
        for second in (("客户名称", "电话"), ("甲公司", ""), ("甲公司", "行业")):
            header = self.found(("客户名称", "电话"), second)
            self.assertEqual(header.row_number, 1, second)
