from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.fields import (
    FIELDS,
    IGNORE,
    REASON_HEADERS,
    SYNONYMS,
    field_of,
    header_key,
    label_of,
)


class TestFieldsLogic(BaseCase):
    def test_titles_are_compared_without_width_case_and_marks(self):
        for label in ("E-mail", "e mail", "Ｅ－ＭＡＩＬ", "*E-Mail:", "Email"):
            self.assertEqual(header_key(label), "email")
        self.assertEqual(header_key("客户名称："), "客户名称")
        self.assertEqual(header_key(" # "), "#")

    @given(st.text(max_size=20))
    def test_folding_titles_twice_changes_nothing(self, label):
        self.assertEqual(header_key(header_key(label)), header_key(label))

    def test_every_synonym_means_one_field(self):
        """A word listed under two fields would silently mean the first."""
        owners = {}
        for field in FIELDS.values():
            for word in (field.label_en, field.label_zh, *field.synonyms):
                key = header_key(word)
                self.assertTrue(key, word)
                self.assertEqual(owners.setdefault(key, field.name), field.name, word)
                self.assertEqual(SYNONYMS[key], field.name)

    def test_labels_are_unique_in_each_language(self):
        for lang in ("en_US", "zh_CN"):
            labels = [label_of(name, lang) for name in FIELDS]
            self.assertEqual(len(labels), len(set(labels)))

    def test_custom_fields(self):
        field = field_of("property:合作年限")
        self.assertEqual((field.kind, field.label_zh), ("property", "合作年限"))
        self.assertEqual(field.limit, 2000)
        self.assertEqual(label_of("property:合作年限", "zh_CN"), "合作年限")
        self.assertIsNone(field_of("no such field"))
        self.assertEqual(label_of("no such field", "en"), "no such field")

    def test_the_reason_column_is_never_imported(self):
        for label in REASON_HEADERS:
            self.assertEqual(SYNONYMS[header_key(label)], IGNORE)
