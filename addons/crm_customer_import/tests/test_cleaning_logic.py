from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.addresses import Address, province_key, split_address
from ..tools.cleaning import (
    PROBLEMS,
    Lookups,
    choice_lookup,
    clean_row,
    looks_like_company,
    province_lookup,
    split_parts,
)
from ..tools.fields import FIELDS
from ..tools.names import looks_like_person
from ..tools.remarks import is_remark
from ..tools.table import CellProblem, Row
from ..tools.words import LONGEST_WORD, Word
from .engine_common import CLEANERS

CODE = "91110000600037341L"
LOOKUPS = Lookups(
    choices={
        "state": province_lookup([("Guangdong", "id:1"), ("广西壮族自治区", "id:2"),
                                  ("北京市", "id:3")]),
        "level": choice_lookup([("A", "id:4"), ("VIP", "id:5")]),
        "lifecycle_state": choice_lookup([("潜在", "potential"), ("成交", "active")]),
        "industry": choice_lookup([("制造业", "id:6")]),
        "tags": choice_lookup([("重点", "id:7")]),
        "owner": choice_lookup([("王经理", "id:8")]),
        "property:痛点": choice_lookup([("价格", "k1")]),
        "property:偏好": choice_lookup([("红", "t1")]),
    },
    properties={
        "合作年限": {"type": "integer"},
        "痛点": {"type": "selection", "selection": [["k1", "价格"]]},
        "偏好": {"type": "tags", "tags": [["t1", "红", 1]]},
    },
    lang="zh_CN",
)  # fmt: skip
# Fields whose cleaned text may be cleaned again.
AGAIN = [
    name
    for name, field in FIELDS.items()
    if field.kind in ("text", "phone", "email", "credit_code", "id_number", "note")
]
messy = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["13800138000", "１３８ 0013 8000", "010-65529988转801", "a＠b.cn",
         "13800138000/010-65529988", "广东省深圳市南山区1号", CODE.lower(), "无", "  ",
         "x" * 500]
    ),
)  # fmt: skip


def clean(lookups=LOOKUPS, problems=(), **cells):
    mapping = dict(enumerate(cells))
    row = Row(2, tuple(cells.values()), tuple(problems))
    return clean_row(row, mapping, CLEANERS, lookups)


def values(**cells):
    return clean(**{"company_name": "甲公司", **cells}).values


