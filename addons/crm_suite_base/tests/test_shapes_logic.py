from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.shapes import fits


@tagged("post_install", "-at_install")
class TestShapesLogic(BaseCase):
    """# B6: what has not the shape of a call's argument is known before it is used."""

    def test_what_fits(self):
        for value, wanted in (
            ("x", str),
            ("", str),
            (7, int),
            (False, int),
            (2**31 - 1, int),
            (1 - 2**31, int),
            ("\ud7ff\ue000", str),
            ([1, 2], list[int]),
            ((), list[int]),
            (date(2026, 2, 28), date),
            ([["a", "=", 1]], list),
            ({"a": [1]}, dict),
            ({}, dict[str, int]),
            ({"a": 1}, dict[str, int]),
            ({"a": {1: "b"}}, dict[str, dict[int, str]]),
            ([{"a": [1]}], list[dict[str, list[int]]]),
            (None, dict | None),
            (False, dict | None),
            ("2026-02-28", date),
            ("2026-02-28 10:00:00", date),
        ):
            with self.subTest(value=value, wanted=wanted):
                self.assertTrue(fits(value, wanted))

    def test_what_does_not(self):
        for value, wanted in (
            (7, str),
            ("a\x00b", str),
            ("\ud800", str),
            ("7", int),
            (2**31, int),
            (-(2**31), int),
            (-(2**63), int),
            ("\udfff", str),
            ({"\x00": 1}, dict),
            ([1, "x"], list[int]),
            ("12", list[int]),
            ([["a", "=", "\x00"]], list),
            ({"a": {"b": "\x00"}}, dict),
            ({"a": "1"}, dict[str, int]),
            ({1: 1}, dict[str, int]),
            ({"a": 2**31}, dict[str, int]),
            ({"\x00": 1}, dict[str, int]),
            ([["a", 1]], dict[str, int]),
            ({"a": {1: 2}}, dict[str, dict[int, str]]),
            ([{"a": ["1"]}], list[dict[str, list[int]]]),
            ([], dict | None),
            ("0000-00-00", date),
            ("", date),
            (20260228, date),
        ):
            with self.subTest(value=value, wanted=wanted):
                self.assertFalse(fits(value, wanted))
