"""The words by which tickets are alike; no database."""

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_customer_center.tools.search_keys import fold
from odoo.addons.crm_service_ticket.tools.words import MOST, is_code, joined, words


@tagged("post_install", "-at_install")
class TestWordsLogic(BaseCase):
    """# V5"""

    def test_words_of_texts(self):
        for text, found in (
            ("", []),
            ("Pressure sensor drifts", ["pressure", "sensor", "drifts"]),
            ("How can I do this, please?", []),
            ("零点漂移", ["零点", "点漂", "漂移"]),
            ("网关 掉线", ["网关", "掉线"]),
            # what holds a sentence together names nothing
            ("我的网关不能用了吗", ["网关"]),
            ("漂", []),
            ("HC-200 的漂移", ["hc-200", "漂移"]),
            ("型号HC200漂移", ["型号", "hc200", "漂移"]),
            # as it is typed with a Chinese keyboard
            ("ＨＣ－200，４–20 mA", ["hc-200", "ma"]),
            ("13800138000 2026-11-24 4%", []),
            ("Äußerung Ünal", ["äusserung", "ünal"]),
            ("drift drift DRIFT", ["drift"]),
            ("壓力傳感器", ["压力", "力传", "传感", "感器"]),
            ("RS485/Modbus", ["rs485/modbus"]),
        ):
            with self.subTest(text):
                self.assertEqual(words(fold(text)), found)

    def test_odd_input_is_no_error(self):
        for text in (
            "\x00",
            "'\"\\{}",
            "💥" * 99,
            "a" * 9999,
            "压" * 9999,
            "-./+",
            "_",
        ):
            with self.subTest(text[:9]):
                found = words(fold(text))
                self.assertLessEqual(len(found), MOST)
                self.assertFalse([word for word in found if " " in word or not word])
                self.assertLessEqual(max(map(len, found), default=0), 40)

    def test_model_numbers_are_known(self):
        for word, is_one in (("hc-200", True), ("m3", True), ("drift", False)):
            self.assertEqual(is_code(word), is_one, word)

    def test_words_are_kept_once(self):
        self.assertEqual(joined([["a", "b"], ["b", "c"], []]), "a b c")
        many = [f"w{number}" for number in range(999)]
        self.assertEqual(len(joined([many]).split()), MOST)
