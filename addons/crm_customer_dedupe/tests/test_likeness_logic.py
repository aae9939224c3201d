from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from odoo.tests import BaseCase

from odoo.addons.crm_customer_center.tools.company_name import company_name
from odoo.addons.crm_customer_center.tools.likeness import (
    MAYBE,
    REASONS,
    SURE,
    Profile,
    compare,
    office_key,
)
from odoo.addons.crm_customer_center.tools.match_keys import LONGEST, match_keys
from odoo.addons.crm_customer_center.tools.person_name import person_name
from odoo.addons.crm_customer_center.tools.places import apart, split_place

from .labelled import pairs

LABELLED = pairs()
NAMES = st.one_of(
    st.sampled_from([pair.one.name for pair in LABELLED]),
    st.sampled_from([pair.other.name for pair in LABELLED]),
    st.text(max_size=12),
    st.text(
        alphabet="恒测策上海北京苏州分公司有限第一二三科技餐饮店（）()ab .,&",
        max_size=14,
    ),
)
FEW = st.frozensets(st.sampled_from(["+8613800001111", "+862158881234"]), max_size=2)
PROFILES = st.builds(
    Profile,
    name=NAMES,
    person=st.booleans(),
    phones=FEW,
    emails=st.frozensets(
        st.sampled_from(["a@hengce.example.com", "b@hengce.example.com", "a@qq.com"]),
        max_size=2,
    ),
    credit_code=st.sampled_from(["", "91310115132285001X", "310115132285001", "/"]),
    codes=st.frozensets(st.sampled_from(["K1", "K2"]), max_size=1),
    city=st.sampled_from(["", "上海", "苏州市", "江苏省苏州市", "London", "?"]),
    former=st.lists(NAMES, max_size=1).map(tuple),
)


def profile(name, **values):
    return Profile(name=name, **values)


class TestLikenessLogic(BaseCase):
    @given(PROFILES, PROFILES)
    def test_it_is_the_same_whichever_comes_first(self, one, other):
        self.assertEqual(compare(one, other), compare(other, one))

    @given(PROFILES, PROFILES)
    def test_a_score_is_a_score_and_reasons_are_known(self, one, other):
        verdict = compare(one, other)
        self.assertTrue(0 <= verdict.score <= 100)
        self.assertLessEqual(set(verdict.reasons), set(REASONS))
        self.assertEqual(len(set(verdict.reasons)), len(verdict.reasons))

    @given(PROFILES)
    def test_keys_are_short_and_the_same_each_time(self, one):
        keys = match_keys(one)
        self.assertEqual(keys, match_keys(one))
        self.assertTrue(all(1 < len(key) <= LONGEST for key in keys))
        self.assertTrue(all("\x00" not in key for key in keys))

    def test_a_name_in_the_other_script_is_the_same_name(self):
        one_by_one = OpenCC("s2t").convert

        def convert(name):
            return "".join(map(one_by_one, name))

        names = [pair.one.name for pair in LABELLED]
        changed = [name for name in names if convert(name) != name]
        self.assertGreater(len(changed), 100)
        for name in changed:
            with self.subTest(name=name):
                self.assertEqual(company_name(convert(name)), company_name(name))

    def test_a_number_that_no_one_has_two_of_decides(self):
        one = profile("上海恒策信息技术有限公司", credit_code="91310115132285001X")
        for number, is_one in (
            ("91310115132285001X", True),
            ("310115132285001", True),
            ("91310115999999999X", False),
        ):
            other = one._replace(credit_code=number)
            with self.subTest(number=number):
                self.assertEqual(compare(one, other).score >= SURE, is_one)
                self.assertEqual(compare(one, other).score == 0, not is_one)

    def test_the_old_number_is_in_the_new_one(self):
        self.assertEqual(
            office_key("310115132285001"), office_key("913101151322850017")
        )
        self.assertNotEqual(
            office_key("110101199001011237"), office_key("110101199001011229")
        )

    def test_a_branch_is_no_double_of_its_company(self):
        one = profile("上海恒策信息技术有限公司", phones=frozenset({"+862158881234"}))
        for name in (
            "上海恒策信息技术有限公司北京分公司",
            "上海恒策信息技术有限公司驻新疆办事处",
            "上海恒策信息技术有限公司第二分公司",
        ):
            with self.subTest(name=name):
                self.assertLess(compare(one, one._replace(name=name)).score, MAYBE)

    def test_a_phone_alone_is_no_reason(self):
        phones = frozenset({"+862158881234"})
        one = profile("上海恒策信息技术有限公司", phones=phones)
        for other in (
            profile("苏州明远精密机械有限公司", phones=phones),
            profile("张伟", person=True, phones=phones),
        ):
            with self.subTest(other=other.name):
                self.assertLess(compare(one, other).score, MAYBE)

    def test_public_mail_says_no_house(self):
        """Two of one domain of a company are nearer than two of one provider."""
        one = profile("上海恒策信息有限公司", emails=frozenset({"a@qq.com"}))
        other = profile("上海恒策数据有限公司", emails=frozenset({"b@qq.com"}))
        self.assertNotIn("domain", compare(one, other).reasons)
        one = one._replace(emails=frozenset({"a@hengce.example.com"}))
        other = one._replace(emails=frozenset({"b@hengce.example.com"}))
        self.assertIn("domain", compare(one, other).reasons)

    def test_names_are_taken_apart(self):
        for name, places, brand, trade, branch in (
            ("上海恒策信息技术有限公司", {"上海"}, "恒策", "信息技术", ""),
            ("江苏省苏州市东吴染料有限公司", {"江苏", "苏州"}, "东吴染料", "", ""),
            ("恒策科技（苏州）有限责任公司", {"苏州"}, "恒策", "科技", ""),
            ("恒策科技有限公司北京分公司", set(), "恒策", "科技", "北京"),
            ("恒策科技（北京）分公司", set(), "恒策", "科技", "北京"),
            (
                "Hengce Technology (Suzhou) Co., Ltd.",
                {"苏州", "宿州"},
                "hengce",
                "technology",
                "",
            ),
            ("有限公司", set(), "有限公司", "", ""),
            ("上海", set(), "上海", "", ""),
        ):
            with self.subTest(name=name):
                found = company_name(name)
                self.assertEqual(
                    (found.places, found.brand, found.trade, found.branch),
                    (places, brand, trade, branch),
                )

    def test_people(self):
        for name, family, given_name in (
            ("张伟", "张", "伟"),
            ("张先生", "张", ""),
            ("欧阳修文", "欧阳", "修文"),
            ("马晓燕（财务）", "马", "晓燕"),
            ("先生", "先", "生"),
        ):
            with self.subTest(name=name):
                found = person_name(name)
                self.assertEqual((found.family, found.given), (family, given_name))

    def test_where_places_lie(self):
        for one, other, are_apart in (
            ({"苏州"}, {"江苏", "苏州"}, False),
            ({"苏州"}, {"江苏"}, False),
            ({"昆山"}, {"苏州"}, False),
            ({"苏州"}, {"南京"}, True),
            ({"江苏", "苏州"}, {"江苏", "南京"}, True),
            ({"London"}, {"Chicago"}, True),
            (set(), {"南京"}, False),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(apart(frozenset(one), frozenset(other)), are_apart)
                self.assertEqual(apart(frozenset(other), frozenset(one)), are_apart)

    @given(st.text(alphabet="上海市苏州江苏省中国恒策", max_size=10))
    def test_what_is_left_of_a_name_has_a_name(self, name):
        places, rest = split_place(name)
        self.assertTrue(name.endswith(rest))
        self.assertTrue(not places or len(rest) >= 2)
