from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestFollowupState(FollowupCommon):
    """# F3: when last, when next, overdue: on customer and lead, searchable, sortable,
    groupable. Today is Wednesday 4 March 2026."""

    def contact(self, record, days_ago, **values):
        moment = datetime(2026, 3, 4, 1) - timedelta(days=days_ago)
        return self.write_followup(record, self.env.user, date=moment, **values)

    def found(self, *domain, model="res.partner"):
        records = self.customers if model == "res.partner" else self.leads
        ids = [("id", "in", records.ids)]
        return self.env[model].search([*ids, *domain]).mapped("name")

    def make_customers(self):
        names = ("never", "recent", "old", "late")
        self.customers = self.env["res.partner"].union(
            *(self.make_customer(name, self.rep) for name in names)
        )
        _never, recent, old, late = self.customers
        self.contact(recent, 3)
        self.contact(old, 40)
        self.contact(late, 10, next_date=WEDNESDAY - DAY)

    def test_the_dates_of_a_customer(self):
        """# F3: the latest contact, not the last written."""
        self.contact(self.customer, 3)
        self.contact(self.customer, 10, next_date=WEDNESDAY + 2 * DAY)
        self.assertRecordValues(
            self.customer,
            [
                {
                    "last_contact_date": WEDNESDAY - 3 * DAY,
                    "days_since_contact": 3,
                    "next_contact_date": WEDNESDAY + 2 * DAY,
                    "followup_overdue": False,
                    "followup_count": 2,
                }
            ],
        )

    def test_the_overdue_flag_turns_by_itself(self):
        """# F3: no job has to write it."""
        self.contact(self.customer, 3, next_date=WEDNESDAY)
        self.assertFalse(self.customer.followup_overdue)
        with freeze_time("2026-03-05 02:00:00"):
            self.customer.invalidate_recordset()
            self.assertTrue(self.customer.followup_overdue)
            self.assertEqual(self.customer.days_since_contact, 4)

    def test_contacts_and_leads_count_for_the_customer(self):
        """# F3: history of its people, activities on its leads; of its own too."""
        contact = self.make_contact(self.customer, "Ms Li")
        lead = self.make_lead("Fair", self.rep, contact)
        self.contact(contact, 5)
        self.contact(lead, 2, next_date=WEDNESDAY + DAY)
        self.assertEqual(self.customer.last_contact_date, WEDNESDAY - 2 * DAY)
        self.assertEqual(self.customer.next_contact_date, WEDNESDAY + DAY)
        self.assertEqual(lead.last_contact_date, WEDNESDAY - 2 * DAY)
        self.assertEqual(lead.followup_count, 1)

    def test_activities_planned_by_hand_count(self):
        """# F3: planned, moved, done, deleted."""
        activity = self.plan(self.customer, WEDNESDAY + 3 * DAY)
        self.assertEqual(self.customer.next_contact_date, WEDNESDAY + 3 * DAY)
        activity.date_deadline = WEDNESDAY - 2 * DAY
        self.assertTrue(self.customer.followup_overdue)
        activity._action_done()
        self.assertFalse(self.customer.next_contact_date)
        activity = self.plan(self.customer, WEDNESDAY)
        activity.unlink()
        self.assertFalse(self.customer.next_contact_date)

    def test_a_deleted_follow_up_no_longer_counts(self):
        """# F3: and one moved to another day or customer moves the dates."""
        record = self.contact(self.customer, 3)
        older = self.contact(self.customer, 9)
        record.with_user(self.crm_admin).unlink()
        self.assertEqual(self.customer.last_contact_date, WEDNESDAY - 9 * DAY)
        other = self.make_customer("Other", self.rep)
        older.partner_id = other
        self.assertFalse(self.customer.last_contact_date)
        self.assertEqual(other.last_contact_date, WEDNESDAY - 9 * DAY)

    def test_a_lead_that_changes_its_customer_takes_its_activity_along(self):
        """# F3"""
        lead = self.make_lead("Fair", self.rep, self.customer)
        self.plan(lead, WEDNESDAY)
        other = self.make_customer("Other", self.rep)
        lead.partner_id = other
        self.assertFalse(self.customer.next_contact_date)
        self.assertEqual(other.next_contact_date, WEDNESDAY)
        lead.active = False
        self.assertFalse(other.next_contact_date)

    def test_search_by_last_contact(self):
        """# F3: before, after, on, never, ever."""
        self.make_customers()
        for domain, names in (
            ([("last_contact_date", "<", "today -30d")], ["old"]),
            ([("last_contact_date", ">=", "today -10d")], ["late", "recent"]),
            ([("last_contact_date", "=", "2026-03-01")], ["recent"]),
            ([("last_contact_date", "!=", "2026-03-01")], ["late", "never", "old"]),
            ([("last_contact_date", "=", False)], ["never"]),
            ([("last_contact_date", "!=", False)], ["late", "old", "recent"]),
            (
                [
                    "|",
                    ("last_contact_date", "=", False),
                    ("last_contact_date", "<", "today -30d"),
                ],
                ["never", "old"],
            ),
            (
                ["!", ("last_contact_date", "<", "today -30d")],
                ["late", "never", "recent"],
            ),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(sorted(self.found(*domain)), names)

    def test_search_by_days_overdue_and_number(self):
        """# F3"""
        self.make_customers()
        for domain, names in (
            ([("days_since_contact", ">", 30)], ["old"]),
            ([("days_since_contact", "<=", 10)], ["late", "recent"]),
            ([("days_since_contact", "=", 3)], ["recent"]),
            ([("followup_overdue", "=", True)], ["late"]),
            ([("followup_overdue", "=", False)], ["never", "old", "recent"]),
            ([("followup_overdue", "!=", True)], ["never", "old", "recent"]),
            ([("followup_count", "=", 0)], ["never"]),
            ([("followup_count", ">", 0)], ["late", "old", "recent"]),
            ([("next_contact_date", "<", "today")], ["late"]),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(sorted(self.found(*domain)), names)

    def test_sorted_and_grouped(self):
        """# F3: by the database, in lists and pivots."""
        self.make_customers()
        partners = self.env["res.partner"].with_user(self.rep)
        ids = [("id", "in", self.customers.ids)]
        order = partners.search(ids, order="last_contact_date desc nulls last")
        self.assertEqual(order.mapped("name"), ["recent", "late", "old", "never"])
        groups = partners._read_group(ids, ["last_contact_date:month"], ["__count"])
        self.assertEqual(
            {month and month.strftime("%Y-%m"): number for month, number in groups},
            {"2026-01": 1, "2026-02": 1, "2026-03": 1, False: 1},
        )
        info = partners.fields_get(["last_contact_date", "next_contact_date"])
        for name, description in info.items():
            with self.subTest(field=name):
                self.assertTrue(description["groupable"])
                self.assertTrue(description["sortable"])
                self.assertTrue(description["searchable"])

    def test_leads_are_searched_likewise(self):
        """# F3"""
        self.leads = self.make_lead("new", self.rep) | self.make_lead("known", self.rep)
        self.contact(self.leads[1], 3)
        self.assertEqual(
            self.found(("last_contact_date", "=", False), model="crm.lead"), ["new"]
        )

    def test_a_domain_of_a_rule_may_use_them(self):
        """# F2 F3: also on records in memory."""
        self.make_customers()
        late = self.customers.filtered_domain([("followup_overdue", "=", True)])
        self.assertEqual(late.mapped("name"), ["late"])

    def test_nothing_changed_writes_nothing(self):
        """# F3: computing all rows anew finds them right."""
        self.make_customers()
        self.assertEqual(self.env["crm.followup.state"]._refresh_all(), 0)

    def test_rows_that_went_wrong_are_corrected(self):
        """# F3: by the nightly job, whatever SQL did."""
        self.make_customers()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_followup_state SET last_contact_date = '2020-01-01'"
            " WHERE partner_id = %s",
            [self.customers[1].id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.env["crm.followup.state"]._refresh_all(), 1)
        self.assertEqual(self.customers[1].last_contact_date, date(2026, 3, 1))

    def test_a_partner_that_is_deleted_takes_its_row_along(self):
        """# F3"""
        customer = self.make_customer("Short-lived", self.rep)
        self.plan(customer, fields.Date.today())
        customer.unlink()
        rows = self.env["crm.followup.state"].search_count(
            [("partner_id", "=", customer.id)]
        )
        self.assertFalse(rows)
