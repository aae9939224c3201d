from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from odoo.addons.crm_reports.panels import Answers, Ask, Panel
from odoo.addons.crm_reports.tools.periods import Period, steps, whole

if TYPE_CHECKING:
    from odoo.addons.crm_reports.models.crm_dashboard import Question

TREND_MONTHS = 12
FIGURES = ("won_revenue", "won_deals")


@dataclass(frozen=True)
class RevenuePanel(Panel):
    """What was won in each of the last twelve months, whatever the period."""

    def asks(self, question: Question) -> list[Ask]:
        months = self.months()
        every = Period(months[0].start, months[-1].end)
        return [Ask(self.measure(key), months, every) for key in FIGURES]

    def months(self) -> tuple[Period, ...]:
        """This month and the eleven before."""
        return tuple(steps(self.last_months(self.env.company._today()), "month"))

    def last_months(self, today: date) -> Period:
        """The whole of those months."""
        year, month = divmod(today.year * 12 + today.month - TREND_MONTHS, 12)
        first = today.replace(year=year, month=month + 1, day=1)
        this = whole("this_month", Period(today.replace(day=1), today))
        return Period(first, this.end)

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        asks = self.asks(question)
        won, deals = (answers[ask] for ask in asks)
        measures = [ask.measure for ask in asks]
        if not {**won, **deals}:
            return self.table([], [])
        rows = []
        for number, month in enumerate(self.months(), start=1):
            drill = self.drill(measures[0], question._replace(period=month))
            rows.append(
                (
                    month.start.strftime("%Y-%m"),
                    (won.get(number, 0), deals.get(number, 0)),
                    (drill, drill),
                )
            )
        return self.table(
            [(one.name, one.unit) for one in measures],
            rows,
            "chart",
            {"type": "bar", "series": [0]},
        )
