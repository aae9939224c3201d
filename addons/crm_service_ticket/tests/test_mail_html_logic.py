from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.mail_html import (
    charset_inside,
    cut,
    depth,
    flat,
    text_of,
    tokens,
    without_declaration,
    words,
)


@tagged("post_install", "-at_install")
class TestMailHtmlLogic(BaseCase):
    """# V2: HTML of strangers is read in one pass, and nothing it shows is lost."""

    def pieces(self, document):
        return [(token.kind, token.value) for token in tokens(document)]

    def test_tags_and_texts_come_in_order(self):
        """# V2: the name in lower case, the tag as it is written beside it."""
        self.assertEqual(
            list(tokens('a<P class="x">b</p >')),
            [
                ("text", "a", ""),
                ("open", "p", '<P class="x">'),
                ("text", "b", ""),
                ("close", "p", "</p >"),
            ],
        )

    def test_what_is_no_tag_is_text(self):
        """# V2: a bare sign, a tag without an end, a comment that is never closed."""
        for document, shown in (
            ("1 < 2", ["1 ", "<", " 2"]),
            ("a<b", ["a", "<", "b"]),
            ("a<", ["a", "<"]),
            ("<!-- a --> b", [" b"]),
            ("<!-- a", [" a"]),
            ("<!-->a", [">a"]),
            ("<!doctype html>a", ["a"]),
            ("<?x?>a", ["a"]),
            ("a</>b", ["a", "b"]),
            ("<1>", ["<", "1>"]),
            ("<!-- a <!-- b", [" a ", " b"]),
        ):
            with self.subTest(document=document):
                self.assertEqual(self.pieces(document), [("text", s) for s in shown])

    def test_scripts_are_not_shown_unless_they_never_end(self):
        """# V2: whatever case the end is written in."""
        for document, pieces in (
            ("<script>a<b>c</script>d", [("close", "script"), ("text", "d")]),
            ("<style>a</STYLE>d", [("close", "style"), ("text", "d")]),
            ("<title>d", [("text", "d")]),
            ("</title>d<b>e", [("text", "d"), ("open", "b"), ("text", "e")]),
        ):
            with self.subTest(document=document):
                self.assertEqual(self.pieces(document)[1:], pieces)

    def test_depth_counts_what_is_open_at_once(self):
        """# V2: what needs no end and what the next of its kind ends do not add up."""
        for document, expected in (
            ("", 0),
            ("text", 0),
            ("<br><img><hr>", 0),
            ("<div></div><div></div>", 1),
            ("<div><b></b></div>", 2),
            ("<p>a<p>b<p>c", 1),
            ("<div><div><div>", 3),
            ("<li><b>a<li>", 3),
            ("<div><b></div><i>", 2),
            ("<p><b></b></b><i><u>", 3),
            ("<div></b><i></i></div><b>", 2),
            ("<a><b><c></a><d><e>", 3),
            ("<a><a></a></a></a><d>", 2),
        ):
            with self.subTest(document=document):
                self.assertEqual(depth(document), expected)

    def test_a_text_has_a_line_for_each_block_that_says_something(self):
        for document, expected in (
            ("<p>a</p><p></p><p>b</p>", "a\nb"),
            ("a<br><br>b", "a\nb"),
            ("a <b>b</b>\n c", "a b c"),
            ("a<b>b</b>", "ab"),
            ("a<b> </b>c", "a c"),
            ("a<b> c </b>d", "a c d"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a  b"),
            ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
            ('<a href="https://x.example">a</a><img src="cid:p">', "a"),
        ):
            with self.subTest(document=document):
                self.assertEqual(text_of(document), expected)

    def test_a_flat_document_shows_the_same_without_boxes(self):
        """# V2: links to the web and pictures of the mail itself stay, no other."""
        for document, expected in (
            ("<div>a</div><div>b</div>", "<p>a<br/>b<br/></p>"),
            ("1 &lt; 2", "<p>1 &lt; 2</p>"),
            ("<div> a</div>", "<p> a<br/></p>"),
            (
                "<a href='http://x.example/?a&amp;b'>c</a>",
                '<p><a href="http://x.example/?a&amp;b">[→]</a> c</p>',
            ),
            ("<img src=cid:p@x>", '<p><img src="cid:p@x"/></p>'),
            ("<a href='javascript:x'>c</a><img src='http://y'>", "<p>c</p>"),
            ("<a>c</a><img><b>d</b>", "<p>cd</p>"),
        ):
            with self.subTest(document=document):
                self.assertEqual(flat(document), expected)

    def test_a_long_document_is_cut_between_lines(self):
        """# V2: at the last one that leaves half of it at least."""
        self.assertEqual(cut("a" * 10, 10), ("a" * 10, False))
        self.assertEqual(cut("aaaaaa<br/>bbbbbbbb", 12), ("aaaaaa</p>", True))
        self.assertEqual(cut("aaaaaa<br/>b", 11), ("aaaaaa</p>", True))
        self.assertEqual(cut("aaaaa<br/>bbbbbbbb", 10), ("aaaaa</p>", True))
        self.assertEqual(cut("aaaa<br/>bbbbbbbb", 10), ("aaaa<br/>b</p>", True))

    def test_nothing_is_cut_in_two(self):
        """# V2: neither a tag nor a sign that is written as an entity; a bare one that
        stands far in front is none."""
        self.assertEqual(cut("aaaa<img src='x'/>b", 9), ("aaaa</p>", True))
        self.assertEqual(cut("aaaa&amp;bbbb", 7), ("aaaa</p>", True))
        self.assertEqual(cut("<img/>bb&amp;bbbb", 10), ("<img/>bb</p>", True))
        self.assertEqual(cut("&lt;aaaaaaaa", 6), ("&lt;aa</p>", True))
        self.assertEqual(cut("&lt;aaaaaaaa", 4), ("&lt;</p>", True))
        self.assertEqual(cut("<b>bbbbbbbb", 3), ("<b></p>", True))
        self.assertEqual(cut("<bbbbbb", 3), ("</p>", True))
        for far, kept in ((2_999, "x"), (3_000, "x"), (3_001, "x&" + "a" * 3_000)):
            document = "x&" + "a" * 4_000
            with self.subTest(far=far):
                self.assertEqual(cut(document, far + 1), (kept + "</p>", True))

    def test_words_are_counted(self):
        """# V2: of scripts without blanks a word is a character."""
        self.assertEqual(
            words("Pump pump Pump 泵漏3号 DN50阀泵"),
            {"Pump": 2, "pump": 1, "泵": 2, "漏": 1, "3": 1, "号": 1}
            | {"DN50": 1, "阀": 1},
        )

    def test_a_document_names_its_charset_at_its_beginning(self):
        """# V2: what stands behind 4096 bytes is not looked for."""
        meta = b'<meta charset="gbk">'
        self.assertEqual(charset_inside(b"<head>" + meta), "gbk")
        self.assertEqual(charset_inside(b" " * 4_000 + meta), "gbk")
        self.assertIsNone(charset_inside(b" " * 4_096 + meta))
        self.assertEqual(charset_inside(b" " * 4_079 + b"<meta charset=gbk>"), "gbk")
        self.assertEqual(charset_inside(b" " * 4_080 + b"<meta charset=gbk>"), "gb")
        self.assertIsNone(charset_inside(b"<p>charset=gbk"))

    def test_a_declaration_is_left_out_once(self):
        self.assertEqual(without_declaration('<?xml version="1.0"?> <p>a'), "<p>a")
        self.assertEqual(without_declaration("<?xml?><?xml?>"), "<?xml?>")
        self.assertEqual(without_declaration("<p><?xml?>"), "<p><?xml?>")
