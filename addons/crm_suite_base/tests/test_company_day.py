from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon


@tagged("post_install", "-at_install")
class TestCompanyDay(BaseCommon):
    """The day turns over at the company's midnight, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Shanghai Ltd."})
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"

    @freeze_time("2026-03-31 16:30:00")
    def test_the_day_is_that_of_the_working_hours(self):
        self.env.user.tz = "America/New_York"
        self.assertEqual(self.company._today(), date(2026, 4, 1))

    @freeze_time("2026-03-31 16:30:00")
    def test_without_working_hours_the_address_says_where_it_is(self):
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = "Pacific/Auckland"
        self.assertEqual(self.company._local_now(), datetime(2026, 4, 1, 5, 30))

    @freeze_time("2026-03-31 16:30:00")
    def test_a_company_of_nowhere_lives_in_utc(self):
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = False
        self.assertEqual(self.company._today(), date(2026, 3, 31))

    @freeze_time("2026-03-31 16:30:00")
    def test_the_day_follows_what_is_changed(self):
        """It is remembered, and forgotten with each of the things it comes from."""
        march, april = date(2026, 3, 31), date(2026, 4, 1)
        self.assertEqual(self.company._today(), april)
        self.company.resource_calendar_id.tz = "UTC"
        self.assertEqual(self.company._today(), march)
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self.company._today(), april)
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self.company._today(), march)
