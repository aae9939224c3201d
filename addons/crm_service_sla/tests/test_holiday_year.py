import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.crm_service_sla.models.forecast import dues_of
from odoo.addons.crm_service_sla.tools import china

from .common import SlaCommon, at

NATIONAL = ("2026-09-30 16:00:00", "2026-10-07 15:59:59")


@tagged("post_install", "-at_install")
class TestHolidayYear(SlaCommon):
    """# V4: China's holidays and make-up days of a year in one click."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaves = cls.env["resource.calendar.leaves"]
        cls.makeups = cls.env["resource.calendar.makeup.day"]
        company = [("company_id", "=", cls.env.company.id)]
        cls.leaves.search([*company, ("resource_id", "=", False)]).unlink()
        cls.makeups.search(company).unlink()
        cls.company_domain = company

    def wizard(self, user=None, **values):
        wizards = self.env["crm.service.holiday.year"].with_user(
            user or self.service_manager
        )
        wizard = wizards.create({"year": 2026, **values})
        wizard.action_preview()
        return wizard

    def take_over(self, user=None, **values):
        wizard = self.wizard(user=user, **values)
        wizard.action_save()
        return wizard

    def there(self, domain=()):
        domain = [*self.company_domain, *domain]
        return (
            self.leaves.search([*domain, ("resource_id", "=", False)]),
            self.makeups.search(domain),
        )

    def sheet(self, *rows):
        content = "\n".join(["日期,名称,是否上班", *rows])
        return {
            "source": "sheet",
            "sheet": base64.b64encode(content.encode()),
            "sheet_name": "2027.csv",
            "year": 2027,
        }

    def test_opening_shows_and_one_click_saves(self):
        """# V4: seven holidays and six make-up days, in the company's zone."""
        with freeze_time("2026-03-02 02:00:00"):
            form = Form(
                self.env["crm.service.holiday.year"].with_user(self.service_manager)
            )
            self.assertEqual(form.year, 2026)
            self.assertIn("National Day", form.preview)
            self.assertIn("No deadline moves", form.preview)
            form.save().action_save()
        holidays, makeups = self.there()
        self.assertEqual(len(holidays), 7)
        national = holidays.filtered(lambda one: one.name == "National Day")
        self.assertEqual(
            (str(national.date_from), str(national.date_to)), NATIONAL, "in Shanghai"
        )
        self.assertFalse(national.calendar_id, "for all calendars")
        self.assertEqual(
            sorted(map(str, makeups.mapped("date"))),
            [
                *("2026-01-04", "2026-02-14", "2026-02-28"),
                *("2026-05-09", "2026-09-20", "2026-10-10"),
            ],
        )

    def test_names_are_in_the_language_of_who_takes_them_over(self):
        """# V4"""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.wizard().with_context(lang="zh_CN")._apply()
        self.assertIn("国庆节", self.there()[0].mapped("name"))

    def test_a_second_time_changes_nothing(self):
        """# V4"""
        self.take_over()
        before = [one.read(["write_date", "name"]) for one in self.there()]
        again = self.wizard()
        self.assertIn("all is there already", again.preview)
        again.action_save()
        self.env.invalidate_all()
        self.assertEqual(
            [one.read(["write_date", "name"]) for one in self.there()], before
        )

    def test_looking_changes_nothing(self):
        """# V4: not a holiday, not a deadline."""
        with freeze_time(at(2, 9)):
            ticket = self.make_ticket("One", self.contact)
            due = ticket.resolution_deadline
            self.wizard()
        self.assertFalse(any(self.there()))
        self.assertEqual(ticket.resolution_deadline, due)

    def test_it_says_which_deadlines_move_and_they_do(self):
        """# V4: from when to when; of the tickets the manager sees."""
        self.policy.resolution_minutes = 20 * 60
        with freeze_time(at(30, 9, month=9)):
            ticket = self.make_ticket("Before the holidays", self.contact)
            quick = self.make_ticket("Done today", self.contact)
            quick.action_resolve()
            due = ticket.resolution_deadline
            wizard = self.wizard()
            rows = wizard._look_ahead([]).moves
            self.assertEqual(
                [(one.ticket, one.clock) for one in rows], [(ticket, "resolution")]
            )
            self.assertEqual(rows[0].before, due)
            self.assertIn(ticket.display_name, wizard.preview)
            wizard.action_save()
            self.assertEqual(ticket.resolution_deadline, rows[0].after)
            self.assertEqual(ticket.resolution_deadline, at(9, 14, month=10))

    def test_what_was_entered_by_hand_is_put_right_or_stays(self):
        """# V4: a shorter national holiday is made whole; a day of the company's own
        stays; nothing is there twice."""
        short = self.leaves.create(
            {
                "name": "National",
                "date_from": "2026-09-30 16:00:00",
                "date_to": "2026-10-03 15:59:00",
            }
        )
        own = self.leaves.create(
            {
                "name": "Anniversary",
                "date_from": "2026-07-01 16:00:00",
                "date_to": "2026-07-02 15:59:59",
            }
        )
        wizard = self.wizard()
        self.assertIn("Changed", wizard.preview)
        wizard.action_save()
        self.assertEqual((str(short.date_from), str(short.date_to)), NATIONAL)
        self.assertTrue(own.exists())
        self.assertEqual(len(self.there()[0]), 8)

    def test_what_is_not_announced_any_more_goes(self):
        """# V4: a list of the same year, corrected."""
        self.take_over(**self.sheet("2027-01-01,元旦,休", "2027-01-03,元旦,班"))
        self.take_over(**self.sheet("2027-01-02,元旦,休"))
        holidays, makeups = self.there()
        self.assertEqual(len(holidays), 1)
        self.assertEqual(str(holidays.date_from), "2027-01-01 16:00:00")
        self.assertFalse(makeups)

    def test_a_year_not_known_says_so_and_offers_the_sheet(self):
        """# V4: nothing is saved by pressing on."""
        year = china.known_years()[-1] + 1
        wizard = self.wizard(year=year)
        for words in (str(year), "November", "A sheet"):
            self.assertIn(words, wizard.preview)
        with self.assertRaisesRegex(UserError, "not known yet"):
            wizard.action_save()
        self.assertFalse(any(self.there()))

    def test_a_sheet_that_cannot_be_taken_says_which_rows(self):
        """# V4: and nothing of it is taken."""
        wizard = self.wizard(
            **self.sheet(
                "2027-01-01,元旦,休",
                "2027-02-30,元旦,休",
                "2027-01-02,,休",
                "2027-01-04,元旦,?",
            )
        )
        for words in ("Row 3: “2027-02-30” is no date", "Row 5: “?” does not say"):
            self.assertIn(words, wizard.preview)
        self.assertNotIn("Row 4", wizard.preview, "a weekend says nothing new")
        with self.assertRaises(UserError):
            wizard.action_save()
        broken = self.wizard(source="sheet", sheet=base64.b64encode(b"PK broken"))
        self.assertIn("cannot be read", broken.preview)
        self.assertIn("Choose a sheet", self.wizard(source="sheet").preview)

    def test_something_else_than_is_shown_is_shown_first(self):
        """# V4: somebody entered a holiday meanwhile, or the year was changed."""
        wizard = self.wizard()
        wizard.year = 2025
        self.assertEqual(wizard.action_save()["res_id"], wizard.id)
        self.assertFalse(any(self.there()))
        wizard.action_save()
        self.assertEqual({one.date.year for one in self.there()[1]}, {2025})

    def test_a_make_up_day_in_the_way_is_told_and_left_out(self):
        """# V4: the company is on a trip on the day."""
        self.leaves.create(
            {
                "name": "Trip",
                "date_from": "2026-10-08 16:00:00",
                "date_to": "2026-10-10 15:59:59",
            }
        )
        wizard = self.wizard()
        self.assertIn("“Trip”, which wins", wizard.preview)
        wizard.action_save()
        self.assertNotIn(date(2026, 10, 10), self.there()[1].mapped("date"))

    def test_one_calendar_only(self):
        """# V4: and then for all: what the one has stays, and is not there twice for
        all."""
        self.take_over(calendar_id=self.calendar.id)
        holidays, makeups = self.there()
        self.assertEqual(holidays.calendar_id, self.calendar)
        self.assertEqual(makeups.calendar_id, self.calendar)
        everybody = self.wizard()
        self.assertIn("One calendar has this make-up day", everybody.preview)
        everybody.action_save()
        self.assertEqual(len(self.there([("calendar_id", "=", False)])[0]), 7)
        self.assertFalse(self.there([("calendar_id", "=", False)])[1])

    def test_another_companys_calendar_is_another_companys(self):
        """# V4: its working time stays, also when everything is read by the system;
        its calendar cannot be chosen."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_calendar("Foreign", company_id=company.id)
        day = (at(1, 0, month=10), at(2, 0, month=10))
        self.take_over()
        self.assertEqual(self.calendar.sudo().get_work_hours_count(*day), 0)
        self.assertEqual(foreign.sudo().get_work_hours_count(*day), 8)
        self.assertFalse(self.leaves.sudo().search([("company_id", "=", company.id)]))
        with self.assertRaises(ValidationError):
            self.env["crm.service.holiday.year"].create({"calendar_id": foreign.id})
        with self.assertRaises(AccessError):
            self.wizard(company_id=company.id).action_save()

    def test_only_who_keeps_the_calendar_may(self):
        """# V4, G1"""
        for role in ("agent", "rep", "plain"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.wizard(user=self.roles[role])
        self.take_over(user=self.roles["crm_admin"])
        self.assertEqual(len(self.there()[0]), 7)

    def test_many_tickets_are_forecast_with_few_questions(self):
        """# V4: the number of questions does not grow with the tickets."""
        tickets = self.env["crm.service.ticket"]
        with freeze_time(at(30, 9, month=9)):
            few = tickets.concat(
                *(self.make_ticket(f"T{n}", self.contact) for n in range(3))
            )
            many = few.concat(
                *(self.make_ticket(f"M{n}", self.contact) for n in range(30))
            )
            counts = []
            for some in (few, few, many):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                dues_of(some)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
