from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.text import CHINESE_MARKS, clean_text, fold_marks

# Text as it comes out of old lists: width forms, marks, invisible characters.
messy = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("ＡＢ０９＠－　（）：\u200b\ufeff\u00a0\t\n\r公司\u0301"),
    ),
    max_size=40,
)


class TestTextLogic(BaseCase):
    def test_values_are_folded_for_display(self):
        """# C8: full width, invisible characters and blanks are cleaned."""
        for raw, clean in {
            "ＡＢＣ　１２３": "ABC 123",
            "  华为\u3000\u3000技术 ": "华为 技术",
            "华为\u200b技术\ufeff": "华为技术",
            "a\u00a0b\tc\r\nd": "a b c d",
            "华为（中国）有限公司": "华为（中国）有限公司",
            "地址：深圳，南山；": "地址：深圳，南山；",
            "sales＠ａ．ｃｏｍ": "sales@a.com",
            "\x00\x01": "",
            "138\ufe0d0013\ufe0f8000": "13800138000",
            "葛\U000e0100\u3164店\u034f": "葛店",
            "": "",
            "①㎡": "①㎡",
            "e\u0301": "é",
        }.items():
            with self.subTest(raw=raw):
                self.assertEqual(clean_text(raw), clean)

    def test_marks_are_folded_for_keys_only(self):
        for raw, folded in {
            "（０１０）": "(010)",
            "电话：": "电话:",
            "①": "1",
            "ａ\u200b，ｂ": "a,b",
        }.items():
            with self.subTest(raw=raw):
                self.assertEqual(fold_marks(raw), folded)

    @settings(deadline=None)
    @given(messy)
    def test_cleaning_twice_is_cleaning_once(self, raw):
        self.assertEqual(clean_text(clean_text(raw)), clean_text(raw))
        self.assertEqual(fold_marks(fold_marks(raw)), fold_marks(raw))

    @settings(deadline=None)
    @given(messy)
    def test_a_clean_text_has_no_invisible_character(self, raw):
        clean = clean_text(raw)
        self.assertEqual(clean, clean.strip())
        self.assertNotIn("  ", clean)
        self.assertFalse(set(clean) & set("\u200b\ufeff\u00a0\u3000\t\n\r\x00"))

    @settings(deadline=None)
    @given(st.text(st.sampled_from("公司" + CHINESE_MARKS), max_size=10))
    def test_chinese_punctuation_is_kept(self, raw):
        self.assertEqual(clean_text(raw), raw)
