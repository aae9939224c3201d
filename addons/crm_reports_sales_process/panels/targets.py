from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.panels import Answers, Ask, Panel
from odoo.addons.crm_reports.panels.panel import Row
from odoo.addons.crm_reports.tools.figures import MONEY, PERCENT

if TYPE_CHECKING:
    from odoo.addons.crm_reports.models.crm_dashboard import Question


@dataclass(frozen=True)
class TargetsPanel(Panel):
    """What was won and is to be expected, against the amounts that were to be won."""

    reads: ClassVar[tuple[str, ...]] = ("_target_sums",)

    @cached_property
    def measures(self) -> list[Measure]:
        """Won, and to be expected."""
        return [self.measure("won_revenue"), self.measure("forecast")]

    def asks(self, question: Question) -> list[Ask]:
        return [Ask(one, "user_id", question.period_of(one)) for one in self.measures]

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        people, totals = question.read["_target_sums"]
        targets = {user: sums[0] for user, sums in people.items() if sums[0]}
        won, ahead = (answers[ask] for ask in self.asks(question))
        known = {user for user in {**targets, **won, **ahead} if user}
        rows = []
        for user in [*sorted(known, key=lambda one: answers.people[one]), False]:
            amounts = targets.get(user), won.get(user) or 0, ahead.get(user) or 0
            if any(amounts):
                name = answers.people.get(user) or self.env._("Nobody")
                rows.append(self.row(name, user, amounts, question))
        if not rows and not totals[0]:
            return self.table([], [])
        return self.table(
            [
                (self.env._("Target"), MONEY),
                (self.env._("Amount Won"), MONEY),
                (self.env._("Weighted Forecast"), MONEY),
                (self.env._("Attained (%)"), PERCENT),
            ],
            [self.total(rows, totals[0]), *rows],
            "chart",
            {"type": "bar", "series": [0, 1, 2], "has_total": True},
            "" if targets or totals[0] else self.no_target_note(),
        )

    def no_target_note(self) -> str:
        """Where to set one."""
        return self.env._(
            "No target is set for these months: Dashboards / Sales Targets."
        )

    def row(
        self,
        name: str,
        user: int | bool,
        amounts: tuple[float | None, float, float],
        question: Question,
    ) -> Row:
        """The row of a person; False is nobody."""
        target, won, ahead = amounts
        mine = Domain("user_id", "=", user)
        drills = [self.drill(one, question, mine) for one in self.measures]
        return (
            name,
            (target, won, ahead, 100 * won / target if target else None),
            (False, *drills, False),
        )

    def total(self, rows: list[Row], target: float) -> Row:
        """The row of all, with the target of all."""
        won = sum(figures[1] or 0 for _name, figures, _drills in rows)
        ahead = sum(figures[2] or 0 for _name, figures, _drills in rows)
        return (
            self.env._("Total"),
            (target or None, won, ahead, 100 * won / target if target else None),
            (False,) * 4,
        )
