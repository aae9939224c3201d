from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_customer_import.tools.property_values import property_value

KINDS = ("char", "integer", "float", "boolean", "date", "datetime", "selection",
         "tags", "many2one", "html", "")  # fmt: skip


@tagged("post_install", "-at_install")
class TestPropertyValues(BaseCase):
    """Cells become values of custom fields. Spec C9."""

    def test_values_by_kind(self):
        choices = [["k1", "短期"], ["k2", "Long"]]
        tags = [["t1", "红", 1], ["t2", "Blue", 2]]
        for definition, text, expected in (
            ({"type": "char"}, " 痛点 ", "痛点"),
            ({"type": "char"}, "6222021234.0", "6222021234"),
            ({"type": "char"}, "1,000 - 2,000", "1,000 - 2,000"),
            ({"type": "char"}, "2.0", "2.0"),
            ({"type": "integer"}, "5 年", 5),
            ({"type": "integer"}, "1,200", 1200),
            ({"type": "float"}, "12.5万", 125000.0),
            ({"type": "float"}, "￥3,000元", 3000.0),
            ({"type": "float"}, "约50万元", 500000.0),
            ({"type": "float"}, "1.2亿", 120000000.0),
            ({"type": "float"}, "50w", 500000.0),
            ({"type": "float"}, "人民币 ５０ 万", 500000.0),
            ({"type": "float"}, "(5)", -5.0),
            ({"type": "integer"}, "30多台", 30),
            ({"type": "boolean"}, "是", True),
            ({"type": "boolean"}, "No", False),
            ({"type": "date"}, "2024年3月5日", "2024-03-05"),
            ({"type": "date"}, "2024-03-05", "2024-03-05"),
            ({"type": "date"}, "2024.3.5", "2024-03-05"),
            ({"type": "date"}, "13/5/2024", "2024-05-13"),
            ({"type": "date"}, "5/13/2024", "2024-05-13"),
            ({"type": "date"}, "5/5/2024", "2024-05-05"),
            ({"type": "date"}, "20240305", "2024-03-05"),
            ({"type": "date"}, "2024年3月", "2024-03-01"),
            ({"type": "date"}, "2024", "2024-01-01"),
            ({"type": "datetime"}, "2024/3/5 08:30", "2024-03-05 08:30:00"),
            ({"type": "selection", "selection": choices}, "long", "k2"),
            ({"type": "tags", "tags": tags}, "红，blue", ["t1", "t2"]),
        ):
            with self.subTest(text=text):
                self.assertEqual(property_value(definition, text), (expected, ""))

    def test_problems_by_kind(self):
        for definition, text, problem in (
            ({}, "x", "property_unknown"),
            ({"type": "char"}, "6.22202E+18", "exponent"),
            ({"type": "many2one"}, "x", "property_type"),
            ({"type": "integer"}, "1.5", "property_number"),
            ({"type": "integer"}, "nan", "property_number"),
            ({"type": "float"}, "viel", "property_number"),
            ({"type": "float"}, "50-80万", "property_number"),
            ({"type": "float"}, "80%", "property_number"),
            ({"type": "float"}, "1万美元", "property_number"),
            ({"type": "integer"}, "6个月", "property_number"),
            ({"type": "date"}, "5/3/2024", "property_date"),
            ({"type": "date"}, "45356", "property_date"),
            ({"type": "date"}, "2024-13-05", "property_date"),
            ({"type": "boolean"}, "maybe", "property_boolean"),
            ({"type": "date"}, "gestern", "property_date"),
            ({"type": "selection", "selection": [["a", "A"]]}, "b", "property_choice"),
            ({"type": "tags", "tags": []}, "b", "property_choice"),
        ):
            with self.subTest(text=text):
                self.assertEqual(property_value(definition, text), (None, problem))

    @settings(
        deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(kind=st.sampled_from(KINDS), text=st.text(max_size=40))
    def test_any_text_gives_a_value_or_a_problem(self, kind, text):
        converted = property_value({"type": kind}, text)
        self.assertTrue(converted.problem or converted.value is not None)
