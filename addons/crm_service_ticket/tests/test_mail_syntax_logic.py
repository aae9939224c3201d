import base64

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.mail_syntax import (
    base64_bytes,
    file_name,
    header_text,
    mailboxes,
    message_ids,
    parameters,
)


def word(data, charset="utf-8", encoding="B"):
    if isinstance(data, str):
        data = data.encode(charset)
    return f"=?{charset}?{encoding}?{base64.b64encode(data).decode()}?=".encode()


@tagged("post_install", "-at_install")
class TestMailSyntaxLogic(BaseCase):
    """# V2: headers as programs really write them."""

    def test_encoded_words(self):
        raw = "压力传感器".encode("gbk")
        for said, text in (
            (word("镕喆公司", "gb18030").replace(b"gb18030", b"gb2312"), "镕喆公司"),
            (word("中") + b"\r\n " + word("文"), "中文"),
            # cut in the middle of a character
            (word(raw[:5], "gbk") + b"\r\n\t" + word(raw[5:], "gbk"), "压力传感器"),
            (b"Re: " + word("漏水") + b" now", "Re: 漏水 now"),
            (b"=?utf-8?Q?a_b=C3=A9?=", "a bé"),
            (b"=?utf-8*en?q?a b?=", "a b"),
            (
                b"=?utf-8?B?" + base64.b64encode("中文".encode()).rstrip(b"=") + b"?=",
                "中文",
            ),
            (b'"' + word("引号") + b'"', '"引号"'),
            (
                b"=?x-what?B?" + base64.b64encode("漏水请速来".encode("gbk")) + b"?=",
                "漏水请速来",
            ),
        ):
            with self.subTest(said=said):
                self.assertEqual(header_text(said), text)

    def test_bare_bytes(self):
        """# V2: of old programs; the charset of the mail helps with short ones."""
        for text, codec in (
            ("报价单请确认", "gbk"),
            ("报价单请确认", "utf-8"),
            ("請確認報價單", "big5"),
            ("見積書をご確認ください", "cp932"),
            ("Rückfrage zur Größe", "cp1252"),
        ):
            with self.subTest(codec=codec):
                self.assertEqual(header_text(text.encode(codec)), text)
        self.assertEqual(header_text("退信".encode("big5"), "big5"), "退信")

    def test_one_line_without_controls(self):
        self.assertEqual(header_text(b"a\r\n b\rc\nd \x00\x1b[1m"), "a b c d [1m")

    def test_addresses(self):
        """# V2: the real address, whatever the name says."""
        for said, name, address in (
            (b"Ms Li <li@ruida.example>", "Ms Li", "li@ruida.example"),
            (b"li@ruida.example (Ms Li)", "Ms Li", "li@ruida.example"),
            (word('"李雷" <li@ruida.example>'), "李雷", "li@ruida.example"),
            (word("李雷 <li@ruida.example>", "gbk"), "李雷", "li@ruida.example"),
            (word("李雷") + b" li@ruida.example", "李雷", "li@ruida.example"),
            ("李雷 <li@ruida.example>".encode("gbk"), "李雷", "li@ruida.example"),
            (b"Li, Lei <li@ruida.example>", "Li, Lei", "li@ruida.example"),
            (b"<li@ruida.example", "", "li@ruida.example"),
            (b'"li@ruida.example" <li@ruida.example>', "", "li@ruida.example"),
            ("雷 <lei@例子.中国>".encode(), "雷", "lei@xn--fsqu00a.xn--fiqs8s"),
            (b"nobody at all", "nobody at all", ""),
        ):
            with self.subTest(said=said):
                self.assertEqual(mailboxes(said), [(name, address)])

    def test_a_name_is_never_the_address(self):
        """# V2: whoever it names; another's address does not stand there as one."""
        for name in (
            word("Boss <boss@bank.example>"),
            word("boss@bank.example, Boss"),
            b'"boss@bank.example"',
            b'"Boss <boss@bank.example>"',
            b"boss@bank.example",
        ):
            with self.subTest(name=name):
                (box,) = mailboxes(name + b" <eve@evil.example>")
                self.assertEqual(box.address, "eve@evil.example")
                self.assertNotIn("@", box.name)

    def test_lists_and_groups(self):
        boxes = mailboxes(
            word("客服") + b': a@x.example, "B, b" <b@x.example>;, c@x.example'
        )
        found = [box.address for box in boxes]
        self.assertEqual(found, ["a@x.example", "b@x.example", "c@x.example"])
        self.assertEqual(mailboxes(b"undisclosed-recipients:;"), [])

    def test_names_of_files(self):
        """# V2: RFC 2231, RFC 2047, bare bytes, and those who lie about it."""
        for said in (
            "filename*=utf-8''%E6%8A%A5%E4%BB%B7.xls",
            "filename*=gb2312''%B1%A8%BC%DB.xls",
            "filename*=us-ascii''%B1%A8%BC%DB.xls",
            "filename*0*=utf-8''%E6%8A%A5; filename*1*=%E4%BB%B7; filename*2=.xls",
            'filename="=?gbk?B?sai82w==?=.xls"',
            "filename==?utf-8?B?5oql5Lu3?=.xls",
            "filename=%E6%8A%A5%E4%BB%B7.xls",
            'filename="报价.xls"',
            "filename=报价.xls",
        ):
            for codec in ("utf-8", "gbk"):
                with self.subTest(said=said, codec=codec):
                    raw = f"attachment; {said}; size=3".encode(codec)
                    value, options = parameters(raw)
                    self.assertEqual(value, "attachment")
                    self.assertEqual(options["filename"], "报价.xls")
        self.assertEqual(
            parameters('a; filename="表.txt"'.encode("cp932"))[1]["filename"], "表.txt"
        )
        self.assertEqual(parameters(b'a; filename="a;b.txt"')[1]["filename"], "a;b.txt")

    def test_a_kind_in_an_encoded_word(self):
        kind, options = parameters(b'=?utf-8?Q?application/pdf;_name=3D"r.pdf"?=')
        self.assertEqual((kind, options), ("application/pdf", {"name": "r.pdf"}))

    def test_a_name_fit_for_a_file(self):
        self.assertEqual(file_name("", "../../etc/passwd"), "passwd")
        self.assertEqual(file_name("C:\\a\\b\u202egpj.exe"), "bgpj.exe")
        self.assertEqual(len(file_name("字" * 500 + ".xlsx")), 150)
        self.assertTrue(file_name("字" * 500 + ".xlsx").endswith(".xlsx"))

    def test_message_ids(self):
        self.assertEqual(message_ids("<a@x>\r\n <b@x> junk <a@x>"), ["<a@x>", "<b@x>"])

    def test_a_message_id_broken_over_lines(self):
        self.assertEqual(message_ids("<long-\r\n one@x> <>"), ["<long-one@x>"])

    def test_base64_as_it_comes(self):
        data = bytes(range(200))
        text = base64.encodebytes(data)
        self.assertEqual(base64_bytes(text.rstrip(b"=\n")), data)
        self.assertEqual(base64_bytes(b"YQ==YQ=="), b"aa")
        self.assertEqual(base64_bytes(text.replace(b"\n", b"\r\n*")), data)

    @given(st.binary(max_size=300))
    def test_any_bytes_get_through(self, raw):
        header_text(raw)
        parameters(raw)
        for box in mailboxes(raw):
            self.assertNotIn("\n", f"{box.name}{box.address}")
