from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.mail_headers import (
    AUTO_REPLY,
    MACHINE,
    OWN,
    PERSON,
    classify,
    with_message_id,
)

OURS = frozenset({"our-database"})


@tagged("post_install", "-at_install")
class TestMailHeadersLogic(BaseCase):
    """# V2: loops and auto-replies stop, what a person writes passes."""

    def kind(self, **headers):
        given_ = {name.replace("_", "-").lower(): v for name, v in headers.items()}
        return classify(given_, OURS).kind

    def test_what_answers_by_itself_is_an_auto_reply(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-replied; owner-email=x"},
            {"Auto_Submitted": " Auto-Replied "},
            {"X_Autoreply": "yes"},
            {"X_Autorespond": "1"},
            {"Precedence": "auto_reply"},
            {"Return_Path": "<>"},
            {"Subject": "自动回复: 我在休假"},
            {"Subject": "Automatic reply: Sensor drifts"},
            {"Subject": "Out of Office: back on Monday"},
            {"Subject": "Out of the office"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.kind(**headers), AUTO_REPLY)

    def test_what_a_machine_sends_on_its_own_is_no_answer(self):
        """An alarm of a device is a ticket; it is only never answered by itself."""
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"List_Id": "<news.example>"},
            {"From_Address": "no-reply@bank.example"},
            {"From_Address": "noreply@bank.example"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.kind(**headers), MACHINE)

    def test_a_person_passes(self):
        for headers in (
            {},
            {"Auto_Submitted": "no"},
            {"Auto_Submitted": ""},
            {"X_Auto_Response_Suppress": "All"},
            {"Subject": "关于自动回复功能的问题"},
            {"Subject": "Re: Out of memory"},
            {"From_Address": "norepland@mail.example"},
            {"Precedence": "normal"},
            {"Return_Path": "<li@ruida.example>"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(self.kind(**headers), PERSON)

    def test_our_own_mail_is_recognised_when_it_comes_back(self):
        self.assertEqual(self.kind(X_Service_Source="our-database"), OWN)
        self.assertEqual(self.kind(X_Service_Source="another"), PERSON)

    def test_the_reason_is_what_was_found(self):
        verdict = classify({"auto-submitted": "auto-replied"}, OURS)
        self.assertEqual(verdict.reason, "Auto-Submitted: auto-replied")

    def test_a_mail_with_message_id_stays_as_it_is(self):
        raw = b"From: a@b.example\r\nMESSAGE-ID: <1@b.example>\r\n\r\nHello"
        self.assertIs(with_message_id(raw), raw)

    def test_a_mail_without_gets_the_same_one_each_time(self):
        raw = b"From: a@b.example\n\nMessage-ID: <not a header>\n"
        first, second = with_message_id(raw), with_message_id(raw)
        self.assertEqual(first, second)
        self.assertTrue(first.startswith(b"Message-Id: <"))
        self.assertTrue(first.endswith(raw))
        self.assertNotEqual(first.split(b"\r\n")[0], with_message_id(raw + b".")[:80])

    def test_an_empty_message_id_counts_as_none(self):
        raw = b"Message-ID:\r\nFrom: a@b.example\r\n\r\n"
        self.assertNotEqual(with_message_id(raw), raw)

    @given(st.binary(max_size=300))
    def test_any_bytes_get_through(self, raw):
        once = with_message_id(raw)
        self.assertEqual(with_message_id(once), once)
        self.assertTrue(once.endswith(raw))

    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "auto-submitted",
                    "precedence",
                    "subject",
                    "x-autoreply",
                    "return-path",
                ]
            ),
            st.text(max_size=30),
        )
    )
    def test_any_headers_get_a_verdict(self, headers):
        self.assertIn(classify(headers, OURS).kind, (PERSON, MACHINE, AUTO_REPLY, OWN))
