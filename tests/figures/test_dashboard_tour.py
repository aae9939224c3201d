import io
from unittest.mock import patch

from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from whole import WholeCommon

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_reports.models.crm_dashboard_workbook import CrmDashboard
from odoo.addons.mail.tests.common import MockEmail


@tagged("post_install", "-at_install")
class TestDashboardTour(MockEmail, HttpCase, WholeCommon):
    """# A8: the morning of each role, in the browser."""

    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = {"rep": "rep", "manager": "manager", "crm_admin": "owner",
                       "marketing": "marketing"}  # fmt: skip
        for role in cls.readers:
            cls.roles[role].password = cls.roles[role].login

    def test_each_role_opens_its_dashboard(self):
        """# A8: figures, another period, the records behind a number."""
        # a stage of a team may bear the name of one of all teams
        stage = self.env["crm.stage"].search([], limit=1)
        stage.copy({"name": stage.name, "team_ids": False})
        for role in self.readers:
            if role == "marketing":
                continue
            with self.subTest(role):
                self.start_tour(
                    "/odoo/crm-dashboards",
                    "crm_reports_dashboard",
                    login=self.roles[role].login,
                )

    def test_marketing_opens_its_dashboard(self):
        """# A8: customers instead of deals."""
        self.start_tour(
            "/odoo/crm-dashboards",
            "crm_reports_marketing",
            login=self.marketing.login,
        )

    def setUp(self):
        super().setUp()
        # The printer asks this server for styles, which a request that is still being
        # answered in a test keeps waiting: what is to be printed is kept instead, and
        # printed after the tour.
        self.printed, self.books = [], []
        make_book = CrmDashboard._workbook

        def print_later(dashboards, data):
            self.printed.append((dashboards.env.user, data))
            return b"%PDF"

        def book(dashboards, data):
            self.books.append(make_book(dashboards, data))
            return self.books[-1]

        self.print = CrmDashboard._pdf
        self.startPatcher(patch.object(CrmDashboard, "_pdf", print_later))
        self.startPatcher(patch.object(CrmDashboard, "_workbook", book))

    def last_print(self):
        """The text of the PDF last asked for."""
        user, data = self.printed.pop()
        dashboards = self.env["crm.dashboard"].with_user(user)
        dashboards = dashboards.with_context(force_report_rendering=True)
        return extract_text(io.BytesIO(self.print(dashboards, data)))

    def test_the_files_people_click_for_have_the_figures_of_the_tiles(self):
        """# A9: workbook and PDF, as manager and as rep, each with own figures."""
        for role in ("manager", "rep"):
            self.start_tour(
                "/odoo/crm-dashboards",
                "crm_reports_files",
                login=self.roles[role].login,
                timeout=120,
            )
            sheet = load_workbook(io.BytesIO(self.books.pop())).worksheets[0]
            cells = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=6)}
            text = self.last_print()
            tiles = self.dashboard(self.roles[role], role)["tiles"]
            self.assertGreater(len(tiles), 5)
            for tile in tiles:
                with self.subTest(role=role, figure=tile["key"]):
                    shown = cells[tile["name"]]
                    self.assertAlmostEqual(shown or 0, tile["value"] or 0)
                    self.assertIn(tile["text"].lstrip("$¥€"), text)

    def test_a_report_is_made_shared_and_sent(self):
        """# A11: by the manager; the rep finds it, with figures of the own deals."""
        self.manager.email = "manager@hengce.example"
        with self.mock_mail_gateway():
            self.start_tour(
                "/odoo/own-reports",
                "crm_reports_own",
                login=self.manager.login,
                timeout=120,
            )
            self.env["crm.report.subscription"]._cron_send()
        self.assertEqual(len(self._mails), 1)
        names = [name for name, _content, _type in self._mails[0]["attachments"]]
        self.assertEqual([name.rsplit(".")[-1] for name in names], ["xlsx", "pdf"])
        self.assertIn("1,500", self.last_print())
        reports = self.env["crm.report.view"].with_user(self.rep)
        report = reports.search([("name", "=", "Won by source")])
        tiles = {tile["key"]: tile["value"] for tile in report.get_report()["tiles"]}
        self.assertEqual(tiles["won_revenue"], 1000)
