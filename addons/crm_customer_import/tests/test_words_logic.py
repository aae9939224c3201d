from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.proposals import LEAST_CONFIDENCE, Proposer
from ..tools.synonyms import INDUSTRIES, SYNONYMS
from ..tools.words import settle, with_notes, word_key, word_of

# code, English and Chinese name of some divisions and sections
INDUSTRY = [
    ("C", "Manufacturing", "制造业"),
    ("C34", "Manufacture of General-purpose Machinery", "通用设备制造业"),
    ("C39", "Manufacture of Electronic Equipment", "计算机、通信和其他电子设备制造业"),
    ("F", "Wholesale and Retail Trade", "批发和零售业"),
    ("F51", "Wholesale Trade", "批发业"),
    ("H62", "Catering", "餐饮业"),
    ("I65", "Software and IT Services", "软件和信息技术服务业"),
    ("J", "Finance", "金融业"),
]
LABELS = [(label, code) for code, *names in INDUSTRY for label in (code, *names)]
USERS = [("王伟", "id:1"), ("wangwei", "id:1"), ("李娜", "id:2"), ("李强", "id:3")]
STATES = [("广东省", "id:1"), ("Zhejiang", "id:2"), ("内蒙古自治区", "id:3")]
texts = st.text(max_size=12)


@tagged("post_install", "-at_install")
class TestProposals(BaseCase):
    """The nearest choice of a word. Spec C8 ★."""

    def proposed(self, field, labels, word):
        return Proposer(field, labels).propose(word)

    def test_the_words_of_the_list_that_was_refused(self):
        """软件, 贸易, 机械制造 refused 500 of 501 rows."""
        for word, code in {
            "软件": "I65", "贸易": "F", "机械制造": "C34", "軟件": "I65",
            "软件行业": "I65", "IT": "", "电子元器件": "C39", "餐饮": "H62",
            "火锅店": "H62", "外贸公司": "F", "精密机械加工": "C34", "Software": "I65",
            "Machinery": "C34", "批发": "F51", "制造类": "C", "银行": "J",
            "食品批发": "F51",
        }.items():  # fmt: skip
            with self.subTest(word=word):
                self.assertEqual(self.proposed("industry", LABELS, word).value, code)

    def test_a_division_gives_way_to_its_section(self):
        only_sections = [("J", "J"), ("金融业", "J")]
        self.assertEqual(self.proposed("industry", only_sections, "保险").value, "J")

    def test_what_is_near_nothing_is_not_proposed(self):
        for word in ("其他", "待定", "???", "张三", "x", ""):
            with self.subTest(word=word):
                self.assertEqual(self.proposed("industry", LABELS, word).value, "")

    def test_confidence_grows_with_nearness(self):
        propose = Proposer("industry", LABELS).propose
        same, synonym, chapter = map(propose, ("制造业类", "软件", "精密机械加工"))
        self.assertGreater(same.confidence, synonym.confidence)
        self.assertGreater(synonym.confidence, chapter.confidence)
        self.assertGreaterEqual(chapter.confidence, LEAST_CONFIDENCE)

    def test_owners(self):
        for word, value in {
            "王伟(已离职)": "id:1", "王伟经理": "id:1", "老王": "id:1", "王总": "id:1",
            "小李": "", "老赵": "", "WangWei": "id:1",
        }.items():  # fmt: skip
            with self.subTest(word=word):
                self.assertEqual(self.proposed("owner", USERS, word).value, value)

    def test_places(self):
        for word, value in {
            "深圳": "id:1", "杭州市": "id:2", "广东东莞": "id:1", "呼和浩特": "id:3",
            "华东": "", "廣東深圳": "id:1",
        }.items():  # fmt: skip
            with self.subTest(word=word):
                self.assertEqual(self.proposed("state", STATES, word).value, value)

    def test_other_fields(self):
        sizes = [(key, key) for key in ("micro", "small", "medium", "large")]
        states = [(key, key) for key in ("potential", "active", "dormant", "lost")]
        levels = [(key, key) for key in ("VIP", "A", "B", "C", "D")]
        sources = [("Exhibition", "1"), ("Referral", "2"), ("Search engine", "3")]
        for field, labels, word, value in (
            ("size_class", sizes, "50-99人", "small"),
            ("size_class", sizes, "10人以下", "micro"),
            ("size_class", sizes, "1,000人以上", "large"),
            ("size_class", sizes, "大型企业", "large"),
            ("lifecycle_state", states, "意向客户", "potential"),
            ("lifecycle_state", states, "已成交", "active"),
            ("lifecycle_state", states, "停止合作", "lost"),
            ("level", levels, "★★★★★", "VIP"),
            ("level", levels, "重点客户", "VIP"),
            ("level", levels, "三级", "C"),
            ("source", sources, "广交会2024", "1"),
            ("source", [*sources, ("Old Customer List", "4")], "老客户介绍", "2"),
            ("source", sources, "微信朋友推荐", "2"),
            ("source", sources, "百度推广", "3"),
        ):
            with self.subTest(word=word):
                self.assertEqual(self.proposed(field, labels, word).value, value)

    def test_every_division_named_is_one_of_gbt_4754(self):
        for code in INDUSTRIES:
            self.assertRegex(code, r"^[A-T](\d\d)?$")

    def test_no_word_stands_for_two_choices(self):
        """The first would win silently."""
        for field, table in SYNONYMS.items():
            words = [word_key(w) for row in table.values() for w in row.split("|")]
            twice = {word for word in words if words.count(word) > 1}
            self.assertFalse(twice, field)

    @settings(deadline=None, max_examples=60)
    @given(field=st.sampled_from([*SYNONYMS, "owner", "state", "tags"]), word=texts)
    def test_any_word_gives_one_of_the_choices_or_nothing(self, field, word):
        proposal = Proposer(field, LABELS).propose(word)
        self.assertIn(proposal.value, {"", *(value for _label, value in LABELS)})
        self.assertLessEqual(proposal.confidence, 100)
        self.assertEqual(bool(proposal.value), bool(proposal.confidence))


