"""Words in braces that a canned answer leaves open; no database."""

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_service_ticket.tools.placeholders import NAMES, filled, unknown


@tagged("post_install", "-at_install")
class TestPlaceholdersLogic(BaseCase):
    """# V7"""

    def test_each_name_is_filled_in(self):
        values = {meaning: meaning.upper() for meaning in NAMES.values()}
        for name, meaning in NAMES.items():
            for text in (f"{{{name}}}", f"{{ {name} }}", f"{{{name.title()}}}"):
                with self.subTest(text):
                    self.assertEqual(
                        filled(f"x {text}!", values), f"x {meaning.upper()}!"
                    )
                    self.assertEqual(unknown(text), [])

    def test_what_is_no_placeholder_stays(self):
        for text in ("{}", "{ a b }", "{a.b}", "{{", "}{", '{"a": 1}', "100 %", ""):
            with self.subTest(text):
                self.assertEqual(unknown(text), [])
                self.assertEqual(filled(text, {}), text)

    def test_unknown_ones_are_named_once(self):
        text = "{customer} {custmer} {x} {custmer}"
        self.assertEqual(unknown(text), ["custmer", "x"])
        self.assertEqual(filled(text, {"customer": "Li"}), "Li {custmer} {x} {custmer}")

    def test_what_is_filled_in_is_not_looked_through(self):
        """A customer called {agent} stays one."""
        values = {"customer": "{agent}", "agent": "Liu"}
        self.assertEqual(filled("{customer}", values), "{agent}")
