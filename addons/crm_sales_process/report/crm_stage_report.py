from typing import ClassVar

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.calls import shaped
from odoo.addons.crm_suite_base.fields import OptionalFloat

from ..tools import accuracy, funnel
from ..tools.accuracy import Forecast

SOURCES = ("probability", "fixed_probability", "learned_probability")


class CrmStageReport(models.Model):
    """Deals and the stages they came through, computed from the stage history.

    Grain: one row per opportunity and stage it entered at least once. What was known
    (amount, probabilities, team and salesperson then) is of the first entry; the time
    is of all stays in the stage that have ended. Stays taken back at once are left
    out. Rules look at who has the deal today, as for the deal itself.
    """

    _name = "crm.stage.report"
    _inherit = "crm.deal.report"
    _description = "Stage Analysis"
    _auto = False
    _order = "date_entered desc, id desc"
    _rec_name = "lead_id"
    _depends: ClassVar = {
        "crm.lead.stage.move": [
            "lead_id",
            "stage_id",
            "lead_type",
            "is_slip",
            "date_entered",
            "date_left",
            "duration",
            "expected_revenue",
            *SOURCES,
            "team_id",
            "user_id",
        ],
        "crm.lead": ["user_id", "team_id", "company_id", "source_id", "won_status"],
        "crm.stage": ["sequence", "is_won"],
    }

    lead_id = fields.Many2one(string="Deal")
    stage_id = fields.Many2one("crm.stage", readonly=True)
    sequence = fields.Integer("Order of the Stage", readonly=True, aggregator="min")
    is_won_stage = fields.Boolean("Won Stage", readonly=True)
    date_entered = fields.Datetime("Entered", readonly=True)
    date_started = fields.Datetime(
        "In the Pipeline Since", readonly=True, help="First stage of the deal entered."
    )
    entry_user_id = fields.Many2one(
        "res.users", "Salesperson at the Time", readonly=True
    )
    entry_team_id = fields.Many2one("crm.team", "Sales Team at the Time", readonly=True)
    expected_revenue = fields.Monetary("Amount at Entry", readonly=True)
    days = OptionalFloat("Days in the Stage", readonly=True, aggregator="avg")
    moved_on = fields.Float(
        "Moved On (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the deals that came to a later stage.",
    )
    won_share = OptionalFloat(
        "Won (%)",
        readonly=True,
        aggregator="avg",
        help="Of closed deals, the share that was won.",
    )
    probability = fields.Float("Probability Used", readonly=True, aggregator="avg")
    fixed_probability = fields.Float("Stage's", readonly=True, aggregator="avg")
    learned_probability = OptionalFloat("Learned", readonly=True, aggregator="avg")
    brier = OptionalFloat(
        "Brier: Used",
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="Mean squared error of the probability used at entry over closed deals: "
        "0 is perfect, 0.25 is what 50 % for everything gets.",
    )
    brier_fixed = OptionalFloat(
        "Brier: Stage's", digits=(6, 4), readonly=True, aggregator="avg"
    )
    brier_learned = OptionalFloat(
        "Brier: Learned", digits=(6, 4), readonly=True, aggregator="avg"
    )

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self) -> SQL:
        won = SQL("CASE lead.won_status WHEN 'won' THEN 1 WHEN 'lost' THEN 0 END")
        return SQL(
            """
            SELECT %(deal)s,
                   stay.id, stay.stage_id, stay.sequence,
                   stay.is_won AS is_won_stage, stay.date_entered,
                   stay.date_started, stay.user_id AS entry_user_id,
                   stay.team_id AS entry_team_id, %(amount)s AS expected_revenue,
                   stay.seconds / 86400.0 AS days,
                   CASE WHEN stay.furthest > stay.sequence THEN 100.0 ELSE 0 END
                       AS moved_on,
                   100.0 * %(won)s AS won_share,
                   stay.probability, stay.fixed_probability,
                   NULLIF(stay.learned_probability, 0) AS learned_probability,
                   power(stay.probability / 100 - %(won)s, 2) AS brier,
                   power(stay.fixed_probability / 100 - %(won)s, 2) AS brier_fixed,
                   power(NULLIF(stay.learned_probability, 0) / 100 - %(won)s, 2)
                       AS brier_learned
            """,
            deal=self._select_deal(),
            # the amount is of the day the deal came into the stage
            amount=self._select_amount(
                SQL("stay.expected_revenue"),
                self._money_local_day(SQL("stay.date_entered")),
            ),
            won=won,
        )

    def _from(self) -> SQL:
        """The first stay of each deal in each stage, with what the others add."""
        return SQL(
            """
              FROM (
                SELECT move.*, stage.sequence, stage.is_won,
                       row_number() OVER (
                           PARTITION BY move.lead_id, move.stage_id
                           ORDER BY move.date_entered, move.id
                       ) AS visit,
                       sum(CASE WHEN move.date_left IS NOT NULL THEN move.duration END)
                           OVER (PARTITION BY move.lead_id, move.stage_id) AS seconds,
                       max(stage.sequence) OVER (PARTITION BY move.lead_id) AS furthest,
                       min(move.date_entered) OVER (PARTITION BY move.lead_id)
                           AS date_started
                  FROM crm_lead_stage_move move
                  JOIN crm_stage stage ON stage.id = move.stage_id
                 WHERE move.lead_type = 'opportunity' AND move.is_slip IS NOT TRUE
                   ) stay
              JOIN crm_lead lead ON lead.id = stay.lead_id
            """
        )

    def _where(self) -> SQL:
        return SQL("WHERE stay.visit = 1")

    # ------------------------------------------------------------
    # MEASURED SHARES
    # ------------------------------------------------------------

    @api.model
    def _measured_shares(self, stages) -> dict[int, tuple[int, int]]:
        """Return (won, closed) deals that came through each stage, by stage id.

        Counts the deals of the companies the user works in, also those of others:
        a stage is set up for all.
        """
        companies = self.env.companies.ids + [False]
        # sudo: sums only, of the user's companies
        rows = self.sudo()._read_group(
            [
                ("stage_id", "in", stages.ids),
                ("outcome", "in", ("won", "lost")),
                ("company_id", "in", companies),
            ],
            ["stage_id", "outcome"],
            ["__count"],
        )
        shares = {stage.id: [0, 0] for stage in stages}
        for stage, outcome, count in rows:
            shares[stage.id][0] += count if outcome == "won" else 0
            shares[stage.id][1] += count
        return {stage_id: (won, count) for stage_id, (won, count) in shares.items()}

    # ------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    @shaped
    def get_funnel(self, team_id: int = False, months: int = 12):
        """Return the funnel of the deals that came into the pipeline.

        :param team_id: id of a team of today, or False for all
        :param months: only deals in the pipeline for at most so many months; 0: all
        :return: ``{"steps": [{id, name, is_won, reached, passed, waiting, dropped,
            conversion, median_days, average_days, amount}], "teams": [{id, name}],
            "deals", "won"}``; conversion a share or None, days None when nobody left
        """
        stages = self._stages_of(team_id)
        cohort = self._cohort(team_id, months)
        reached = self.env["crm.funnel"]._reached(cohort, stages.ids)
        furthest = {stage: one.deals for stage, one in reached.items()}
        waiting = {stage: one.waiting for stage, one in reached.items()}
        amounts = self._amounts(cohort)
        lines = [
            {
                **step._asdict(),
                "id": stage.id,
                "name": stage.name,
                "is_won": stage.is_won,
                **self._days_of(reached.get(stage.id)),
                "amount": amounts.get(stage.id, 0),
            }
            for stage, step in zip(
                stages, funnel.steps(stages.ids, furthest, waiting), strict=True
            )
        ]
        return {
            "steps": lines,
            "teams": self._teams(),
            "deals": sum(furthest.values()),
            "won": sum(furthest.get(stage.id, 0) for stage in stages if stage.is_won),
        }

    def _cohort(self, team_id, months) -> Domain:
        """The deals of the funnel's screen, closed ones and archived ones too."""
        start = months and self._since(months)
        domain = self.env["crm.funnel"]._came_in(start, operator="any!")
        if team_id:
            domain &= Domain("team_id", "=", team_id)
        return domain & Domain("active", "in", [True, False])

    def _days_of(self, reached) -> dict:
        return {
            name: None if number is None else float(number)
            for name in ("median_days", "average_days")
            for number in [getattr(reached, name, None)]
        }

    def _amounts(self, cohort: Domain) -> dict[int, float]:
        """The amount that came into each stage."""
        rows = self._grouped(
            Domain("lead_id", "any!", cohort), SQL("sum(row.expected_revenue)")
        )
        return {stage: float(amount or 0) for stage, amount in rows}

    @api.model
    @api.readonly
    @shaped
    def get_accuracy(self, team_id: int = False, months: int = 12):
        """Return how right the probabilities were, for deals that are closed.

        :param team_id: id of the team the deal had at the time, or False for all
        :param months: only deals closed at most so many months ago; 0: all
        :return: ``{"stages": [{id, name, count, won_share, fixed, is_off, best,
            brier: {source: x or None}}], "reliability": {source: [{lower, upper,
            count, predicted, happened}]}, "teams", "count", "enough",
            "can_change"}``; sources are ``probability`` (used), ``fixed_probability``
            and ``learned_probability``; shares are between 0 and 1
        """
        domain = self._screen_domain(team_id, "date_closed", months, "entry_team_id")
        domain &= Domain("outcome", "in", ("won", "lost"))
        domain &= Domain("is_won_stage", "=", False)
        forecasts = {source: self._forecasts(domain, source) for source in SOURCES}
        stages = self._stages_of(team_id).filtered(lambda stage: not stage.is_won)
        counts = self._closed_counts(domain)
        return {
            "stages": [
                self._accuracy_line(stage, forecasts, counts.get(stage.id, (0, 0)))
                for stage in stages
            ],
            "reliability": {
                source: [
                    band._asdict()
                    for band in accuracy.reliability(
                        line for lines in by_stage.values() for line in lines
                    )
                ]
                for source, by_stage in forecasts.items()
            },
            "teams": self._teams(),
            "count": self.search_count(domain) if counts else 0,
            "enough": accuracy.ENOUGH,
            "can_change": self.env["crm.stage"].has_access("write"),
        }

    def _closed_counts(self, domain) -> dict[int, tuple[int, int]]:
        """(won, closed) deals by stage id."""
        counts: dict[int, tuple[int, int]] = {}
        for stage, outcome, count in self._read_group(
            domain, ["stage_id", "outcome"], ["__count"]
        ):
            won, closed = counts.get(stage.id, (0, 0))
            counts[stage.id] = (
                won + (count if outcome == "won" else 0),
                closed + count,
            )
        return counts

    def _forecasts(self, domain, source: str) -> dict[int, list[Forecast]]:
        """What a source of probabilities said about closed deals, by stage id."""
        forecasts: dict[int, list[Forecast]] = {}
        said = SQL.identifier("row", source)
        rows = self._grouped(
            domain,
            said,
            SQL("count(*)"),
            SQL("count(*) FILTER (WHERE row.outcome = 'won')"),
            group_by=said,
        )
        for stage_id, probability, count, won in rows:
            if probability is None:
                continue
            forecasts.setdefault(stage_id, []).append(
                Forecast(probability / 100, count, won)
            )
        return forecasts

    def _accuracy_line(self, stage, forecasts, counts) -> dict:
        won, count = counts
        scores = {
            source: accuracy.brier(by_stage.get(stage.id, []))
            for source, by_stage in forecasts.items()
        }
        known = {source: score for source, score in scores.items() if score is not None}
        return {
            "id": stage.id,
            "name": stage.name,
            "count": count,
            "won_share": won / count if count else None,
            "fixed": stage.default_probability / 100,
            "is_off": accuracy.is_far_off(stage.default_probability / 100, won, count),
            "measured": accuracy.adoptable(won, count) if count else None,
            "brier": scores,
            "best": min(known, key=known.get) if len(known) > 1 else False,
        }

    def _grouped(self, domain, *columns: SQL, group_by: SQL | None = None) -> list:
        """Rows of (stage id, *columns) of what the user may see of ``domain``.

        :param columns: expressions over ``row``, a row of this report
        :param group_by: grouped by, beside the stage
        """
        query = self._search(domain)
        groups = [SQL.identifier("row", "stage_id"), *([group_by] if group_by else [])]
        return self.env.execute_query(
            SQL(
                "SELECT row.stage_id, %s FROM (%s) AS row GROUP BY %s",
                SQL(", ").join(columns),
                query.select(SQL("%s.*", SQL.identifier(query.table))),
                SQL(", ").join(groups),
            )
        )

    def _screen_domain(self, team_id, date_field, months, team_field="team_id"):
        domain = Domain.TRUE
        if team_id:
            domain &= Domain(team_field, "=", team_id)
        if months:
            domain &= Domain(date_field, ">=", self._since(months))
        return domain

    def _since(self, months) -> str:
        since = self.env.company._today() - relativedelta(months=int(months))
        return fields.Date.to_string(since)

    def _stages_of(self, team_id):
        domain = Domain("team_ids", "=", False)
        domain |= Domain("team_ids", "in", [team_id]) if team_id else Domain.TRUE
        return self.env["crm.stage"].search(domain)

    def _teams(self) -> list[dict]:
        return self.env["crm.team"].search_read(
            [("use_opportunities", "=", True)], ["name"], load=None
        )
