from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SlaCommon, at, moment


@tagged("post_install", "-at_install")
class TestHolidayByHand(SlaCommon):
    """# V4: a holiday or make-up day entered or removed by hand says first which
    deadlines of open tickets move, from when to when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaves = cls.env["resource.calendar.leaves"]
        cls.policy.resolution_minutes = 16 * 60

    def add(self, user=None, **values):
        """The form of a new day, filled in as a manager does."""
        wizards = self.env["crm.service.holiday.add"]
        wizards = wizards.with_user(user or self.service_manager)
        form = Form(wizards.with_context(default_calendar_id=self.calendar.id))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def remove(self, records, user=None):
        action = records.with_user(user or self.service_manager).action_remove()
        wizards = self.env[action["res_model"]]
        return wizards.with_user(self.service_manager).browse(action["res_id"])

    def test_a_holiday_is_added_after_a_look(self):
        """# V4: due on Tuesday evening; with Tuesday off, on Wednesday evening."""
        with moment(2, 9):
            ticket = self.make_ticket("One", self.contact)
            self.assertEqual(ticket.resolution_deadline, at(3, 18))
            wizard = self.add(name="Anniversary", first=date(2026, 3, 3))
            wizard.action_save()
            self.assertFalse(self.holidays(), "shown first")
            self.assertIn(ticket.display_name, wizard.preview)
            self.assertIn("3/4/26, 6:00 PM", self.words(wizard.preview).split("→")[1])
            self.assertEqual(ticket.resolution_deadline, at(3, 18))
            wizard.action_save()
            self.assertEqual(ticket.resolution_deadline, at(4, 18))
        holiday = self.holidays()
        self.assertEqual(holiday.date_from, at(3, 0), "in the calendar's zone")
        self.assertEqual(holiday.calendar_id, self.calendar)

    def holidays(self):
        return self.leaves.search(
            [("calendar_id", "=", self.calendar.id), ("resource_id", "=", False)]
        )

    def words(self, page):
        return " ".join(str(page).replace("\u202f", " ").split())

    def test_half_a_day_is_off_by_its_hours(self):
        """# V4: women's day, the afternoon."""
        wizard = self.add(
            name="Half", first=date(2026, 3, 3), is_whole=False, hour_from=13.0
        )
        with moment(2, 9):
            ticket = self.make_ticket("One", self.contact)
            wizard.action_preview()
            wizard.action_save()
            self.assertEqual(ticket.resolution_deadline, at(4, 15))
        self.assertEqual(self.holidays().date_from, at(3, 13))
        self.assertEqual(self.holidays().date_to, at(3, 18))

    def test_a_make_up_day_is_added_after_a_look(self):
        """# V4: Saturday the 7th is worked: what was due on Monday is due then."""
        with moment(6, 9):
            ticket = self.make_ticket("One", self.contact)
            self.assertEqual(ticket.resolution_deadline, at(9, 18))
            wizard = self.add(kind="makeup", name="Worked", first=date(2026, 3, 7))
            wizard.action_preview()
            self.assertIn(ticket.display_name, wizard.preview)
            self.assertFalse(self.calendar.makeup_day_ids)
            wizard.action_save()
            self.assertEqual(ticket.resolution_deadline, at(7, 18))

    def test_a_holiday_is_removed_after_a_look(self):
        """# V4: and one that somebody moved meanwhile is shown again first."""
        holiday = self.add_holiday(3, 3)
        with moment(2, 9):
            ticket = self.make_ticket("One", self.contact)
            self.assertEqual(ticket.resolution_deadline, at(4, 18))
            wizard = self.remove(holiday)
            self.assertIn(ticket.display_name, wizard.preview)
            holiday.date_to = at(4, 23, 59)
            wizard.action_save()
            self.assertTrue(holiday.exists(), "another one than was shown")
            wizard.action_save()
            self.assertFalse(holiday.exists())
            self.assertEqual(ticket.resolution_deadline, at(3, 18))

    def test_several_make_up_days_are_removed_at_once(self):
        """# V4"""
        days = self.add_makeup_day(7) | self.add_makeup_day(8)
        with moment(6, 9):
            ticket = self.make_ticket("One", self.contact)
            wizard = self.remove(days)
            self.assertEqual(wizard.preview.count("o_sla_holiday_row"), 2)
            wizard.action_save()
            self.assertEqual(ticket.resolution_deadline, at(9, 18))
        self.assertFalse(days.exists())

    def test_what_cannot_be_is_told_and_not_saved(self):
        """# V4"""
        for values, words in (
            ({"last": date(2026, 3, 2)}, "ends before it begins"),
            ({"is_whole": False, "hour_from": 19.0}, "Hours begin before they end"),
        ):
            wizard = self.add(name="Odd", first=date(2026, 3, 3), **values)
            wizard.action_preview()
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                wizard.action_save()
            self.assertIn(words, wizard.preview)
        self.assertFalse(self.holidays())

    def test_what_is_there_already_is_told(self):
        """# V4: a make-up day within, or another holiday."""
        self.add_makeup_day(7)
        wizard = self.add(name="Long", first=date(2026, 3, 6), last=date(2026, 3, 8))
        wizard.action_preview()
        self.assertIn("not worked any more", wizard.preview)
        self.add_holiday(10, 10)
        wizard = self.add(name="Twice", first=date(2026, 3, 10))
        wizard.action_preview()
        self.assertIn("is there already", wizard.preview)

    def test_the_lists_have_no_way_round_the_look(self):
        """# V4: neither typing, nor deleting, nor another calendar."""
        for name in ("view_holiday_list", "view_makeup_day_list"):
            view = self.env.ref(f"crm_service_sla.{name}")
            arch = self.env[view.model].get_views([(view.id, "list")])
            tree = arch["views"]["list"]["arch"]
            for word in ('create="0"', 'delete="0"', 'import="0"'):
                self.assertIn(word, tree)

    def test_an_agent_adds_and_removes_nothing(self):
        """# V4, G1"""
        holiday = self.add_holiday(4, 4)
        with self.assertRaises(AccessError):
            self.remove(holiday, user=self.agent)
        with self.assertRaises(AccessError):
            self.add(user=self.agent, name="x", first=date(2026, 3, 3))
