"""The tools read_csv: encodings, records and separators at their borders."""

import codecs

from odoo.tests import BaseCase

from ..tools import read_csv
from ..tools.errors import ImportFileError
from ..tools.read_csv import (
    MAX_QUOTED_CHARS,
    MAX_QUOTED_LINES,
    MIXED,
    _common_share,
    _delimiter,
    _is_common,
    detect_encoding,
)
from ..tools.table import DEFAULT_LIMITS

CHINESE = "深圳创新科技有限公司,张三,电话\n"


def read(content, encoding="utf-8"):
    if isinstance(content, str):
        content = content.encode(encoding)
    return list(read_csv.rows(content, encoding, DEFAULT_LIMITS))


def cells(content, encoding="utf-8"):
    return [list(row.cells) for row in read(content, encoding)]


class TestEncodings(BaseCase):
    """# C8: a list is read in the encoding it was written in."""

    def test_common_characters_are_those_of_the_first_level(self):
        for char, common in {
            "啊": True,
            "座": True,
            "Ａ": True,
            "，": True,
            "亍": False,
            "齄": False,
            "あ": False,
            "┌": False,
            "ㄅ": False,
            "😀": False,
        }.items():
            self.assertIs(_is_common(char, "gb2312"), common, char)
        for char, common in {"一": True, "籲": True, "乂": False, "ン": False}.items():
            self.assertIs(_is_common(char, "big5"), common, char)

    def test_the_share_counts_what_is_not_ascii(self):
        self.assertEqual(_common_share("a\x7fb1", "gb2312"), 1.0)
        self.assertEqual(_common_share("啊亍\x7f", "gb2312"), 0.5)
        self.assertEqual(_common_share("x啊座亍あ", "gb2312"), 0.5)
        self.assertEqual(_common_share("\x80啊", "gb2312"), 0.5)

    def test_boms_decide_only_where_the_text_follows_them(self):
        for bom, encoding in (
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
        ):
            found = detect_encoding(bom + CHINESE.encode(encoding))
            self.assertEqual((bom + CHINESE.encode(encoding)).decode(found), CHINESE)
        mixed = codecs.BOM_UTF8 + CHINESE.encode() * 3 + CHINESE.encode("gbk")
        self.assertEqual(detect_encoding(mixed), MIXED)

    def test_utf_16_without_bom(self):
        """Its ASCII characters have zero bytes on one side alone; four tell."""
        for encoding in ("utf-16-le", "utf-16-be"):
            for text in ("a,b1", "公司,1\n上海,2\n"):
                self.assertEqual(detect_encoding(text.encode(encoding)), encoding)
            self.assertNotEqual(detect_encoding("a,b".encode(encoding)), encoding)
        both = "ab".encode("utf-16-le") * 9 + "ab".encode("utf-16-be") * 9
        self.assertEqual(detect_encoding(both), "utf-8")
        few = ("a" + "公" * 4).encode("utf-16-le")
        self.assertNotEqual(_name(few), "utf-16-le")

    def test_control_characters_up_to_their_share(self):
        """One in two hundred is an old program's, more is no text."""
        for encoding in ("utf-8", "gb18030"):
            text = "客户" + "a" * 192
            length = len(text.encode(encoding))
            text += "a" * (198 - length) + "\x05"
            self.assertEqual(_name((text + "b").encode(encoding)), encoding)
            self.assertEqual(_name(text.encode(encoding)), "")

    def test_lines_of_utf_8_in_a_file_of_gbk(self):
        lines = CHINESE.encode("gbk") * 3
        self.assertEqual(detect_encoding(lines), "gb18030")
        self.assertEqual(detect_encoding(lines + CHINESE.encode()), MIXED)
        # two bytes of GBK that happen to be UTF-8 are no line of it
        for word in ("é", "éè", "联通"):
            odd = lines + word.encode("gbk" if word == "联通" else "utf-8") + b",1\n"
            self.assertEqual(detect_encoding(odd), "gb18030", word)

    def test_half_of_the_lines_must_be_text(self):
        good, bad = CHINESE.encode(), b"\xff\xfe\xff\x81\n"
        self.assertEqual(_name(good * 5 + bad * 4 + b"\xff\xff"), MIXED)
        self.assertEqual(_name(good * 4 + bad * 5 + b"\xff\xff"), "")
        # the beginning decides: 200 lines
        self.assertEqual(_name(good * 100 + bad * 300), MIXED)
        self.assertEqual(_name(good * 99 + bad * 101 + good * 300), "")

    def test_the_encoding_of_most_lines_is_the_file_s(self):
        """Lines of the other one are marked with its name."""
        utf8, gbk = "北京远大贸易,1\n".encode(), "上海浦东发展,2\n".encode("gbk")
        for content, marked, name in (
            (utf8 * 3 + gbk * 2, [3, 4], "gb18030"),
            (utf8 * 2 + gbk * 3, [0, 1], "utf-8"),
            (utf8 * 2 + gbk * 2, [2, 3], "gb18030"),
        ):
            rows = read(b"a,b\n" * 4 + content, MIXED)[4:]
            self.assertEqual(
                [row.cells[1] for row in rows],
                [row[-2:-1].decode() for row in content.splitlines(True)],
            )
            found = [at for at, row in enumerate(rows) if row.problems]
            self.assertEqual(found, marked)
            problems = {tuple(row.problems[0]) for row in rows if row.problems}
            self.assertEqual(problems, {(-1, "other_encoding", name)})

    def test_what_cannot_be_read_is_shown_with_what_stands_around_it(self):
        line = b"0123456789abcdef" + b"\xff" + b"0123456789abcdefghijklmnopq,x\n"
        rows = read(CHINESE.encode() + line + b"\xff,1\n", MIXED)
        self.assertEqual(
            [row.problems for row in rows],
            [
                (),
                ((-1, "bad_encoding", "6789abcdef\ufffd0123456789abcdefghi"),),
                ((-1, "bad_encoding", "\ufffd,1"),),
            ],
        )

    def test_rare_characters_are_no_gbk(self):
        """A line that GBK makes unusual characters of is shown as broken."""
        rows = read(b"x,1\n" + "亍亍亍啊啊啊啊啊啊啊,1\n".encode("gbk"), MIXED)
        self.assertEqual(rows[1].cells[0], "亍亍亍啊啊啊啊啊啊啊")
        rows = read(b"x,1\n" + "亍亍亍亍啊啊啊啊啊啊,1\n".encode("gbk"), MIXED)
        self.assertEqual(rows[1].problems[0].code, "bad_encoding")


