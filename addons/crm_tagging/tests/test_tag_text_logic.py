"""Texts and literal domains."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_tagging.tools import tag_text

WORDS = st.text(alphabet="行业互联网VIPab 1", min_size=1).map(str.strip).filter(bool)


@tagged("post_install", "-at_install")
class TestTagText(BaseCase):
    def test_all_dashes_of_keyboards_part_group_and_tag(self):
        """As Chinese and Western input methods write them. # T5"""
        for text in ("行业-互联网", "行业－互联网", "行业 – 互联网", "行业——互联网"):
            with self.subTest(text):
                self.assertEqual(tag_text.split(text), ("行业", "互联网"))

    def test_a_text_without_group_is_a_tag(self):
        """Also with a dash at its end. # T5"""
        for text in ("VIP", "-VIP", "VIP-", " VIP "):
            with self.subTest(text):
                self.assertEqual(tag_text.split(text).group, "")
        self.assertEqual(tag_text.split(" VIP ").tag, "VIP")

    def test_only_the_first_dash_parts(self):
        """The tag may have dashes of its own. # T5"""
        self.assertEqual(tag_text.split("来源-B2B-展会"), ("来源", "B2B-展会"))

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(WORDS, WORDS)
    def test_what_is_joined_is_split_again(self, group, tag):
        """split ∘ join = identity. # T5"""
        self.assertEqual(tag_text.split(tag_text.join(group, tag)), (group, tag))
        self.assertEqual(tag_text.join("", tag), tag)
