"""The tools proposals: how sure a proposal is, and where the doubt begins."""

from unittest.mock import patch

from odoo.tests import BaseCase

from ..tools import proposals
from ..tools.proposals import (
    LEAST_CONFIDENCE,
    NOTHING,
    Proposal,
    Proposer,
    _cores,
    _in,
    _likeness,
)

INDUSTRY = [
    ("C", "C"),
    ("制造业", "C"),
    ("C39", "C39"),
    ("F", "F"),
    ("F51", "F51"),
    ("批发业", "F51"),
    ("I65", "I65"),
]
SOURCES = [("Exhibition", "1"), ("Referral", "2"), ("Search engine", "3")]
SIZES = [(key, key) for key in ("micro", "small", "medium", "large")]


def proposed(field, labels, word):
    return Proposer(field, labels).propose(word)


class TestHowSure(BaseCase):
    """# C8: a proposal says why, and the surer the nearer."""

    def test_why_and_how_sure(self):
        for field, labels, word, expected in (
            ("industry", INDUSTRY, "制造业", ("C", 98, "same")),
            ("industry", INDUSTRY, "批发行业", ("F51", 92, "synonym")),
            ("industry", INDUSTRY, "电子", ("C39", 92, "synonym")),
            ("industry", INDUSTRY, "电子加工", ("C39", 80, "chapter")),
            ("industry", INDUSTRY, "食品批发", ("F51", 72, "chapter")),
            ("industry", INDUSTRY, "电子软件", ("I65", 72, "chapter")),
            ("source", SOURCES, "广交会2024", ("1", 80, "synonym")),
            ("source", SOURCES, "exhibitions", ("1", 88, "similar")),
        ):
            with self.subTest(word=word):
                self.assertEqual(tuple(proposed(field, labels, word)), expected)

    def test_choices_without_a_label_are_none(self):
        self.assertEqual(proposed("tags", [("", "x")], ""), NOTHING)
        self.assertNotIn("", Proposer("tags", [("", "x"), ("a", "y")])._values)

    def test_what_is_just_sure_enough(self):
        proposer = Proposer("tags", [])
        for confidence, kept in (
            (LEAST_CONFIDENCE, True),
            (LEAST_CONFIDENCE - 1, False),
        ):
            near = Proposal("x", confidence, "similar")
            proposer._best = lambda _cores, near=near: near
            self.assertEqual(proposer.propose("甲乙丙"), near if kept else NOTHING)

    def test_a_word_within_a_longer_one_is_no_doubt(self):
        """机电设备 holds 设备; the parts of one word mean one choice."""
        labels = [("a", "1"), ("b", "2")]
        proposer = Proposer("tags", labels)
        proposer._synonyms = {"设备": "1", "机电设备": "2"}
        self.assertEqual(proposer._contained("大机电设备"), ("2", 80, "synonym"))
        self.assertEqual(proposer._contained("机电设备配设备"), ("1", 72, "synonym"))
        proposer._synonyms = {"设备": "1", "机电": "2"}
        self.assertEqual(proposer._contained("机电设备"), ("1", 72, "synonym"))
        self.assertEqual(proposer._contained("设备机电"), ("2", 72, "synonym"))
        proposer._synonyms = {"设备": "1", "机电": "1"}
        self.assertEqual(proposer._contained("设备机电"), ("1", 80, "synonym"))

    def test_similar_names(self):
        """Two names equally near are a doubt; one letter is like nothing."""
        labels = [("华东大区一部", "1"), ("西北大区", "2")]
        sure = proposed("team", labels, "华东大区1部")
        self.assertEqual((sure.value, sure.why), ("1", "similar"))
        doubt = proposed("team", [*labels, ("华东大区二部", "3")], "华东大区1部")
        self.assertEqual(doubt.confidence, sure.confidence - 15)
        same = proposed("team", [*labels, ("华东大区二部", "1")], "华东大区1部")
        self.assertEqual(same.confidence, sure.confidence)
        self.assertEqual(Proposer("team", labels)._similar(["部"]), NOTHING)
        self.assertEqual(Proposer("team", [])._similar(["华东"]), NOTHING)
        two = Proposer("team", [("华东", "1")])._similar(["华北"])
        self.assertEqual(two, ("1", 45, "similar"))

    def test_how_near_a_rival_has_to_be(self):
        """Less than five points behind; the five nearest names are looked at."""
        for scores, expected in (
            ({"一一": 80, "二二": 75}, 72), ({"一一": 80, "二二": 75.5}, 57),
            ({"一一": 80, "二二": 80}, 57), ({"一一": 80}, 72),
            ({**dict.fromkeys("甲乙丙丁", 80), "二二": 80}, 57),
            ({**dict.fromkeys("甲乙丙丁戊", 80), "二二": 80}, 72),
        ):  # fmt: skip
            values = [(label, "2" if label == "二二" else "1") for label in scores]

            def likeness(_one, other, scores=scores, **_options):
                return scores[other]

            with patch.object(proposals, "_likeness", likeness):
                found = Proposer("team", values)._similar(["某某"])
            self.assertEqual(found, ("1", expected, "similar"), scores)

    def test_of_two_writings_the_one_that_is_nearer(self):
        proposer = Proposer("team", [("华东大区", "1"), ("西北片", "2")])
        for cores in (["华东大片", "华东大区"], ["华东大区", "华东大片"]):
            self.assertEqual(proposer._similar(cores), ("1", 90, "similar"))
        even = Proposer("team", [("甲乙", "1"), ("丙丁", "2")])
        self.assertEqual(even._similar(["甲乙", "丙丁"]).value, "1")


