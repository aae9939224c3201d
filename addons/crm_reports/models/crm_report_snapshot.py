import logging
from datetime import date as Day
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.figures import MONEY, value
from ..tools.periods import Period, step_for, steps
from .crm_measure import Measure, Scope

_logger = logging.getLogger(__name__)
# days written per transaction when much is to be caught up
BATCH_DAYS = 31


class CrmReportSnapshot(models.Model):
    """Key figures of one day, kept for trends.

    Grain: one row per day, company, sales team, person and measure. Sums and counts
    have no weight; averages and shares are ``amount / weight``, so that rows can be
    added up. What happened on a day can be counted later as well; what was open at
    that moment cannot, and is kept for the days on which it was counted.
    """

    _name = "crm.report.snapshot"
    _link_gate = True
    _description = "Snapshot of Key Figures"
    _order = "date desc, id"
    _rec_name = "measure"
    _log_access = False

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", index=True, readonly=True, ondelete="cascade"
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        readonly=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users", "Person", index=True, readonly=True, ondelete="cascade"
    )
    measure = fields.Char(required=True, readonly=True)
    measure_name = fields.Char("Figure", compute="_compute_measure_name")
    amount = fields.Float(readonly=True)
    weight = fields.Float(readonly=True, help="Empty for sums and counts.")

    _one_per_group = models.UniqueIndex(
        "(measure, date, COALESCE(company_id, 0), COALESCE(team_id, 0),"
        " COALESCE(user_id, 0))",
        "The figure of this day is kept already.",
    )
    _date_idx = models.Index("(date)")

    @api.depends("measure")
    @api.depends_context("lang")
    def _compute_measure_name(self):
        measures = self.env["crm.measure"]._measures()
        for row in self:
            known = measures.get(row.measure)
            # of a module that is gone, the key is all there is
            row.measure_name = known.name if known else row.measure

    @api.model_create_multi
    def create(self, vals_list):
        self._check_written_by_system()
        return super().create(vals_list)

    def write(self, vals):
        self._check_written_by_system()
        return super().write(vals)

    def unlink(self):
        self._check_written_by_system()
        return super().unlink()

    def _check_written_by_system(self):
        if not self.env.su:
            raise AccessError(
                self.env._("Snapshots are kept by the system and cannot be changed.")
            )

    # ------------------------------------------------------------
    # TAKE
    # ------------------------------------------------------------

    @api.model
    def _yesterday(self, company) -> Day:
        """The last day of the company that is over."""
        return company._report_today() - timedelta(days=1)

    @api.model
    def _cron_take(self) -> None:
        """Take what is due, company by company; a server that was down catches up."""
        for company in self.env["res.company"].search([]):
            while day := self._process_batch(company):
                left = (self._yesterday(company) - day).days
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    return

    @api.model
    def _process_batch(self, company) -> Day | None:
        """Take at most ``BATCH_DAYS`` days of one company, without committing.

        :return: the last day taken, None when nothing is due
        """
        company.invalidate_recordset(["report_snapshot_date"])
        last = self._yesterday(company)
        known = company.report_snapshot_date
        first = known + timedelta(days=1) if known else last
        early = company._report_now().hour < company.report_snapshot_hour
        if early:
            last -= timedelta(days=1)
        if first > last:
            return None
        until = min(last, first + timedelta(days=BATCH_DAYS - 1))
        self._take(company, first, until)
        return until

    @api.model
    def _take(self, company, first: Day, last: Day) -> None:
        """Keep the figures of a company from ``first`` to ``last``, both included.

        What happened on those days is counted anew and replaces what was kept; what
        is true of this moment only is kept for the last day, if that was yesterday.
        Doing it twice changes nothing.
        """
        # sudo: figures of all; the record rules of this model say who reads which
        catalogue = self.env["crm.measure"].sudo().with_company(company)
        catalogue = catalogue.with_context(allowed_company_ids=company.ids)
        self.env.flush_all()
        for measure in catalogue._measures().values():
            if measure.ahead:
                continue
            if measure.date_field:
                self._keep(catalogue, measure, company, Period(first, last))
            elif last == self._yesterday(company):
                self._keep(catalogue, measure, company, Period(last, last))
        if not company.report_snapshot_date or company.report_snapshot_date < last:
            company.sudo().report_snapshot_date = last
        self.invalidate_model()

    def _keep(self, catalogue, measure: Measure, company, days: Period) -> None:
        """Write the rows of one measure; ``days.end`` is the last day included."""
        until = Period(days.start, days.end + timedelta(days=1))
        query = self._rows_query(catalogue, measure, company, until)
        if query is None:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH fresh AS (%(rows)s), gone AS (
                    DELETE FROM crm_report_snapshot kept
                     WHERE measure = %(measure)s AND date BETWEEN %(first)s AND %(last)s
                       AND (%(company)s)
                       AND NOT EXISTS (
                           SELECT FROM fresh WHERE fresh.date = kept.date
                              AND fresh.company_id IS NOT DISTINCT FROM kept.company_id
                              AND fresh.team_id IS NOT DISTINCT FROM kept.team_id
                              AND fresh.user_id IS NOT DISTINCT FROM kept.user_id)
                )
                INSERT INTO crm_report_snapshot AS kept
                       (date, company_id, team_id, user_id, measure, amount, weight)
                SELECT date, company_id, team_id, user_id, %(measure)s, amount, weight
                  FROM fresh
           ON CONFLICT (measure, date, COALESCE(company_id, 0), COALESCE(team_id, 0),
                        COALESCE(user_id, 0))
             DO UPDATE SET amount = EXCLUDED.amount, weight = EXCLUDED.weight
                 WHERE (kept.amount, kept.weight)
                       IS DISTINCT FROM (EXCLUDED.amount, EXCLUDED.weight)
                """,
                rows=query,
                measure=measure.key,
                first=days.start,
                last=days.end,
                company=self._company_sql(company),
            )
        )

    def _company_sql(self, company) -> SQL:
        """Rows of the company; the first company also keeps what belongs to none."""
        if self._keeps_companyless(company):
            return SQL("kept.company_id = %s OR kept.company_id IS NULL", company.id)
        return SQL("kept.company_id = %s", company.id)

    def _keeps_companyless(self, company) -> bool:
        return company == self.env["res.company"].search([], order="id", limit=1)

    def _rows_query(self, catalogue, measure: Measure, company, days: Period):
        """What is to be kept, as SQL; None when there can be nothing."""
        model = catalogue.env[measure.model]
        domain = catalogue._records_domain(measure, period=days)
        companies = company.ids
        if self._keeps_companyless(company):
            companies = [*companies, False]
        if measure.company_field:
            domain &= Domain(measure.company_field, "in", companies)
        elif False not in companies:
            return None
        query = model._search(domain)
        if query.is_empty():
            return SQL(
                "SELECT NULL::date AS date, 0 AS company_id, 0 AS team_id,"
                " 0 AS user_id, 0.0 AS amount, 0.0 AS weight WHERE FALSE"
            )
        amount, weight = catalogue._parts(measure, query)
        day = (
            catalogue._day_sql(measure, query)
            if measure.date_field
            else SQL("%s::date", days.start)
        )

        def column(name: str | None) -> SQL:
            if not name:
                return SQL("NULL::int")
            return model._field_to_sql(model._table, name, query)

        query.groupby = SQL("1, 2, 3, 4")
        return query.select(
            SQL("%s AS date", day),
            SQL("%s AS company_id", column(measure.company_field)),
            SQL("%s AS team_id", column(measure.team_field)),
            SQL("%s AS user_id", column(measure.person_field)),
            SQL("COALESCE((%s)::float8, 0) AS amount", amount),
            SQL("(%s)::float8 AS weight", weight or SQL("NULL")),
        )

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.model
    def _trends(self, measures: list[Measure], scope: Scope, chosen: Period) -> dict:
        """The curve of each measure over a period, and the latest figure kept of the
        days before it; one query, with the reader's rights.

        :return: {key: (list of figures or None, one per step; the figure before)}
        """
        before = Period(chosen.start - timedelta(days=7), chosen.start)
        domain = Domain("measure", "in", [m.key for m in measures])
        domain &= Domain("date", ">=", before.start) & Domain("date", "<", chosen.end)
        if scope.user_id:
            domain &= Domain("user_id", "=", scope.user_id)
        if scope.team_id:
            domain &= Domain("team_id", "=", scope.team_id) | (
                Domain("measure", "in", [m.key for m in measures if not m.team_field])
                & Domain("user_id", "in", list(scope.members))
            )
        cut = steps(chosen, step_for(chosen))
        found = self._days(domain, measures)
        return {m.key: self._curve(m, found.get(m.key, []), cut) for m in measures}

    def _days(self, domain: Domain, measures: list[Measure]) -> dict[str, list]:
        """{measure: [(day, amount, weight)]}; a row is in the currency of its company
        and read in that of the reader's."""
        groups, rates = ["measure", "date:day"], {}
        if self.env["crm.measure"]._mixes_currencies():
            groups.append("company_id")
            rates = self._rates()
        money = {m.key for m in measures if m.unit == MONEY}
        found: dict[str, dict] = {}
        for key, day, *company, amount, weight in self._read_group(
            domain, groups, ["amount:sum", "weight:sum"]
        ):
            if company and key in money:
                amount *= rates.get(company[0].id, 1)
            days = found.setdefault(key, {})
            before = days.get(day, (0, 0))
            days[day] = (before[0] + amount, before[1] + (weight or 0))
        return {
            key: [(day, *sums) for day, sums in days.items()]
            for key, days in found.items()
        }

    def _rates(self) -> dict[int, float]:
        """What one unit of a company's currency is worth in that of the reader's
        company; by today's rate, as the figures of the catalogue."""
        # sudo: rates of currencies of the companies the user works in
        companies = self.env.companies.sudo()
        rates = companies.currency_id._get_rates(
            self.env.company, fields.Date.context_today(self)
        )
        return {one.id: 1 / (rates.get(one.currency_id.id) or 1) for one in companies}

    def _curve(self, measure: Measure, rows: list, cut: list[Period]) -> tuple:
        """Add up the days of each step; a figure of the moment is that of the last."""
        earlier = [row for row in rows if row[0] < cut[0].start]
        today = self.env.company._report_today()
        # a day on which nothing happened has no row
        quiet = 0.0 if rows and measure.date_field and not measure.is_ratio else None
        return (
            [
                self._summed(
                    measure,
                    [row for row in rows if step.start <= row[0] < step.end],
                    quiet,
                )
                for step in cut
                if step.start < today or len(cut) == 1
            ],
            self._summed(measure, earlier[-1:]) if not measure.date_field else None,
        )

    def _summed(self, measure: Measure, rows: list, quiet=None) -> float | None:
        if not rows:
            return quiet
        if not measure.date_field:
            rows = rows[-1:]
        weight = sum(row[2] or 0 for row in rows) if measure.is_ratio else None
        return value(sum(row[1] for row in rows), weight, measure.unit)
