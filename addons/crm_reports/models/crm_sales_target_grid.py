import math
from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.crm_suite_base.calls import shaped

from ..tools.figures import COUNT, MONEY
from ..tools.spread import spread

MONTHS = range(1, 13)
UNITS = {"amount": MONEY, "deals": COUNT, "customers": COUNT, "followups": COUNT}
# what a column of counts holds
HIGHEST = 2 * 10**9
YEARS = range(2000, 2100)


class Line(NamedTuple):
    """Whose targets: a person's in a team, or a team's as a whole (no person)."""

    team_id: int
    user_id: int


class CrmSalesTarget(models.Model):
    """The targets of a year as people set them: a line for each person, a column for
    each month, typed like a sheet. Every cell is one record, read and written with the
    rights of who types."""

    _inherit = "crm.sales.target"

    @api.model
    @api.readonly
    @shaped
    def get_grid(self, year: int, kind: str) -> dict:
        """Return the sheet of a year.

        :param kind: ``amount``, ``deals``, ``customers`` or ``followups``
        :return: ``{year, kind, kinds: [{key, name}], months: [{month, name}], teams:
            [{id, name, whole, people, sums}], total, can_write}``; ``whole``, each of
            ``people`` and ``total`` are lines ``{team_id, user_id, name, cells: [12
            numbers], year, can_write}``, ``sums`` the twelve of the people
        :raises UserError: for a year or a kind there is none of
        """
        self._check_grid(year, kind)
        self.check_access("read")
        lines = self._grid_lines(year)
        cells = self._grid_cells(year, kind)
        teams = self._grid_teams(lines, cells)
        total = [sum(self._reached(team, at) for team in teams) for at in range(12)]
        return {
            "year": year,
            "kind": kind,
            "kinds": self._grid_kinds(),
            "months": [
                {"month": month, "name": self._month_name(date(year, month, 1))}
                for month in MONTHS
            ],
            "teams": teams,
            "total": {"cells": total, "year": sum(total)},
            "can_write": self.has_access("create"),
        }

    @api.model
    @shaped
    def set_cell(
        self,
        year: int,
        month: int,
        team_id: int,
        user_id: int,
        kind: str,
        value: int | float | None,  # noqa: PYI041  a client sends either
    ) -> dict:
        """Set one target.

        :param month: 1 to 12
        :param team_id, user_id: whose; no person: the team's as a whole
        :return: the sheet as ``get_grid`` gives it
        :raises UserError: for a value no target can have
        :raises AccessError: for somebody whose targets the user does not set
        """
        self._check_grid(year, kind)
        if month not in MONTHS:
            raise UserError(self.env._("There is no such month."))
        self._set_values(Line(team_id, user_id), year, kind, {month: value or 0})
        return self.get_grid(year, kind)

    @api.model
    @shaped
    def set_year(
        self,
        year: int,
        team_id: int,
        user_id: int,
        kind: str,
        value: int | float | None,  # noqa: PYI041  a client sends either
    ) -> dict:
        """Spread an amount over the months of a year: as its targets are to one another
        by now, else as those of the year before were, else the same in each.

        :return: the sheet as ``get_grid`` gives it
        """
        self._check_grid(year, kind)
        self._check_value(kind, value or 0)
        line = Line(team_id, user_id)
        weights = self._weights(line, year, kind)
        parts = spread(value or 0, weights)
        self._set_values(line, year, kind, dict(zip(MONTHS, parts, strict=True)))
        return self.get_grid(year, kind)

    @api.model
    @shaped
    def copy_year(self, year: int, kind: str) -> dict:
        """Set the targets of the year before for the lines shown, of all kinds; what is
        set already stays.

        :return: the sheet as ``get_grid`` gives it, with ``copied``, their number
        """
        self._check_grid(year, kind)
        shown = set(self._grid_lines(year, with_before=True))
        known = {(t.team_id.id, t.user_id.id, t.month) for t in self._of_year(year)}
        fresh = []
        for target in self._of_year(year - 1):
            line = Line(target.team_id.id, target.user_id.id)
            month = target.month.replace(year=year)
            if line in shown and (*line, month) not in known:
                values = {name: target[name] for name in UNITS}
                fresh.append({**self._line_values(line), "month": month, **values})
        self.create(fresh)
        return {**self.get_grid(year, kind), "copied": len(fresh)}

    # ------------------------------------------------------------
    # LINES AND CELLS
    # ------------------------------------------------------------

    @api.model
    def _grid_kinds(self) -> list[dict]:
        known = self.fields_get(list(UNITS), ["string"])
        return [{"key": name, "name": known[name]["string"]} for name in UNITS]

    @api.model
    def _month_name(self, month: date) -> str:
        return format_date(self.env, month, date_format="LLL")

    @api.model
    def _of_year(self, year: int):
        """The targets of a year in the company one works in, that the user may read."""
        return self.search(
            [
                ("month", ">=", date(year, 1, 1)),
                ("month", "<=", date(year, 12, 1)),
                ("company_id", "=", self.env.company.id),
            ],
            order="id",
        )

    @api.model
    def _grid_lines(self, year: int, *, with_before: bool = False) -> list[Line]:
        """Whose targets the user sets, and whose there are that the user may read."""
        lines = dict.fromkeys(self._own_lines())
        targets = self._of_year(year)
        if with_before:
            targets |= self._of_year(year - 1)
        lines |= dict.fromkeys(Line(t.team_id.id, t.user_id.id) for t in targets)
        return list(lines)

    @api.model
    def _own_lines(self) -> list[Line]:
        """The people, team by team, of those who set targets."""
        if not self.has_access("create"):
            return []
        # sudo: which teams there are and who is in them; managers of one team see
        # theirs, as the record rules of targets have it
        teams = (
            self.env["crm.team"]
            .sudo()
            .search(
                [
                    ("use_opportunities", "=", True),
                    ("company_id", "in", [False, self.env.company.id]),
                ]
            )
        )
        if not self._sets_all():
            teams = teams.filtered(lambda team: team.user_id == self.env.user)
        return [
            line
            for team in teams
            for line in (
                Line(team.id, 0),
                *(Line(team.id, user.id) for user in team.member_ids if user.active),
            )
        ]

    @api.model
    def _sets_all(self) -> bool:
        user = self.env.user
        return user.has_group("crm_customer_center.group_crm_admin") or user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        )

    @api.model
    def _grid_cells(self, year: int, kind: str) -> dict[Line, list[float]]:
        cells: dict[Line, list[float]] = defaultdict(lambda: [0.0] * 12)
        for target in self._of_year(year):
            line = Line(target.team_id.id, target.user_id.id)
            cells[line][target.month.month - 1] += target[kind]
        return cells

    @api.model
    def _grid_teams(self, lines: list[Line], cells: dict) -> list[dict]:
        # sudo: names of teams and colleagues whose targets the user may read
        teams = self.env["crm.team"].sudo().browse({line.team_id for line in lines})
        users = self.env["res.users"].sudo()  # sudo: as above
        setting = set(self._own_lines())
        found = []
        for team in teams.sorted(lambda one: (not one, one.sequence, one.name or "")):
            people = users.browse(
                one.user_id for one in lines if one.team_id == team.id and one.user_id
            )
            own = [
                self._grid_line(Line(team.id, user.id), user.name, cells, setting)
                for user in people.sorted("name")
            ]
            whole = self._grid_line(
                Line(team.id, 0), team.name or self.env._("No team"), cells, setting
            )
            sums = [sum(line["cells"][at] for line in own) for at in range(12)]
            found.append(
                {
                    "id": team.id,
                    "name": whole["name"],
                    "whole": whole,
                    "people": own,
                    "sums": sums,
                }
            )
        return found

    @api.model
    def _grid_line(self, line: Line, name: str, cells: dict, setting: set) -> dict:
        own = cells.get(line) or [0.0] * 12
        return {
            **line._asdict(),
            "name": name,
            "cells": own,
            "year": sum(own),
            "can_write": line in setting,
        }

    @api.model
    def _reached(self, team: dict, at: int) -> float:
        """A team's target as a whole stands instead of the sum of its people's."""
        return team["whole"]["cells"][at] or team["sums"][at]

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.model
    def _set_values(self, line: Line, year: int, kind: str, values: dict[int, float]):
        """Write the targets of a line by month; nothing is made for a 0."""
        for value in values.values():
            self._check_value(kind, value)
        known = {
            target.month.month: target
            for target in self._of_year(year)
            if (target.team_id.id, target.user_id.id) == line
        }
        fresh = []
        for month, value in values.items():
            if month in known:
                known[month][kind] = value
            elif value:
                first = date(year, month, 1)
                fresh.append({**self._line_values(line), "month": first, kind: value})
        self.create(fresh)

    @api.model
    def _line_values(self, line: Line) -> dict:
        return {
            "user_id": line.user_id or False,
            "team_id": line.team_id or False,
            "company_id": self.env.company.id,
        }

    @api.model
    def _weights(self, line: Line, year: int, kind: str) -> list[float]:
        for one in (year, year - 1):
            cells = self._grid_cells(one, kind).get(line)
            if cells and any(cells):
                return cells
        return [1.0] * 12

    @api.model
    def _check_grid(self, year: int, kind: str):
        if year not in YEARS or kind not in UNITS:
            raise UserError(self.env._("There are no such targets."))

    @api.model
    def _check_value(self, kind: str, value: float):
        highest = HIGHEST if UNITS[kind] == COUNT else HIGHEST * 1000
        if not math.isfinite(value) or not 0 <= value < highest:
            raise UserError(
                self.env._("A target is a number from 0 up to what can be reached.")
            )
