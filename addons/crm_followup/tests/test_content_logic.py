from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_followup.tools.content import (
    EMPTY,
    NO_WORDS,
    REPEATED,
    SHORT,
    content_problem,
    excerpt,
    meaningful,
)


@tagged("post_install", "-at_install")
class TestContentLogic(BaseCase):
    """# F1: a follow-up says something."""

    def test_what_says_nothing_is_refused_with_its_reason(self):
        """# F1: blanks, punctuation, one character over and over, too little."""
        for text, expected in (
            (None, EMPTY),
            ("", EMPTY),
            ("   \n\t　", EMPTY),
            ("。。。", NO_WORDS),
            ("...---!!!", NO_WORDS),
            ("👍👍", NO_WORDS),
            ("哈哈哈哈", REPEATED),
            ("aAaA aa", REPEATED),
            ("1111", REPEATED),
            ("哈哈哈", REPEATED),
            ("哈哈", SHORT),
            ("ok", SHORT),
            ("好的。", SHORT),
        ):
            with self.subTest(text=text):
                self.assertEqual(content_problem(text, 4), expected)

    def test_what_says_something_passes(self):
        """# F1: in any script."""
        for text in ("已发报价", "Quote sent", "電話つながらず", "v3.2 ok"):
            with self.subTest(text=text):
                self.assertIsNone(content_problem(text, 4))

    def test_the_minimum_counts_letters_and_digits_only(self):
        """# F1: punctuation does not lengthen."""
        self.assertEqual(content_problem("好的，，，，，", 3), SHORT)
        self.assertIsNone(content_problem("好的，行", 3))
        self.assertIsNone(content_problem("好的", 0))

    @given(st.text(alphabet=" \t\n。，！？.,;:!?-—…()（）", max_size=40))
    def test_no_amount_of_punctuation_is_content(self, text):
        """# F1"""
        self.assertIn(content_problem(text, 0), (EMPTY, NO_WORDS))

    @given(st.text(max_size=60), st.integers(0, 10))
    def test_more_text_never_makes_it_empty(self, text, minimum):
        """# F1: what passes still passes with words added."""
        if content_problem(text, minimum) is None:
            self.assertIsNone(content_problem(text + " 已发报价单", minimum))

    @given(st.text(max_size=60))
    def test_meaningful_is_part_of_the_text_in_order(self, text):
        """# F1"""
        rest = iter(text)
        self.assertTrue(all(char in rest for char in meaningful(text)))

    @given(st.text(max_size=80), st.integers(1, 40))
    def test_an_excerpt_is_one_line_and_never_longer(self, text, length):
        """# F1"""
        short = excerpt(text, length)
        self.assertLessEqual(len(short), length)
        self.assertNotIn("\n", short)

    def test_an_excerpt_shows_that_it_was_cut(self):
        """# F1"""
        self.assertEqual(excerpt("one\n two   three", 7), "one tw…")
        self.assertEqual(excerpt("one", 7), "one")
        self.assertEqual(excerpt("one", 3), "one")
