from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.threading import (
    ADDRESS,
    FOREIGN,
    NUMBER,
    SUBJECT,
    Mail,
    Match,
    Ticket,
    is_reply,
    match,
    numbers_in_addresses,
    numbers_in_subject,
    plain_addresses,
    subject_key,
)

NOW = datetime(2026, 3, 20, 10)


@tagged("post_install", "-at_install")
class TestThreadingLogic(BaseCase):
    """# V2: a mail finds its ticket where the references were lost."""

    def mail(
        self, subject="Re: Drift", sender="li@ruida.example", to=("service@x.cn",)
    ):
        return Mail(sender, tuple(to), subject, NOW)

    def ticket(self, key=1, **values):
        fields = {
            "number": f"TK00000{key}",
            "subject": "Drift",
            "sender": "li@ruida.example",
            "involved": True,
            "last": NOW - timedelta(days=3),
            "window": 14,
        }
        return Ticket(key, **{**fields, **values})

    def test_subjects_of_one_matter_have_one_key(self):
        for subject in (
            "Drift at 80 °C",
            "Re: Drift at 80 °C",
            "RE: RE: Drift at 80 °C",
            "回复：Drift at 80 °C",
            "答复: 回复: Drift at 80 °C",
            "转发：Drift at 80 °C",
            "AW: WG: Drift at 80 °C",
            "Re[2]: Drift at 80 °C",
            "Re: [TK000123] Drift at 80 °C",
            "[TK000123] Re:  drift  at 80 °C ",
            "Ｒｅ： Drift at 80 °C",
        ):
            with self.subTest(subject=subject):
                self.assertEqual(subject_key(subject), subject_key("Drift at 80 °C"))

    def test_subjects_that_say_nothing_have_none(self):
        for subject in (
            "",
            "Re:",
            "回复：",
            "(no subject)",
            "无主题",
            "Re: [TK000123]",
        ):
            with self.subTest(subject=subject):
                self.assertEqual(subject_key(subject), "")

    def test_only_the_outermost_mark_tells_an_answer(self):
        for subject, answer in (
            ("Re: x", True),
            ("回复：x", True),
            ("Fwd: Re: x", False),
            ("转发：回复：x", False),
            ("Re: Fwd: x", True),
            ("Response: x", False),
            ("x", False),
        ):
            with self.subTest(subject=subject):
                self.assertEqual(is_reply(subject), answer)

    def test_numbers_are_found_however_they_are_written(self):
        for subject in (
            "Re: [TK000123] x",
            "x (tk000123)",
            "工单TK000123的问题",
            "ＴＫ０００１２３",
        ):
            with self.subTest(subject=subject):
                self.assertIn("TK000123", numbers_in_subject(subject))
        self.assertEqual(numbers_in_subject("Room 12"), [])

    def test_addresses_with_a_number(self):
        addresses = ["Service+tk000123@x.cn", "other@x.cn"]
        self.assertEqual(numbers_in_addresses(addresses), ["TK000123"])
        self.assertEqual(plain_addresses(addresses), ["service@x.cn"])

    def test_the_address_goes_before_the_subject(self):
        mail = self.mail("Re: [TK000001] Drift", to=("service+TK000002@x.cn",))
        found = match(mail, [self.ticket(1), self.ticket(2)])
        self.assertEqual(found, Match(2, ADDRESS))

    def test_the_number_goes_before_the_subjects_words(self):
        found = match(
            self.mail("Re: [TK000001] Drift"),
            [self.ticket(1, subject="Else"), self.ticket(2)],
        )
        self.assertEqual(found, Match(1, NUMBER))

    def test_a_stranger_who_names_a_number_gets_a_ticket_of_his_own(self):
        found = match(self.mail("[TK000001] x"), [self.ticket(1, involved=False)])
        self.assertEqual(found, Match(1, FOREIGN))

    def test_sender_and_subject_match_answers_only(self):
        self.assertEqual(
            match(self.mail("回复：Drift"), [self.ticket()]), Match(1, SUBJECT)
        )
        self.assertIsNone(match(self.mail("Drift"), [self.ticket()]))
        self.assertIsNone(match(self.mail("Fwd: Drift"), [self.ticket()]))

    def test_sender_and_subject_match_within_the_window(self):
        for days, window, expected in ((14, 14, True), (15, 14, False), (1, 0, False)):
            ticket = self.ticket(last=NOW - timedelta(days=days), window=window)
            with self.subTest(days=days, window=window):
                self.assertEqual(bool(match(self.mail(), [ticket])), expected)

    def test_another_sender_or_subject_is_another_matter(self):
        self.assertIsNone(match(self.mail(sender="x@y.cn"), [self.ticket()]))
        self.assertIsNone(match(self.mail("Re: Else"), [self.ticket()]))
        self.assertIsNone(match(self.mail("Re:"), [self.ticket(subject="")]))

    def test_of_several_the_latest(self):
        older = self.ticket(1, last=NOW - timedelta(days=9))
        self.assertEqual(match(self.mail(), [self.ticket(2), older]).key, 2)

    @given(st.text(max_size=60))
    def test_any_subject_has_a_stable_key(self, subject):
        key = subject_key(subject)
        self.assertEqual(subject_key(key), key)
        self.assertEqual(subject_key(f"Re: {subject}"), key)
        numbers_in_subject(subject)
