from collections import Counter
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_reports.models.crm_dashboard import Question

# from how many days on a funnel of everybody folds the history in one go
FOLD_ALL_DAYS = 92


class Stage(NamedTuple):
    """A stage of the pipeline; ``teams``: ids, none for a stage of all teams."""

    id: int
    name: str
    sequence: int
    is_won: bool
    teams: list[int]


class CrmDashboard(models.AbstractModel):
    """The funnel of a dashboard, from the history of stages."""

    _inherit = "crm.dashboard"

    def _read_funnel(self, question: Question) -> tuple:
        """All stages, those to be shown, what ``_funnel_rows`` says of them, and their
        labels by id."""
        every = self._every_stage()
        rows = self._funnel_rows(
            self._funnel_domain(question, "any!"),
            [stage.id for stage in every],
            question.period.days > FOLD_ALL_DAYS and not question.scope.user_id,
        )
        stages = self._funnel_stages(every, question, rows)
        return every, stages, rows, self._stage_labels(stages)

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
