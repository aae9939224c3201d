from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from odoo.fields import Domain

from ..models.crm_measure import Measure
from .answers import Answers, Ask
from .panel import Panel, Row

if TYPE_CHECKING:
    from ..models.crm_dashboard import Question


@dataclass(frozen=True)
class FiguresPanel(Panel):
    """Measures side by side, a row for each value of a dimension.

    ``measures``: keys; what the reader may not read is left out. ``order``: number of
    the column that puts the rows in order; ``series``: those the chart shows, if it is
    not that one.
    """

    measures: tuple[str, ...]
    dimension: str
    order: int = 0
    series: tuple[int, ...] = ()
    chart: str = "bar"

    @cached_property
    def shown_measures(self) -> list[Measure]:
        """Those of the measures the reader may read."""
        return self.readable(self.measures)

    def asks(self, question: Question) -> list[Ask]:
        return [self.ask(one, question) for one in self.shown_measures]

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        measures = self.shown_measures
        if not measures:
            return self.table([], [])
        found = self.by_value(question, answers)
        names = self.names(measures[0], self.dimension, found, answers)
        rows = [self.row(names[value], value, found[value], question)
                for value in found]  # fmt: skip
        order = min(self.order, len(measures) - 1)
        return self.table(
            [(measure.name, measure.unit) for measure in measures],
            self.best(rows, order),
            "chart",
            {"type": self.chart, "series": [*(self.series or (order,))]},
        )

    def ask(self, measure: Measure, question: Question) -> Ask:
        """The question for one of the measures."""
        field = self.field_of(measure, self.dimension)
        return Ask(measure, field, question.period_of(measure))

    def by_value(
        self, question: Question, answers: Answers
    ) -> dict[Any, dict[str, float | None]]:
        """The figures of each value of the dimension, by the key of the measure."""
        found: dict[Any, dict[str, float | None]] = {}
        for ask in self.asks(question):
            for value, figure in answers[ask].items():
                found.setdefault(value, {})[ask.measure.key] = figure
        return found

    def row(
        self, name: str, value: Any, cells: dict[str, float | None], question: Question
    ) -> Row:
        """The row of a value; a figure nobody counted is 0, a share unknown."""
        measures = self.shown_measures
        figures = [cells.get(one.key, None if one.is_ratio else 0) for one in measures]
        drills = [
            self.drill(
                one, question, Domain(self.field_of(one, self.dimension), "=", value)
            )
            for one in measures
        ]
        return name, figures, drills
