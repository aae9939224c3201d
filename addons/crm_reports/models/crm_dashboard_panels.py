from collections import Counter
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_sales_process.tools import funnel

from ..tools.figures import COUNT, DAYS, MONEY, PERCENT
from ..tools.periods import Period, steps, unit_start, whole
from .crm_dashboard import Panel, Question
from .crm_measure import Wanted

# rows of a table people still read: the largest ones
TOP = 12
TREND_MONTHS = 12
# from how many days on a funnel of everybody folds the history in one go
FOLD_ALL_DAYS = 92
# (model, field): what several panels ask of it, so that the first asks for all
TOGETHER = {
    ("crm.lead", "user_id"): ("won_deals", "won_revenue", "forecast"),
    ("crm.followup", "user_id"): ("followups", "response_hours"),
    ("crm.lifecycle.move", "owner_id"): ("came_back", "went_dormant"),
}


class Stage(NamedTuple):
    """A stage of the pipeline; ``teams``: ids, none for a stage of all teams."""

    id: int
    name: str
    sequence: int
    is_won: bool
    teams: list[int]


class CrmDashboard(models.AbstractModel):
    """The panels of sales, customers and follow-up."""

    _inherit = "crm.dashboard"

    @api.model
    def _panel_list(self):
        return super()._panel_list() + [
            *self._deal_panels(),
            *self._target_panels(),
            *self._source_and_people_panels(),
            *self._customer_panels(),
        ]

    def _longer(self) -> str:
        """What to do where a period has nothing to show."""
        return self.env._("Choose a longer period, another team or another person.")

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

    def _target_panels(self) -> list[Panel]:
        empty = self.env._("Set targets under Dashboards / Sales Targets.")
        models_ = ("crm.lead", "crm.sales.target")
        return [
            Panel(
                "targets",
                self.env._("Target and Forecast"),
                self.env._(
                    "Amount won in the period and the weighted forecast of what is "
                    "open, against the targets of its months."
                ),
                empty,
                "_panel_targets",
                models_,
            ),
            Panel(
                "attainment",
                self.env._("Targets Reached"),
                self.env._(
                    "What was reached in the period of each kind of target of its "
                    "months: amount, deals, new customers, follow-ups."
                ),
                empty,
                "_panel_attainment",
                models_,
            ),
        ]

    def _source_and_people_panels(self) -> list[Panel]:
        return [
            Panel(
                "sources",
                self.env._("Sources"),
                self.env._(
                    "Where customers and leads of the period come from, what was won "
                    "from each source in it, and what the source cost."
                ),
                self._longer(),
                "_panel_sources",
                ("res.partner",),
            ),
            Panel(
                "people",
                self.env._("People"),
                self.env._("What each person did and won in the period."),
                self._longer(),
                "_panel_people",
                ("crm.followup",),
            ),
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
    # FUNNEL
    # ------------------------------------------------------------

    def _panel_funnel(self, question: Question) -> dict:
        every = self._every_stage()
        rows = self._funnel_rows(
            self._funnel_domain(question, "any!"),
            [stage.id for stage in every],
            question.period.days > FOLD_ALL_DAYS and not question.scope.user_id,
        )
        stages = self._funnel_stages(every, question, rows)
        cohort = self._funnel_domain(question)
        furthest = {stage: row[0] for stage, row in rows.items()}
        waiting = {stage: row[1] for stage, row in rows.items()}
        labels = self._stage_labels(stages)
        lines = []
        for stage, step in zip(
            stages,
            funnel.steps([stage.id for stage in stages], furthest, waiting),
            strict=True,
        ):
            median = rows.get(stage.id, (0, 0, None))[2]
            share = None if step.conversion is None else 100 * step.conversion
            lines.append(
                (
                    labels[stage.id],
                    (step.reached, None if stage.is_won else share, median),
                    (self._funnel_drill(cohort, every, stage), False, False),
                )
            )
        columns = [
            (self.env._("Reached"), COUNT),
            (self.env._("Went on (%)"), PERCENT),
            (self.env._("Median Days"), DAYS),
        ]
        if not any(values[0] for _label, values, _drills in lines):
            lines = []
        return self._panel_data(columns, lines, "funnel")

    def _funnel_domain(self, question: Question, operator: str = "any") -> Domain:
        """Deals whose first stay as an opportunity began in the period.

        :param operator: ``any!`` to count: who may read a deal reads its history, so
            that its rules need not be looked at twice; ``any`` for the client
        """
        catalogue = self.env["crm.measure"]
        leads = catalogue._get_measure("new_leads")
        stay = Domain("lead_type", "=", "opportunity")
        stay &= Domain("entry", "in", ["created", "converted", "known"])
        start, end = question.period.start, question.period.end
        stay &= Domain("date_entered", ">=", catalogue._midnight(start))
        stay &= Domain("date_entered", "<", catalogue._midnight(end))
        domain = catalogue._records_domain(leads, question.scope)
        return domain & Domain("stage_move_ids", operator, stay)

    def _funnel_rows(self, cohort: Domain, stages: list[int], fold_all: bool) -> dict:
        """By stage: deals that came no further, those of them still open, and the
        median days of all that were there; one query, with the reader's rights.

        The history is folded to a row per deal, with the stages as columns: a row per
        deal and stage, sorted, took four times as long.

        :param stages: ids of all stages, in their order
        :param fold_all: see ``_funnel_deals``
        :return: {stage id: (deals, open ones, days or None)}
        """
        self.env["crm.lead.stage.move"].flush_model()
        query = self.env["crm.lead"]._search(cohort)
        if query.is_empty() or not stages:
            return {}
        deals = query.select(
            SQL.identifier("crm_lead", "id"), SQL.identifier("crm_lead", "won_status")
        )
        [row] = self.env.execute_query(
            SQL(
                "WITH cohort AS MATERIALIZED (%s), deal AS (%s) SELECT %s FROM deal",
                deals,
                self._funnel_deals(stages, fold_all),
                SQL(", ").join(map(self._funnel_figures, range(len(stages)))),
            )
        )
        found = {
            stage: row[3 * place : 3 * place + 3] for place, stage in enumerate(stages)
        }
        return {k: v for k, v in found.items() if v[0] or v[2] is not None}

    def _funnel_deals(self, stages: list[int], fold_all: bool) -> SQL:
        """The deals of the cohort with their folded history.

        Both ways read nothing but an index (``_report_fold_idx``), in the order of
        the deals.

        :param fold_all: in one go from the first deal of the cohort to the last, which
            is faster where most of those between belong to it; otherwise deal by deal
        """
        stays = SQL(
            "SELECT move.lead_id, %s FROM crm_lead_stage_move move"
            " WHERE move.lead_type = 'opportunity' AND move.is_slip IS NOT TRUE",
            self._funnel_folds(stages),
        )
        if not fold_all:
            return SQL(
                "SELECT * FROM cohort CROSS JOIN LATERAL"
                " (%s AND move.lead_id = cohort.id GROUP BY move.lead_id) fold",
                stays,
            )
        return SQL(
            """SELECT * FROM cohort JOIN (
                %s AND move.lead_id >= (SELECT min(id) FROM cohort)
                   AND move.lead_id <= (SELECT max(id) FROM cohort)
              GROUP BY move.lead_id) fold ON fold.lead_id = cohort.id""",
            stays,
        )

    def _funnel_folds(self, stages: list[int]) -> SQL:
        """Per deal: seconds in each stage it has left, and the furthest one's place."""
        places, folds = [], []
        for place, stage in enumerate(stages):
            places.append(SQL("WHEN %s THEN %s", stage, place))
            folds.append(
                SQL(
                    "sum(move.duration) FILTER (WHERE move.stage_id = %s"
                    " AND move.date_left IS NOT NULL) AS %s",
                    stage,
                    SQL.identifier(f"seconds_{place}"),
                )
            )
        furthest = SQL("max(CASE move.stage_id %s END) AS furthest",
                       SQL(" ").join(places))  # fmt: skip
        return SQL(", ").join([*folds, furthest])

    def _funnel_figures(self, place: int) -> SQL:
        """The three figures of the stage at a place."""
        return SQL(
            "count(*) FILTER (WHERE furthest = %(place)s), count(*) FILTER"
            " (WHERE furthest = %(place)s AND won_status = 'pending'),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY %(seconds)s) / 86400",
            place=place,
            seconds=SQL.identifier(f"seconds_{place}"),
        )

    def _every_stage(self) -> list[Stage]:
        """All stages in their order, with their teams; one query."""
        model = self.env["crm.stage"]
        query = model._search([], order="sequence, id")
        teams = model._fields["team_ids"]

        def column(name: str) -> SQL:
            return model._field_to_sql(model._table, name, query)

        of_stage = SQL(
            "ARRAY(SELECT %s FROM %s WHERE %s = %s)",
            SQL.identifier(teams.column2),
            SQL.identifier(teams.relation),
            SQL.identifier(teams.column1),
            column("id"),
        )
        names = ("id", "name", "sequence", "is_won")
        rows = self.env.execute_query(query.select(*map(column, names), of_stage))
        return [Stage(*row) for row in rows]

    def _funnel_stages(self, stages, question: Question, rows: dict) -> list[Stage]:
        """The stages of all teams or of the chosen one, and those deals came to."""
        team = question.scope.team_id
        return [
            stage
            for stage in stages
            if not stage.teams or stage.id in rows or team in stage.teams
        ]

    def _stage_labels(self, stages: list[Stage]) -> dict[int, str]:
        """The names of stages; where a name repeats, with the teams it is for."""
        count = Counter(stage.name for stage in stages)
        ids = {t for stage in stages if count[stage.name] > 1 for t in stage.teams}
        # sudo: names of teams whose stages the user sees
        teams = self.env["crm.team"].sudo().browse(ids)
        names = {team.id: team.name for team in teams}
        labels = {stage.id: stage.name for stage in stages}
        for stage in stages:
            if count[stage.name] > 1:
                whose = ", ".join(names[team] for team in stage.teams)
                labels[stage.id] = f"{stage.name} · {whose or self.env._('All Teams')}"
        return labels

    def _funnel_drill(self, cohort: Domain, every: list[Stage], stage: Stage) -> dict:
        """The deals that came at least to a stage: to it or one after it in the order
        of the funnel, which two stages of one sequence have as well."""
        place = every.index(stage)
        came = [
            ("lead_type", "=", "opportunity"),
            ("is_slip", "!=", True),
            ("stage_id", "in", [one.id for one in every[place:]]),
        ]
        domain = cohort & Domain("stage_move_ids", "any", came)
        return {
            "measure": "new_leads",
            "domain": self.env["crm.measure"]._as_list(domain),
        }

    # ------------------------------------------------------------
    # SALES
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

    def _targets(self, question: Question) -> tuple[dict[int, float], float]:
        """Amounts to be won by person, and in all; see ``_target_sums``."""
        people, total = self._target_sums(question)
        return {user: sums[0] for user, sums in people.items() if sums[0]}, total[0]

    def _target_sums(self, question: Question) -> tuple[dict[int, list], list]:
        """Targets of the months of the period, with the reader's rights: amount,
        deals, customers and follow-ups by person, and in all. A team's target as a
        whole stands instead of the sum of its people's. One query per dashboard."""
        if "targets" not in question.memo:
            question.memo["targets"] = self._read_targets(question)
        return question.memo["targets"]

    def _read_targets(self, question: Question) -> tuple[dict[int, list], list]:
        months = whole(question.period_key, question.period)
        scope = question.scope
        domain = Domain("month", ">=", unit_start("month", months.start))
        domain &= Domain("month", "<", months.end)
        if scope.user_id:
            domain &= Domain("user_id", "=", scope.user_id)
        if scope.team_id:
            domain &= Domain("team_id", "=", scope.team_id)
        catalogue = self.env["crm.measure"]
        numbers = ("deals", "customers", "followups")
        rows = self.env["crm.sales.target"]._read_group(
            domain,
            ["user_id", "team_id", "month:month"],
            [*(f"{name}:sum" for name in numbers), *catalogue._amount_specs()],
        )
        people: dict[int, list] = {}
        of_people: dict[tuple, list] = {}
        of_teams: dict[tuple, list] = {}
        for user, team, month, *counts, amount, missing in (
            row if catalogue._mixes_currencies() else (*row, None) for row in rows
        ):
            sums = [amount or 0, *counts]
            catalogue._note_missing(scope, "targets", missing)
            if user:
                people[user.id] = self._added(people.get(user.id), sums)
                key = (team.id, month)
                of_people[key] = self._added(of_people.get(key), sums)
            else:
                of_teams[team.id, month] = sums
        total = [0] * 4
        for key in {**of_people, **of_teams}:
            # kind by kind: a team may have a target of its own for the amount only
            of_team = of_teams.get(key, [0] * 4)
            of_them = of_people.get(key, [0] * 4)
            pairs = zip(of_team, of_them, strict=True)
            total = self._added(total, [team or them for team, them in pairs])
        return people, total

    @api.model
    def _added(self, sums: list | None, more: list) -> list:
        return [a + b for a, b in zip(sums or [0] * len(more), more, strict=True)]

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
    # SOURCES AND PEOPLE
    # ------------------------------------------------------------

    def _panel_people(self, question: Question) -> dict:
        keys = ("followups", "on_time", "response_hours", "won_deals", "won_revenue")
        return self._panel_of(keys, "person", question, 0)

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
