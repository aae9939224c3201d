from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools import form_extras
from odoo.addons.crm_service_ticket.tools.form_extras import SIMPLE, Extra

CHOICES = (("a", "Alpha"), ("b", "Beta"))


def extra(kind):
    return Extra("x", "X", kind, CHOICES if kind == "selection" else ())


@tagged("post_install", "-at_install")
class TestFormExtrasLogic(BaseCase):
    """# V15: what a type of ticket asks strangers for."""

    def test_values_of_each_kind(self):
        """# V15: as people type them, full-width comma included."""
        for kind, text, expected in (
            ("char", "SN 1", "SN 1"),
            ("text", "a\nb", "a\nb"),
            ("integer", "12", 12),
            ("integer", "-3", -3),
            ("float", "2，5", 2.5),
            ("float", "2.5", 2.5),
            ("boolean", "1", True),
            ("date", "2026-03-02", "2026-03-02"),
            ("selection", "b", "b"),
            ("selection", "", False),
            ("boolean", "", False),
        ):
            with self.subTest(kind=kind, text=text):
                self.assertEqual(form_extras.problem(extra(kind), text), "")
                self.assertEqual(form_extras.value(extra(kind), text), expected)

    def test_what_is_wrong_is_named(self):
        """# V15"""
        for kind, text, code in (
            ("integer", "2.5", "no_number"),
            ("integer", "nan", "no_number"),
            ("integer", "2147483648", "no_number"),
            ("float", "inf", "no_number"),
            ("float", "many", "no_number"),
            ("date", "2026-02-30", "no_date"),
            ("date", "yesterday", "no_date"),
            ("selection", "c", "no_choice"),
            ("char", "x" * 251, "too_long"),
            ("text", "x" * 5001, "too_long"),
            ("boolean", "x" * 251, "too_long"),
        ):
            with self.subTest(kind=kind, text=text[:20]):
                self.assertEqual(form_extras.problem(extra(kind), text), code)

    def test_only_simple_fields_stand_in_the_form(self):
        """# V15: no links to records, and a line is no field; one without a name is
        called by its technical one."""
        definition = [
            {"name": "a", "string": "Order", "type": "char"},
            {"name": "b", "string": "Who", "type": "many2one", "comodel": "res.users"},
            {"name": "c", "type": "selection", "selection": [["a", "Alpha"]]},
            {"name": "d", "string": "Line", "type": "separator"},
        ]
        self.assertEqual(
            form_extras.extras_of(definition),
            (
                Extra("a", "Order", "char"),
                Extra("c", "c", "selection", (("a", "Alpha"),)),
            ),
        )

    @given(st.sampled_from(SIMPLE), st.text(max_size=40))
    def test_whatever_is_typed_is_a_value_or_a_problem(self, kind, text):
        """# V15: nothing raises."""
        if not form_extras.problem(extra(kind), text):
            form_extras.value(extra(kind), text)
