from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.crm_reports.models.crm_measure import Scope
from odoo.addons.crm_reports.tests.common import TODAY
from odoo.addons.crm_reports.tools.periods import Period

from .common import SalesReportsCommon

FIRST, YESTERDAY = date(2026, 11, 1), date(2026, 11, 23)
# at two in the morning of the 25th in Shanghai it is still the 24th in Greenwich
BEFORE_TWO, AT_TWO = datetime(2026, 11, 24, 17, 59), datetime(2026, 11, 24, 18, 0)


@tagged("post_install", "-at_install")
class TestSnapshot(SalesReportsCommon):
    """# A10: key figures of the day, once, whatever happens."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        self.company.report_snapshot_date = False

    def take(self, first=FIRST, last=YESTERDAY):
        self.snapshots._take(self.company, first, last)

    def amounts(self, key, user=None):
        """{day: amount} of what is kept."""
        domain = [("measure", "=", key)]
        domain += [("user_id", "=", user.id)] if user else []
        rows = self.snapshots._read_group(domain, ["date:day"], ["amount:sum"])
        return {day: amount for day, amount in rows if amount}

    def test_each_day_has_its_figures(self):
        """# A10: by hand; won on the 10th and the 20th."""
        self.take()
        won = self.amounts("won_revenue")
        self.assertEqual(won, {date(2026, 11, 10): 1000, date(2026, 11, 20): 500})
        self.assertEqual(
            self.amounts("won_revenue", self.rep), {date(2026, 11, 10): 1000}
        )
        self.assertEqual(self.amounts("pipeline"), {YESTERDAY: 1600})
        self.assertEqual(sum(self.amounts("new_leads").values()), 5)

    def test_taking_it_twice_changes_nothing(self):
        """# A10: not even a row is written."""
        self.take()
        columns = ["date", "measure", "user_id", "amount", "weight"]
        before = self.snapshots.search_read([], columns)
        self.env.cr.execute("SELECT sum(xmin::text::bigint) FROM crm_report_snapshot")
        written = self.env.cr.fetchone()
        self.take()
        self.assertEqual(self.snapshots.search_read([], columns), before)
        self.env.cr.execute("SELECT sum(xmin::text::bigint) FROM crm_report_snapshot")
        self.assertEqual(self.env.cr.fetchone(), written)

    def test_what_is_no_longer_so_goes(self):
        """# A10: a deal that moved to another day leaves no row behind."""
        self.take()
        self.dated(self.won, date_closed=self.day(11))
        self.take()
        won = self.amounts("won_revenue")
        self.assertEqual(won, {date(2026, 11, 11): 1000, date(2026, 11, 20): 500})

    def test_two_in_the_morning_is_that_of_the_company(self):
        """# A10: once a day, from two o'clock on."""
        self.company.report_snapshot_date = date(2026, 11, 23)
        with freeze_time(BEFORE_TWO):
            self.assertIsNone(self.snapshots._process_batch(self.company))
        with freeze_time(AT_TWO):
            self.assertEqual(self.snapshots._process_batch(self.company), TODAY)
            self.assertIsNone(self.snapshots._process_batch(self.company))

    def test_a_server_that_was_down_catches_up(self):
        """# A10: what happened in the meantime is counted; what was open is not
        known any more."""
        self.company.report_snapshot_date = date(2026, 9, 30)
        days = []
        while day := self.snapshots._process_batch(self.company):
            days.append(day)
        self.assertEqual(days, [date(2026, 10, 31), YESTERDAY])
        self.assertEqual(self.amounts("won_revenue")[date(2026, 10, 6)], 800)
        self.assertEqual(set(self.amounts("pipeline")), {YESTERDAY})

    def test_the_job_runs(self):
        """# A10: as the scheduler runs it."""
        self.company.report_snapshot_date = date(2026, 11, 20)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_reports.ir_cron_snapshot").method_direct_trigger()
        self.assertEqual(self.company.report_snapshot_date, YESTERDAY)
        self.assertEqual(self.amounts("pipeline"), {YESTERDAY: 1600})

    def test_past_days_are_counted_batch_by_batch(self):
        """# A10: with progress; again changes nothing."""
        wizard = (
            self.env["crm.report.backfill"]
            .with_user(self.crm_admin)
            .create({"date_from": date(2026, 9, 1), "date_to": YESTERDAY})
        )
        shown = []
        while not shown or shown[-1] < 100:
            shown.append(wizard.action_next_batch()["progress"])
        self.assertEqual(shown, [37, 74, 100])
        self.assertEqual(self.amounts("won_revenue")[date(2026, 10, 6)], 800)
        self.assertEqual(wizard.action_next_batch(), {"progress": 100})

    def test_days_to_come_cannot_be_counted(self):
        """# A10: with a sentence that says what to do."""
        wizard = (
            self.env["crm.report.backfill"]
            .with_user(self.crm_admin)
            .create({"date_from": FIRST, "date_to": TODAY})
        )
        with self.assertRaisesRegex(UserError, "days that are over"):
            wizard.action_next_batch()

    def test_a_day_agrees_with_the_figure_of_the_day(self):
        """# A9 A10: measure by measure."""
        self.take()
        for key, measure in self.catalogue._measures().items():
            if not measure.date_field or measure.ahead:
                continue
            for day in (date(2026, 11, 10), date(2026, 11, 9), date(2026, 11, 12)):
                one = Period(day, day + timedelta(days=1))
                live = self.catalogue._value(measure, Scope(), one)
                curve, _before = self.snapshots._trends([measure], Scope(), one)[key]
                with self.subTest(figure=key, day=day):
                    self.assertAlmostEqual(curve[0] or 0, live or 0)

    def test_trends_are_read_with_the_readers_rights(self):
        """# G1: a rep's curve is of the rep, a manager's of the team."""
        self.take()
        measure = self.catalogue._measures()["won_revenue"]
        month = Period(FIRST, TODAY)
        for role, total in (("rep", 1000), ("manager", 1500), ("other_rep", 0),
                            ("crm_admin", 1500)):  # fmt: skip
            snapshots = self.snapshots.with_user(self.roles[role])
            curve, _before = snapshots._trends([measure], Scope(), month)["won_revenue"]
            with self.subTest(role):
                self.assertEqual(sum(point or 0 for point in curve), total)

    def test_a_figure_of_the_moment_compares_with_what_was_kept(self):
        """# A8 A10: the pipeline has grown since."""
        self.snapshots._take(self.company, YESTERDAY, YESTERDAY)
        self.deal(self.rep, 400, 24)
        data = self.dashboard(self.crm_admin, "owner", period="today")
        tile = next(one for one in data["tiles"] if one["key"] == "pipeline")
        self.assertEqual((tile["value"], tile["before"]), (2000, 1600))
        self.assertEqual(tile["trend_text"], "25%")

    def test_nobody_writes_snapshots(self):
        """# G1"""
        self.take()
        row = self.snapshots.search([], limit=1)
        mine = row.with_user(self.crm_admin)
        for call in (lambda: mine.write({"amount": 1}), mine.unlink):
            with self.assertRaises(AccessError):
                call()

    def test_queries_do_not_grow_with_days(self):
        """# A10: one statement per figure, whatever the number of days."""
        self.take()
        counts = []
        for first in (YESTERDAY, date(2026, 6, 1)):
            before = self.env.cr.sql_log_count
            self.take(first)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_the_list_names_figures_as_people_do(self):
        """# A10: a key is for programs; of a module that is gone it is all there is."""
        known, gone = self.snapshots.create(
            [
                {"date": self.today(), "measure": measure, "user_id": self.rep.id}
                for measure in ("won_revenue", "no_such_figure")
            ]
        )
        self.assertEqual(known.measure_name, "Amount Won")
        self.assertEqual(gone.measure_name, "no_such_figure")
