from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from odoo.addons.crm_reports.panels import Answers, Panel
from odoo.addons.crm_reports.tools.figures import COUNT, DAYS, PERCENT
from odoo.addons.crm_sales_process.tools import funnel

if TYPE_CHECKING:
    from odoo.addons.crm_reports.models.crm_dashboard import Question


@dataclass(frozen=True)
class FunnelPanel(Panel):
    """How far deals came; counted from the history of stages, which is no measure."""

    reads: ClassVar[tuple[str, ...]] = ("_read_funnel",)

    def lay_out(self, question: Question, answers: Answers) -> dict[str, Any]:
        every, stages, found, labels = question.read["_read_funnel"]
        dashboards = self.env["crm.dashboard"]
        cohort = dashboards._funnel_domain(question)
        furthest = {stage: one.deals for stage, one in found.items()}
        waiting = {stage: one.waiting for stage, one in found.items()}
        steps = funnel.steps([stage.id for stage in stages], furthest, waiting)
        rows = []
        for stage, step in zip(stages, steps, strict=True):
            median = found[stage.id].median_days if stage.id in found else None
            share = None if step.conversion is None else 100 * step.conversion
            rows.append(
                (
                    labels[stage.id],
                    (step.reached, None if stage.is_won else share, median),
                    (dashboards._funnel_drill(cohort, every, stage), False, False),
                )
            )
        columns = [
            (self.env._("Reached"), COUNT),
            (self.env._("Went on (%)"), PERCENT),
            (self.env._("Median Days"), DAYS),
        ]
        if not any(figures[0] for _label, figures, _drills in rows):
            rows = []
        return self.table(columns, rows, "funnel")