def _name(content):
    """The encoding; '' where there is none."""
    try:
        return detect_encoding(content)
    except ImportFileError:
        return ""


class TestRecords(BaseCase):
    """# C8: a stray quotation mark swallows no row, a real cell stays whole."""

    def test_a_cell_of_many_lines(self):
        for breaks, closed in ((MAX_QUOTED_LINES - 1, True), (MAX_QUOTED_LINES, False)):
            rows = read('a,"' + "x\n" * breaks + 'y"\nb,c\n')
            self.assertEqual(len(rows), 2 if closed else breaks + 2)
            self.assertEqual(not rows[0].problems, closed)

    def test_a_cell_of_many_characters(self):
        head, tail = 'a,"\n', '"\n'
        for more, closed in ((0, True), (1, False)):
            size = MAX_QUOTED_CHARS - len(head) - len(tail) + more
            rows = read(head + "x" * size + tail + "b,c\n")
            self.assertEqual(len(rows), 2 if closed else 3)
            self.assertEqual(not rows[0].problems, closed)

    def test_a_quote_never_closed_is_a_problem_of_its_line_alone(self):
        rows = read('k,l\n"a,b\nc,d\ne,f\n')
        self.assertEqual(
            [list(row.cells) for row in rows],
            [["k", "l"], ['"a', "b"], ["c", "d"], ["e", "f"]],
        )
        self.assertEqual([row.number for row in rows], [1, 2, 3, 4])
        self.assertEqual(rows[1].problems, ((-1, "unclosed_quote", ""),))
        self.assertFalse(any(row.problems for row in (rows[0], *rows[2:])))

    def test_quotes_within_cells(self):
        for text, expected in {
            'a,"b ""c"" d"\n': ["a", 'b "c" d'],
            'a,""\n': ["a"],
            'a,"","c"\n': ["a", "", "c"],
            '"","b\n"\n': ["", "b\n"],
            'a "b" c,d\n': ['a "b" c', "d"],
            'a"\n': ['a"'],
            'a,"b""\nc"\n': ["a", 'b"\nc'],
            '"a\n""",b\n': ['a\n"', "b"],
            'a,"b"\n': ["a", "b"],
            '5" pipe,b\n': ['5" pipe', "b"],
            '"a","b\nc","d"\n': ["a", "b\nc", "d"],
        }.items():
            with self.subTest(text=text):
                rows = read("x,y\n" * 3 + text + "z,z\n")
                self.assertEqual(
                    [list(row.cells) for row in rows][3:], [expected, ["z", "z"]]
                )
                self.assertFalse(rows[3].problems)

    def test_protected_digits(self):
        """# C8: ="001" keeps its zeros, with a separator within as well."""
        for text, expected in {
            '="001",="1,2"\n': ["001", "1,2"],
            'a, ="002"\n': ["a", "002"],
            'a,="b""c"\n': ["a", 'b"c'],
            'a="1",b\n': ['a="1"', "b"],
        }.items():
            self.assertEqual(cells("x,y\n" * 3 + text)[3], expected)

    def test_line_ends_of_every_system(self):
        for end in ("\n", "\r\n", "\r"):
            for encoding in ("utf-8", MIXED):
                content = end.join(["a,b", 'c,"d\ne"', "", "f,g"]).encode()
                rows = read(content, encoding)
                self.assertEqual([row.number for row in rows], [1, 2, 4])
                self.assertEqual(rows[1].cells, ("c", "d\ne"))
        self.assertEqual(cells("a,b\x0bc\u2028d\x85,e\n")[0][2], "e")


