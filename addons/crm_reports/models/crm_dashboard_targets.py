from odoo import api, models
from odoo.fields import Domain

from ..tools.periods import unit_start, whole
from .crm_dashboard import Question


class CrmDashboard(models.AbstractModel):
    """The targets of a period."""

    _inherit = "crm.dashboard"

    def _targets(self, question: Question) -> tuple[dict[int, float], float]:
        """Amounts to be won by person, and in all; see ``_target_sums``."""
        people, total = self._target_sums(question)
        return {user: sums[0] for user, sums in people.items() if sums[0]}, total[0]

    def _target_sums(self, question: Question) -> tuple[dict[int, list], list]:
        """Targets of the months of the period, with the reader's rights: amount,
        deals, customers and follow-ups by person, and in all. A team's target as a
        whole stands instead of the sum of its people's. One query per dashboard."""
        if "targets" not in question.memo:
            question.memo["targets"] = self._read_targets(question)
        return question.memo["targets"]

    def _read_targets(self, question: Question) -> tuple[dict[int, list], list]:
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
        return people, total

    @api.model
    def _added(self, sums: list | None, more: list) -> list:
        return [a + b for a, b in zip(sums or [0] * len(more), more, strict=True)]
