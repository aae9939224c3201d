from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# how a deal comes into the pipeline
CAME = ("created", "converted", "known")


class Reached(NamedTuple):
    """A stage of the funnel: deals that came no further, those of them still open,
    median and average days of all that were there and went on (None of nobody)."""

    deals: int
    waiting: int
    median_days: float | None
    average_days: float | None


class CrmFunnel(models.AbstractModel):
    """How far deals came, from the history of stages.

    The one place where that is counted: the screen of the stage analysis and the
    dashboards ask it for the deals they are about.
    """

    _name = "crm.funnel"
    _description = "Funnel"

    @api.model
    def _came_in(
        self,
        start: datetime | str | None = None,
        end: datetime | str | None = None,
        operator: str = "any",
    ) -> Domain:
        """Leads that came into the pipeline from a moment (UTC) until before another.

        :param operator: ``any!`` to count: who may read a deal reads its history, so
            that its rules need not be looked at twice; ``any`` for the client
        """
        stay = Domain("lead_type", "=", "opportunity") & Domain("entry", "in", CAME)
        if start:
            stay &= Domain("date_entered", ">=", start)
        if end:
            stay &= Domain("date_entered", "<", end)
        return Domain("stage_move_ids", operator, stay)

    @api.model
    def _came_to(self, stages: list[int]) -> Domain:
        """Leads that came to one of some stages as opportunities."""
        stay = Domain("lead_type", "=", "opportunity") & Domain("is_slip", "!=", True)
        return Domain("stage_move_ids", "any", stay & Domain("stage_id", "in", stages))

    @api.model
    def _reached(
        self, cohort: Domain, stages: list[int], fold_all: bool = False
    ) -> dict[int, Reached]:
        """What came of some leads, by stage id; one query, with the reader's rights.

        The history is folded to a row per deal, with the stages as columns: a row per
        deal and stage, sorted, took four times as long.

        :param stages: ids in the order of the funnel; others do not count
        :param fold_all: see ``_deals``
        """
        moves = self.env["crm.lead.stage.move"]
        moves._write_pending()
        moves.flush_model()
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
                self._deals(stages, fold_all),
                SQL(", ").join(map(self._figures_of, range(len(stages)))),
            )
        )
        size = len(Reached._fields)
        found = {
            stage: Reached(*row[size * place : size * place + size])
            for place, stage in enumerate(stages)
        }
        return {
            stage: reached
            for stage, reached in found.items()
            if reached.deals or reached.median_days is not None
        }

    def _deals(self, stages: list[int], fold_all: bool) -> SQL:
        """The deals of the cohort with their folded history.

        Where there are dashboards, both ways read nothing but an index
        (``_report_fold_idx``), in the order of the deals.

        :param fold_all: in one go from the first deal of the cohort to the last, which
            is faster where most of those between belong to it; otherwise deal by deal
        """
        stays = SQL(
            "SELECT move.lead_id, %s FROM crm_lead_stage_move move"
            " WHERE move.lead_type = 'opportunity' AND move.is_slip IS NOT TRUE",
            self._folds(stages),
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

    def _folds(self, stages: list[int]) -> SQL:
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

    def _figures_of(self, place: int) -> SQL:
        """The figures (``Reached``) of the stage at a place."""
        return SQL(
            "count(*) FILTER (WHERE furthest = %(place)s), count(*) FILTER"
            " (WHERE furthest = %(place)s AND won_status = 'pending'),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY %(seconds)s) / 86400,"
            " avg(%(seconds)s) / 86400",
            place=place,
            seconds=SQL.identifier(f"seconds_{place}"),
        )