class TestCleanRow(BaseCase):
    def test_values_are_cleaned(self):
        """# C8: spaces, full width, phone, e-mail, province."""
        result = clean(
            company_name=" 华为（中国）　有限公司\u200b ",
            contact_name="张 三",
            mobile="１３８００１３８０００",
            phone="(010)65529988-801",
            email="Info＠B.COM",
            vat=CODE.lower(),
            state="广西",
            level="A级",
            lifecycle_state="潜在客户",
        )
        self.assertEqual(result.problems, [])
        self.assertEqual(
            result.values,
            {
                "company_name": "华为（中国） 有限公司",
                "contact_name": "张 三",
                "mobile": "+86 138 0013 8000",
                "phone": "+86 10 6552 9988 ext. 801",
                "email": "Info@b.com",
                "vat": CODE,
                "state": "id:2",
                "level": "id:4",
                "lifecycle_state": "potential",
            },
        )

    def test_bad_values_refuse_the_row(self):
        """# C3: bad values go to the error list."""
        for name, raw, code in (
            ("phone", "1380013800", "phone_too_short"),
            ("mobile", "1380013800、139001390", "phone_too_short"),
            ("phone", "坏了的 1380013", "phone_not_a_number"),
            ("email", "a@b", "email_bad_domain"),
            ("id_number", "123", "id_number_length"),
            ("company_name", "长" * 10_000, "too_long"),
        ):
            with self.subTest(name=name):
                result = clean(**{"contact_name": "张三", name: raw})
                self.assertEqual({p[:2] for p in result.problems}, {(name, code)})

    def test_nothing_is_written_in_many_ways(self):
        for raw in ("", " ", "-", "无", "暂无", "N/A", "null", "——", "/\x1b", "－",
                    "\u200b无\ufeff", "Ｎ／Ａ"):  # fmt: skip
            with self.subTest(raw=raw):
                got = values(phone=raw, email=raw, website=raw)
                self.assertEqual(got, {"company_name": "甲公司"})

    def test_a_name_that_says_nothing_is_none(self):
        result = clean(company_name="/\x1b", phone="13800138000")
        self.assertEqual([p.code for p in result.problems], ["no_name"])

    def test_a_row_needs_a_name(self):
        self.assertEqual(clean(phone="13800138000").problems[0].code, "no_name")
        self.assertEqual(clean(contact_name="张三").problems, [])

    def test_several_numbers_in_one_cell(self):
        got = values(phone="010-65529988/65529977、13800138000")
        self.assertEqual(got["phone"], "+86 10 6552 9988")
        self.assertEqual(got["phone2"], "+86 10 6552 9977 / +86 138 0013 8000")

    def test_a_number_given_twice_is_kept_once(self):
        got = values(phone="13800138000/13800138000", phone2="138 0013 8000")
        self.assertNotIn("phone2", got)

    def test_columns_that_share_a_field(self):
        row = Row(2, ("甲公司", "一", "二", "一"))
        mapping = {0: "company_name", 1: "comment", 2: "comment", 3: "comment"}
        result = clean_row(row, mapping, CLEANERS, LOOKUPS)
        self.assertEqual(result.values["comment"], "一\n二")

    def test_a_wrong_number_beside_a_right_one_is_kept_in_the_notes(self):
        """# C8: the first right number is the phone; no number is lost, none that is
        wrong becomes one."""
        result = clean(company_name="甲公司", phone="1380013800/13900139000")
        self.assertEqual(result.problems, [])
        self.assertEqual(result.values["phone"], "+86 139 0013 9000")
        self.assertEqual(result.values["comment"], "电话: 1380013800")
        self.assertEqual(result.warnings[0][:2], ("phone", "moved_to_notes"))

    def test_words_around_a_number_are_kept_with_it(self):
        for raw in (
            "王经理13800138000(晚上打)",
            "13800138000 李四",
            "前台：13800138000转",
        ):
            with self.subTest(raw=raw):
                got = values(phone=raw)
                self.assertEqual(got["phone"], "+86 138 0013 8000")
                self.assertTrue(got["comment"].startswith("电话: "))
        got = values(phone="张三13800138000、李四13900139000")
        self.assertEqual(got["phone2"], "+86 139 0013 9000")
        for raw in ("1.38E+10", "旧号1380013，新号13800138"):
            with self.subTest(raw=raw):
                self.assertTrue(clean(company_name="甲公司", phone=raw).problems)

    def test_several_addresses_in_one_cell(self):
        got = values(email="a@b.cn；c@d.cn、e@f.cn a@b.cn")
        self.assertEqual((got["email"], got["email2"]), ("a@b.cn", "c@d.cn / e@f.cn"))
        half = clean(company_name="甲公司", email="a@b;c@d.cn")
        self.assertEqual(half.problems, [])
        self.assertEqual(half.values["email"], "c@d.cn")
        self.assertEqual(half.values["comment"], "邮箱: a@b")

    def test_a_checked_value_among_words(self):
        got = values(email="a@b.cn(私人)", vat=f"税号：{CODE}")
        self.assertEqual((got["email"], got["vat"]), ("a@b.cn", CODE))
        self.assertIn("私人", got["comment"])
        for name, raw in (("email", "a@b(私人)"), ("vat", "税号：91330100MA0000")):
            self.assertTrue(clean(company_name="甲公司", **{name: raw}).problems)
        for name, raw in (("email", "待补"), ("vat", "三证合一中"), ("phone", "停机")):
            result = clean(company_name="甲公司", **{name: raw})
            self.assertEqual(result.problems, [])
            self.assertIn(raw, result.values["comment"])
        self.assertNotIn("comment", values(phone="无/13800138000"))

    def test_a_column_of_provinces_may_hold_cities(self):
        for raw in ("深圳", "深圳市", "广东深圳", "广东-深圳", "廣東省/深圳市"):
            got = values(state=raw)
            self.assertEqual((got["state"], got["city"]), ("id:1", "深圳市"), raw)
        wrong = clean(company_name="甲公司", state="北京深圳")
        self.assertNotIn("state", wrong.values)

    def test_text_too_long_for_its_field_is_kept_in_the_notes(self):
        result = clean(company_name="甲公司", street="长" * 400)
        self.assertEqual(result.problems, [])
        self.assertIn("长" * 400, result.values["comment"])

    def test_choices_nobody_knows_are_words(self):
        """# C8: they never refuse a row."""
        result = clean(
            company_name="甲公司", industry="採礦", owner="没有此人", source="展会"
        )
        self.assertEqual(result.problems, [])
        self.assertEqual(
            result.words,
            [
                Word("industry", "採礦", "采矿"),
                Word("owner", "没有此人", "没有此人"),
                Word("source", "展会", "展会"),
            ],
        )
        self.assertEqual(result.values, {"company_name": "甲公司"})

    def test_a_remark_in_a_column_of_choices_goes_into_the_notes(self):
        text = "老板说明年再看" * 20
        result = clean(company_name="甲公司", industry=text)
        self.assertEqual(result.words, [])
        self.assertIn(text, result.values["comment"])

    def test_traditional_characters_mean_the_same_choice(self):
        self.assertEqual(values(industry="製造業")["industry"], "id:6")

    def test_titles_and_totals_have_no_words(self):
        noted = [CellProblem(-1, "repeated_header", "客户名称")]
        result = clean(LOOKUPS, noted, company_name="客户名称", industry="行业类别")
        self.assertEqual(result.words, [])

    def test_lists_of_tags(self):
        result = clean(company_name="甲公司", tags="重点；展会2024,重点、 ")
        self.assertEqual(result.values["tags"], ["id:7"])
        self.assertEqual([w.text for w in result.words], ["展会2024"])

    def test_custom_choices_and_tags(self):
        row = Row(2, ("甲公司", "价格", "红、蓝", "很多"))
        mapping = dict(
            enumerate(["company_name", "property:痛点", "property:偏好",
                       "property:合作年限"])
        )  # fmt: skip
        result = clean_row(row, mapping, CLEANERS, LOOKUPS)
        self.assertEqual(result.values["property:痛点"], "k1")
        self.assertEqual(result.values["property:偏好"], ["t1"])
        self.assertEqual([w.text for w in result.words], ["蓝"])
        self.assertEqual(result.values["comment"], "合作年限: 很多")
        self.assertEqual(result.problems, [])

    def test_an_address_gives_province_and_city(self):
        got = values(street="广东省深圳市南山区科技园1号")
        self.assertEqual(
            (got["state"], got["city"], got["street"]),
            ("id:1", "深圳市", "南山区科技园1号"),
        )
        whole = clean(company_name="甲公司", state="广东省深圳市南山区科技园1号")
        self.assertEqual((whole.values["state"], whole.problems), ("id:1", []))
        own = values(street="广东省深圳市南山区", state="广西")
        self.assertEqual((own["state"], own["street"]), ("id:2", "广东省深圳市南山区"))
        both = values(state="广东省深圳市")
        self.assertEqual((both["state"], both["city"]), ("id:1", "深圳市"))
        self.assertEqual(values(street="广东省")["state"], "id:1")
        self.assertNotIn("state", values(street="上海路12号"))

    def test_problems_of_the_file(self):
        noted = [
            CellProblem(1, "digits_lost", "1.1E17"),
            CellProblem(2, "digits_lost", "9E15"),
            CellProblem(3, "error_cell", "#N/A"),
            CellProblem(9, "error_cell", "#N/A"),
            CellProblem(-1, "bad_encoding", "?"),
            CellProblem(-1, "other_encoding", "gb18030"),
        ]
        result = clean(
            LOOKUPS, noted, company_name="甲", id_number="", comment="", city=""
        )
        self.assertEqual(
            [p[:2] for p in result.problems],
            [("id_number", "digits_lost"), ("", "bad_encoding")],
        )
        self.assertEqual(
            [p[:2] for p in result.warnings],
            [("city", "error_cell"), ("", "other_encoding")],
        )

    def test_rows_that_are_no_customers(self):
        noted = [CellProblem(-1, "total_row", "合计")]
        result = clean(LOOKUPS, noted, company_name="合计", phone="6", industry="x")
        self.assertEqual([p.code for p in result.problems], ["total_row"])
        self.assertEqual((result.values, result.words), ({}, []))

    def test_custom_fields_and_ignored_columns(self):
        row = Row(2, ("甲公司", " 5　年 ", "x"))
        mapping = {0: "company_name", 1: "property:合作年限", 2: "ignore"}
        got = clean_row(row, mapping, CLEANERS, LOOKUPS).values
        self.assertEqual(got, {"company_name": "甲公司", "property:合作年限": "5 年"})

    def test_every_message_is_a_sentence(self):
        for code, message in PROBLEMS.items():
            with self.subTest(code=code):
                self.assertTrue(message.format(value="x").endswith("."))

    @settings(deadline=None)
    @given(st.dictionaries(st.sampled_from(list(FIELDS)), messy, max_size=6))
    def test_any_cells_give_values_or_problems(self, cells):
        result = clean(**cells)
        for name, value in result.values.items():
            self.assertIn(name, FIELDS)
            self.assertTrue(value)
        for problem in result.problems:
            self.assertTrue(problem.code)
        parts = split_parts(result.values, "zh_CN")
        self.assertTrue(parts.customer.get("name") or result.problems)

    @settings(deadline=None)
    @example({"company_name": "=\x1b"})
    @given(st.dictionaries(st.sampled_from(AGAIN), messy, max_size=6))
    def test_cleaning_twice_is_cleaning_once(self, cells):
        once = clean(**cells)
        fixed = {k: v for k, v in once.values.items() if isinstance(v, str)}
        fixed.pop("state", None)
        twice = clean(**fixed)
        self.assertEqual(twice.values, {**fixed, **_state(twice)})
        problems = {problem.code for problem in twice.problems}
        self.assertLessEqual(problems, {"no_name"})


