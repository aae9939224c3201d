import io
from datetime import date

from openpyxl import load_workbook
from whole import WholeCommon

from odoo.tests import new_test_user, tagged

from odoo.addons.crm_reports.tools.figures import PERCENT, SCORE, UNKNOWN
from odoo.addons.crm_reports.tools.periods import Period

# nobody had heard of anything
SILENT = {"period": "custom", "date_from": "2001-02-01", "date_to": "2001-02-28"}


@tagged("post_install", "-at_install")
class TestNothingMeasured(WholeCommon):
    """# A8 A9: an average or a share of no records is not known: "–", never 0; counts
    and sums of none are 0; of what was before they are "–" as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.measures = cls.catalogue._measures()
        cls.nobody = new_test_user(
            cls.env, "nobody's", groups="crm_customer_center.group_sales_rep"
        )

    def tiles_of(self, **filters):
        """(measure, tile) of all measures."""
        dashboards = self.env["crm.dashboard"]
        question = dashboards._question(filters)
        tiles = dashboards._tiles([*self.measures], question)
        self.assertEqual(len(tiles), len(self.measures))
        return [(self.measures[tile["key"]], tile) for tile in tiles]

    def assert_nothing(self, measure, number, text):
        if measure.is_ratio:
            self.assertIsNone(number)
            self.assertEqual(text, UNKNOWN)
        else:
            self.assertEqual(number, 0)
            self.assertNotEqual(text, UNKNOWN)

    def assert_nothing_before(self, measure, tile):
        """Nothing before is no number to compare with, whatever is measured."""
        self.assertEqual(tile["before"], None if measure.is_ratio else 0)
        self.assertEqual(tile["before_text"], UNKNOWN)

    def test_neither_now_nor_before(self):
        """Each measure of the catalogue, of a time and of a person without records."""
        nobody = self.env["crm.report.snapshot"]
        nobody._take(self.env.company, date(2026, 11, 23), date(2026, 11, 23))
        ratios = 0
        for filters in (SILENT, {"period": "today", "user_id": self.nobody.id}):
            for measure, tile in self.tiles_of(**filters):
                is_silent = measure.date_field or "user_id" in filters
                if not is_silent or (filters == SILENT and measure.ahead):
                    continue
                with self.subTest(measure.key, filters=filters):
                    self.assert_nothing(measure, tile["value"], tile["text"])
                    if tile["is_compared"] or tile["before"] is not None:
                        self.assert_nothing_before(measure, tile)
                    self.assertIn(tile["trend_text"], ("", UNKNOWN))
                    ratios += measure.is_ratio
        self.assertGreater(ratios, 10)

    def test_nothing_before_and_something_now(self):
        """A year, and the one before in which there was nothing."""
        known = 0
        for measure, tile in self.tiles_of(period="this_year"):
            if not tile["is_compared"]:
                continue
            with self.subTest(measure.key):
                self.assert_nothing_before(measure, tile)
                self.assertFalse(measure.is_ratio and tile["trend"])
                known += measure.is_ratio and tile["value"] is not None
        self.assertGreater(known, 3)

    def test_what_was_kept_of_nothing(self):
        """A share of this moment, on a day on which there was nobody."""
        self.env["res.partner"].search(
            [("lifecycle_state", "!=", False)]
        ).lifecycle_state = False
        taken = date(2026, 11, 23)
        self.snapshots._take(self.env.company, taken, taken)
        day, everybody = Period(taken, date(2026, 11, 24)), self.catalogue._make_scope()
        shares = 0
        for measure, tile in self.tiles_of(period="today"):
            if measure.is_ratio and not measure.date_field:
                rows = self.snapshots._days([measure], everybody, day)
                self.assertEqual(len(rows[measure.key]), 1)
                self.assertIsNone(tile["before"])
                shares += 1
        self.assertTrue(shares)

    def test_tables_of_an_own_report(self):
        """Each measure by each of its groups and by time."""
        for measure in self.measures.values():
            if not measure.date_field:
                continue
            report = self.env["crm.report.view"].create(
                {
                    "name": measure.name,
                    **SILENT,
                    "line_ids": [(0, 0, {"measure": measure.key})],
                }
            )
            [panel] = report.get_report()["panels"]
            self.assertTrue(panel["rows"])
            for row in panel["rows"]:
                with self.subTest(measure.key, row=row["label"]):
                    for number, text in zip(row["values"], row["texts"], strict=True):
                        self.assert_nothing(measure, number, text)

    def test_panels_of_the_dashboards(self):
        """A share in a row that is there for another figure."""
        self.env["crm.sales.target"].create(
            {"user_id": self.nobody.id, "team_id": self.team.id, "amount": 0,
             "deals": 1}
        )  # fmt: skip
        shares = 0
        for key in self.env["crm.dashboard"].with_user(self.crm_admin)._dashboards():
            for filters in ({}, SILENT):
                data = self.dashboard(self.crm_admin, key, **filters)
                for panel in data["panels"]:
                    units = [column["unit"] for column in panel["columns"]]
                    for row in panel["rows"]:
                        for unit, number, text in zip(
                            units, row["values"], row["texts"], strict=True
                        ):
                            shares += unit in (PERCENT, SCORE) and number is None
                            self.assertEqual(number is None, text == UNKNOWN)
        self.assertGreater(shares, 1)

    def test_files_and_mails(self):
        """Workbook, PDF and mail say what the tile says."""
        data = self.dashboard(self.crm_admin, "owner", **SILENT)
        tile = next(one for one in data["tiles"] if one["key"] == "win_rate")
        self.assertEqual((tile["text"], tile["before_text"]), (UNKNOWN, UNKNOWN))
        dashboards = self.env["crm.dashboard"].with_user(self.crm_admin)
        book = load_workbook(io.BytesIO(dashboards._workbook(data)))
        rows = {
            row[0]: row[1:4] for row in book.worksheets[0].iter_rows(values_only=True)
        }
        self.assertEqual(rows[tile["name"]], (UNKNOWN,) * 3)
        won = next(one for one in data["tiles"] if one["key"] == "won_deals")
        self.assertEqual(rows[won["name"]], (0, 0, UNKNOWN))
        # columns that no chart draws say it, too; those of a chart stay empty
        people = self.dashboard(self.crm_admin, "owner")
        panel = next(one for one in people["panels"] if one["key"] == "people")
        place = next(
            number for number, row in enumerate(panel["rows"])
            if row["values"][1] is None or row["values"][2] is None
        )  # fmt: skip
        book = load_workbook(io.BytesIO(dashboards._workbook(people)))
        cells = [cell.value for cell in book[panel["title"]][7 + place]]
        self.assertIn(UNKNOWN, cells)
        mail = self.env["ir.qweb"]._render(
            "crm_reports.mail_dashboard", {"document": data, "user": self.crm_admin}
        )
        self.assertRegex(
            " ".join(str(mail).split()),
            rf"{tile['name']}</td> <td[^>]*>–</td> <td[^>]*> ?– ?</td>",
        )
        page, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_reports.report_dashboard",
            self.env.company.ids,
            {"document": dashboards._document(data)},
        )
        self.assertRegex(
            " ".join(page.decode().split()),
            rf"{tile['name']}</div> <div[^>]*>–</div> <div[^>]*> ?\(–\) ?</div>",
        )


@tagged("post_install", "-at_install")
class TestSubtitle(WholeCommon):
    def test_no_names_of_customers_are_to_be_had(self):
        """# A1: a portal user is a customer's person, whom the reader may not know."""
        stranger = new_test_user(
            self.env, "stranger@example.com", groups="base.group_portal"
        )
        for user in (stranger, self.rep):
            data = self.dashboard(self.other_rep, "rep", user_id=user.id)
            self.assertEqual(user.name in data["subtitle"], user == self.rep)
        data = self.dashboard(self.other_rep, "rep", user_id=999999999, team_id=999999)
        self.assertEqual(data["subtitle"], "2026-11-01 – 2026-11-24")
