from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import WEDNESDAY, FollowupCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestFollowupReport(FollowupCommon):
    """# F4: every measure against numbers worked out by hand; today is Wednesday
    4 March 2026."""

    def measure(self, name, aggregator="avg", user=None, kind=None, by="user_id"):
        """:return: {group: value}, without groups that have no value"""
        reports = self.env["crm.followup.report"].with_user(user or self.crm_admin)
        domain = [("user_id", "in", (self.rep | self.colleague | self.other_rep).ids)]
        if kind:
            domain.append(("kind", "=", kind))
        rows = reports._read_group(domain, [by], [f"{name}:{aggregator}"])
        return {group: value for group, value in rows if value not in (None, False)}

    def contact(self, record, days_ago, user=None, **values):
        moment = datetime(2026, 3, 4, 1) - timedelta(days=days_ago)
        return self.write_followup(
            record, self.env.user, user_id=(user or self.rep).id, date=moment, **values
        )

    def test_records_per_person_and_day(self):
        """# F4: rep two on Monday and one today, colleague one on Monday."""
        other = self.make_customer("Other", self.colleague)
        self.contact(self.customer, 2)
        self.contact(self.customer, 2)
        self.contact(self.customer, 0)
        self.contact(other, 2, self.colleague)
        self.assertEqual(
            self.measure("record_count", "sum", kind="record"),
            {self.rep: 3, self.colleague: 1},
        )
        by_day = self.measure("record_count", "sum", kind="record", by="date:day")
        self.assertEqual(list(by_day.values()), [3, 1])

    def test_the_rate_of_what_was_done_in_time(self):
        """# F4: of four due ones of the rep: one on the day, one before it, one a day
        late, one still open: 50 %. One due today and still open does not count yet, one
        cancelled never does."""
        for name, due_ago, done_ago in (
            ("on the day", 10, 10),
            ("before", 9, 11),
            ("late", 8, 7),
            ("open", 3, None),
            ("today", 0, None),
        ):
            customer = self.make_customer(name, self.rep)
            self.contact(customer, 20, next_date=WEDNESDAY - due_ago * DAY)
            task = self.open_tasks(customer)
            if done_ago is not None:
                task._finish(WEDNESDAY - done_ago * DAY, self.followups)
        cancelled = self.make_customer("cancelled", self.rep)
        self.contact(cancelled, 20, next_date=WEDNESDAY - 5 * DAY)
        self.activities(cancelled).unlink()
        self.assertEqual(self.measure("due_count", "sum"), {self.rep: 4})
        self.assertEqual(self.measure("on_time_rate"), {self.rep: 50})

    def test_the_response_to_new_leads(self):
        """# F4: 2 and 5 working hours make 3.5; a second contact changes nothing."""
        for name, born, answered in (
            ("A", "2026-03-02 01:00:00", "2026-03-02 03:00:00"),  # 9 to 11
            # Monday 17 to Tuesday 14, lunch left out
            ("B", "2026-03-02 09:00:00", "2026-03-03 06:00:00"),
        ):
            lead = self.make_lead(name, self.rep)
            self.born_on(lead, born)
            self.write_followup(lead, date=answered)
            self.write_followup(lead, date="2026-03-03 09:00:00")
        self.assertEqual(self.measure("response_hours"), {self.rep: 3.5})

    def test_the_coverage_of_own_customers(self):
        """# F4: of four customers one contacted 3 days, one 29, one 30 days ago, one
        never: two are covered in 30 days, 50 %; all but one in 60."""
        for name, days in (("A", 29), ("B", 30), ("C", None)):
            customer = self.make_customer(name, self.rep)
            if days:
                self.contact(customer, days)
        self.contact(self.customer, 3)
        self.make_contact(self.customer, "Ms Li")
        self.make_customer("Archived", self.rep, active=False)
        self.assertEqual(self.measure("customer_count", "sum"), {self.rep: 4})
        self.assertEqual(self.measure("coverage_rate"), {self.rep: 50})
        self.env["ir.config_parameter"].set_param("crm_followup.coverage_days", "60")
        self.assertEqual(self.measure("coverage_rate"), {self.rep: 75})

    def test_the_conversion_after_follow_up(self):
        """# F4: of four followed-up leads one won 5 days after a contact, one won 100
        days after the only one, one won before it, one open: 25 %."""
        for name, contact_ago, won_ago in (
            ("soon", 10, 5),
            ("later", 110, 10),
            ("before", 5, 8),
            ("open", 5, None),
        ):
            lead = self.make_lead(name, self.rep, team_id=self.team.id)
            self.contact(lead, contact_ago)
            if won_ago is not None:
                lead.action_set_won()
                lead.date_closed = datetime(2026, 3, 4, 1) - timedelta(days=won_ago)
        self.make_lead("never contacted", self.rep)
        self.assertEqual(self.measure("conversion_rate"), {self.rep: 25})
        self.env["ir.config_parameter"].set_param("crm_followup.conversion_days", "120")
        self.assertEqual(self.measure("conversion_rate"), {self.rep: 50})

    def test_figures_show_what_their_sources_show(self):
        """# F4 G1: the rep's to the rep, his manager and administrators."""
        self.contact(self.customer, 1, next_date=WEDNESDAY - DAY)
        for user, expected in (
            (self.rep, {self.rep}),
            (self.manager, {self.rep}),
            (self.crm_admin, {self.rep}),
            (self.colleague, set()),
            (self.other_manager, set()),
        ):
            for name, aggregator in (
                ("record_count", "sum"),
                ("customer_count", "sum"),
                ("due_count", "sum"),
            ):
                with self.subTest(user=user.login, measure=name):
                    found = self.measure(name, aggregator, user)
                    self.assertEqual(set(found), expected)

    def test_rows_have_ids_of_their_own_and_open_their_source(self):
        """# F4: lists and drill-down need both."""
        lead = self.make_lead("Fair", self.rep, self.customer)
        record = self.contact(lead, 1, next_date=WEDNESDAY - DAY)
        rows = self.env["crm.followup.report"].search([("user_id", "=", self.rep.id)])
        self.assertEqual(len(rows), len(set(rows.ids)))
        self.assertEqual(
            set(rows.mapped("kind")),
            {"record", "response", "due", "coverage", "conversion"},
        )
        opened = {
            row.kind: row.with_user(self.rep).action_open_source() for row in rows
        }
        self.assertEqual(opened["record"]["res_id"], record.id)
        self.assertEqual(opened["conversion"]["res_model"], "crm.lead")
        self.assertEqual(opened["coverage"]["res_model"], "res.partner")

    def test_a_column_nobody_knows_is_refused(self):
        """# F4: a part of another module that misspells one fails at once."""
        with self.assertRaises(ValueError):
            self.env["crm.followup.report"]._columns(recrod_count="1")
