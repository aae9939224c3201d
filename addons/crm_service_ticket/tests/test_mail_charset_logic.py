from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.mail_charset import (
    clean,
    codec_of,
    decode,
    plausibility,
)

CHINESE = "请联系陶喆，镕基路 8 号的阀门漏水了，急。"
TRADITIONAL = "機器停止運轉，請儘速派人處理，謝謝。"
JAPANESE = "ポンプが漏れています。至急ご連絡ください。"
KOREAN = "펌프가 샙니다. 빨리 연락 주세요."
GERMAN = "Müller aus Köln bittet um Rückruf, Größe 5"
RUSSIAN = "Насос течёт, перезвоните пожалуйста"


@tagged("post_install", "-at_install")
class TestMailCharsetLogic(BaseCase):
    """# V2: a text is read as it was meant, whatever its charset is called."""

    def assert_read(self, text, codec, named):
        found = decode(text.encode(codec), named)
        self.assertEqual(found.text, text, f"{codec} called {named}: {found}")

    def test_senders_mean_the_superset(self):
        """# V2: names of people are written in characters the small charset lacks."""
        for text, codec, named in (
            (CHINESE, "gb18030", "gb2312"),
            (CHINESE, "gb18030", "GBK"),
            ("朱镕基 𠮷", "gb18030", "gb2312"),
            ("葉 綠瑩 鷄", "big5hkscs", "big5"),
            ("“quoted” – 5 €", "cp1252", "iso-8859-1"),
            ("똠방각하", "cp949", "ks_c_5601-1987"),
            ("髙﨑 ①", "cp932", "shift_jis"),
            ("ğüşiöç", "cp1254", "iso-8859-9"),
            (JAPANESE, "iso2022_jp", "iso-2022-jp"),
            (CHINESE, "utf-8", "utf8mb4"),
        ):
            with self.subTest(named=named):
                self.assert_read(text, codec, named)

    def test_what_the_west_says_by_default_is_asked(self):
        """# V2: a program that knows no other charset says it of everything."""
        for named in ("iso-8859-1", "windows-1252"):
            for text, codec in (
                ("ñ", "utf-8"),
                ("Å 12", "utf-8"),
                ("✓ erledigt", "utf-8"),
                ("测试", "gb18030"),
                ("阀门", "gb18030"),
            ):
                with self.subTest(named=named, text=text):
                    self.assert_read(text, codec, named)

    def test_without_a_name_the_most_plausible_is_read(self):
        """# V2: none, one nobody knows, or one that says nothing."""
        for named in (None, "", "x-unknown", "us-ascii", "unknown-8bit", "default"):
            for text, codec in (
                (CHINESE, "gb18030"),
                ("测试", "gb18030"),
                ("报价单.xls", "gb18030"),
                (TRADITIONAL, "big5"),
                (JAPANESE, "cp932"),
                (GERMAN, "cp1252"),
                (RUSSIAN, "cp1251"),
                (CHINESE, "utf-8"),
                (GERMAN, "utf-8"),
                (JAPANESE, "iso2022_jp"),
            ):
                with self.subTest(named=named, codec=codec, text=text):
                    self.assert_read(text, codec, named)

    def test_a_charset_that_lies_is_not_believed(self):
        """# V2"""
        for text, codec, named in (
            (CHINESE, "utf-8", "gb2312"),
            (CHINESE, "gb18030", "utf-8"),
            (CHINESE, "gb18030", "iso-8859-1"),
            (CHINESE, "gb18030", "big5"),
            (TRADITIONAL, "big5", "gb2312"),
            (JAPANESE, "cp932", "utf-8"),
            (GERMAN, "utf-8", "iso-8859-1"),
            (GERMAN, "cp1252", "utf-8"),
            (KOREAN, "utf-8", "euc-kr"),
        ):
            with self.subTest(codec=codec, named=named):
                self.assert_read(text, codec, named)

    def test_what_is_right_is_believed(self):
        """# V2: also when it is short, and might be something else."""
        for text, codec, named in (
            ("董赟", "gb18030", "gb2312"),
            ("李工", "gbk", "gbk"),
            ("80 °C", "cp1252", "iso-8859-1"),
            ("Änderung", "cp1252", "iso-8859-1"),
            ("élan", "cp1252", "windows-1252"),
            ("東京", "cp932", "shift_jis"),
            ("見積書", "gbk", "gbk"),
            (KOREAN, "cp949", "euc-kr"),
            ("ошибка", "koi8_r", "koi8-r"),
            ("zażółć gęślą", "iso8859_2", "iso-8859-2"),
        ):
            with self.subTest(text=text):
                self.assert_read(text, codec, named)

    def test_marks_and_wide_characters(self):
        """# V2: UTF-16 with a mark and without, and one that is none."""
        self.assertEqual(decode("﻿中文".encode("utf-16-le")).text, "中文")
        self.assertEqual(decode("中文".encode("utf-16"), "gbk").text, "中文")
        self.assert_read("中文 abc", "utf-16-le", "utf-16le")
        self.assert_read("中文 abc", "utf-16-be", "utf-16")
        self.assert_read(CHINESE, "gb18030", "utf-16")
        self.assertEqual(decode(b"~{VPND~}").text, "中文")

    def test_a_broken_byte_costs_itself_only(self):
        """# V2: and is told."""
        raw = CHINESE.encode("gb18030")
        found = decode(raw[:-1] + b"\xff", "gb2312")
        self.assertFalse(found.is_whole)
        self.assertEqual(found.text[:-2], CHINESE[: len(found.text) - 2])
        self.assertIn("漏水", found.text)

    def test_names_of_charsets(self):
        for name in (
            "base64",
            "idna",
            "rot13",
            "zlib",
            "unicode_escape",
            "what",
            "\x7f",
        ):
            with self.subTest(name=name):
                self.assertIsNone(codec_of(name))
        self.assertEqual(codec_of("X-GBK"), "gb18030")
        self.assertEqual(codec_of("ISO-8859-2"), "iso8859-2")

    def test_what_no_database_takes_goes(self):
        self.assertEqual(clean("a\0b\ud800c\x1bd\n\te"), "abcd\n\te")

    def test_garbage_is_less_plausible_than_text(self):
        garbage = CHINESE.encode("utf-8").decode("gb18030", "replace")
        self.assertLess(plausibility(garbage), plausibility(CHINESE))

    def test_a_text_that_is_whole_says_so(self):
        """# V2: only what lost a byte is told; and what it was read as."""
        for data, named, charset in (
            (b"abc", "gbk", "ascii"),
            (CHINESE.encode("utf-8"), None, "utf-8"),
            (CHINESE.encode("utf-8"), "gb2312", "utf-8"),
            (CHINESE.encode("gb18030"), None, "gb18030"),
            (CHINESE.encode("gb18030"), "gbk", "gb18030"),
            (TRADITIONAL.encode("big5"), None, "big5hkscs"),
            (JAPANESE.encode("iso2022_jp"), "iso-2022-jp", "iso2022_jp_ext"),
            (b"~{VPND~}", None, "hz"),
            (b"~{VPND~}", "hz-gb-2312", "hz"),
            (b"+Ti1lhw-", "utf-7", "utf-7"),
            ("中文".encode("utf-16-le"), "utf-16", "utf-16"),
            ("中文".encode("utf-16-be"), "utf-16", "utf-16-be"),
            ("\ufeff中文".encode("utf-16-le"), None, "utf-16"),
            ("\ufeffa".encode(), None, "utf-8-sig"),
        ):
            with self.subTest(named=named, charset=charset):
                found = decode(data, named)
                self.assertTrue(found.is_whole)
                self.assertEqual(found.charset, charset)

    def test_a_few_signs_of_the_east_may_be_utf8_by_accident(self):
        """# V2: seven bytes at most; more are none."""
        self.assertEqual(decode("联通".encode("gbk")).text, "联通")
        self.assertEqual(decode("联通".encode("gbk"), "gbk").text, "联通")
        self.assertEqual(decode("é".encode()).text, "é")

    def test_how_much_characters_look_like_a_text(self):
        """# V2: as people write them, as names are, as no one writes."""
        for text, codec, expected in (
            ("", "", 1),
            ("abc", "", 1),
            ("漏水", "", 1),
            ("漏水 abc", "gb18030", 1),
            ("。，", "gb18030", 1),
            ("ポ", "gb18030", 0.5),
            ("ポ", "cp932", 1),
            ("펌", "", 0.9),
            ("“", "cp1252", 0.5),
            ("“", "", 0.9),
            ("亟", "gb18030", 0.5),
            ("喆", "gb18030", -0.2),
            ("㐀", "", 0.2),
            ("㐀", "gb18030", 0.2),
            ("ﾎ", "cp932", -0.3),
            ("\ufffd", "", -3),
            ("\ue000", "", -3),
            ("н", "", 0.9),
            ("ש", "", 0.6),
            ("«", "", 0.4),
            ("«", "cp1252", -0.1),
            ("é", "", 0.7),
            ("aÉ", "", -0.4),
            ("AÉ", "", 0.7),
            ("éé", "cp1252", 0.7),
            ("ééé", "cp1252", (0.7 * 2 - 0.4) / 3),
            ("a漏b", "", -0.4),
            ("漏b", "", -0.4),
            ("漏漏b", "", 1),
            ("漏。", "", 1),
            ("°x", "", -0.4),
            ("°C", "", 0.9),
            ("éééé", "cp1252", (0.7 * 2 - 0.4 * 2 - 4) / 4),
        ):
            with self.subTest(text=text, codec=codec):
                self.assertAlmostEqual(plausibility(text, codec), expected)

    @given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20)))
    def test_any_bytes_are_a_text(self, data, named):
        found = decode(data, named)
        found.text.encode("utf-8")
        self.assertNotIn("\0", found.text)

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
    def test_utf8_is_read_without_loss(self, text):
        self.assertEqual(decode(text.encode(), "utf-8", is_bom=False).text, clean(text))
