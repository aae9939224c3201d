import unittest

from odoo.addons.crm_service_knowledge.tools.persons import (
    clean_html,
    clean_line,
    said_of,
)

MARKS = {
    "name": "[customer]",
    "person": "[person]",
    "email": "[e-mail]",
    "phone": "[phone]",
    "number": "[number]",
    "account": "[account]",
    "link": "[link]",
}
NAMES = ["瑞达仪表有限公司", "瑞达仪表", "李明", "Ruida Instruments", "TK000123"]


def line(text, names=NAMES):
    return clean_line(text, names, MARKS).text


def document(text, names=NAMES):
    return clean_html(text, names, MARKS)


class TestPersonsLogic(unittest.TestCase):
    """# V5: what says who a customer is gives way to a mark."""

    def test_each_kind_gives_way(self):
        for said, cleaned in [
            ("请发li.ming@ruida.example。", "请发[e-mail]。"),
            ("电话13812345678，上午在", "电话[phone]，上午在"),
            ("电话１３８１２３４５６７８", "电话[phone]"),
            ("+86 138 1234 5678 打不通", "[phone] 打不通"),
            ("座机0571-88886666转801", "座机[phone]"),
            ("call +49 (89) 1234-5678 please", "call [phone] please"),
            ("微信：liming_88 联系", "[account] 联系"),
            ("代码91330106MA27X0XX1K", "代码[number]"),
            ("身份证33010619900101123X", "身份证[number]"),
            ("卡号 6222 0212 3456 7890 123", "卡号 [number]"),
            (
                "见https://crm.example/my/tickets/7?access_token=ab，谢谢",
                "见[link]，谢谢",
            ),
            ("打开 /my/tickets/7?access_token=ab", "打开 [link]"),
            ("王经理说", "[person]说"),
            ("Ask Ms. Anna Bell about it", "Ask [person] about it"),
            ("瑞达仪表的探头", "[customer]的探头"),
            ("RUIDA  instruments asks", "[customer] asks"),
            ("工单 TK000123", "工单 [customer]"),
        ]:
            with self.subTest(said):
                self.assertEqual(line(said), cleaned)

    def test_what_names_nobody_stays(self):
        for said in [
            "断电后按住 SET 键上电，五秒后恢复出厂密码 0000。",
            "量程改到 0–2.5 MPa，4–20 mA，HC-200",
            "固件 2.14.3，寄存器 40001 后移一位",
            "施工时屏蔽层单端接地，加工余量 0.5 mm",
            "部件号 HC-300-G2，±25%",
            "2026-03-01 起生效，共 1380 元",
            "Ruidas are no customers",
            "A WhatsApp message is no ticket",
        ]:
            with self.subTest(said):
                self.assertEqual(line(said), said)

    def test_what_was_found_is_said(self):
        cleaned = clean_line("李明 13812345678 或 13912345678", NAMES, MARKS)
        self.assertEqual(set(cleaned.found), {"name", "phone"})

    def test_how_a_text_is_laid_out_stays_and_what_it_leads_to_goes(self):
        cleaned = document(
            '<p style="x">先<b class="y">断电</b></p><ul><li>按 SET</li></ul>'
            '<p><a href="https://crm.example/web/image/7">图</a>'
            '<img src="/web/image/7" alt="李明"></p><script>x()</script><!-- 李明 -->'
        )
        self.assertEqual(
            cleaned.text,
            "<p>先<b>断电</b></p><ul><li>按 SET</li></ul><p>图</p>",
        )

    def test_the_letter_around_it_goes(self):
        cleaned = document(
            "<p>李明您好，</p><p>您好，请断电后重启。</p>"
            "<p>此致</p><p>Best regards,</p>"
        )
        self.assertEqual(cleaned.text, "<p>请断电后重启。</p>")

    def test_what_stands_across_tags_is_found(self):
        for said in (
            "<p>电话 138<b>1234</b>5678 找<i>李</i>明</p>",
            "<div>电话 138<span>1234</span><u>5678</u> 找<i>李</i>明</div>",
        ):
            with self.subTest(said):
                self.assertEqual(
                    document(said).text, "<p>电话 [phone] 找[customer]</p>"
                )

    def test_nothing_becomes_markup(self):
        for said in (
            "<p>a &lt;script&gt;x&lt;/script&gt;</p>",
            "<p>138<b>1234</b>5678 &lt;img onerror=x&gt;</p>",
        ):
            with self.subTest(said):
                self.assertNotIn("<script", document(said).text)
                self.assertNotIn("<img", document(said).text)

    def test_no_text_is_no_text(self):
        for said in ("", "  ", "<p></p>", "<!-- x -->"):
            with self.subTest(said):
                self.assertFalse(document(said).found)

    def test_a_long_text_takes_no_time(self):
        document("<p>" + "1 3 8 " * 15_000 + "</p>")
        line("a." * 50_000 + "@" + "b." * 50_000)

    def test_what_was_left_is_found_again(self):
        self.assertEqual(said_of("探头 瑞 达 仪 表 装错", NAMES), ["瑞达仪表"])
        self.assertEqual(said_of("探头装错, Li", [*NAMES, "", "Li", None]), [])
