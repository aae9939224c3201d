import logging
from collections.abc import Iterable
from datetime import date as Day
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

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
    _inherit = "crm.money.mixin"
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

    def _read_group_select(self, aggregate_spec, query):
        """Amounts of money are kept in the currency of each company, and added up in
        that of the reader's, at the rate of their day."""
        if aggregate_spec == "amount:sum" and (
            self.env["crm.measure"]._mixes_currencies()
        ):
            return SQL("SUM(%s)", self._converted_amount(query))
        return super()._read_group_select(aggregate_spec, query)

    def _converted_amount(self, query) -> SQL:
        measures = self.env["crm.measure"]._measures().values()
        own = self.env.company.currency_id.id
        company = self._field_to_sql(self._table, "company_id", query)
        amount = self._field_to_sql(self._table, "amount", query)
        currency = SQL(
            "COALESCE((SELECT company.currency_id FROM res_company company"
            " WHERE company.id = %s), %s)",
            company,
            own,
        )
        return SQL(
            "CASE WHEN %s = ANY(%s) THEN %s ELSE %s END",
            self._field_to_sql(self._table, "measure", query),
            [one.key for one in measures if one.unit == MONEY],
            self._money_convert(
                amount, currency, self._field_to_sql(self._table, "date", query)
            ),
            amount,
        )

    # ------------------------------------------------------------
    # TAKE
    # ------------------------------------------------------------

    @api.model
    def _yesterday(self, company) -> Day:
        """The last day of the company that is over."""
        return company._today() - timedelta(days=1)

    @api.model
    def _cron_take(self) -> None:
        """Take what is due, company by company; a server that was down catches up."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_reports.snapshot",
                self.env["res.company"],
                [],
                # as long as there are days to take
                lambda company: company if self._process_batch(company) else None,
                size=1,
            )
        )

    @api.model
    def _process_batch(self, company) -> Day | None:
        """Take at most ``BATCH_DAYS`` days of one company, without committing.

        :return: the last day taken, None when nothing is due
        """
        company.invalidate_recordset(["report_snapshot_date"])
        last = self._yesterday(company)
        known = company.report_snapshot_date
        first = known + timedelta(days=1) if known else last
        early = company._local_now().hour < company.report_snapshot_hour
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
        measures = self.env["crm.measure"]._measures().values()
        self._take_figures(measures, company, first, last)
        if not company.report_snapshot_date or company.report_snapshot_date < last:
            # sudo: the job's book-keeping
            company.sudo().report_snapshot_date = last

    @api.model
    def _take_figures(
        self, measures: Iterable[Measure], company, first: Day, last: Day
    ) -> None:
        """Keep some figures only; that the days are taken is not noted."""
        # sudo: figures of all; the record rules of this model say who reads which
        catalogue = self.env["crm.measure"].sudo().with_company(company)
        catalogue = catalogue.with_context(allowed_company_ids=company.ids)
        self.env.flush_all()
        for measure in measures:
            days = self._days_to_keep(measure, company, first, last)
            if days:
                self._keep_or_say(catalogue, measure, company, days)
        self.invalidate_model()

    def _keep_or_say(self, catalogue, measure: Measure, company, days: Period) -> None:
        """Write the rows of one measure; of one that cannot be counted somebody is
        told, as the other figures of the day cannot be counted later."""
        key = f"crm_reports.snapshot_{measure.key}"
        problems = self.env["crm.job.problem"].sudo()  # sudo: the job's book-keeping
        failed = self.env["crm.job"]._isolate(
            [measure], lambda _one: self._keep(catalogue, measure, company, days)
        )
        for _measure, error in failed:
            reason = self.env["crm.job"]._reason(error)
            problems._set_aside(key, company, f"{measure.name}: {reason}")
        if not failed and problems.search_count([("key", "=", key)], limit=1):
            problems._settle(key, company)

    def _days_to_keep(self, measure, company, first: Day, last: Day) -> Period | None:
        if measure.ahead:
            return None
        if measure.date_field:
            return Period(first, last)
        return Period(last, last) if last == self._yesterday(company) else None

    def _keep(self, catalogue, measure: Measure, company, days: Period) -> None:
        """Write the rows of one measure; ``days.end`` is the last day included."""
        until = Period(days.start, days.end + timedelta(days=1))
        self.env.cr.execute(
            SQL(
                """
                WITH counted AS (%(rows)s), fresh AS (
                    SELECT * FROM counted UNION ALL %(moment)s
                ), gone AS (
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
                rows=self._rows_query(catalogue, measure, company, until),
                moment=self._moment_sql(measure, company, days.start),
                measure=measure.key,
                first=days.start,
                last=days.end,
                company=self._company_sql(company),
            )
        )

    def _moment_sql(self, measure: Measure, company, day: Day) -> SQL:
        """A row that says a figure of the moment was counted on a day, whatever came
        out: without it, a day with nothing is a day nobody counted."""
        return SQL(
            "SELECT %(day)s::date, %(company)s, NULL::int, NULL::int, 0.0, %(weight)s"
            " WHERE %(is_moment)s AND NOT EXISTS (SELECT FROM counted"
            " WHERE company_id = %(company)s AND team_id IS NULL AND user_id IS NULL)",
            day=day,
            company=company.id,
            weight=SQL("0.0") if measure.is_ratio else SQL("NULL::float8"),
            is_moment=not measure.date_field,
        )

    def _company_sql(self, company) -> SQL:
        """Rows of the company; the first company also keeps what belongs to none."""
        if self._keeps_companyless(company):
            return SQL("kept.company_id = %s OR kept.company_id IS NULL", company.id)
        return SQL("kept.company_id = %s", company.id)

    def _keeps_companyless(self, company) -> bool:
        return company == self.env["res.company"].search([], order="id", limit=1)

    def _rows_query(self, catalogue, measure: Measure, company, days: Period):
        """What is to be kept, as SQL."""
        model = catalogue.env[measure.model]
        domain = catalogue._records_domain(measure, period=days)
        companies = company.ids
        if self._keeps_companyless(company):
            companies = [*companies, False]
        if measure.company_field:
            domain &= Domain(measure.company_field, "in", companies)
        elif False not in companies:
            domain = Domain.FALSE
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
        days before it; one query, with the reader's rights to the records.

        A figure with a filter of its own was not kept, and has neither.

        :return: {key: (list of figures or None, one per step; the figure before)}
        """
        filtered = dict(scope.filters)
        kept = [one for one in measures if one.key not in filtered]
        span = Period(chosen.start - timedelta(days=7), chosen.end)
        cut = steps(chosen, step_for(chosen))
        found = self._days(kept, scope, span) if kept else {}
        return {m.key: self._curve(m, found.get(m.key, []), cut) for m in measures}

    def _days(self, measures: list[Measure], scope: Scope, span: Period) -> dict:
        """{measure: [(day, amount, weight)]} of the days that were kept, in order.

        Days of which the reader may read nothing are among them: nothing is a figure
        too. A row is in the currency of its company; it is read in that of the
        reader's at the rate of its day, an amount without rate as None.
        """
        by_day: dict[tuple, dict] = {}
        for key, day, company, amount, weight in self._rows(measures, scope, span):
            by_day.setdefault((key, day), {})[company] = (amount or 0, weight or 0)
        self._convert(by_day, {m.key for m in measures if m.unit == MONEY})
        moments = {m.key for m in measures if not m.date_field}
        found: dict[str, list] = {}
        for (key, day), parts in sorted(by_day.items()):
            # of a moment the figure is known only when all companies have counted it
            if key in moments and set(self.env.companies.ids) - set(parts):
                continue
            amounts = [amount for amount, _weight in parts.values()]
            amount = None if None in amounts else sum(amounts)
            weight = sum(weight for _amount, weight in parts.values())
            found.setdefault(key, []).append((day, amount, weight))
        return found

    def _rows(self, measures: list[Measure], scope: Scope, span: Period) -> list:
        """Rows of (measure, day, company, amount, weight)."""
        # sudo: the rules of the records say what is added up, not those of this model
        model = self.sudo()
        query = model._search(
            Domain("measure", "in", [m.key for m in measures])
            & Domain("date", ">=", span.start)
            & Domain("date", "<", span.end)
            & Domain("company_id", "in", [*self.env.companies.ids, False])
        )
        shown = self.env["crm.measure"]._filter_sql(
            model, query, self._visible(measures, scope)
        )
        columns = [
            SQL.identifier(self._table, name)
            for name in ("measure", "date", "company_id")
        ]
        query.groupby = SQL("1, 2, 3")
        return self.env.execute_query(
            query.select(
                *columns,
                SQL("SUM(%s)%s", SQL.identifier(self._table, "amount"), shown),
                SQL("SUM(%s)%s", SQL.identifier(self._table, "weight"), shown),
            )
        )

    def _visible(self, measures: list[Measure], scope: Scope) -> Domain:
        """Which rows the reader may add up, and asks for."""
        rules: list[tuple[Domain, list[str]]] = []
        for measure in measures:
            rule, _records, _exact = self.env["crm.measure"]._kept_rule(measure)
            if scope.user_id:
                rule &= Domain("user_id", "=", scope.user_id)
            if scope.team_id and measure.team_field:
                rule &= Domain("team_id", "=", scope.team_id)
            elif scope.team_id:
                rule &= Domain("user_id", "in", list(scope.members))
            same = next((keys for known, keys in rules if known == rule), None)
            if same is None:
                rules.append((rule, [measure.key]))
            else:
                same.append(measure.key)
        if all(rule.is_true() for rule, _keys in rules):
            return Domain.TRUE
        return Domain.OR(Domain("measure", "in", keys) & rule for rule, keys in rules)

    def _convert(self, by_day: dict, money: set[str]) -> None:
        """Read amounts of money in the currency of the reader's company."""
        if not self.env["crm.measure"]._mixes_currencies():
            return
        # sudo: the currencies of companies the user works in are no secret
        currency = {one.id: one.currency_id.id for one in self.env.companies.sudo()}
        asked = [
            (key, day, company)
            for (key, day), parts in by_day.items()
            for company in parts
            if key in money and company
        ]
        factors = self.env["crm.money.mixin"]._money_factors(
            (currency[company], day) for _key, day, company in asked
        )
        for key, day, company in asked:
            amount, weight = by_day[key, day][company]
            factor = factors[currency[company], day]
            converted = amount * factor if factor else None if amount else 0
            by_day[key, day][company] = converted, weight

    def _curve(self, measure: Measure, rows: list, cut: list[Period]) -> tuple:
        """Add up the days of each step; a figure of the moment is that of the last."""
        earlier = [row for row in rows if row[0] < cut[0].start]
        today = self.env.company._today()
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
        if any(row[1] is None for row in rows):
            return None
        weight = sum(row[2] or 0 for row in rows) if measure.is_ratio else None
        return value(sum(row[1] for row in rows), weight, measure.unit)