def _state(result):
    """A street may begin with another province once the first is taken off."""
    return {
        name: value
        for name, value in result.values.items()
        if name in ("state", "city", "street")
    }


class TestBordersOfCleaning(BaseCase):
    """# C8: what fits a field goes into it, what does not is never lost."""

    def test_headings_and_feet_are_no_customers(self):
        for cells, expected in (
            (["一、华东区"], True), (["（二）重点客户", "", ""], True),
            (["华东地区", "华东地区"], True), (["备注：以下已停用"], True),
            (["制表人：张三", "", "审核：李四"], True),
            (["制表人：张三", "电话"], False), (["", " "], False),
            (["深圳公司"], False), (["华东区", "1"], False), ([], False),
        ):  # fmt: skip
            self.assertIs(is_remark(cells), expected, cells)
        row = {"company_name": "一、华东区", "industry": "", "phone": ""}
        self.assertEqual([p.code for p in clean(**row).problems], ["remark_row"])
        long = "备注：" + "x" * 100
        (problem,) = clean(**{**row, "company_name": long}).problems
        self.assertEqual(problem, ("", "remark_row", long[:60]))
        two = {"company_name": "一、华东区", "phone": ""}
        self.assertEqual(clean(**two).problems, [])
        foot = clean(company_name="", industry="制表人：张三", phone="")
        self.assertEqual([p.code for p in foot.problems], ["remark_row"])
        self.assertEqual(foot.words, [])

    def test_texts_up_to_the_length_of_their_field(self):
        for name in ("company_name", "customer_code", "city", "comment"):
            limit = FIELDS[name].limit
            if not limit:
                continue
            whole = clean(**{"contact_name": "张三", name: "长" * limit})
            self.assertEqual(len(whole.values[name]), limit)
            more = clean(**{"contact_name": "张三", name: "长" * (limit + 1)})
            refused = FIELDS[name].target in ("name", "ref", "comment")
            found = more.problems if refused else more.warnings
            code = "too_long" if refused else "moved_to_notes"
            self.assertEqual(found, [(name, code, "长" * 60)])
            self.assertNotIn(name, more.values)

    def test_lines_of_a_comment_and_of_other_fields(self):
        got = values(comment="一\n\n 二 ", city="苏\n州")
        self.assertEqual(got["comment"], "一\n二")
        self.assertEqual(got["city"], "苏 州")
        row = Row(2, ("甲公司", "南山区", "1号", "南山区"))
        mapping = {0: "company_name", 1: "street", 2: "street", 3: "street"}
        got = clean_row(row, mapping, CLEANERS, Lookups()).values
        self.assertEqual(got["street"], "南山区 1号")

    def test_columns_right_of_a_short_row_are_empty(self):
        row = Row(2, ("甲公司",))
        result = clean_row(row, {0: "company_name", 1: "phone"}, CLEANERS, LOOKUPS)
        self.assertEqual(
            (result.values, result.problems), ({"company_name": "甲公司"}, [])
        )

    def test_what_stands_in_a_phone_cell_and_is_none(self):
        for raw, expected in {
            "微信 abc_99": {"comment": "电话: 微信 abc_99"},
            "QQ：12345": {"comment": "电话: QQ:12345"},
            "a@b.cn": {"email": "a@b.cn"},
            "停机": {"comment": "电话: 停机"},
            "微信13800138000": {"phone": "+86 138 0013 8000",
                                "comment": "电话: 微信13800138000"},
        }.items():  # fmt: skip
            with self.subTest(raw=raw):
                result = clean(company_name="甲公司", phone=raw)
                self.assertEqual(result.problems, [])
                self.assertEqual(result.values, {"company_name": "甲公司", **expected})
        noted = clean(company_name="甲公司", phone="停机").warnings
        self.assertEqual(noted, [("phone", "moved_to_notes", "停机")])
        self.assertEqual(clean(company_name="甲公司", phone="QQ:12345").warnings, [])
        both = values(email="x@y.cn", phone="a@b.cn")
        self.assertEqual((both["email"], both["email2"]), ("x@y.cn", "a@b.cn"))

    def test_second_numbers(self):
        for cells, phone2 in (
            ({"phone2": "13800138000"}, "+86 138 0013 8000"),
            ({"mobile": "13800138000", "phone2": "13800138000"}, None),
            ({"mobile": "13800138000", "phone": "010-65529988/13800138000"}, None),
            ({"phone": "010-65529988", "phone2": "010-65529988"}, None),
            ({"phone2": "13800138000、13900139000、13800138000"},
             "+86 138 0013 8000 / +86 139 0013 9000"),
        ):  # fmt: skip
            self.assertEqual(values(**cells).get("phone2"), phone2, cells)

    def test_numbers_among_words_count_only_if_all_are_right(self):
        wrong = clean(company_name="甲公司", phone="旧13800138000新12345678901234567")
        self.assertEqual(len(wrong.problems), 1)
        self.assertNotIn("phone", wrong.values)
        self.assertNotIn("comment", wrong.values)

    def test_values_of_problems_are_short_and_visible(self):
        result = clean(company_name="甲公司", email="a\u202d@" + "b" * 100)
        self.assertEqual(len(result.problems), 1)
        self.assertIn("[U+202D]", result.problems[0].value)
        noted = [CellProblem(1, "error_cell", "x" * 100)]
        result = clean(LOOKUPS, noted, company_name="甲", phone="")
        self.assertEqual(result.warnings, [("phone", "error_cell", "x" * 60)])

    def test_problems_of_ignored_columns_do_not_matter(self):
        noted = [CellProblem(1, "formula_without_value", "=A1"),
                 CellProblem(2, "digits_lost", "1"),
                 CellProblem(3, "digits_lost", "2")]  # fmt: skip
        mapping = {0: "company_name", 1: "ignore", 2: "property:合作年限", 3: "city"}
        row = Row(2, ("甲公司", "", "", ""), tuple(noted))
        result = clean_row(row, mapping, CLEANERS, LOOKUPS)
        self.assertEqual(result.problems, [("property:合作年限", "digits_lost", "1")])

    def test_several_addresses_none_of_them_right(self):
        result = clean(company_name="甲公司", email="a@b;c@d")
        self.assertEqual([p[:2] for p in result.problems], [("email", "email_several")])
        self.assertEqual(result.problems[0].value, "a@b;c@d")
        got = clean(company_name="甲公司", email="a@b.cn;a@b.cn;x@y")
        self.assertEqual(got.values["email"], "a@b.cn")
        self.assertNotIn("email2", got.values)
        self.assertEqual(got.warnings, [("email", "moved_to_notes", "x@y")])

    def test_several_checked_values_in_words_are_no_value(self):
        raw = f"{CODE}或{CODE}"
        self.assertTrue(clean(company_name="甲公司", vat=raw).problems)

    def test_of_choices_with_one_name_the_first(self):
        self.assertEqual(choice_lookup([("A", "1"), ("a", "2")]), {"a": "1"})
        self.assertEqual(province_lookup([("广东", "1"), ("GD", "2")]), {"广东": "1"})

    def test_words_up_to_their_length(self):
        for more, words in ((0, 1), (1, 0)):
            text = "长" * (LONGEST_WORD + more)
            result = clean(company_name="甲公司", industry=text)
            self.assertEqual(len(result.words), words)
            self.assertEqual(len(result.warnings), 1 - words)
        twice = Row(2, ("甲公司", "没见过", "没见过"))
        mapping = {0: "company_name", 1: "tags", 2: "tags"}
        self.assertEqual(len(clean_row(twice, mapping, CLEANERS, LOOKUPS).words), 1)

    def test_tags_of_several_columns_add_up(self):
        lookups = LOOKUPS._replace(
            choices={"tags": choice_lookup([("重点", "id:7"), ("老", "id:9")])}
        )
        row = Row(2, ("甲公司", "重点", "老、重点"))
        mapping = {0: "company_name", 1: "tags", 2: "tags"}
        got = clean_row(row, mapping, CLEANERS, lookups).values
        self.assertEqual(got["tags"], ["id:7", "id:9"])
        self.assertNotIn("tags", values(tags="没见过"))

    def test_types_of_customers_have_many_names(self):
        for raw, kind in {"企业": "company", "个人": "person", "B": "company"}.items():
            self.assertEqual(values(customer_type=raw)["customer_type"], kind)

    def test_a_city_of_its_own_column_stays(self):
        got = values(city="广州市", street="广东省深圳市南山区1号")
        self.assertEqual((got["city"], got["street"]), ("广州市", "南山区1号"))
        got = values(city="广州市", state="深圳")
        self.assertEqual((got["state"], got["city"]), ("id:1", "广州市"))
        self.assertNotIn("street", values(street="广东省"))

    def test_contacts_without_a_name_are_the_customer_s(self):
        parts = split_parts({"company_name": "甲公司", "contact_email": "a@b.cn",
                             "email": "a@b.cn", "district": "南山区",
                             "street": "南山区1号"})  # fmt: skip
        self.assertEqual(
            parts.customer,
            {
                "name": "甲公司",
                "email": "a@b.cn",
                "is_company": "1",
                "street": "南山区1号",
            },
        )
        parts = split_parts({"company_name": "甲公司", "district": "南山区"})
        self.assertEqual(parts.customer["street"], "南山区")
        person = split_parts({"contact_name": "张三", "function": "经理"})
        self.assertEqual(
            person.customer, {"name": "张三", "function": "经理", "is_company": ""}
        )