@tagged("post_install", "-at_install")
class TestSettle(BaseCase):
    """Deciding once counts for every row, and no word is lost."""

    def test_choice_left_out_and_undecided(self):
        words = [word_of("industry", "软件"), word_of("level", "皇冠"),
                 word_of("source", "梦里")]  # fmt: skip
        decided = {("industry", "软件"): "id:1", ("level", "皇冠"): ""}
        settled = settle({"company_name": "甲"}, words, decided)
        self.assertEqual(settled.values, {"company_name": "甲", "industry": "id:1"})
        self.assertEqual([word.text for word in settled.noted], ["梦里"])
        noted = with_notes({"comment": "老客户"}, settled.noted, "zh")
        self.assertEqual(noted["comment"], "老客户\n客户来源: 梦里")

    def test_tags_add_up(self):
        words = [word_of("tags", "新"), word_of("tags", "旧")]
        decided = {("tags", "新"): "id:2", ("tags", "旧"): "id:1"}
        settled = settle({"tags": ["id:1"]}, words, decided)
        self.assertEqual(settled.values["tags"], ["id:1", "id:2"])

    def test_a_tag_that_was_put_in_is_not_noted(self):
        """# C8: neither one that is there already."""
        words = [word_of("tags", "新"), word_of("tags", "旧")]
        decided = {("tags", "新"): "id:2", ("tags", "旧"): "id:1"}
        self.assertEqual(settle({"tags": ["id:1"]}, words, decided).noted, [])

    def test_a_second_column_does_not_overwrite_the_first(self):
        settled = settle(
            {"industry": "id:1"},
            [word_of("industry", "软件")],
            {("industry", "软件"): "id:2"},
        )
        self.assertEqual(settled.values["industry"], "id:1")
        self.assertEqual(len(settled.noted), 1)

    def test_writings_that_are_one_word(self):
        self.assertEqual(
            {word_key(text) for text in ("软件", "軟件", " 软 件 ", "软件。", "软件")},
            {"软件"},
        )
        self.assertNotEqual(word_key("★★"), word_key("★★★"))

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["industry", "tags"]), texts.filter(str.strip)
            ),
            max_size=6,
        ),
        st.dictionaries(texts, st.sampled_from(["", "id:1", "id:2"]), max_size=4),
    )  # fmt: skip
    def test_every_word_is_decided_or_noted(self, pairs, choices):
        words = [word_of(field, text) for field, text in pairs]
        decided = {(f, word_key(k)): v for k, v in choices.items() for f, _t in pairs}
        settled = settle({}, words, decided)
        for word in words:
            value = decided.get((word.field, word.key))
            if value is None:
                self.assertIn(word, settled.noted)
            elif value:
                held = settled.values[word.field]
                self.assertTrue(value in held or word in settled.noted)
