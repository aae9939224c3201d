from datetime import timedelta
from typing import NamedTuple

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools import levels
from .crm_lifecycle_engine import BY_HAND, BY_RULE, NO_WORDS, Words

MONTHS = 12
NOTICE_ACTIVITY = "mail.mail_activity_data_todo"


class Row(NamedTuple):
    """What the plan says of a customer: ``target`` is the level it has earned, 0 none;
    ``rule`` the one that gives it."""

    held: levels.Held
    target: int
    rule: int
    figures: levels.Figures
    currency: int


class CrmLevelEngine(models.AbstractModel):
    """Gives customers the levels they have earned.

    One statement over all customers says who has earned another level than it has; only
    those are decided on and written, in sets. What one earns stands in
    ``tools/levels.py``; a test holds the statement against it.
    """

    _name = "crm.level.engine"
    _description = "Levels of Customers"

    # ------------------------------------------------------------
    # WHAT PEOPLE DO
    # ------------------------------------------------------------

    @api.model
    def _note_changes(self, before: dict[int, int | bool], partners):
        """Keep in the history which levels were just written to customers.

        :param before: id of the level by id of the customer; of new ones nothing
        """
        words = BY_HAND.value(self.env)
        now = fields.Datetime.now()
        moves = [
            (one, before.get(one.id) or None, one.customer_level_id.id or None)
            for one in partners
        ]
        moves = [move for move in moves if words or move[1] != move[2]]
        if not moves:
            return
        ranks = self._ranks()
        rows, values = [], {}
        for partner, old, new in moves:
            said = words or Words(cause="person" if partner.id in before else "created")
            rows.append(self._row(partner, old, new, said.cause, ranks, said=said))
            values[partner.id] = {
                "level_held": said.held,
                "level_until": said.until,
                "level_by_rule": False,
                "level_notice_on": None,
            }
            if old != new:
                values[partner.id]["level_since"] = now
        # sudo: the history is the system's
        system = self.sudo()
        states = system.env["crm.customer.state"]
        system.env["crm.level.move"]._insert(rows, states._upserts(values))
        states._forget()

    @api.model
    def _release(self, partners):
        """Let rules decide again from the next night on."""
        words = Words(cause="release")
        had = {partner.id: partner.customer_level_id.id for partner in partners}
        BY_HAND.on(self, words)._note_changes(had, partners)
        # what a person gave and now leaves to the rules is theirs
        # sudo: the rows are the system's
        self.sudo().env["crm.customer.state"]._upsert(
            {id_: {"level_by_rule": True} for id_ in partners.ids}
        )

    @api.model
    def _row(self, partner, old, new, cause, ranks, row=None, run=None, said=NO_WORDS):
        """Values of a line of the history, as of now."""
        now = fields.Datetime.now()
        figures = row.figures if row else levels.Figures()
        direction = "same"
        if old != new:
            down = levels.is_lower(new or 0, old or 0, ranks)
            direction = "down" if down else "up"
        return self.env["crm.level.move"]._line_vals(
            partner,
            from_level_id=old,
            to_level_id=new,
            cause=cause,
            direction=direction,
            rule_id=(row and row.rule) or None,
            sales=figures.sales if row else None,
            order_count=figures.orders if row else None,
            open_amount=figures.open if row else None,
            currency_id=row.currency if row else None,
            effective_at=now,
            known_at=now,
            run_id=run,
            note=said.note or None,
            held=said.held,
            held_until=said.until,
        )

    @api.model
    def _ranks(self) -> dict[int, int]:
        """Places of the levels, the best has 0."""
        # sudo: levels are everybody's
        found = self.env["crm.customer.level"].sudo().with_context(active_test=False)
        return {level.id: place for place, level in enumerate(found.search([]))}

    # ------------------------------------------------------------
    # THE PLAN
    # ------------------------------------------------------------

    @api.model
    def _plan(self, also=None, only=None) -> dict[int, Row]:
        """Return who has earned another level than it has, or was told so and reaches
        it again.

        :param also: rules that are not in use, asked as if they were
        :param only: rules whose changes are wanted, by default those of all
        """
        also = also or self.env["crm.level.rule"]
        while True:
            rules = self._rules(also)
            if not rules:
                return {}
            try:
                with self.env.cr.savepoint():
                    return self._ask(rules, only)
            except psycopg2.OperationalError:
                raise
            except psycopg2.Error:
                if not self._stop_broken(rules, also):
                    raise

    @api.model
    def _rules(self, also) -> list:
        """Entries of the rule book, and of rules that are only rehearsed, in order."""
        model = self.env["crm.level.rule"].sudo()  # sudo: rules hold for everybody
        entries = {entry.rule.id: entry for entry in model._rule_book()}
        # sudo: rules hold for everybody
        entries |= {rule.id: rule._book_entry() for rule in also.sudo()}
        ordered = model.browse(entries).exists().sorted(lambda r: (r.sequence, r.id))
        return [entries[rule.id] for rule in ordered if rule.level_id.active]

    @api.model
    def _stop_broken(self, rules, also) -> bool:
        """Stop those rules in use whose condition alone fails."""
        stopped = False
        for entry in rules:
            rule = self.env["crm.level.rule"].browse(entry.rule.id)
            if rule in also:
                continue
            with rule._isolated():
                # sudo: the author's rights are asked inside, see _info_domain
                self.env["res.partner"].sudo().search_count(self._domain(entry))
            # sudo: whether it was stopped just now
            stopped |= rule.sudo().state == "error"
        return stopped

    @api.model
    def _domain(self, entry) -> Domain:
        return self.env["crm.level.rule"]._info_domain(entry.info)

    @api.model
    def _ask(self, rules, only) -> dict[int, Row]:
        for model in ("crm.lead", "crm.customer.event"):
            self.env[model].flush_model()
        self.env["res.partner"].flush_model(
            ["lifecycle_state", "customer_level_id", "active"]
        )
        rows = self.env.execute_query(self._plan_query(rules, only))
        # sudo: the currency of a company is no secret
        companies = self.env["res.company"].sudo()
        currency = {
            entry.rule.id: companies.browse(entry.company).currency_id.id
            for entry in rules
        }
        usual = companies._first_company().currency_id.id
        return {
            id_: Row(
                levels.Held(level or 0, bool(by_rule), notice),
                target or 0,
                rule or 0,
                levels.Figures(sales or 0.0, orders or 0, open_ or 0.0),
                currency.get(rule, usual),
            )
            for id_, level, by_rule, notice, target, rule, sales, orders, open_ in rows
        }

    @api.model
    def _plan_query(self, rules, only) -> SQL:
        """Whom these rules give which level, by the figures in the currency of the
        company of each."""
        figures = {entry.company: f"of_{entry.company}" for entry in rules}
        joins = (
            SQL(
                "LEFT JOIN (%s) %s ON %s = p.id",
                self._figures(company),
                SQL.identifier(alias),
                SQL.identifier(alias, "partner_id"),
            )
            for company, alias in figures.items()
        )
        earned = (
            SQL(
                "WHEN %s THEN %s",
                self._is_earned(entry, figures[entry.company]),
                entry.rule.id,
            )
            for entry in rules
        )
        known = (
            SQL("%s IS NOT TRUE", SQL.identifier(alias, "unknown"))
            for alias in figures.values()
        )
        pairs = (SQL("(%s, %s)", entry.rule.id, entry.rule.level) for entry in rules)
        wanted = SQL("TRUE")
        if only:
            wanted = SQL("earned.rule = ANY(%s)", only.ids)
        return SQL(
            _PLAN,
            joins=SQL(" ").join(joins),
            rules=SQL(", ").join(pairs),
            earned=SQL(" ").join(earned),
            known=SQL(" AND ").join(known),
            wanted=wanted,
            now=fields.Datetime.now(),
            sales=self._of_rule("sales", rules, figures),
            orders=self._of_rule("orders", rules, figures),
            open=self._of_rule("open", rules, figures),
        )

    @api.model
    def _of_rule(self, column: str, rules, figures) -> SQL:
        """The figure by which the rule decided that gives the level."""
        first = SQL.identifier(next(iter(figures.values())), column)
        if len(figures) == 1:
            return first
        return SQL(
            "CASE earned.rule %s ELSE %s END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s",
                    entry.rule.id,
                    SQL.identifier(figures[entry.company], column),
                )
                for entry in rules
            ),
            first,
        )

    @api.model
    def _is_earned(self, entry, alias: str) -> SQL:
        rule = entry.rule
        terms = [
            SQL("COALESCE(%s, 0) >= %s", SQL.identifier(alias, column), number)
            for column, number in (
                ("sales", rule.sales),
                ("orders", rule.orders),
                ("open", rule.open),
            )
            if number
        ]
        if not entry.info.always:
            # sudo: the author's rights are asked inside, see _info_domain
            found = self.env["res.partner"].sudo()._search(self._domain(entry))
            terms.append(SQL("p.id IN %s", found.subselect()))
        return SQL(" AND ").join(terms) if terms else SQL("TRUE")

    @api.model
    def _figures(self, company_id: int) -> SQL:
        """Sales and orders of twelve months and open deals by customer, in the currency
        of a company; ``unknown`` where the rate of a day is missing."""
        # sudo: levels are reckoned over all companies, at the rates of this one
        companies = self.env["res.company"].sudo()
        company = companies.browse(company_id)
        others = companies.search([]).ids
        # sudo: rates and currencies
        money = self.env["crm.money.mixin"].sudo().with_context(
            allowed_company_ids=[company_id, *(i for i in others if i != company_id)]
        )  # fmt: skip
        book = self.env["crm.customer.event"]
        day = money._money_local_day(SQL.identifier("event", "date"))
        since = company._today() - relativedelta(months=MONTHS)
        return SQL(
            _FIGURES,
            sold=self._worth(
                money,
                company,
                SQL("event.amount::numeric"),
                SQL.identifier("event", "currency_id"),
                day,
            ),
            expected=self._worth(
                money,
                company,
                SQL("lead.expected_revenue"),
                SQL("company.currency_id"),
                money._money_today(),
            ),
            sales_kinds=list(book._sales_kinds()),
            order_kinds=list(book._order_kinds()),
            kinds=list({*book._sales_kinds(), *book._order_kinds()}),
            day=day,
            since=since,
            now=fields.Datetime.now(),
            company=company.id,
        )

    @api.model
    def _worth(self, money, company, amount: SQL, currency: SQL, day: SQL) -> SQL:
        """An amount in the currency of a company at the rate of its day; NULL where
        there is none. The company's own, where it has no rates, is what the others are
        measured by: an order may have a currency that no company keeps."""
        own = company.currency_id
        rates = self.env["res.currency.rate"].sudo()  # sudo: rates are no secret
        has_rates = rates.search_count(
            [
                ("currency_id", "=", own.id),
                ("company_id", "in", [False, company.root_id.id]),
            ],
            limit=1,
        )
        return SQL(
            "CASE WHEN %(currency)s = %(own)s OR %(currency)s IS NULL THEN %(amount)s"
            " ELSE %(amount)s * %(to)s / %(rate)s END",
            currency=currency,
            own=own.id,
            amount=amount,
            to=money._money_rate(SQL("%s", own.id), day) if has_rates else SQL("1"),
            rate=money._money_rate(currency, day),
        )

    # ------------------------------------------------------------
    # AT NIGHT
    # ------------------------------------------------------------

    @api.model
    def _night_step(self, run) -> Step:
        plan: dict[int, Row] = {}

        def find():
            self._end_locks()
            plan.clear()
            # sudo: the rules are everybody's
            plan.update(self.sudo()._plan())
            return Domain("id", "in", sorted(plan))

        return Step(
            "crm_customer_center.levels",
            self.env["res.partner"].sudo(),  # sudo: rules are everybody's
            find,
            # sudo: the rules are everybody's
            lambda batch: self.sudo()._apply(batch, plan, run) and None,
            size=1000,
        )

    @api.model
    def _end_locks(self):
        """A lock ends by itself; from then on rules decide."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_state SET level_held = FALSE, level_until = NULL,"
                " level_by_rule = TRUE"
                " WHERE level_held IS TRUE AND level_until <= %s",
                fields.Datetime.now(),
            )
        )
        if self.env.cr.rowcount:
            self.env["crm.customer.state"]._forget()

    @api.model
    def _apply(self, partners, plan: dict[int, Row], run=None) -> int:
        """Do what follows for some of the plan's customers.

        :return: how many got another level
        """
        ranks = self._ranks()
        grace = self._grace()
        verdicts: dict[str, list] = {}
        for partner in partners:
            row = plan.get(partner.id)
            if not row or (partner.customer_level_id.id or 0) != row.held.level:
                continue  # somebody was faster: the next night asks again
            today = partner._lifecycle_company()._today()
            what = levels.verdict(
                row.held, row.target, ranks, grace.get(row.held.level, 0), today
            )
            verdicts.setdefault(what, []).append(partner)
        self._tell(verdicts.get(levels.NOTICE, []), plan, grace)
        self._forget_notices(verdicts.get(levels.FORGET, []))
        return self._move(verdicts.get(levels.MOVE, []), plan, ranks, run)

    @api.model
    def _grace(self) -> dict[int, int]:
        # sudo: levels are everybody's
        found = self.env["crm.customer.level"].sudo().with_context(active_test=False)
        return {level.id: level.grace_days for level in found.search([])}

    @api.model
    def _move(self, partners, plan, ranks, run) -> int:
        if not partners:
            return 0
        now = fields.Datetime.now()
        run_id = run().id if run else None
        rows, values, by_level = [], {}, {}
        for partner in partners:
            row = plan[partner.id]
            cause = "rule" if row.target else "none"
            old, new = row.held.level or None, row.target or None
            rows.append(self._row(partner, old, new, cause, ranks, row=row, run=run_id))
            values[partner.id] = {
                "level_since": now,
                "level_by_rule": True,
                "level_notice_on": None,
            }
            by_level.setdefault(new, []).append(partner.id)
        self.env["crm.level.move"]._insert(rows)
        self.env["crm.customer.state"]._upsert(values)
        for level, ids in by_level.items():
            moved = BY_RULE.on(self.env["res.partner"].browse(ids), True)
            moved.with_context(tracking_disable=True).write(
                {"customer_level_id": level}
            )
        return len(rows)

    @api.model
    def _tell(self, partners, plan, grace):
        """Tell the owners before their customers get a lower level."""
        names = {
            level.id: level.name
            for level in self.env["crm.customer.level"].sudo().search([])  # sudo: names
        }
        values = {}
        for partner in partners:
            row = plan[partner.id]
            today = partner._lifecycle_company()._today()
            on = today + timedelta(days=grace[row.held.level])
            values[partner.id] = {"level_notice_on": today}
            owner = partner.user_id
            if not owner.active:
                continue
            words = partner.with_context(lang=owner.lang)
            words.activity_schedule(
                NOTICE_ACTIVITY,
                date_deadline=on,
                user_id=owner.id,
                summary=words.env._(
                    "Level %(before)s becomes %(after)s on this day",
                    before=names.get(row.held.level, "–"),
                    after=names.get(row.target, "–"),
                ),
                note=words.env._(
                    "The customer no longer reaches its level. Unless it does so again "
                    "by then, or somebody locks the level, it gets the lower one."
                ),
            )
        self.env["crm.customer.state"]._upsert(values)

    @api.model
    def _forget_notices(self, partners):
        """Who reaches the level again keeps it."""
        self.env["crm.customer.state"]._upsert(
            {partner.id: {"level_notice_on": None} for partner in partners}
        )


_FIGURES = """
SELECT COALESCE(bought.partner_id, planned.partner_id) AS partner_id, bought.sales,
       bought.orders, planned.open, bought.unknown OR planned.unknown AS unknown
  FROM (SELECT partner_id, sum(worth) FILTER (WHERE is_sale) AS sales,
               count(*) FILTER (WHERE is_order) AS orders,
               bool_or(is_sale AND amount <> 0 AND worth IS NULL) AS unknown
          FROM (SELECT event.partner_id, event.amount, %(sold)s AS worth,
                       event.kind = ANY(%(sales_kinds)s) AS is_sale,
                       event.kind = ANY(%(order_kinds)s) AS is_order
                  FROM crm_customer_event event
                 WHERE event.gone_at IS NULL AND event.kind = ANY(%(kinds)s)
                   AND event.date <= %(now)s AND %(day)s > %(since)s
                   AND event.date > %(since)s::date - 2) counted
         GROUP BY partner_id) bought
  FULL JOIN
       (SELECT partner_id, sum(worth) AS open,
               bool_or(amount <> 0 AND worth IS NULL) AS unknown
          FROM (SELECT person.commercial_partner_id AS partner_id,
                       lead.expected_revenue AS amount, %(expected)s AS worth
                  FROM crm_lead lead
                  JOIN res_partner person ON person.id = lead.partner_id
                  JOIN res_company company
                    ON company.id = COALESCE(lead.company_id, %(company)s)
                 WHERE lead.active IS TRUE AND lead.type = 'opportunity'
                   AND lead.won_status = 'pending'
                   AND lead.expected_revenue <> 0) counted
         GROUP BY partner_id) planned
    ON planned.partner_id = bought.partner_id
"""
_PLAN = """
SELECT p.id, p.customer_level_id, state.level_by_rule, state.level_notice_on,
       given.level, earned.rule, %(sales)s::float8, %(orders)s, %(open)s::float8
  FROM res_partner p
  LEFT JOIN crm_customer_state state ON state.partner_id = p.id
  %(joins)s
 CROSS JOIN LATERAL (SELECT CASE %(earned)s END AS rule) earned
  LEFT JOIN (VALUES %(rules)s) given (rule, level) ON given.rule = earned.rule
 WHERE p.lifecycle_state IS NOT NULL AND p.active IS TRUE
   AND (state.level_held IS NOT TRUE OR state.level_until <= %(now)s)
   AND %(known)s AND %(wanted)s
   AND ((given.level IS NOT NULL OR state.level_by_rule IS TRUE)
        AND given.level IS DISTINCT FROM p.customer_level_id
        OR state.level_notice_on IS NOT NULL
           AND (given.level IS NOT DISTINCT FROM p.customer_level_id
                OR given.level IS NULL AND state.level_by_rule IS NOT TRUE))
"""
