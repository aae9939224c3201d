import doctest
import unittest

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_customer_center.tools.search_keys import fold
from odoo.addons.crm_service_ticket.tools import intake
from odoo.addons.crm_service_ticket.tools.intake import Asked, Letter, Met, met

LETTER = Letter(
    fold("Complaint：ＨＣ-200 漂移"),
    fold("我們要求退\n货，the pump is out of  order。Rückgabe!"),
    ("li@ruida.example", "boss@mail.ruida.example"),
    ("help@ours.example", "repair@ours.example"),
)


class TestIntakeLogic(unittest.TestCase):
    """# V8: which mail or form a rule is about."""

    def test_what_the_functions_say_of_themselves(self):
        result = doctest.testmod(intake)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_words_are_whole_words_and_chinese_stands_anywhere(self):
        for word, is_there in (
            ("complaint", True),
            ("COMPLAINT", True),
            ("complain", False),
            ("hc-200", True),
            ("hc-20", False),
            ("200", True),
            ("00", False),
            ("漂移", True),
            ("退货", True),
            ("退貨", True),
            ("我们", True),
            ("退款", False),
            ("out of order", True),
            ("out order", False),
            ("rückgabe", True),
            ("pump", True),
            ("um", False),
            # a pattern is text
            ("p.mp", False),
            ("(", False),
            ("!", True),
        ):
            with self.subTest(word):
                found = met(Asked(words=(fold(word),)), LETTER)
                self.assertEqual(found is not None, is_there)

    def test_a_sender_is_the_address_or_everybody_of_a_domain(self):
        for sender, is_there in (
            ("li@ruida.example", True),
            ("i@ruida.example", False),
            ("@ruida.example", True),
            ("@mail.ruida.example", True),
            ("@example", False),
            ("@uida.example", False),
        ):
            with self.subTest(sender):
                found = met(Asked(senders=(sender,)), LETTER)
                self.assertEqual(found is not None, is_there)

    def test_all_that_is_asked_or_one_of_it(self):
        words, sender = ("退货", "refund"), ("@other.example",)
        receiver = ("repair@ours.example",)
        self.assertEqual(met(Asked(words=words), LETTER), Met(words=("退货",)))
        self.assertIsNone(met(Asked(words=words, senders=sender), LETTER))
        one = Asked(words=words, senders=sender, every=False)
        self.assertEqual(met(one, LETTER), Met(words=("退货",)))
        both = Asked(words, receivers=receiver)
        self.assertEqual(met(both, LETTER), Met(("退货",), (), receiver))
        self.assertIsNone(met(Asked(("refund",), sender, ("x@y.zz",), False), LETTER))

    def test_nothing_asked_is_met_by_every_letter(self):
        for every in (True, False):
            self.assertEqual(met(Asked(every=every), Letter()), Met())

    def test_the_subject_alone(self):
        self.assertTrue(met(Asked(words=("漂移",), subject_only=True), LETTER))
        self.assertIsNone(met(Asked(words=("退货",), subject_only=True), LETTER))

    def test_what_is_an_address(self):
        for part in ("li@acme.cn", "@acme.cn", "@acme.com.cn", "a.b+c@x.io"):
            self.assertFalse(intake.no_address(part), part)
        for part in ("acme.cn", "li@", "@", "@cn", "a b@x.cn", "<a@x.cn>"):
            self.assertTrue(intake.no_address(part), part)

    @given(st.text(), st.text(min_size=1))
    def test_any_text_may_be_asked_of_any(self, text, word):
        for part in intake.parts(fold(word)):
            self.assertEqual([*intake.words_in((part,), f"x {part} y")], [part])
            self.assertIn([*intake.words_in((part,), fold(text))], ([], [part]))
