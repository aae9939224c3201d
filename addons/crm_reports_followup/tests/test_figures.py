from datetime import date

from odoo.tests import tagged

from odoo.addons.crm_reports.models.crm_measure import Scope
from odoo.addons.crm_reports.tools.periods import Period

from .common import FollowupReportsCommon

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 25))
BY_HAND = {
    "crm_admin": {"followups": 3, "response_hours": 3, "on_time": 200 / 3,
                  "overdue": 1},
    "rep": {"followups": 2, "response_hours": 3, "on_time": 50, "overdue": 1},
    "colleague": {"followups": 1, "response_hours": None, "on_time": None,
                  "overdue": 0},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestFigures(FollowupReportsCommon):
    """# A3: follow-ups among the figures, without a pipeline."""

    def test_each_figure_is_the_one_counted_by_hand(self):
        """# G1: with the reader's rights."""
        for role, by_hand in BY_HAND.items():
            catalogue = self.catalogue.with_user(self.roles[role])
            measures = catalogue._measures()
            for key, figure in by_hand.items():
                found = catalogue._value(measures[key], Scope(), NOVEMBER)
                with self.subTest(role=role, figure=key):
                    if figure is None:
                        self.assertIsNone(found)
                    else:
                        self.assertAlmostEqual(found, figure)

    def test_they_stand_on_the_dashboards(self):
        """# A8: of those who follow up, and of the company."""
        tiles = self.tiles(self.rep, "rep")
        self.assertEqual((tiles["followups"], tiles["overdue"]), (2, 1))
        self.assertAlmostEqual(self.tiles(self.crm_admin, "owner")["on_time"], 200 / 3)
        panels = self.dashboard(self.manager, "manager")["panels"]
        [people] = [one for one in panels if one["key"] == "people"]
        values = {row["label"]: row["values"][:3] for row in people["rows"]}
        self.assertEqual(values[self.rep.name], [2, 50, 3])
        self.assertEqual(values[self.colleague.name], [1, None, None])
