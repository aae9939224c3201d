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

    def test_no_mark_of_byte_order_stands_in_a_header(self):
        """# V2: two letters of Iceland look like one."""
        self.assertEqual(header_text(b"=?iso-8859-1?Q?=FF=FEAB?="), "ÿþAB")
        said = b"attachment; filename*=iso-8859-1''%FF%FEab"
        self.assertEqual(parameters(said)[1]["filename"], "ÿþab")

    def test_words_of_one_charset_are_one_and_of_two_are_two(self):
        """# V2: also when it is written in another case, and more than two."""
        whole = "压力传感器".encode("gbk")
        cut = [
            word(whole[:3], "gbk"),
            word(whole[3:5], "GBK"),
            word(whole[5:], "Gbk"),
        ]
        self.assertEqual(header_text(b" ".join(cut)), "压力传感器")
        self.assertEqual(
            header_text(word("压力", "gbk") + b" " + word("é", "utf-8")), "压力é"
        )
        self.assertEqual(header_text(b"a " + word("b") + b" c " + word("d")), "a b c d")

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

    def test_quotation_marks_end_where_they_end(self):
        """# V2: what looks like an encoded word within them is none."""
        boxes = mailboxes(b'"=?utf-8?Q?a" <a@x.cn>, "b?=" <b@x.cn>')
        self.assertEqual([box.address for box in boxes], ["a@x.cn", "b@x.cn"])

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

    def test_a_long_name_keeps_an_ending_that_is_one(self):
        """# V2: up to eleven signs behind the dot."""
        for name, expected in (
            ("a" * 150, "a" * 150),
            ("a" * 151, "a" * 150),
            ("a" * 146 + ".xls", "a" * 146 + ".xls"),
            ("a" * 147 + ".xls", "a" * 146 + ".xls"),
            ("a" * 200 + "." + "e" * 11, "a" * 138 + "." + "e" * 11),
            ("a" * 200 + "." + "e" * 12, "a" * 150),
        ):
            with self.subTest(name=name):
                self.assertEqual(file_name(name), expected)
        self.assertEqual(file_name("a/b\\c  d .", "x"), "c d")
        self.assertEqual(file_name("..", ""), "")

    def test_parameters_in_pieces(self):
        """# V2: in any order, in quotes, each name once, and what is none left out."""
        for said, options in (
            (b"a; n*1=b; n*0=a; n*2=c", {"n": "abc"}),
            (b"a; n*10=c; n*9=b", {"n": "bc"}),
            (b"a; n*x=b; n*0=a", {"n": "ab"}),
            (b"a; n*0*=utf-8''%61; n*1=%62", {"n": "a%62"}),
            (b"a; n*=''%61", {"n": "a"}),
            (b"a; n*=%61'b", {"n": "a'b"}),
            (b"a; n=1; n=2", {"n": "1"}),
            (b"a; n=1; n*=utf-8''2", {"n": "2"}),
            (b"a; n; =x; m=1", {"m": "1"}),
            (b'a; n="x\\"y;z"; m=1', {"n": 'x"y;z', "m": "1"}),
            (b'a; n="x; m=1', {"n": "x", "m": "1"}),
            (b'a; n="x"', {"n": "x"}),
            (b"a;N = b ;", {"n": "b"}),
            (b"a; n=%e4%bb", {"n": "%e4%bb"}),
            (b"a; n=100%", {"n": "100%"}),
        ):
            with self.subTest(said=said):
                self.assertEqual(parameters(said), ("a", options))
        self.assertEqual(parameters(b""), ("", {}))
        self.assertEqual(parameters(b' "Text/Plain" '), ("text/plain", {}))

    def test_boxes_are_told_apart(self):
        """# V2: commas in quotes, brackets and comments part nothing."""
        for said, boxes in (
            (b"a@x.cn, b@x.cn", [("", "a@x.cn"), ("", "b@x.cn")]),
            (b'"A, b" <a@x.cn>', [("A, b", "a@x.cn")]),
            (b"a@x.cn (A, b), c@x.cn", [("A, b", "a@x.cn"), ("", "c@x.cn")]),
            (b"a@x.cn; b@x.cn", [("", "a@x.cn"), ("", "b@x.cn")]),
            (b"g: a@x.cn, b@x.cn;", [("", "a@x.cn"), ("", "b@x.cn")]),
            (b"'a@x.cn'", [("", "a@x.cn")]),
            (b"<mailto:a@x.cn>", [("", "a@x.cn")]),
            (b"<a@x.cn> Li", [("Li", "a@x.cn")]),
            (b'"a b"@x.cn', [("", '"ab"@x.cn')]),
            (b"Li, <a@x.cn>, Wu", [("", "a@x.cn"), ("Wu", "")]),
            (b'"Li <a@x.cn>', [("Li", "a@x.cn")]),
            (b"a) <a@x.cn>, b@x.cn", [("a", "a@x.cn"), ("", "b@x.cn")]),
        ):
            with self.subTest(said=said):
                self.assertEqual(mailboxes(said), boxes)
        self.assertEqual(str(mailboxes(b"Li <a@x.cn>")[0]), '"Li" <a@x.cn>')
        self.assertEqual(str(mailboxes(b"a@x.cn")[0]), "a@x.cn")
        self.assertEqual(str(mailboxes(b"Li")[0]), "Li")
        self.assertEqual(len(mailboxes(b"x" * 300 + b" <a@x.cn>")[0].name), 200)

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