class TestSplitParts(BaseCase):
    def test_company_with_contact(self):
        parts = split_parts(
            {
                "company_name": "甲公司",
                "contact_name": "张三",
                "phone": "1",
                "mobile": "2",
                "contact_email": "c@d.cn",
                "function": "经理",
                "vat": CODE,
                "customer_code": "K1",
                "property:合作年限": "5",
            }
        )
        self.assertEqual(
            parts.customer,
            {
                "name": "甲公司",
                "phone": "1",
                "vat": CODE,
                "ref": "K1",
                "property:合作年限": "5",
                "is_company": "1",
            },
        )
        self.assertEqual(
            parts.contact,
            {"name": "张三", "phone": "2", "email": "c@d.cn", "function": "经理"},
        )

    def test_company_without_contact(self):
        parts = split_parts(
            {"company_name": "甲公司", "mobile": "2", "function": "经理"}
        )
        self.assertEqual(parts.contact, {})
        self.assertEqual(parts.customer["phone"], "2")
        self.assertEqual(parts.customer["comment"], "Job position: 经理")
        both = split_parts(
            {"company_name": "甲公司", "phone": "1", "mobile": "2"}, "zh"
        )
        self.assertEqual(both.customer["phone"], "1")
        self.assertEqual(both.customer["comment"], "手机: 2")

    def test_persons(self):
        for cells in (
            {"contact_name": "张三"},
            {"company_name": "张三"},
            {"company_name": "张三", "contact_name": "张三"},
            {"company_name": "阿里", "customer_type": "person"},
            {"company_name": "某某", "id_number": "1"},
        ):
            with self.subTest(cells=cells):
                parts = split_parts({**cells, "mobile": "2"})
                self.assertEqual(parts.customer["is_company"], "")
                self.assertEqual(parts.customer["phone"], "2")
                self.assertEqual(parts.contact, {})

    def test_companies(self):
        for cells in (
            {"company_name": "阿里巴巴"},
            {"company_name": "Acme"},
            {"company_name": "张三服装店"},
            {"company_name": "张三", "contact_name": "李四"},
            {"company_name": "张三", "customer_type": "company"},
        ):
            with self.subTest(cells=cells):
                self.assertEqual(split_parts(cells).customer["is_company"], "1")

    def test_what_has_no_field_is_noted(self):
        """Nothing is lost: fax, WeChat and second numbers go into the comment."""
        parts = split_parts(
            {
                "company_name": "甲公司",
                "comment": "老客户",
                "fax": "010-1",
                "wechat": "wx",
                "phone2": "3",
                "district": "南山区",
                "street": "科技园1号",
            },
            "zh_CN",
        )
        self.assertEqual(
            parts.customer["comment"], "老客户\n其他电话: 3\n传真: 010-1\n微信: wx"
        )
        self.assertEqual(parts.customer["street"], "南山区科技园1号")


