from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from odoo.fields import Domain

from ..models.crm_measure import Measure
from ..tools.figures import PERCENT
from .answers import Answers, Ask
from .panel import Panel, Row

if TYPE_CHECKING:
    from ..models.crm_dashboard import Question

# the numbers of a target (see ``_target_sums``) with the figures that answer them
ANSWERS = ("won_revenue", "won_deals", "new_customers", "followups")


@dataclass(frozen=True)
class AttainmentPanel(Panel):
    """How much of each kind of target is reached."""

    reads: ClassVar[tuple[str, ...]] = ("_target_sums",)

    def asks(self, question: Question) -> list[Ask]:
        return [self.ask(one, question) for _place, one in self.kinds(question)]

    def ask(self, measure: Measure, question: Question) -> Ask:
        """What each person reached in the period."""
        field = self.field_of(measure, "person")
        return Ask(measure, field, question.period_of(measure))

    def kinds(self, question: Question) -> list[tuple[int, Measure]]:
        """The kinds of which there is a target: place among its numbers, measure."""
        people, total = question.read["_target_sums"]
        is_set = [any(sums) for sums in zip(*people.values(), total, strict=True)]
        readable = {one.key: one for one in self.readable(ANSWERS)}
        return [
            (place, readable[key])
            for place, key in enumerate(ANSWERS)
            if is_set[place] and key in readable
        ]

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        people, total = question.read["_target_sums"]
        kinds = self.kinds(question)
        if not kinds:
            return self.table([], [])
        done = {
            measure.key: answers[self.ask(measure, question)]
            for _place, measure in kinds
        }
        everybody = {key: sum(n or 0 for n in by.values()) for key, by in done.items()}
        rows = [self.row(self.env._("Total"), total, kinds, everybody, question)]
        for user in sorted(people, key=lambda one: answers.people[one]):
            mine = {key: by.get(user) or 0 for key, by in done.items()}
            name, who = answers.people[user], (user,)
            rows.append(self.row(name, people[user], kinds, mine, question, who))
        return self.table(
            [(f"{measure.name} (%)", PERCENT) for _place, measure in kinds],
            rows,
            "chart",
            {"type": "bar", "series": [*range(len(kinds))], "has_total": True},
        )

    def row(
        self,
        name: str,
        sums: list[float],
        kinds: list[tuple[int, Measure]],
        done: dict[str, float],
        question: Question,
        who: tuple[int, ...] = (),
    ) -> Row:
        """Percent of each target.

        :param who: the person, nobody for all
        """
        shares, drills = [], []
        for place, measure in kinds:
            target = sums[place]
            shares.append(100 * done[measure.key] / target if target else None)
            mine = Domain(self.field_of(measure, "person"), "in", who)
            drills.append(self.drill(measure, question, mine if who else Domain.TRUE))
        return name, shares, drills
