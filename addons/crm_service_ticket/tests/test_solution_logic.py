"""What of an answer is proposed as the solution; no database."""

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.solution import as_html, said

SIGNATURE = "<div class='o-signature-container'><p>-- <br>Liu Fang</p></div>"


@tagged("post_install", "-at_install")
class TestSolutionLogic(BaseCase):
    """# V7"""

    def test_words_and_nothing_else(self):
        for source, lines in (
            ("", []),
            ("   ", []),
            ("<p>Turn the filter.</p>", ["Turn the filter."]),
            ("Turn it.<br>Then wait.", ["Turn it.", "Then wait."]),
            (
                "<p>请重启网关。</p><p><br></p><p>再等五分钟。</p>",
                ["请重启网关。", "再等五分钟。"],
            ),
            (f"<div><p>Turn it.</p>{SIGNATURE}</div>", ["Turn it."]),
            ("<p>Turn it.</p><p>--</p><p>Liu Fang</p>", ["Turn it."]),
            ("<p>Turn it.</p><p>-- <br>Liu Fang</p>", ["Turn it."]),
            (
                "<p>Turn it.</p><div data-o-mail-quote='1'>-- <br>Liu</div>",
                ["Turn it."],
            ),
            ("<p>Turn it.</p><blockquote>It drifts</blockquote>", ["Turn it."]),
            ("<p>&gt; It drifts</p><p>Turn it.</p>", ["Turn it."]),
            (
                "<p>Turn it.</p><p>---原始邮件---</p><p>发件人: li</p><p>It drifts</p>",
                ["Turn it."],
            ),
            ("<p>1 &lt; 2 &amp; 3 -- so turn it</p>", ["1 < 2 & 3 -- so turn it"]),
        ):
            with self.subTest(source):
                self.assertEqual(said(source), lines)

    def test_words_after_a_quotation_stay(self):
        """Answers between the lines of what was asked."""
        source = "<blockquote>First?</blockquote>Yes.<blockquote>Second?</blockquote>No"
        self.assertEqual(said(source), ["Yes.", "No"])

    def test_odd_input_is_no_error(self):
        for source in ("<p", "<!-- -->", "\x00", "<" * 5000, "<div>" * 3000 + "deep"):
            with self.subTest(source[:10]):
                self.assertIsInstance(said(source), list)

    def test_lines_become_paragraphs(self):
        self.assertEqual(as_html(["1 < 2", "so"]), "<p>1 &lt; 2</p><p>so</p>")
        self.assertEqual(as_html([]), "")
