from odoo.tests import BaseCase, tagged

from ..tools.meeting_words import contacts_in, without

LI = (
    "<strong>联系方式</strong><br>Li<br>"
    '<a href="mailto:li@a.example">li@a.example</a><br><a href="tel:+861">+861</a>'
)
REP = (
    '<strong>Organised</strong><br>Rep<br><a href="mailto:r@b.example">r@b.example</a>'
)


def is_li(contact):
    return contact.email == "li@a.example"


@tagged("post_install", "-at_install")
class TestMeetingWordsLogic(BaseCase):
    """# A2: what Odoo wrote is known by its shape, whatever its language."""

    def test_sections_are_read(self):
        for text, expected in (
            (LI, [("Li", "li@a.example", "+861")]),
            (
                f"<div>Plan<br>{REP}<br><br>{LI}</div>",
                [("Rep", "r@b.example", ""), ("Li", "li@a.example", "+861")],
            ),
            ('<strong>A</strong><br><a href="tel:1">1</a>', [("", "", "1")]),
            ("<p><strong>Bring</strong><br>the plan</p>", []),
            ("<strong>See</strong><br>us<br><a href='https://x.example'>x</a>", []),
            ("<strong>Ask</strong> <a href='mailto:x@x.example'>x</a>", []),
            ("", []),
        ):
            with self.subTest(text):
                found = [(one.name, one.email, one.phone) for one in contacts_in(text)]
                self.assertEqual(found, expected)

    def test_only_what_is_hidden_goes(self):
        for text, expected in (
            (f"<div>Plan &amp; price<br>{LI}</div>", "<div>Plan &amp; price</div>"),
            (f"<div>{REP}<br><br>{LI}</div>", f"<div>{REP}</div>"),
            (f"<div>{LI}<br>Ring the bell</div>", "<div><br>Ring the bell</div>"),
            (f"a &lt; b<br>{LI}", "a &lt; b"),
        ):
            with self.subTest(text):
                self.assertEqual(without(text, is_li), expected)

    def test_what_has_nothing_to_hide_is_the_very_same_text(self):
        for text in (f"<div>{REP}</div>", "<p>a<br/>b", "", "a & b"):
            with self.subTest(text):
                self.assertIs(without(text, is_li), text)
