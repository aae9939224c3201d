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
        """All stages, those to be shown, what ``crm.funnel`` says of them, and their
        labels by id."""
        every = self._every_stage()
        rows = self.env["crm.funnel"]._reached(
            self._funnel_domain(question, "any!"),
            [stage.id for stage in every],
            question.period.days > FOLD_ALL_DAYS and not question.scope.user_id,
        )
        stages = self._funnel_stages(every, question, rows)
        return every, stages, rows, self._stage_labels(stages)

    def _funnel_domain(self, question: Question, operator: str = "any") -> Domain:
        """Deals whose first stay as an opportunity began in the period.

        :param operator: see ``crm.funnel._came_in``
        """
        catalogue = self.env["crm.measure"]
        leads = catalogue._get_measure("new_leads")
        bounds = map(catalogue._midnight, question.period)
        came = self.env["crm.funnel"]._came_in(*bounds, operator=operator)
        return catalogue._records_domain(leads, question.scope) & came

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
        later = [one.id for one in every[every.index(stage) :]]
        domain = cohort & self.env["crm.funnel"]._came_to(later)
        return {
            "measure": "new_leads",
            "domain": self.env["crm.measure"]._as_list(domain),
        }
