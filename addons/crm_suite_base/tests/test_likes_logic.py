from odoo.tests import BaseCase

from ..tools.likes import literal


class TestLikesLogic(BaseCase):
    """What a person types is looked for as it stands."""

    def test_wildcards_are_characters(self):
        for text, pattern in (
            ("100%", r"100\%"),
            ("a_b", r"a\_b"),
            ("C:\\x", r"C:\\x"),
            ("泵", "泵"),
        ):
            self.assertEqual(literal(text), pattern)
