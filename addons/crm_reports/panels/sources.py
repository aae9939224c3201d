from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .answers import Answers
from .figures import FiguresPanel

if TYPE_CHECKING:
    from ..models.crm_dashboard import Question


@dataclass(frozen=True)
class SourcesPanel(FiguresPanel):
    """Where business comes from, and what it costs to get it from there; a source
    that only cost is shown as well."""

    reads: ClassVar[tuple[str, ...]] = ("_costs_or_note",)

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        dashboards, measures = self.env["crm.dashboard"], self.shown_measures
        costs, note = question.read["_costs_or_note"]
        found = {
            **{source: {} for source in costs},
            **self.by_value(question, answers),
        }
        names = self.names(measures[0], self.dimension, found, answers)
        heads = [(one.name, one.unit) for one in measures]
        if costs:
            heads += dashboards._cost_heads(measures)
        rows = []
        for source, cells in found.items():
            name, figures, drills = self.row(names[source], source, cells, question)
            if costs:
                cost = dashboards._cost_cells(measures, figures, costs.get(source, 0))
                figures, drills = [*figures, *cost], [*drills, *[False] * len(cost)]
            rows.append((name, figures, drills))
        shown = min(self.order, len(measures) - 1)
        chart = {"type": self.chart, "series": [shown]}
        return self.table(heads, self.best(rows, shown), "chart", chart, note)
