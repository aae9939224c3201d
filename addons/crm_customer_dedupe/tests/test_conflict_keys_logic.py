"""# C18: what a question asks for is one whole key, or nothing."""

from odoo.tests import BaseCase

from odoo.addons.crm_customer_center.tools.checks import check_credit_code
from odoo.addons.crm_customer_center.tools.duplicate_keys import (
    company_name_key,
    email_key,
    phone_key,
)
from odoo.addons.crm_customer_center.tools.text import fold_marks
from odoo.addons.crm_customer_dedupe.tools.conflict_keys import (
    CODE,
    EMAIL,
    NAME,
    PHONE,
    Asked,
    Key,
    Makers,
    entry_keys,
    key_of,
)

MAKERS = Makers(
    fold=fold_marks,
    company=company_name_key,
    phone=phone_key,
    email=email_key,
    code=lambda raw: check_credit_code(raw).value,
)


class TestConflictKeysLogic(BaseCase):
    def test_each_kind_is_understood(self):
        for text, kind, value in (
            ("上海恒策信息技术有限公司", NAME, "上海恒策信息技术"),
            ("  上海恒策信息技术 ", NAME, "上海恒策信息技术"),
            ("Acme Co., Ltd.", NAME, "acme"),
            ("138 0013 8000", PHONE, "+8613800138000"),
            ("０２１－５８８８１２３４", PHONE, "+862158881234"),
            ("021-58881234 转 801", PHONE, "+862158881234"),
            ("Sales@Hengce.example.com", EMAIL, "sales@hengce.example.com"),
            ("91110000600037341l", CODE, "91110000600037341L"),
            ("DE 123 456 789", CODE, "DE123456789"),
        ):
            with self.subTest(text=text):
                self.assertEqual(key_of(text, MAKERS), Asked(Key(kind, value)))

    def test_what_is_not_whole_is_no_key(self):
        for text, problem in (
            ("5888", PHONE),
            ("138 0013 800", PHONE),
            ("58881234", PHONE),
            ("9111000060003734", PHONE),
            ("@hengce.example.com", EMAIL),
            ("sales@", EMAIL),
            ("恒", NAME),
            ("%", NAME),
            ("__", NAME),
            ("", PHONE),
        ):
            with self.subTest(text=text):
                self.assertEqual(key_of(text, MAKERS), Asked(None, problem))

    def test_signs_of_patterns_are_none(self):
        """What is left of them is a whole name, and compared by equality."""
        for text in ("上海%", "%上海%", "上海_", "上海*", "上海' OR '1'='1"):
            with self.subTest(text=text):
                key = key_of(text, MAKERS).key
                self.assertEqual(key.kind, NAME)
                self.assertFalse(set("%_*'") & set(key.value))

    def test_what_is_entered_has_up_to_four(self):
        values = {
            "name": "上海恒策信息技术有限公司",
            "phone": "021 5888 1234",
            "email": "a@b.cn",
            "vat": "91110000600037341L",
        }
        self.assertEqual(
            [key.kind for key in entry_keys(values, MAKERS)], [CODE, PHONE, EMAIL, NAME]
        )
        self.assertEqual(entry_keys({"name": "恒", "phone": "5888"}, MAKERS), [])
        self.assertEqual(entry_keys({}, MAKERS), [])
