from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_dashboard import Panel, PanelFigures, Question
from .crm_measure import Wanted

# rows of a table people still read: the largest ones
TOP = 12
# (model, field): what several panels ask of it, so that the first asks for all
TOGETHER = {
    ("crm.lead", "user_id"): ("won_deals", "won_revenue", "forecast"),
    ("crm.followup", "user_id"): ("followups", "response_hours"),
    ("crm.lifecycle.move", "owner_id"): ("came_back", "went_dormant"),
}


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
        return Panel(
            "attainment",
            self.env._("Targets Reached"),
            self.env._(
                "What was reached in the period of each kind of target of its "
                "months: amount, deals, new customers, follow-ups."
            ),
            self._no_targets(),
            "_panel_attainment",
            ("crm.sales.target",),
        )

    def _sources_panel(self) -> Panel:
        return Panel(
            "sources",
            self.env._("Sources"),
            self.env._(
                "Where customers and leads of the period come from, what was won "
                "from each source in it, and what the source cost."
            ),
            self._longer(),
            "_panel_sources",
            ("res.partner",),
        )

    def _people_panels(self) -> list[Panel]:
        """None where no module counts what people do."""
        keys = self._figures_of("people")
        if not keys:
            return []
        return [
            Panel(
                "people",
                self.env._("People"),
                self.env._("What each person did and won in the period."),
                self._longer(),
                "_panel_people",
                (self.env["crm.measure"]._measures()[keys[0]].model,),
            )
        ]

    def _customer_panels(self) -> list[Panel]:
        empty = self.env._("Enter or import customers under Customers.")
        now = self.env._("All customers at this moment.")
        return [
            Panel(key, title, now, empty, method, ("res.partner",))
            for key, title, method in (
                ("lifecycle", self.env._("Lifecycle"), "_panel_lifecycle"),
                ("levels", self.env._("Levels"), "_panel_levels"),
                ("regions", self.env._("Regions"), "_panel_regions"),
            )
        ] + [
            Panel(
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
                "_panel_churn",
                ("crm.lifecycle.move",),
            )
        ]

    # ------------------------------------------------------------
    # SOURCES AND PEOPLE
    # ------------------------------------------------------------

    def _panel_people(self, question: Question) -> dict:
        return self._panel_of(self._figures_of("people"), "person", question, 0)

    @api.model
    def _panel_of(
        self, keys, dimension: str, question: Question, shown: int, kind="bar"
    ) -> dict:
        """A panel of measures grouped by one dimension, one query per model.

        :param shown: number of the column the chart shows
        """
        measures, found = self._grouped(keys, dimension, question)
        names = {}
        if measures:
            names = self._names_of(measures[0], dimension, found, question.memo)
        lines = [
            self._line(names[value], measures, cells, dimension, value, question)
            for value, cells in found.items()
        ]
        return self._panel_data(
            [(measure.name, measure.unit) for measure in measures],
            self._best(lines, min(shown, len(measures) - 1)),
            "chart",
            {"type": kind, "series": [min(shown, len(measures) - 1)]},
        )

    @api.model
    def _grouped(self, keys, dimension: str, question: Question) -> tuple[list, dict]:
        """Those of the measures the user may read, and their figures by the values of
        a dimension: {value: {key: [figure]}}; one query per model."""
        catalogue = self.env["crm.measure"]
        readable = catalogue._readable_measures()
        measures = [readable[key] for key in keys if key in readable]
        by_field: dict[tuple, list] = {}
        for measure in measures:
            field = catalogue._field_of(measure, dimension)
            by_field.setdefault((measure.model, field), []).append(measure)
        found: dict = {}
        for (_model, field), group in by_field.items():
            by_group = self._by_group(group, field, question)
            for value, cells in by_group.items():
                found.setdefault(value, {}).update(cells)
        return measures, found

    def _by_group(self, measures: list, field: str, question: Question) -> dict:
        """Measures of one model by the values of a field: {value: {key: [figure]}}.

        What panels of a dashboard ask alike is asked once: the memory knows which
        figures it has, and what a later panel will ask (``TOGETHER``) comes along.
        """
        place = (measures[0].model, field)
        asked, found = question.memo.setdefault(place, (set(), {}))
        readable = self.env["crm.measure"]._readable_measures()
        keys = [one.key for one in measures if one.key not in asked]
        if keys:
            more = [key for key in TOGETHER.get(place, ()) if key in readable]
            keys = [key for key in dict.fromkeys([*keys, *more]) if key not in asked]
            of_model = {one.key: one for one in measures}
            catalogue = self.env["crm.measure"]
            fresh = catalogue._figures(
                [
                    Wanted(one, (question.period_of(one),))
                    for one in (of_model.get(key) or readable[key] for key in keys)
                ],
                question.scope,
                catalogue._by_field(field),
            )
            asked.update(keys)
            for value, cells in fresh.items():
                found.setdefault(value, {}).update(cells)
        return found

    def _line(self, name, measures, cells, dimension, value, question) -> tuple:
        catalogue = self.env["crm.measure"]
        values, drills = [], []
        for measure in measures:
            empty = None if measure.is_ratio else 0
            values.append(cells.get(measure.key, [empty])[0])
            extra = Domain(catalogue._field_of(measure, dimension), "=", value)
            drills.append(self._drill(measure, question, extra))
        return name, values, drills

    def _best(self, lines: list, column: int) -> list:
        """The rows with the most in a column, first; rows without anything left out."""
        lines = [line for line in lines if any(line[1])]
        return sorted(lines, key=lambda line: -(line[1][column] or 0))[:TOP]

    def _names_of(self, measure, dimension: str, values, memo: dict | None = None):
        """The names of the values of a dimension, by value.

        :param memo: of the question; keeps names between panels
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
            names = self._user_names(values, memo)
        else:
            ids = [value for value in values if value]
            # sudo: only the names of what the user's own records point to
            records = self.env[field.comodel_name].sudo().browse(ids)
            names = {record.id: record.display_name for record in records}
        return {value: names.get(value, empty) for value in values}

    def _user_names(self, ids, memo: dict | None = None, more=()) -> dict[int, str]:
        """The names of people by id, in one query: a user's name is that of the
        partner, which the ORM reads by a second one. None for whom ``memo`` knows.

        :param more: further conditions on them
        """
        ids = {user for user in ids if user}
        known = {} if memo is None else memo.setdefault("user_names", {})
        if missing := ids - set(known):
            # sudo: only the names of whom the user's own records point to
            users = self.env["res.users"].sudo().with_context(active_test=False)
            query = users._search([("id", "in", list(missing)), *more])
            name = users._field_to_sql(users._table, "name", query)
            rows = self.env.execute_query(
                query.select(SQL.identifier(users._table, "id"), name)
            )
            known.update(rows)
        return {user: known[user] for user in ids if user in known}

    # ------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------

    def _panel_lifecycle(self, question: Question) -> dict:
        return self._panel_of(("customers",), "lifecycle", question, 0, "doughnut")

    def _panel_levels(self, question: Question) -> dict:
        return self._panel_of(("customers",), "level", question, 0)

    def _panel_regions(self, question: Question) -> dict:
        return self._panel_of(("customers", "new_customers"), "region", question, 0)

    def _panel_churn(self, question: Question) -> dict:
        keys = ("activated", "came_back", "went_dormant", "went_lost")
        panel = self._panel_of(keys, "person", question, 1)
        return {**panel, "chart": {"type": "bar", "series": [*range(len(keys))]}}
