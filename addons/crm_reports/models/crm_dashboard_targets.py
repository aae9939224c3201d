from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..tools.periods import unit_start, whole
from .crm_dashboard import Question


class Targets(NamedTuple):
    """Amount, deals, customers and follow-ups to be reached, by person and in all."""

    people: dict[int, list[float]]
    total: list[float]


class CrmDashboard(models.AbstractModel):
    """The targets of a period."""

    _inherit = "crm.dashboard"

    def _target_sums(self, question: Question) -> Targets:
        """Targets of the months of the period, with the reader's rights. A team's
        target as a whole stands instead of the sum of its people's."""
        months = whole(question.period_key, question.period)
        scope = question.scope
        domain = Domain("month", ">=", unit_start("month", months.start))
        domain &= Domain("month", "<", months.end)
        if scope.user_id:
            domain &= Domain("user_id", "=", scope.user_id)
        if scope.team_id:
            domain &= Domain("team_id", "=", scope.team_id)
        catalogue = self.env["crm.measure"]
        numbers = ("deals", "customers", "followups")
        rows = self.env["crm.sales.target"]._read_group(
            domain,
            ["user_id", "team_id", "month:month"],
            [*(f"{name}:sum" for name in numbers), *catalogue._amount_specs()],
        )
        people: dict[int, list] = {}
        of_people: dict[tuple, list] = {}
        of_teams: dict[tuple, list] = {}
        for user, team, month, *counts, amount, missing in (
            row if catalogue._mixes_currencies() else (*row, None) for row in rows
        ):
            sums = [amount or 0, *counts]
            catalogue._note_missing(scope, "targets", missing)
            if user:
                people[user.id] = self._added(people.get(user.id), sums)
                key = (team.id, month)
                of_people[key] = self._added(of_people.get(key), sums)
            else:
                of_teams[team.id, month] = sums
        total = [0] * 4
        for key in {**of_people, **of_teams}:
            # kind by kind: a team may have a target of its own for the amount only
            of_team = of_teams.get(key, [0] * 4)
            of_them = of_people.get(key, [0] * 4)
            pairs = zip(of_team, of_them, strict=True)
            total = self._added(total, [team or them for team, them in pairs])
        return Targets(people, total)

    @api.model
    def _added(self, sums: list | None, more: list) -> list:
        return [a + b for a, b in zip(sums or [0] * len(more), more, strict=True)]