class TestSeparators(BaseCase):
    """# C8: the separator is the one that most lines have alike."""

    def found(self, text):
        return _delimiter(text.encode(), "utf-8")

    def test_the_most_regular_wins(self):
        for text, mark in {
            "a,b;c\nd;e\nf,g,h;i\n": ";",  # one in every line
            "a;b\nc;d,e\nf,g;h\n": ";",
            "a,b,c|x\nd,e,f|y\n": ",",  # as often, but more of them
            "a\tb\nc\td\n": "\t",
            "a|b\n\n\nc|d\n": "|",
            '"a,b,c";d\n"e,f,g";h\n': ";",  # not what stands in quotes
            "a\n": ",",
            "": ",",
        }.items():
            with self.subTest(text=text):
                self.assertEqual(self.found(text), (mark, 0))

    def test_lines_without_any_do_not_count(self):
        self.assertEqual(self.found("a\n" * 20 + "b;c\nd;e\n"), (";", 0))

    def test_the_first_fifty_lines_decide(self):
        self.assertEqual(self.found("a;b\n" * 26 + "a,b\n" * 24 + "a,b\n" * 50)[0], ";")
        self.assertEqual(self.found("x\n" * 49 + "a;b\n" + "a,b\n" * 3)[0], ";")
        self.assertEqual(self.found("x\n" * 50 + "a;b\n" * 3)[0], ",")

    def test_named_by_the_first_line(self):
        self.assertEqual(self.found("sep=|\na,b|c\n"), ("|", 1))
        self.assertEqual(self.found("\ufeffsep=;\r\na,b;c\r\n"), (";", 1))
        self.assertEqual(self.found("a,b\nsep=;\n"), (",", 0))
        rows = read("sep=;\nx;y\na;b\n")
        self.assertEqual(
            [(row.number, row.cells) for row in rows],
            [(2, ("x", "y")), (3, ("a", "b"))],
        )

    def test_tabs_behind_values_are_padding(self):
        """WeChat and Alipay write them."""
        text = "单号\t,金额\t,\n001\t,2.00\t,\n"
        self.assertEqual(self.found(text), (",", 0))
        self.assertEqual(self.found("a\t,b\t\tc\td\ne\t,f\t\tg\th\n"), ("\t", 0))
        self.assertEqual(self.found("a\tb,c\nd\te,f\t\n")[0], ",")