class TestLikeness(BaseCase):
    def test_short_words_do_not_count_within_others(self):
        for one, other, partly in (
            ("abcd", "xxabcdxx", False),
            ("abcde", "xxabcdexx", True),
            ("甲乙", "丙甲乙丁", False),
            ("甲乙丙", "丁甲乙丙戊", True),
            ("xxabcdexx", "abcde", True),
        ):
            whole = 200 * min(len(one), len(other)) / (len(one) + len(other))
            expected = 70 + whole * 0.3 if partly else whole
            self.assertAlmostEqual(_likeness(one, other), expected, 3, one)

    def test_words_that_stand_in_others(self):
        for word, found in {
            "展会": True,
            "展": False,
            "trade": True,
            "expo": True,
            "it": False,
            "ads": False,
            "无": False,
        }.items():
            self.assertIs(_in(word, f"老{word}了"), found, word)
            self.assertFalse(_in(word, "x"))

    def test_cores(self):
        self.assertEqual(_cores("软件行业"), ["软件行业", "软件"])
        self.assertEqual(_cores("老王经理"), ["老王经理", "王经理", "老王", "王"])
        self.assertEqual(_cores(""), [""])
        self.assertEqual(_cores("行业"), ["行业"])


class TestSpecialFields(BaseCase):
    """# C8: people by surname, places by city, sizes by heads."""

    def test_surnames(self):
        users = [("王伟", "1"), ("李娜", "2"), ("李强", "3"), ("wangwei", "1")]
        for word, expected in (
            ("老王", ("1", LEAST_CONFIDENCE + 5, "similar")),
            ("小李", NOTHING),
            ("王伟经理", ("1", 98, "same")),
            ("w总", NOTHING),
        ):
            self.assertEqual(proposed("owner", users, word), expected, word)
        self.assertEqual(
            proposed("owner", [("王伟", "1")], "王伟娜"),
            Proposer("tags", [("王伟", "1")]).propose("王伟娜"),
        )

    def test_places(self):
        states = [("广东省", "1"), ("Zhejiang", "2")]
        for word, expected in (
            ("深圳", ("1", 92, "synonym")),
            ("深圳市", ("1", 92, "synonym")),
            ("广东", ("1", 98, "same")),
            ("深圳南山", ("1", 85, "synonym")),
            ("广东东莞", ("1", 85, "synonym")),
            ("深圳南", ("1", 85, "synonym")),
        ):
            found = Proposer("state", states)._by_place(word)
            self.assertEqual(found.value, expected[0])
            if expected[2] == "synonym":
                self.assertEqual(found, expected, word)
        self.assertEqual(Proposer("state", states)._by_place("华东"), NOTHING)
        self.assertEqual(Proposer("state", [("广", "1")])._by_place("广"), NOTHING)

    def test_numbers_of_people(self):
        for word, value in {
            "9": "micro",
            "10": "small",
            "99": "small",
            "100": "medium",
            "499": "medium",
            "500": "large",
            "10人以下": "micro",
            "100人以内": "small",
            "<500": "medium",
            "11人以下": "small",
            "0-20人": "small",
            "0-18": "micro",
            "50-150-900": "medium",
            "1,000": "large",
            "5": "micro",
        }.items():
            self.assertEqual(
                proposed("size_class", SIZES, word), (value, 85, "synonym"), word
            )
        few = Proposer("size_class", SIZES[:1])
        self.assertEqual(few._by_people("500"), NOTHING)
        self.assertEqual(few._by_people("几个"), NOTHING)
