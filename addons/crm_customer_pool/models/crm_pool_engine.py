from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools import recycle


class Protection(NamedTuple):
    """What keeps a customer with its owner, whatever a rule says.

    ``query``: takes a rule and ids of customers, returns a query of those it protects.
    ``words``: how warnings call it, “an open deal”; nothing where the owner can do
    nothing for it. ``holds``: takes a rule and says whether it is so there.
    """

    key: str
    label: str
    query: Callable[[models.BaseModel, list[int]], SQL]
    words: str = ""
    holds: Callable[[models.BaseModel], bool] = bool


class Verdict(NamedTuple):
    """What happens to a customer tonight."""

    what: str
    told: recycle.Told
    lost_on: object


class CrmPoolEngine(models.AbstractModel):
    """How the rules of the pool decide, in sets: gather, ask ``tools/recycle.py``,
    write."""

    _name = "crm.pool.engine"
    _description = "Recycling of Customers"

    # ------------------------------------------------------------
    # REGISTRY
    # ------------------------------------------------------------

    @api.model
    def _protections(self) -> list[Protection]:
        """What protects; a module appends its own through ``super()``."""
        deal, order = self.env._("an open deal"), self.env._("an order")
        return [
            Protection("deal", self.env._("Open deal"), self._with_open_deals, deal),
            Protection(
                "order", self.env._("Order not long ago"), self._with_orders, order
            ),
            Protection("hand", self.env._("Protected by its owner"), self._by_hand),
        ]

    @api.model
    def _held_by(self, rule) -> list[Protection]:
        """Return what protects from a rule."""
        return [one for one in self._protections() if one.holds(rule)]

    @api.model
    def _with_open_deals(self, _rule, ids) -> SQL:
        self.env["crm.lead"].flush_model()
        return SQL(
            """
            SELECT person.commercial_partner_id FROM res_partner person
              JOIN crm_lead lead ON lead.partner_id = person.id
             WHERE person.commercial_partner_id = ANY(%s) AND lead.active IS TRUE
               AND lead.won_status = 'pending' AND lead.type = 'opportunity'
            """,
            ids,
        )

    @api.model
    def _with_orders(self, rule, ids) -> SQL:
        since = fields.Datetime.now() - timedelta(days=rule.order_days)
        return SQL(
            "SELECT partner_id FROM crm_customer_event WHERE partner_id = ANY(%s)"
            " AND gone_at IS NULL AND kind = ANY(%s) AND date > %s",
            ids,
            list(self.env["crm.customer.event"]._order_kinds()),
            since,
        )

    @api.model
    def _by_hand(self, _rule, ids) -> SQL:
        self.env["res.partner"].flush_model(["customer_owner_id"])
        return SQL(
            """
            SELECT move.partner_id FROM crm_pool_move move
              JOIN res_partner customer ON customer.id = move.partner_id
             WHERE move.partner_id = ANY(%s) AND move.cause = 'protect'
               AND move.held_until > %s
               AND move.owner_id = customer.customer_owner_id
            """,
            ids,
            fields.Datetime.now(),
        )

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    @api.model
    def _decide(self, rule, partners) -> dict[int, Verdict]:
        """Return what happens tonight to customers that meet a rule's condition; those
        that are safe are missing."""
        places = self.env["crm.customer.pool"]._pools_for(partners)
        asked = partners.filtered(lambda one: one.id in places)
        asked -= asked.browse(self._kept_by_something(rule, asked.ids))
        found = {}
        for company, own in asked.grouped(lambda one: one._lifecycle_company()).items():
            found |= self._decide_of(rule, own, company)
        return found

    def _decide_of(self, rule, partners, company):
        today = company._today()
        since = self._since(rule, partners, company)
        told = self.env["crm.pool.watch"]._told(partners)
        reach = timedelta(days=3 * rule.days + 30)
        working = None
        if rule.working_days:
            # sudo: working time is no secret
            calendar = company.sudo().resource_calendar_id
            working = calendar._working_days(today - reach, today + reach)
        away = self._away(partners.customer_owner_id, company, today - reach)
        numbers = rule._as_rule()

        @cache
        def verdict(begun, known, owner):
            """Many have the same days: each is reckoned once."""
            days = recycle.Days(working, away.get(owner, frozenset()))
            what, left = recycle.decide(numbers, begun, known, today, days)
            if what == recycle.FIRST:
                known = recycle.Told(today)
            if what == recycle.LAST:
                known = known._replace(last=today)
            return Verdict(what, known, recycle.lost_on(today, left, days))

        found = {}
        for one in partners:
            # what lies beyond the calendar that is known counts from its first day
            begun = max(since[one.id], today - reach)
            owner = one.customer_owner_id.id
            answer = verdict(
                begun, told.get(one.id, recycle.Told()), owner if owner in away else 0
            )
            if answer.what != recycle.KEEP:
                found[one.id] = answer
        return found

    def _kept_by_something(self, rule, ids) -> set[int]:
        if not ids:
            return set()
        queries = [one.query(rule, ids) for one in self._held_by(rule)]
        rows = self.env.execute_query(SQL(" UNION ").join(queries))
        return {row[0] for row in rows}

    def _since(self, rule, partners, company):
        """Return the day from which the days of each customer count."""
        ids = partners.ids
        owned = self.env.execute_query(
            SQL(
                "SELECT partner_id, max(known_at) FROM crm_pool_move"
                " WHERE partner_id = ANY(%s) AND to_user_id IS NOT NULL GROUP BY 1",
                ids,
            )
        )
        if rule.counted == "contact":
            done = self.env["crm.pool.move"]._last_contacts(ids)
        else:
            done = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT partner_id, max(date) FROM crm_customer_event"
                        " WHERE partner_id = ANY(%s) AND gone_at IS NULL"
                        " AND kind = ANY(%s) GROUP BY 1",
                        ids,
                        list(self.env["crm.customer.event"]._order_kinds()),
                    )
                )
            )
        owned = dict(owned)
        found = {}
        for one in partners:
            moments = [one.create_date, owned.get(one.id), done.get(one.id)]
            found[one.id] = company._local(max(filter(None, moments))).date()
        return found

    def _away(self, users, company, first):
        """Return the days on which each of the people was on leave."""
        # sudo: leaves of others, which Odoo shows nobody
        resources = self.env["resource.resource"].sudo()
        resources = resources.search([("user_id", "in", users.ids)])
        leaves = self.env["resource.calendar.leaves"].sudo()  # sudo: as above
        leaves = leaves.search(
            [
                ("resource_id", "in", resources.ids),
                ("time_type", "=", "leave"),
                ("date_to", ">=", fields.Datetime.to_datetime(first)),
            ]
        )
        away = defaultdict(set)
        for leave in leaves:
            day = company._local(leave.date_from).date()
            while day <= company._local(leave.date_to).date():
                away[leave.resource_id.user_id.id].add(day)
                day += timedelta(days=1)
        return away

    # ------------------------------------------------------------
    # AT NIGHT
    # ------------------------------------------------------------

    @api.model
    def _cron_night(self):
        self.env["crm.job"]._work_off(
            Step(
                "crm_customer_pool.recycle",
                self.env["res.partner"].sudo(),  # sudo: the rules are everybody's
                self._waiting_domain,
                # sudo: the rules are everybody's
                lambda batch: self.sudo()._settle(batch),
                size=1000,
                # one owner after the other: few messages, few writes
                order="customer_owner_id.id, id",
                person=lambda partner: partner.user_id,
                stays=True,
                # who was found is decided about once more
                still=Domain.TRUE,
            )
        )
        self.env["crm.customer.run"]._close_pool_nights()

    @api.model
    def _waiting_domain(self) -> Domain:
        """Whom a rule could be about: those with an owner and silent for long enough,
        and those whose owner was warned."""
        rules = self.env["crm.pool.rule"]
        waiting = Domain("id", "in", SQL("(SELECT partner_id FROM crm_pool_watch)"))
        partners = self.env["res.partner"].sudo()  # sudo: the rules are everybody's
        for entry in rules._rule_book():
            rule = rules.browse(entry.info.id)
            # one that cannot be asked is stopped, and the others go on
            with rule._isolated():
                meant = rules._info_domain(entry.info) & rule._among()
                meant &= self._silent_domain(rule)
                # asked once for itself: what the database alone refuses is its fault
                if partners.search_count(meant):
                    waiting |= meant
        return waiting

    @api.model
    def _silent_domain(self, rule) -> Domain:
        """Whom nothing of the last days saves from a rule; no day is counted yet."""
        shortest = rule.days - rule.first_days - 2
        before = fields.Datetime.now() - timedelta(days=shortest)
        if rule.counted == "contact":
            done = SQL(
                "SELECT partner_id FROM (%s) contact"
                " WHERE at > %s AND partner_id IS NOT NULL",
                self.env["crm.lifecycle.engine"]._contacts(),
                before,
            )
        else:
            done = SQL(
                "SELECT partner_id FROM crm_customer_event"
                " WHERE gone_at IS NULL AND kind = ANY(%s) AND date > %s",
                list(self.env["crm.customer.event"]._order_kinds()),
                before,
            )
        got = SQL(
            "SELECT partner_id FROM crm_pool_move"
            " WHERE to_user_id IS NOT NULL AND known_at > %s",
            before,
        )
        return Domain("create_date", "<=", before) & Domain(
            "id", "not in", SQL("(%s UNION ALL %s)", done, got)
        )

    @api.model
    def _settle(self, partners):
        """Decide about customers: warn, take away, forget."""
        rules = self.env["crm.pool.rule"]
        rest = partners.filtered(lambda one: one.customer_owner_id and one.active)
        safe = set(partners.ids)
        for entry in rules._rule_book():
            matched = rules._match_safely(entry.info, rest)
            rest -= matched
            rule = rules.browse(entry.info.id)
            found = self._decide(rule, matched)
            safe -= set(found)
            self._apply(rule, matched.browse(found), found)
        self.env["crm.pool.watch"]._forget(safe)

    def _apply(self, rule, partners, found):
        watches = self.env["crm.pool.watch"]
        lost = partners.filtered(lambda one: found[one.id].what == recycle.LOSE)
        kept = partners - lost
        watches._note(
            [
                (
                    one.id,
                    one.customer_owner_id.id,
                    rule.id,
                    found[one.id].told.first,
                    found[one.id].told.last,
                    found[one.id].lost_on,
                )
                for one in kept
            ]
        )
        warned = kept.filtered(lambda one: found[one.id].what != recycle.WAIT)
        for (owner, day), own in warned.grouped(
            lambda one: (one.customer_owner_id, found[one.id].lost_on)
        ).items():
            self._warn(owner, own, day, rule)
        if lost:
            places = self.env["crm.customer.pool"]._pools_for(lost)
            watches._forget(lost.ids)
            for owner, own in lost.grouped("customer_owner_id").items():
                words = rule.with_context(lang=owner.lang)
                owner._tell_of_work(
                    own, words.env._("Gone to the pool by the rule “%s”", words.name)
                )
            night = self.env["crm.customer.run"]._open(
                "nightly", kind="pool", pool_rule_id=rule.id
            )
            lost.with_context(tracking_disable=True)._lose_owner(
                places, "recycle", rule.name, night.id
            )

    def _warn(self, owner, partners, day, rule):
        """One message for all of an owner's customers that go on one day."""
        words = rule.with_context(lang=owner.lang)
        title = words.env._(
            "On %(day)s these customers go to the pool",
            day=format_date(words.env, day),
        )
        note = words.env._(
            "By the rule “%(rule)s”. The customer stays with you by %(what)s.",
            rule=words.name,
            what=words._keepers(),
        )
        owner._tell_of_work(partners, title, note)
