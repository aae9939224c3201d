from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure import Measure
from odoo.addons.crm_reports.panels import Answers, Ask, Panel
from odoo.addons.crm_reports.panels.panel import Drill
from odoo.addons.crm_reports.tools.figures import COUNT
from odoo.addons.crm_reports.tools.periods import Period

if TYPE_CHECKING:
    from odoo.addons.crm_reports.models.crm_dashboard import Question

# days a ticket has been open: up to a day, three, seven, more
AGES = (1, 3, 7)


@dataclass(frozen=True)
class TicketAgePanel(Panel):
    """What is open at this moment: a row per state, a column per age."""

    @cached_property
    def aged(self) -> Measure:
        """Open tickets, by the day they came."""
        measure = self.measure("open_tickets")
        return measure._replace(key="open_tickets aged", date_field="create_date")

    def asks(self, question: Question) -> list[Ask]:
        return [Ask(self.aged, "state", age) for age in self.ages()]

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        columns = [answers[ask] for ask in self.asks(question)]
        states = dict.fromkeys(state for column in columns for state in column)
        names = self.names(self.aged, "state", states, answers)
        rows = [
            (
                names[state],
                [column.get(state, 0) for column in columns],
                [self.opening(question, state, age) for age in self.ages()],
            )
            for state in states
        ]
        return self.table(
            [(label, COUNT) for label in self.labels()],
            rows,
            "chart",
            {"type": "bar", "series": [*range(len(columns))]},
        )

    def opening(self, question: Question, state: str, age: Period) -> Drill:
        """What opens the tickets of a state and an age."""
        catalogue = self.env["crm.measure"]
        domain = catalogue._records_domain(self.aged, question.scope, age)
        domain &= Domain("state", "=", state)
        return {"measure": "open_tickets", "domain": catalogue._as_list(domain)}

    def ages(self) -> list[Period]:
        """The days on which tickets of each age came, the youngest first."""
        day = self.env.company._today()
        ends = [day.fromordinal(day.toordinal() + 1 - days) for days in (0, *AGES)]
        starts = [*ends[1:], day.replace(year=1970)]
        return [Period(start, end) for start, end in zip(starts, ends, strict=True)]

    def labels(self) -> list[str]:
        """What the ages are called."""
        return [
            self.env._("Today"),
            self.env._("2 to 3 Days"),
            self.env._("4 to 7 Days"),
            self.env._("Longer"),
        ]
