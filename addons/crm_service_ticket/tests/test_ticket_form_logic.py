import io
import unicodedata
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_customer_center.tools.checks import check_email, check_phone
from odoo.addons.crm_service_ticket.tools import ticket_form as form
from odoo.addons.crm_service_ticket.tools.form_extras import Extra, FormType
from odoo.addons.crm_service_ticket.tools.ticket_form import (
    HONEYPOT,
    MAX_LENGTHS,
    FileLimits,
    Upload,
    clean_text,
    file_problem,
    file_problems,
    read_form,
)

TYPES = {
    "consult": FormType("Consultation"),
    "fault": FormType("Fault", (Extra("code", "Error code", "integer"),)),
}
CHECKS = {"partner_email": check_email, "partner_phone": check_phone}
FORM = {
    "partner_name": "李娜",
    "partner_email": "Li.Na@Example.com",
    "partner_phone": "138 0013 8000",
    "ticket_type": "fault",
    "name": "传感器没有读数",
    "description": "从昨天开始。\r\n第二行",
}
LIMITS = FileLimits(count=2, size=1000)
anything = st.one_of(
    st.none(), st.text(), st.integers(), st.binary(), st.lists(st.text(), max_size=2)
)


@tagged("post_install", "-at_install")
class TestTicketFormLogic(BaseCase):
    """# V2: what strangers type is cleaned, checked, and answered field by field."""

    def problems(self, **changes):
        return read_form({**FORM, **changes}, CHECKS, types=TYPES).problems

    def test_a_good_form_comes_out_in_one_writing(self):
        """# V2: e-mail and phone as the customer master writes them."""
        form = read_form(FORM, CHECKS)
        self.assertFalse(form.problems)
        self.assertFalse(form.is_robot)
        self.assertEqual(form.values["partner_email"], "Li.Na@example.com")
        self.assertEqual(form.values["partner_phone"], "+86 138 0013 8000")
        self.assertEqual(form.values["description"], "从昨天开始。\n第二行")

    def test_what_is_missing_is_named_field_by_field(self):
        """# V2: and nothing else is complained about."""
        problems = read_form({}, CHECKS).problems
        self.assertEqual(
            problems,
            {
                "partner_name": "required",
                "name": "required",
                "description": "required",
                "partner_email": "reachable",
            },
        )
        known = read_form({}, CHECKS, known=True).problems
        self.assertEqual(known, {"name": "required", "description": "required"})

    def test_one_way_to_answer_is_enough(self):
        """# V2: a phone alone, an e-mail alone, not neither."""
        self.assertFalse(self.problems(partner_email=""))
        self.assertFalse(self.problems(partner_phone=""))
        self.assertEqual(
            self.problems(partner_email="", partner_phone=" "),
            {"partner_email": "reachable"},
        )

    def test_wrong_values_keep_what_was_typed(self):
        """# V2: the form shows the mistake, not an empty field."""
        form = read_form(
            {**FORM, "partner_email": "li at example", "partner_phone": "123"}, CHECKS
        )
        self.assertEqual(set(form.problems), {"partner_email", "partner_phone"})
        self.assertEqual(form.values["partner_email"], "li at example")
        self.assertEqual(form.values["partner_phone"], "123")

    def test_too_long_and_unknown_kinds_are_refused(self):
        """# V2: nothing is cut off in silence."""
        for name, length in MAX_LENGTHS.items():
            with self.subTest(name=name):
                self.assertEqual(
                    self.problems(**{name: "x" * (length + 1)})[name], "too_long"
                )
                self.assertNotEqual(
                    self.problems(**{name: "x" * length}).get(name), "too_long"
                )
        self.assertEqual(
            self.problems(ticket_type="bomb"), {"ticket_type": "unknown_type"}
        )

    def test_the_chosen_type_asks_its_own(self):
        """# V15: what was typed for another type is let go; without types offered
        none is asked for."""
        typed = {"extra_fault_code": " 42 ", "extra_consult_code": "x"}
        form = read_form({**FORM, **typed}, CHECKS, types=TYPES)
        self.assertFalse(form.problems)
        self.assertEqual(form.values["extra_fault_code"], "42")
        self.assertNotIn("extra_consult_code", form.values)
        self.assertEqual(
            self.problems(extra_fault_code="E-42"), {"extra_fault_code": "no_number"}
        )
        nothing = read_form({**FORM, **typed}, CHECKS)
        self.assertFalse(nothing.problems)
        self.assertEqual(nothing.values["ticket_type"], "")
        first = read_form({}, CHECKS, known=True, types=TYPES)
        self.assertEqual(first.values["ticket_type"], "consult")

    def test_a_device_is_one_of_the_sender_s(self):
        """# V14"""
        devices = {"7": "HC-200"}
        for typed, kept in (("7", "7"), ("8", ""), ("", "")):
            form = read_form({**FORM, "equipment": typed}, CHECKS, devices=devices)
            self.assertEqual(form.values["equipment"], kept)
        self.assertNotIn("equipment", read_form({"equipment": "7"}, CHECKS).values)

    def test_a_filled_trap_is_a_robot(self):
        """# V2: the field no person sees."""
        self.assertTrue(read_form({**FORM, HONEYPOT: "http://x"}, CHECKS).is_robot)

    def test_signs_that_hide_are_taken_out(self):
        """# V2: NUL breaks the database, direction marks make names lie."""
        self.assertEqual(clean_text("a\x00b\u202ec\ufeff d\ud800"), "abc d")
        self.assertEqual(clean_text("a\nb\t c"), "a b c")
        self.assertEqual(clean_text(" a \n\n b ", one_line=False), "a\n\n b")

    @given(
        st.dictionaries(
            st.sampled_from([*FORM, HONEYPOT, "company_name", "extra_fault_code"]),
            anything,
        )
    )
    def test_whatever_comes_is_read(self, raw):
        """# V2: nothing raises, nothing that PostgreSQL refuses gets through."""
        form = read_form(raw, CHECKS, types=TYPES)
        for value in form.values.values():
            self.assertNotIn("\x00", value)
            value.encode("utf-8")
        for name in form.problems:
            self.assertIn(name, form.values)

    @given(st.text(max_size=60))
    def test_cleaning_twice_changes_nothing(self, text):
        """# V2: what comes back in the form is what will be checked again."""
        for one_line in (True, False):
            once = clean_text(text, one_line)
            self.assertEqual(clean_text(once, one_line), once)
            kinds = {unicodedata.category(c) for c in once} - {"Cc"}
            self.assertNotIn("Cs", kinds)

    def test_files_are_taken_by_size_and_kind(self):
        """# V2: what would run on an agent's machine stays outside."""
        for name, size, problem in [
            ("photo.JPG", 10, ""),
            ("a.b.pdf", 1000, ""),
            ("a.pdf", 1001, "file_size"),
            ("a.pdf", 0, "file_empty"),
            ("run.exe", 10, "file_type"),
            ("invoice.pdf.exe", 10, "file_type"),
            ("invoice.exe.pdf", 10, "file_type"),
            ("page.html", 10, "file_type"),
            ("picture.SVG ", 10, "file_type"),
            ("x.js.", 10, "file_type"),
            ("README", 10, "file_type"),
        ]:
            with self.subTest(name=name):
                self.assertEqual(file_problem(Upload(name, size), LIMITS), problem)

    def test_files_past_the_count_are_refused_by_name(self):
        """# V2: the first ones are kept."""
        uploads = [Upload(f"{n}.png", 5) for n in range(3)]
        self.assertEqual(file_problems(uploads, LIMITS), ["", "", "file_count"])


