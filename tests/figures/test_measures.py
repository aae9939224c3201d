import io
from datetime import date

from openpyxl import load_workbook
from whole import WholeCommon

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.crm_reports.models.crm_measure import Scope, Wanted
from odoo.addons.crm_reports.tools.periods import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 25))
WHOLE = Period(date(2026, 11, 1), date(2026, 12, 1))
ONE_THIRD = 100 / 3
# by hand; see WholeCommon
ALL = {
    "new_leads": 5,
    "lead_won_share": 40,
    "won_deals": 2,
    "won_revenue": 1500,
    "lost_deals": 2,
    "win_rate": 50,
    "open_deals": 3,
    "pipeline": 1600,
    "forecast": 440,
    "followups": 3,
    "response_hours": 3,
    "new_customers": 3,
    "customers": 3,
    "active_customers": 1,
    "lost_share": 50,
    "dormant_share": 0,
    # nobody moves here; see test_lifecycle_measures
    "activated": 0,
    "came_back": 0,
    "went_dormant": 0,
    "went_lost": 0,
    "unowned_customers": 0,
    "on_time": 200 / 3,
    "overdue": 1,
}
OF_REP = {
    "new_leads": 3,
    "lead_won_share": ONE_THIRD,
    "won_deals": 1,
    "won_revenue": 1000,
    "lost_deals": 1,
    "win_rate": 50,
    "open_deals": 2,
    "pipeline": 700,
    "forecast": 350,
    "followups": 2,
    "response_hours": 3,
    "new_customers": 1,
    "customers": 1,
    "active_customers": 1,
    "lost_share": 0,
    "dormant_share": 0,
    # nobody moves here; see test_lifecycle_measures
    "activated": 0,
    "came_back": 0,
    "went_dormant": 0,
    "went_lost": 0,
    "unowned_customers": 0,
    "on_time": 50,
    "overdue": 1,
}
OF_TEAM = {**OF_REP, "new_leads": 4, "lead_won_share": 50, "won_deals": 2} | {
    "won_revenue": 1500,
    "win_rate": 200 / 3,
    "followups": 3,
    "new_customers": 2,
    "customers": 2,
}
READERS = {"crm_admin": ALL, "manager": OF_TEAM, "rep": OF_REP}