class TestNames(BaseCase):
    def test_companies_and_persons(self):
        for name in (
            "深圳创新科技有限公司",
            "Acme Ltd",
            "张三饭店",
            "北京大学",
            "第二机床厂",
        ):
            self.assertTrue(looks_like_company(name), name)
        for name in ("张三", "欧阳娜娜", "王小明", "李总", "张 三", "陈小姐"):
            self.assertTrue(looks_like_person(name), name)
            self.assertFalse(looks_like_company(name), name)
        for name in ("阿里巴巴", "Zhang San", "华为", "王府井百货", "欧阳"):
            self.assertFalse(looks_like_person(name), name)


class TestAddresses(BaseCase):
    def test_provinces_have_one_key(self):
        for names in (
            ["广东", "广东省", "GD", "Guangdong", "Guangdong Province", "廣東省", "粤"],
            ["广西", "广西壮族自治区", "GX", "Guangxi Zhuang Autonomous Region", "桂"],
            ["内蒙古", "内蒙古自治区", "Inner Mongolia", "NM"],
            ["新疆", "新疆维吾尔自治区", "XJ"],
            ["北京", "北京市", "Beijing", "Beijing Municipality", "京"],
            ["香港", "香港特别行政区", "Hong Kong SAR", "HK"],
        ):
            with self.subTest(names=names):
                self.assertEqual({province_key(name) for name in names}, {names[0]})
        self.assertEqual(province_key("Bavaria"), "bavaria")

    def test_addresses_are_split(self):
        for text, expected in {
            "广东省深圳市南山区1号": ("广东", "深圳市", "南山区1号"),
            "广东深圳市南山区1号": ("广东", "深圳市", "南山区1号"),
            "中国广东省深圳市": ("广东", "深圳市", ""),
            "北京市海淀区中关村": ("北京", "北京市", "海淀区中关村"),
            "北京市北京市海淀区": ("北京", "北京市", "海淀区"),
            "上海浦东新区": ("上海", "上海市", "浦东新区"),
            "新疆维吾尔自治区伊犁哈萨克自治州": ("新疆", "伊犁哈萨克自治州", ""),
            "内蒙古锡林郭勒盟": ("内蒙古", "锡林郭勒盟", ""),
            "上海路12号": ("", "", "上海路12号"),
            "湖南大道5号": ("", "", "湖南大道5号"),
            "科技园": ("", "", "科技园"),
        }.items():
            with self.subTest(text=text):
                self.assertEqual(split_address(text), Address(*expected))