@tagged("post_install", "-at_install")
class TestContentLogic(BaseCase):
    """# V2: what is the same form, and what a file unpacks to."""

    def test_equal_content_has_an_equal_key_and_nothing_else(self):
        values = {"name": "a", "description": "b"}
        files = [form.Upload("a.png", 1), form.Upload("b.png", 2)]
        key = form.content_key(values, files, "1")
        other_order = dict(reversed(values.items()))
        self.assertEqual(key, form.content_key(other_order, files[::-1], "1"))
        for changed in (
            form.content_key({**values, "name": "ab"}, files, "1"),
            form.content_key({"name": "ab", "description": ""}, files, "1"),
            form.content_key(values, files[:1], "1"),
            form.content_key(values, [form.Upload("a.png", 3), files[1]], "1"),
            form.content_key(values, files, "2"),
        ):
            self.assertNotEqual(key, changed)

    def test_an_archive_is_measured_without_unpacking(self):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", b"0" * 1_000_000)
            archive.writestr("b", b"1")
        size = len(data.getvalue())
        upload = form.look_at("x.zip", data, 10_000)
        self.assertEqual(upload, form.Upload("x.zip", size, 1_000_001, 2))
        self.assertEqual(data.tell(), 0)
        limits = form.FileLimits(5, 10_000, 1_000_000, 10)
        self.assertEqual(form.file_problem(upload, limits), "file_unpacked")
        limits = limits._replace(unpacked=1_000_001)
        self.assertEqual(form.file_problem(upload, limits), "")
        limits = limits._replace(members=1)
        self.assertEqual(form.file_problem(upload, limits), "file_unpacked")

    def test_what_is_too_large_or_no_archive_is_not_looked_into(self):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("a", b"0" * 100)
        real = data.getvalue()
        self.assertEqual(
            form.look_at("x.zip", io.BytesIO(real), len(real)).unpacked, 100
        )
        for raw, largest in (
            (b"PK" + b"x" * 50, 10),
            (b"PK\3\4x", 99),
            (b"", 9),
            (real, len(real) - 1),
            (b"MZ" + real, 9_999),
        ):
            stream = io.BytesIO(raw)
            upload = form.look_at("x.zip", stream, largest)
            self.assertEqual(upload, form.Upload("x.zip", len(raw)))
            self.assertEqual(stream.tell(), 0)
