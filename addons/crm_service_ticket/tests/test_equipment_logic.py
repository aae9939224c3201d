from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_customer_center.tools.text import fold_marks
from odoo.addons.crm_service_ticket.tools.equipment import warranty_state


@tagged("post_install", "-at_install")
class TestEquipmentLogic(BaseCase):
    """# V14"""

    def test_a_warranty_holds_on_its_last_day(self):
        """# V14"""
        until = date(2026, 3, 2)
        for today, state in (
            (date(2026, 3, 1), "in"),
            (until, "in"),
            (date(2026, 3, 3), "over"),
        ):
            with self.subTest(today=today):
                self.assertEqual(warranty_state(until, today), state)
        self.assertEqual(warranty_state(None, until), "unknown")

    def test_one_writing_of_a_number(self):
        """# V14: full-width signs, blanks, and what cannot be seen."""
        for typed in ("HC-200 0417", " ＨＣ－２００　0417 ", "HC-200\n 0417\u200b"):
            with self.subTest(typed=typed):
                self.assertEqual(fold_marks(typed), "HC-200 0417")
        self.assertEqual(fold_marks(" \u200b"), "")

    @given(st.text(max_size=40))
    def test_cleaning_twice_changes_nothing(self, text):
        """# V14: so that what is shown is what is compared."""
        once = fold_marks(text)
        self.assertEqual(fold_marks(once), once)
        self.assertNotIn("\x00", once)
