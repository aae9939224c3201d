from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_dashboard import (
    Addition,
    Panel,
    PanelFigures,
    Question,
)
from odoo.addons.crm_reports.models.crm_measure import Wanted
from odoo.addons.crm_reports.tools.figures import MONEY, PERCENT
from odoo.addons.crm_reports.tools.periods import Period, steps, whole

TREND_MONTHS = 12
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
            Panel(
                "funnel",
                self.env._("Funnel"),
                self.env._(
                    "Opportunities that came into the pipeline in the period: how far "
                    "each came, from the history of its stages."
                ),
                self._longer(),
                "_panel_funnel",
                ("crm.lead", "crm.lead.stage.move"),
            ),
            Panel(
                "revenue",
                self.env._("Amount Won by Month"),
                self.env._("The last twelve months, whatever the period."),
                self.env._("Nothing was won in the last twelve months."),
                "_panel_revenue",
                ("crm.lead",),
            ),
        ]

    def _target_panel(self) -> Panel:
        return Panel(
            "targets",
            self.env._("Target and Forecast"),
            self.env._(
                "Amount won in the period and the weighted forecast of what is "
                "open, against the targets of its months."
            ),
            self._no_targets(),
            "_panel_targets",
            ("crm.lead", "crm.sales.target"),
        )

    # ------------------------------------------------------------
    # TARGETS AND MONTHS
    # ------------------------------------------------------------

    def _panel_targets(self, question: Question) -> dict:
        catalogue = self.env["crm.measure"]
        won = catalogue._get_measure("won_revenue")
        forecast = catalogue._get_measure("forecast")
        found = self._by_group([won, forecast], "user_id", question)
        nothing = {"won_revenue": [0], "forecast": [0]}
        targets, team_total = self._targets(question)
        names = self._user_names({**targets, **found}, question.memo)
        people = sorted(names, key=names.get)
        lines = []
        for user in (*people, *({False} & set(found))):
            target = targets.get(user)
            done = {**nothing, **found.get(user, {})}
            if target or done["won_revenue"][0] or done["forecast"][0] or not user:
                who = (user, names.get(user, self.env._("Nobody")))
                lines.append(self._target_line(who, target, done, won, question))
        if not lines and not team_total:
            return self._panel_data([], [], "chart")
        return self._panel_data(
            [
                (self.env._("Target"), MONEY),
                (self.env._("Amount Won"), MONEY),
                (self.env._("Weighted Forecast"), MONEY),
                (self.env._("Attained (%)"), PERCENT),
            ],
            [self._target_total(lines, team_total), *lines],
            "chart",
            {"type": "bar", "series": [0, 1, 2], "has_total": True},
            "" if targets or team_total else self._no_target_note(),
        )

    def _no_target_note(self) -> str:
        return self.env._(
            "No target is set for these months: Dashboards / Sales Targets."
        )

    def _target_line(self, who, target, done, won, question) -> tuple:
        """:param who: id, False for nobody, and name of the person"""
        user, name = who
        amount, ahead = done["won_revenue"][0], done["forecast"][0]
        mine = Domain("user_id", "=", user)
        forecast = self.env["crm.measure"]._get_measure("forecast")
        return (
            name,
            (target, amount, ahead, 100 * amount / target if target else None),
            (
                False,
                self._drill(won, question, mine),
                self._drill(forecast, question, mine),
                False,
            ),
        )

    def _target_total(self, lines: list, target: float) -> tuple:
        won = sum(line[1][1] for line in lines)
        ahead = sum(line[1][2] for line in lines)
        return (
            self.env._("Total"),
            (target or None, won, ahead, 100 * won / target if target else None),
            (False,) * 4,
        )

    def _panel_revenue(self, question: Question) -> dict:
        catalogue = self.env["crm.measure"]
        won = catalogue._get_measure("won_revenue")
        deals = catalogue._get_measure("won_deals")
        today = self.env.company._today()
        months = steps(self._last_months(today), "month")
        all_ = Period(months[0].start, months[-1].end)
        found = catalogue._figures(
            [Wanted(won, (all_,)), Wanted(deals, (all_,))],
            question.scope,
            catalogue._by_step(won, months),
        )
        if not found:
            return self._panel_data([], [], "chart")
        lines = []
        for number, month in enumerate(months, start=1):
            row = found.get(number, {"won_revenue": [0], "won_deals": [0]})
            drill = self._drill(won, question._replace(period=month))
            lines.append(
                (
                    month.start.strftime("%Y-%m"),
                    (row["won_revenue"][0], row["won_deals"][0]),
                    (drill, drill),
                )
            )
        return self._panel_data(
            [(won.name, won.unit), (deals.name, deals.unit)],
            lines,
            "chart",
            {"type": "bar", "series": [0]},
        )

    def _last_months(self, today) -> Period:
        """This month and the eleven before."""
        year, month = divmod(today.year * 12 + today.month - TREND_MONTHS, 12)
        first = today.replace(year=year, month=month + 1, day=1)
        return whole("this_month", Period(first, first))._replace(
            end=whole("this_month", Period(today.replace(day=1), today)).end
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
