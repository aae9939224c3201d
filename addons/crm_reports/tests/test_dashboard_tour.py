from odoo.tests import HttpCase, tagged

from .common import ReportsCommon


@tagged("post_install", "-at_install")
class TestDashboardTour(HttpCase, ReportsCommon):
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
