from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.duplicate_keys import (
    company_name_key,
    email_key,
    phone_key,
    without_legal_form,
)


class TestDuplicateKeysLogic(BaseCase):
    def test_one_company_however_it_is_written(self):
        """# C4: suffix, width, case, marks, traditional characters fold away."""
        for names in (
            ["华为技术有限责任公司", "華為技術", "华为 技术（有限公司）"],
            ["广东电子集团股份有限公司", "廣東電子", "广东电子公司"],
            ["ACME Co., Ltd.", "Acme Co.,Ltd", "ＡＣＭＥ　ＧｍｂＨ", "Acme"],
            ["华为（中国）有限公司", "华为(中国)", "华为中国"],
            ["Foo L.L.C.", "foo"],
            ["华为集团有限 责任公司", "华为"],
        ):
            with self.subTest(names=names):
                self.assertEqual(len({company_name_key(name) for name in names}), 1)

    def test_different_companies_stay_different(self):
        for one, other in (
            ("华为技术有限公司", "华为技术有限公司北京分公司"),
            ("某某公司", "某某子公司"),
            ("Taco", "Ta Co"),
            ("有限公司", "集团公司"),
            ("上海一号公司", "上海二号公司"),
        ):
            with self.subTest(one=one):
                self.assertNotEqual(company_name_key(one), company_name_key(other))

    def test_a_name_without_its_legal_form(self):
        """# C17: nobody types how the legal form is read."""
        for folded, rest in (
            ("锐达仪器有限公司 ", "锐达仪器"),
            ("锐达仪器", "锐达仪器"),
            ("有限公司", ""),
        ):
            with self.subTest(folded=folded):
                self.assertEqual(without_legal_form(folded), rest)

    def test_a_name_of_suffixes_or_marks_only_keeps_a_key(self):
        for name, key in {
            "有限公司": "有限公司",
            "Co., Ltd.": "coltd",
            "???": "???",
            "　": "",
            "\u200b": "",
        }.items():
            with self.subTest(name=name):
                self.assertEqual(company_name_key(name), key)

    def test_phone_keys(self):
        for raw, key in {
            "138 0013 8000": "+8613800138000",
            "+86 138 0013 8000": "+8613800138000",
            "010-65529988转801": "+861065529988",
            "+852 2123 4567": "+85221234567",
            "95588": "+8695588",
            "12345678901": "",
            "": "",
        }.items():
            with self.subTest(raw=raw):
                self.assertEqual(phone_key(raw), key)

    def test_email_keys(self):
        self.assertEqual(email_key("Zhang.San@QQ.com"), "zhang.san@qq.com")
        self.assertEqual(email_key("zhang.san"), "")

    @settings(deadline=None)
    @given(st.text(max_size=30))
    def test_a_visible_name_has_a_key(self, name):
        visible = any(char.isalnum() for char in name)
        self.assertTrue(company_name_key(name) or not visible)

    @settings(deadline=None)
    @given(
        st.text("深圳市创新科技贸易实业", min_size=1, max_size=8),
        st.sampled_from(
            [
                "有限公司",
                "股份有限公司",
                "有限责任公司",
                "集团公司",
                " Co., Ltd",
                " LTD.",
            ]
        ),
    )
    def test_a_suffix_does_not_count(self, name, suffix):
        self.assertEqual(company_name_key(name + suffix), company_name_key(name))
