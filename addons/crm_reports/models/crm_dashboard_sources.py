from odoo import api, models
from odoo.fields import Domain

from ..tools.figures import MONEY
from ..tools.periods import Period, part_of_month, unit_start
from .crm_dashboard import Question


class CrmDashboard(models.AbstractModel):
    """Where business comes from, and what it costs to get it from there."""

    _inherit = "crm.dashboard"

    def _costs_or_note(self, question: Question) -> tuple[dict[int, float], str]:
        """Costs by source, and why there are none where there are none."""
        if not self.env["crm.source.cost"].has_access("read"):
            return {}, ""
        if question.scope.team_id or question.scope.user_id:
            return {}, self.env._(
                "Costs are the company's: choose all teams and everybody to see them."
            )
        costs = self._source_costs(question)
        if costs:
            return costs, self.env._("Costs of a month count day by day.")
        return {}, self.env._(
            "No costs are entered for this period: Dashboards / Costs of Sources."
        )

    @api.model
    def _source_costs(self, question: Question) -> dict[int, float]:
        """What each source (utm.source id) cost in the period, in the currency of the
        reader's company; a module that knows further costs adds them."""
        period = question.period
        domain = Domain("month", ">=", unit_start("month", period.start))
        domain &= Domain("month", "<", period.end)
        catalogue = self.env["crm.measure"]
        costs: dict[int, float] = {}
        for source, month, amount, *missing in self.env["crm.source.cost"]._read_group(
            domain, ["source_id", "month:month"], catalogue._amount_specs()
        ):
            part = part_of_month(month, Period(period.start, period.end))
            costs[source.id] = costs.get(source.id, 0) + (amount or 0) * part
            for currencies in missing:
                catalogue._note_missing(question.scope, "costs", currencies)
        return costs

    def _cost_heads(self, measures) -> list[tuple[str, str]]:
        """The columns of cost, by what the reader sees of a source."""
        each = self.env._("Cost per New Customer")
        return [(self.env._("Cost"), MONEY), (each, MONEY)]

    def _cost_cells(self, measures, values: list, cost: float) -> list[float | None]:
        """The figures of those columns."""
        of = {one.key: amount for one, amount in zip(measures, values, strict=True)}
        return [cost, self._cost_each(cost, of["new_customers"])]

    @api.model
    def _cost_each(self, cost: float, number: float) -> float | None:
        return cost / number if cost and number else None
