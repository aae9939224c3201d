from odoo import api, models

from odoo.addons.crm_reports.models.crm_dashboard import Addition, PanelFigures
from odoo.addons.crm_reports.panels import Panel
from odoo.addons.crm_reports.tools.figures import MONEY, PERCENT

from ..panels import FunnelPanel, RevenuePanel, TargetsPanel

DEALS = ("won_revenue", "won_deals", "new_leads", "win_rate", "pipeline", "forecast")


class CrmDashboard(models.AbstractModel):
    """What leads and deals add to the dashboards."""

    _inherit = "crm.dashboard"

    @api.model
    def _dashboard_additions(self):
        found = super()._dashboard_additions()
        for key in ("owner", "manager", "rep"):
            found += [
                Addition(key, DEALS, ("targets",), sequence=10),
                Addition(key, panels=("funnel",), sequence=30),
            ]
        return [
            *found,
            Addition("owner", panels=("revenue",), sequence=30),
            Addition("rep", panels=("revenue",), sequence=30),
            Addition("manager", panels=("revenue",), sequence=50),
            Addition("marketing", ("new_leads", "lead_won_share"), sequence=60),
        ]

    @api.model
    def _panel_list(self):
        return [*super()._panel_list(), *self._deal_panels(), self._target_panel()]

    @api.model
    def _panel_figures(self):
        return [
            *super()._panel_figures(),
            PanelFigures("sources", ("new_leads", "won_deals", "won_revenue"), 20),
            PanelFigures("people", ("won_deals", "won_revenue"), 20),
        ]

    def _deal_panels(self) -> list[Panel]:
        return [
            FunnelPanel(
                self.env,
                "funnel",
                self.env._("Funnel"),
                self.env._(
                    "Opportunities that came into the pipeline in the period: how far "
                    "each came, from the history of its stages."
                ),
                self._longer(),
                ("crm.lead", "crm.lead.stage.move"),
            ),
            RevenuePanel(
                self.env,
                "revenue",
                self.env._("Amount Won by Month"),
                self.env._("The last twelve months, whatever the period."),
                self.env._("Nothing was won in the last twelve months."),
                ("crm.lead",),
            ),
        ]

    def _target_panel(self) -> Panel:
        return TargetsPanel(
            self.env,
            "targets",
            self.env._("Target and Forecast"),
            self.env._(
                "Amount won in the period and the weighted forecast of what is "
                "open, against the targets of its months."
            ),
            self._no_targets(),
            ("crm.lead", "crm.sales.target"),
        )

    # ------------------------------------------------------------
    # COSTS OF SOURCES
    # ------------------------------------------------------------

    def _cost_heads(self, measures):
        """The cost of a lead instead of a customer, and the return; who may not read
        deals sees neither."""
        heads = super()._cost_heads(measures)
        if "new_leads" not in {one.key for one in measures}:
            return heads
        return [
            heads[0],
            (self.env._("Cost per Lead"), MONEY),
            (self.env._("Return (%)"), PERCENT),
        ]

    def _cost_cells(self, measures, values: list, cost: float):
        """Return is what was won beyond the cost, in percent of it."""
        of = {one.key: amount for one, amount in zip(measures, values, strict=True)}
        if "new_leads" not in of:
            return super()._cost_cells(measures, values, cost)
        return [
            cost,
            self._cost_each(cost, of["new_leads"]),
            100 * (of["won_revenue"] - cost) / cost if cost else None,
        ]
