from collections.abc import Mapping

from odoo import api, models
from odoo.tools import SQL

from ..panels import FiguresPanel, Panel
from ..panels.attainment import AttainmentPanel
from ..panels.sources import SourcesPanel
from .crm_dashboard import PanelFigures

MOVES = ("activated", "came_back", "went_dormant", "went_lost")


class CrmDashboard(models.AbstractModel):
    """The panels of customers, and those that modules fill together."""

    _inherit = "crm.dashboard"

    @api.model
    def _panel_list(self):
        return super()._panel_list() + [
            self._attainment_panel(),
            self._sources_panel(),
            *self._people_panels(),
            *self._customer_panels(),
            self._churn_panel(),
        ]

    @api.model
    def _panel_figures(self):
        return [
            *super()._panel_figures(),
            PanelFigures("sources", ("new_customers",), 10),
        ]

    def _longer(self) -> str:
        """What to do where a period has nothing to show."""
        return self.env._("Choose a longer period, another team or another person.")

    def _no_targets(self) -> str:
        """What to do where there is no target."""
        return self.env._("Set targets under Dashboards / Sales Targets.")

    def _attainment_panel(self) -> Panel:
        return AttainmentPanel(
            self.env,
            "attainment",
            self.env._("Targets Reached"),
            self.env._(
                "What was reached in the period of each kind of target of its "
                "months: amount, deals, new customers, follow-ups."
            ),
            self._no_targets(),
            ("crm.sales.target",),
        )

    def _sources_panel(self) -> Panel:
        return SourcesPanel(
            self.env,
            "sources",
            self.env._("Sources"),
            self.env._(
                "Where customers and leads of the period come from, what was won "
                "from each source in it, and what the source cost."
            ),
            self._longer(),
            ("res.partner",),
            self._figures_of("sources"),
            "source",
            order=1,
        )

    def _people_panels(self) -> list[Panel]:
        """None where no module counts what people do."""
        keys = self._figures_of("people")
        if not keys:
            return []
        return [
            FiguresPanel(
                self.env,
                "people",
                self.env._("People"),
                self.env._("What each person did and won in the period."),
                self._longer(),
                (self.env["crm.measure"]._measures()[keys[0]].model,),
                keys,
                "person",
            )
        ]

    def _customer_panels(self) -> list[Panel]:
        empty = self.env._("Enter or import customers under Customers.")
        now = self.env._("All customers at this moment.")
        count, more = ("customers",), ("customers", "new_customers")
        return [
            FiguresPanel(
                self.env, key, title, now, empty, ("res.partner",), measures, dimension,
                chart=chart,
            )
            for key, title, measures, dimension, chart in (
                ("lifecycle", self.env._("Lifecycle"), count, "lifecycle", "doughnut"),
                ("levels", self.env._("Levels"), count, "level", "bar"),
                ("regions", self.env._("Regions"), more, "region", "bar"),
            )
        ]  # fmt: skip

    def _churn_panel(self) -> Panel:
        return FiguresPanel(
            self.env,
            "churn",
            self.env._("Came and Went"),
            self.env._(
                "Customers that bought for the first time, came back, fell silent "
                "or were lost in the period, by the day we came to know of it and "
                "their owner then."
            ),
            self.env._(
                "Nobody has moved in this period. Choose a longer one, or look at "
                "Configuration / Lifecycle Rules."
            ),
            ("crm.lifecycle.move",),
            MOVES,
            "person",
            order=1,
            series=(0, 1, 2, 3),
        )

    # ------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------

    def _names_of(
        self, measure, dimension: str, values, people: Mapping[int, str] | None = None
    ) -> dict:
        """The names of the values of a dimension, by value.

        :param people: names of users that are known already
        """
        field = self.env[measure.model]._fields[
            self.env["crm.measure"]._field_of(measure, dimension)
        ]
        empty = {
            "person": self.env._("Nobody"),
            "source": self.env._("Unknown Source"),
        }.get(dimension, self.env._("None"))
        if field.type == "selection":
            names = dict(field._description_selection(self.env))
        elif field.comodel_name == "res.users":
            names = self._user_names(values) if people is None else people
        else:
            ids = [value for value in values if value]
            # sudo: only the names of what the user's own records point to
            records = self.env[field.comodel_name].sudo().browse(ids)
            names = {record.id: record.display_name for record in records}
        return {value: names.get(value, empty) for value in values}

    def _user_names(self, ids, more=()) -> dict[int, str]:
        """The names of people by id, in one query: a user's name is that of the
        partner, which the ORM reads by a second one.

        :param more: further conditions on them
        """
        ids = {user for user in ids if user}
        if not ids:
            return {}
        # sudo: only the names of whom the user's own records point to
        users = self.env["res.users"].sudo().with_context(active_test=False)
        query = users._search([("id", "in", list(ids)), *more])
        name = users._field_to_sql(users._table, "name", query)
        return dict(
            self.env.execute_query(
                query.select(SQL.identifier(users._table, "id"), name)
            )
        )
