import zlib

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools import mail_unwrap
from odoo.addons.crm_service_ticket.tools.mail_unwrap import (
    Event,
    Tnef,
    events,
    rtf_text,
    smime_content,
    smime_kind,
    tnef,
)

from .mail_forge import tnef as forged

MAIL = b"Content-Type: text/plain\r\n\r\nwords"


def envelope(kind, content=MAIL):
    """A mail in an envelope of S/MIME."""
    inside = {"encap_content_info": {"content_type": "data", "content": content}}
    if kind == "signed_data":
        more = {"version": "v1", "digest_algorithms": [], "signer_infos": []}
    else:
        more = {"version": "v0", "compression_algorithm": {"algorithm": "zlib"}}
    whole = {"content_type": kind, "content": more | inside}
    return mail_unwrap.cms.ContentInfo(whole).dump()


def calendar(*lines, method="REQUEST"):
    """An invitation to one entry."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}"]
    return "\r\n".join([*head, *lines, "END:VCALENDAR", ""])


def entry(*lines, kind="VEVENT"):
    return [f"BEGIN:{kind}", "UID:1", *lines, f"END:{kind}"]


@tagged("post_install", "-at_install")
class TestMailUnwrapLogic(BaseCase):
    """# V2: what other programs pack a mail into is opened, or left as it is."""

    # ------------------------------------------------------------
    # S/MIME
    # ------------------------------------------------------------

    def test_what_is_signed_or_compressed_is_opened(self):
        packed = envelope("compressed_data", zlib.compress(MAIL))
        for kind, data in (
            ("signed_data", envelope("signed_data")),
            ("compressed_data", packed),
        ):
            with self.subTest(kind=kind):
                self.assertEqual(smime_kind(data), kind)
                self.assertEqual(smime_content(data), MAIL)

    def test_what_is_no_envelope_is_none(self):
        """# V2: nor does it raise."""
        for data in (b"", b"junk", b"\x30", b"\x30\x03abc"):
            with self.subTest(data=data):
                self.assertEqual(smime_kind(data), "")
                self.assertIsNone(smime_content(data))
        plain = mail_unwrap.cms.ContentInfo({"content_type": "data", "content": MAIL})
        self.assertIsNone(smime_content(plain.dump()))

    def test_a_mail_that_unpacks_to_too_much_stays_packed(self):
        """# V2: to the byte."""
        self.patch(mail_unwrap, "MAX_SIZE", 1_000)
        for size, is_opened in ((999, True), (1_000, True), (1_001, False)):
            data = envelope("compressed_data", zlib.compress(b"x" * size))
            with self.subTest(size=size):
                self.assertEqual(smime_content(data) is not None, is_opened)

    # ------------------------------------------------------------
    # OUTLOOK
    # ------------------------------------------------------------

    def test_a_winmail_gives_its_words_and_files(self):
        files = (("报价单.xls", b"\1\2"),)
        for how, expected in (
            ("text", Tnef("漏水", "", files)),
            ("html", Tnef("", "<p>漏水</p>", files)),
            ("rtf", Tnef("漏水", "", files)),
        ):
            with self.subTest(how=how):
                self.assertEqual(tnef(forged("漏水", how, b"\1\2")), expected)
        self.assertIsNone(tnef(b"junk" + forged("漏水", "text", b"\1\2")))

    def test_the_text_is_read_in_the_codepage_it_names(self):
        """# V2: a short one could be of several."""
        shown = "<p>漏</p>".encode()
        whole = forged("漏", "html", b"1")
        for number, codec, text in (
            (936, "gbk", "泵"),
            (950, "big5", "退信"),
            (1251, "cp1251", "но"),
        ):
            said = whole.replace(shown, text.encode(codec).ljust(len(shown)))
            said = said.replace(
                (65001).to_bytes(4, "little"), number.to_bytes(4, "little")
            )
            with self.subTest(codec=codec):
                self.assertIn(text, tnef(said).html)

    def test_the_codepage_is_taken_out_of_the_properties_only(self):
        mark = b"\x03\x00\xde\x3f" + (950).to_bytes(4, "little")
        data = mark + b"12" + mark + b"34"
        take = mail_unwrap._without_codepage
        self.assertEqual(take(data, [(1, 0, 20)]), (data, 0))
        self.assertEqual(take(data, [(0x9003, 8, 13)]), (data, 0))
        other = b"\x03\x00\xde\x6f" + mark[4:]
        self.assertEqual(
            take(data, [(1, 0, 10), (0x9003, 8, 20)]),
            (mark + b"12" + other + b"34", 950),
        )
        self.assertEqual(
            take(data, [(0x9003, 0, 20)]), (other + b"12" + mark + b"34", 950)
        )

    def test_a_winmail_of_too_many_objects_is_left_alone(self):
        """# V2: an object is 11 bytes and its content; each has name and place."""
        self.patch(mail_unwrap, "MAX_TNEF_OBJECTS", 3)
        objects = mail_unwrap._tnef_objects
        one = b"\1\x03\x90\0\0\2\0\0\0ab\0\0"
        self.assertEqual(objects(b"\0" * 6), [])
        self.assertEqual(objects(b"\0" * 6 + one), [(0x9003, 15, 17)])
        found = objects(b"\0" * 6 + one * 3)
        self.assertEqual([place for _n, place, _e in found], [15, 28, 41])
        self.assertIsNone(objects(b"\0" * 6 + one * 4))
        self.assertEqual(objects(b"\0" * 6 + b"\0" * 10), [])
        self.assertEqual(objects(b"\0" * 6 + b"\0" * 11), [(0, 15, 15)])

    def test_texts_of_outlook_are_bytes_texts_or_lists(self):
        said = mail_unwrap._tnef_text
        for value, expected in (
            (b"a\xc3\xa9\0\0", "aé"),
            ("a\0", "a"),
            (["a", "b"], "a"),
            ((b"a",), "a"),
            ([], ""),
            (None, ""),
        ):
            with self.subTest(value=value):
                self.assertEqual(said(value, "utf-8"), expected)

    def test_rtf_says_its_words(self):
        self.assertEqual(
            rtf_text(rb"{\rtf1\ansi\pard one\par two\par}" + b"\0"), "one\ntwo"
        )
        self.assertIsNone(mail_unwrap._rtf(b""))
        self.patch(mail_unwrap, "MAX_RTF", 5)
        self.assertIsNone(mail_unwrap._rtf(b"1234" + b"\6\0\0\0" + b"x" * 20))

    # ------------------------------------------------------------
    # INVITATIONS
    # ------------------------------------------------------------

    def test_an_entry_in_words(self):
        said = calendar(
            *entry(
                "SUMMARY:A",
                "DTSTART:20261110T010000Z",
                "DTEND:20261110T023000Z",
                "LOCATION:Hall",
                "ORGANIZER;CN=Li:MAILTO:li@ruida.example",
                "DESCRIPTION:D",
                "RRULE:FREQ=DAILY;COUNT=2",
            ),
            method="request",
        )
        self.assertEqual(
            events(said, "Asia/Shanghai"),
            [
                Event(
                    "REQUEST",
                    "A",
                    "2026-11-10 09:00 (Asia/Shanghai) = 2026-11-10 01:00 (UTC)",
                    "2026-11-10 10:30 (Asia/Shanghai) = 2026-11-10 02:30 (UTC)",
                    "Hall",
                    "Li li@ruida.example",
                    "D",
                    "FREQ=DAILY;COUNT=2",
                )
            ],
        )
        self.assertEqual(events(said)[0].start, "2026-11-10 01:00 (UTC)")

    def test_what_an_entry_does_not_say_is_empty(self):
        """# V2: a whole day has no zone, nor has a time that names none; the name of
        an organizer that is his address is said once."""
        said = calendar(
            *entry("SUMMARY:A", "DTSTART;VALUE=DATE:20261110"),
            *entry("DTSTART:20261110T090000", "ORGANIZER;CN=x@y.cn:mailto:x@y.cn"),
            *entry("DTSTART;TZID=Nowhere:20261110T090000", "ORGANIZER:mailto:x@y.cn"),
            *entry("SUMMARY:T", "DUE:20261110T090000Z", kind="VTODO"),
        )
        first, second, third, task = events(said)
        self.assertEqual(first, Event("REQUEST", "A", "2026-11-10", *[""] * 5))
        self.assertEqual(second.start, "2026-11-10 09:00")
        self.assertEqual(second.organizer, "x@y.cn")
        self.assertEqual(third.start, "2026-11-10 09:00 (Nowhere)")
        self.assertEqual(third.organizer, "x@y.cn")
        self.assertEqual(task.summary, "T")
        self.assertEqual(task.end, "2026-11-10 09:00 (UTC)")

    def test_of_many_entries_the_first_are_said(self):
        said = calendar(*[line for n in range(12) for line in entry(f"SUMMARY:{n}")])
        self.assertEqual([e.summary for e in events(said)], list(map(str, range(10))))

    def test_a_calendar_that_is_broken_gives_its_lines(self):
        """# V2: the first entry's, with the zone they name; of nothing, nothing."""
        said = (
            "METHOD:Cancel\nSUMMARY:head\nBEGIN:VEVENT\nSUMMARY:A\\, b\n"
            "DTSTART;TZID=Mars:2026\nDESCRIPTION:one\\n\n two\nSUMMARY:other\n"
            "LOCATION:Hall\nDTEND:2027\nORGANIZER:x\nRRULE:y"
        )
        self.assertEqual(
            events(said),
            [
                Event(
                    "CANCEL",
                    "A, b",
                    "2026 (Mars)",
                    "2027",
                    "Hall",
                    "x",
                    "one\ntwo",
                    "y",
                )
            ],
        )
        self.assertEqual(events("SUMMARY:alone"), [Event("", "alone", *[""] * 6)])
        self.assertEqual(events("rubbish"), [])