@tagged("post_install", "-at_install")
class TestMeasures(WholeCommon):
    """# A9: one definition per figure, the same wherever it is read."""

    def for_each_figure(self, read):
        """Compare each figure counted by hand, of each reader, with what ``read``
        makes of ``(catalogue, measure, period)``."""
        for role, by_hand in READERS.items():
            catalogue = self.catalogue.with_user(self.roles[role])
            measures = catalogue._measures()
            for key, figure in by_hand.items():
                period = WHOLE if measures[key].ahead else NOVEMBER
                with self.subTest(role=role, figure=key):
                    self.assertAlmostEqual(
                        read(catalogue, measures[key], period), figure
                    )

    def test_every_measure_of_the_module_is_counted_by_hand(self):
        """# A9: nobody adds a figure without a test."""
        own = {
            key
            for key, measure in self.catalogue._measures().items()
            if measure.model
            in (
                "crm.lead",
                "res.partner",
                "crm.followup",
                "crm.followup.task",
                "crm.lifecycle.move",
            )
        }
        self.assertEqual(own, set(ALL))
        self.assertEqual(own, set(OF_REP))

    def test_each_figure_is_the_one_counted_by_hand(self):
        """# A9 G1: a rep's figures count what the rep may read."""
        self.for_each_figure(
            lambda catalogue, measure, period: catalogue._value(
                measure, Scope(), period
            )
        )

    def test_each_figure_is_that_of_its_list(self):
        """# A8 A9: opening a number shows the records that make it up."""
        self.for_each_figure(self._from_list)

    def _from_list(self, catalogue, measure, period):
        domain = catalogue._records_domain(measure, period=period)
        action = catalogue.env["crm.dashboard"].open_records(
            measure.key, catalogue._as_list(domain)
        )
        records = catalogue.env[action["res_model"]].search(action["domain"])
        return self._of_records(measure, records)

    def _of_records(self, measure, records):
        if measure.aggregate == "__count":
            return len(records)
        if measure.aggregate == "share":
            part = records.filtered_domain(measure.numerator)
            return 100 * len(part) / len(records)
        field, how = measure.aggregate.split(":")
        total = sum(records.mapped(field))
        return total if how == "sum" else total / len(records)

    def test_each_figure_is_that_of_its_pivot(self):
        """# A9: the pivot reads through Odoo's own grouping."""
        self.for_each_figure(self._from_pivot)

    def _from_pivot(self, catalogue, measure, period):
        domain = catalogue._records_domain(measure, period=period)
        model = catalogue.env[measure.model]
        if measure.aggregate == "share":
            part = self._pivot(model, domain & measure.numerator, "__count")
            return 100 * part / self._pivot(model, domain, "__count")
        return self._pivot(model, domain, measure.aggregate)

    def _pivot(self, model, domain, aggregate):
        (group,) = model.formatted_read_group(Domain(domain), [], [aggregate])
        return group[aggregate] or 0

    def test_tiles_and_workbook_show_the_same_figures(self):
        """# A9: number for number, with the sums of the tables."""
        for role, key, by_hand in (
            ("crm_admin", "owner", ALL),
            ("manager", "manager", OF_TEAM),
            ("rep", "rep", OF_REP),
        ):
            data = self.dashboard(self.roles[role], key)
            dashboards = self.env["crm.dashboard"].with_user(self.roles[role])
            book = load_workbook(io.BytesIO(dashboards._workbook(data)))
            rows = {
                row[0]: row[1]
                for row in book.worksheets[0].iter_rows(min_row=6, values_only=True)
            }
            # other modules add theirs, and test them
            own = [tile for tile in data["tiles"] if tile["key"] in by_hand]
            self.assertGreaterEqual(len(own), 9, role)
            for tile in own:
                with self.subTest(role=role, figure=tile["key"]):
                    self.assertAlmostEqual(tile["value"], by_hand[tile["key"]])
                    self.assertAlmostEqual(rows[tile["name"]], tile["value"])

    def test_the_figures_of_people_add_up_to_the_figure(self):
        """# A9: grouping by person loses nobody."""
        wanted = [Wanted(self.catalogue._measures()["won_revenue"], (NOVEMBER,))]
        found = self.catalogue._figures(
            wanted, Scope(), self.catalogue._by_field("user_id")
        )
        self.assertEqual(found[self.rep.id]["won_revenue"], [1000])
        self.assertEqual(sum(one["won_revenue"][0] for one in found.values()), 1500)

    def test_a_day_is_that_of_the_company(self):
        """# A8: seven in the evening in Greenwich is the next day in Shanghai."""
        measure = self.catalogue._measures()["new_leads"]
        self.dated(self.open_one, create_date="2026-11-08 19:00:00")
        for day, count in ((8, 0), (9, 1)):
            one = Period(date(2026, 11, day), date(2026, 11, day + 1))
            self.assertEqual(self.catalogue._value(measure, Scope(), one), count, day)

    def test_programs_read_the_same_figures(self):
        """# O1: with the rights of the key's owner."""
        api = self.catalogue.with_user(self.rep)
        keys = ["won_revenue", "win_rate"]
        found = api.get_values(keys, "2026-11-01", "2026-11-24")
        self.assertEqual(found, {"won_revenue": 1000, "win_rate": 50})
        catalogue = {one["key"]: one for one in api.get_catalogue()}
        self.assertEqual(set(catalogue), set(ALL))
        self.assertTrue(all(one["formula"] for one in catalogue.values()))

    def test_what_figures_have_in_common_is_asked_once(self):
        """# A8: of a period, not once more for each figure; nothing gets lost."""
        dated = Domain("day", ">=", "2026-11-01") & Domain("day", "<", "2026-11-25")
        first = Domain("is_first_contact", "=", True)
        common, parts = self.catalogue._share([dated, first & dated])
        self.assertEqual(common, dated)
        self.assertEqual(parts, [Domain.TRUE, first])
        common, parts = self.catalogue._share([first, dated, first | dated])
        self.assertEqual(common, Domain.TRUE)
        self.assertEqual(parts, [first, dated, first | dated])
        self.assertEqual(self.catalogue._share([dated]), (dated, [Domain.TRUE]))

    def test_who_may_not_read_the_records_gets_no_figure(self):
        """# G1: not even a zero."""
        api = self.catalogue.with_user(self.agent)
        with self.assertRaises(AccessError):
            api.get_values(["won_revenue"], "2026-11-01", "2026-11-24")
        self.assertNotIn("won_revenue", {one["key"] for one in api.get_catalogue()})
        with self.assertRaises(AccessError):
            api.env["crm.dashboard"].open_records("won_revenue", [])

    def test_team_and_person_are_filters(self):
        """# A11: a record that knows a person only belongs to the team's people."""
        scope = self.catalogue._make_scope(team_id=self.team.id)
        for key, figure in (("won_revenue", 1500), ("followups", 3), ("on_time", 50)):
            measure = self.catalogue._measures()[key]
            self.assertEqual(self.catalogue._value(measure, scope, NOVEMBER), figure)
        scope = self.catalogue._make_scope(user_id=self.colleague.id)
        measure = self.catalogue._measures()["won_revenue"]
        self.assertEqual(self.catalogue._value(measure, scope, NOVEMBER), 500)
