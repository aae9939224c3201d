from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestHolidayMove(SlaCommon):
    """# V4: moving a holiday says first which open tickets move."""

    def move(self, record, user=None, **values):
        action = record.with_user(user or self.service_manager).action_move()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizards.with_user(user or self.service_manager))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_a_holiday_is_moved_after_a_look(self):
        """# V4: the 4th off becomes the 5th off: what was due on the 5th is due on the
        4th."""
        holiday = self.add_holiday(4, 4)
        self.policy.resolution_minutes = 16 * 60
        with moment(3, 9):
            ticket = self.make_ticket("Moved", self.contact)
            self.assertEqual(ticket.resolution_deadline, at(5, 18))
            wizard = self.move(holiday, date_from=at(5, 0), date_to=at(5, 23, 59))
            self.assertFalse(wizard.preview)
            wizard.action_save()
            self.assertEqual(holiday.date_from, at(4, 0), "shown first")
            self.assertIn(ticket.display_name, wizard.preview)
            wizard.action_save()
            self.assertEqual(holiday.date_from, at(5, 0))
            self.assertEqual(ticket.resolution_deadline, at(4, 18))

    def test_a_make_up_day_is_moved_after_a_look(self):
        """# V4"""
        day = self.add_makeup_day(7)
        self.policy.resolution_minutes = 16 * 60
        with moment(6, 9):
            ticket = self.make_ticket("Moved", self.contact)
            self.assertEqual(ticket.resolution_deadline, at(7, 18))
            wizard = self.move(day, date=date(2026, 3, 14))
            wizard.action_preview()
            self.assertIn(ticket.display_name, wizard.preview)
            self.assertEqual(day.date, date(2026, 3, 7))
            wizard.action_save()
        self.assertEqual(day.date, date(2026, 3, 14))
        self.assertEqual(ticket.resolution_deadline, at(9, 18))

    def test_where_it_cannot_go_is_told(self):
        """# V4: a make-up day into a holiday."""
        self.add_holiday(13, 15)
        wizard = self.move(self.add_makeup_day(7), date=date(2026, 3, 14))
        wizard.action_preview()
        self.assertIn("within the holiday", wizard.preview)
        with self.assertRaises(UserError):
            wizard.action_save()

    def test_days_that_stay_change_nothing(self):
        """# V4"""
        holiday = self.add_holiday(4, 4)
        wizard = self.move(holiday)
        wizard.action_preview()
        self.assertIn("Nothing changes", wizard.preview)
        wizard.action_save()
        self.assertEqual(holiday.date_from, at(4, 0))

    def test_an_agent_moves_nothing(self):
        """# V4, G1"""
        holiday = self.add_holiday(4, 4)
        with self.assertRaises(AccessError):
            self.move(holiday, user=self.agent)
