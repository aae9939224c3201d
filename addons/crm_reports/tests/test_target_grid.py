"""The sheet of a year's targets."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

from .common import ReportsCommon

YEAR = 2026


@tagged("post_install", "-at_install")
class TestTargetGrid(ReportsCommon):
    """# S8: person by month, set cell by cell with the rights of who types."""

    def grid(self, user, method="get_grid", *args):
        targets = self.env["crm.sales.target"].with_user(user)
        return getattr(targets, method)(YEAR, *args)

    def team_of(self, grid, team=None):
        team = team or self.team
        return next(one for one in grid["teams"] if one["id"] == team.id)

    def line_of(self, grid, user, team=None):
        people = self.team_of(grid, team)["people"]
        return next(one for one in people if one["user_id"] == user.id)

    def set_cell(self, user, whose, month, value, kind="amount"):
        team = whose.sale_team_id
        args = (month, team.id, whose.id, kind, value)
        return self.grid(user, "set_cell", *args)

    def test_a_cell_is_a_target(self):
        grid = self.set_cell(self.manager, self.rep, 3, 500)
        grid = self.set_cell(self.manager, self.colleague, 3, 200)
        self.assertEqual(self.line_of(grid, self.rep)["cells"][2], 500)
        self.assertEqual(self.line_of(grid, self.rep)["year"], 500)
        self.assertEqual(self.team_of(grid)["sums"][2], 700)
        self.assertEqual(grid["total"]["cells"][2], 700)
        target = self.env["crm.sales.target"].search([("user_id", "=", self.rep.id)])
        self.assertRecordValues(
            target,
            [{"month": date(YEAR, 3, 1), "amount": 500, "team_id": self.team.id}],
        )
        self.set_cell(self.manager, self.rep, 3, 4, "deals")
        self.assertEqual((target.amount, target.deals), (500, 4))
        grid = self.set_cell(self.manager, self.rep, 3, False)
        self.assertEqual(self.line_of(grid, self.rep)["cells"][2], 0)
        self.assertEqual(target.deals, 4)
        self.set_cell(self.manager, self.rep, 5, 0)
        self.assertEqual(target.search_count([("user_id", "=", self.rep.id)]), 1)

    def test_a_teams_own_target_stands_instead_of_its_peoples(self):
        """# S8: as the dashboard has it."""
        self.set_cell(self.manager, self.rep, 3, 500)
        args = (3, self.team.id, 0, "amount", 900)
        grid = self.grid(self.manager, "set_cell", *args)
        self.assertEqual(self.team_of(grid)["whole"]["cells"][2], 900)
        self.assertEqual(self.team_of(grid)["sums"][2], 500)
        self.assertEqual(grid["total"]["cells"][2], 900)

    def test_a_year_is_spread(self):
        """# S8: as the months are to one another, else as last year's were, else
        evenly."""
        args = (self.team.id, self.rep.id, "amount")
        grid = self.grid(self.manager, "set_year", *args, 1200)
        self.assertEqual(self.line_of(grid, self.rep)["cells"], [100] * 12)
        self.set_cell(self.manager, self.rep, 12, 1300)
        grid = self.grid(self.manager, "set_year", *args, 2400 * 2)
        self.assertEqual(self.line_of(grid, self.rep)["cells"], [200] * 11 + [2600])
        target = self.env["crm.sales.target"].with_user(self.manager)
        grid = target.set_year(YEAR + 1, *args, 4800)
        self.assertEqual(self.line_of(grid, self.rep)["cells"][11], 2600)

    def test_last_year_is_copied_where_nothing_is_set(self):
        """# S8: all kinds; for those whose targets one sets."""
        targets = self.env["crm.sales.target"]
        for user, values in (
            (self.rep, {"amount": 100, "deals": 3}),
            (self.colleague, {"amount": 200}),
            (self.other_rep, {"amount": 400}),
        ):
            targets.create(
                {"user_id": user.id, "month": date(YEAR - 1, 3, 1), **values}
            )
        self.set_cell(self.manager, self.colleague, 3, 1)
        grid = self.grid(self.manager, "copy_year", "amount")
        self.assertEqual(grid["copied"], 1)
        self.assertEqual(self.line_of(grid, self.rep)["cells"][2], 100)
        self.assertEqual(self.line_of(grid, self.colleague)["cells"][2], 1)
        deals = self.grid(self.manager, "get_grid", "deals")
        self.assertEqual(self.line_of(deals, self.rep)["cells"][2], 3)
        self.assertEqual(self.grid(self.manager, "copy_year", "amount")["copied"], 0)
        everybody = self.grid(self.crm_admin, "copy_year", "amount")
        self.assertEqual(everybody["copied"], 1)

    def test_who_sees_and_sets_what(self):
        """# S8 G1"""
        self.set_cell(self.crm_admin, self.rep, 3, 500)
        self.set_cell(self.crm_admin, self.other_rep, 3, 300)
        for role, teams, may in (
            ("manager", self.team, True),
            ("other_manager", self.other_team, True),
            ("rep", self.team, False),
        ):
            grid = self.grid(self.roles[role], "get_grid", "amount")
            found = {one["id"] for one in grid["teams"]}
            with self.subTest(role=role):
                self.assertEqual(found, set(teams.ids))
                self.assertEqual(grid["can_write"], may)
        grid = self.grid(self.rep, "get_grid", "amount")
        people = self.team_of(grid)["people"]
        self.assertEqual([one["user_id"] for one in people], self.rep.ids)
        self.assertFalse(people[0]["can_write"])
        for user, whose in (
            (self.rep, self.rep),
            (self.manager, self.other_rep),
            (self.other_manager, self.rep),
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.set_cell(user, whose, 4, 1)
        with self.assertRaises(AccessError):
            self.grid(self.roles["agent"], "get_grid", "amount")

    def test_what_is_no_target_is_refused_with_a_sentence(self):
        for call in (
            lambda: self.set_cell(self.manager, self.rep, 3, -1),
            lambda: self.set_cell(self.manager, self.rep, 3, float("nan")),
            lambda: self.set_cell(self.manager, self.rep, 3, 10**10, "deals"),
            lambda: self.set_cell(self.manager, self.rep, 13, 1),
            lambda: self.set_cell(self.manager, self.rep, 3, 1, "color"),
            lambda: self.env["crm.sales.target"].get_grid(1, "amount"),
        ):
            with self.assertRaises(UserError):
                call()


@tagged("post_install", "-at_install")
class TestTargetGridTour(CustomerCommon, HttpCase):
    def test_a_manager_types_targets(self):
        """# S8: numbers as people say them, keys as in a sheet."""
        self.env["crm.sales.target"].search([]).unlink()
        self.env.flush_all()
        self.start_tour(
            "/odoo/target-sheet", "crm_reports_target_grid", login=self.manager.login
        )
        targets = self.env["crm.sales.target"].search([])
        self.assertEqual(sum(targets.mapped("amount")), 150000)
        self.assertEqual(len(targets), 13)
