import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import lifecycle
from .crm_lifecycle_rule import AT_NIGHT

# the state is written by a rule, which keeps its own history
BY_RULE = Token("crm_customer_by_rule")
# what a person gave as reason and for how long: Words
BY_HAND = Token("crm_customer_by_hand")
# working days further back than this all count
CALENDAR_DAYS = 3 * 366
# contacts are looked up in their sources; the end of a hold is no contact
UNSAID = (lifecycle.TOUCH, lifecycle.RELEASE)


class Words(NamedTuple):
    """What a person says of a change. ``cause``: of the move; ``held``, ``until``:
    whether rules leave it alone, and until when."""

    note: str = ""
    held: bool = False
    until: datetime | None = None
    cause: str = "person"


NO_WORDS = Words()


class Line(NamedTuple):
    """A move as it is in the table, as far as the engine asks."""

    origin: int
    to: str
    cause: str
    at: datetime
    known: datetime
    held: bool
    until: datetime | None
    user: int | None


class Facts(NamedTuple):
    """What is known of a customer: its history and all that happened. ``resume``: from
    when on time goes on where nothing is to be told anew; of what was so before there
    was a history, that is when the history began."""

    state: str
    told: list[lifecycle.Told]
    events: list[lifecycle.Event]
    resume: datetime | None
    replay_from: datetime | None
    silent_since: datetime | None


class CrmLifecycleEngine(models.AbstractModel):
    """Moves customers from state to state and keeps their history.

    Three short steps for any number of customers: gather what is known (a query for
    each kind of fact), let ``tools/lifecycle.py`` decide, write what differs in sets.
    """

    _name = "crm.lifecycle.engine"
    _description = "Lifecycle of Customers"

    # ------------------------------------------------------------
    # AT ONCE
    # ------------------------------------------------------------

    @api.model
    def _business_changed(self, kind: str, ids: Iterable[int]):
        """To be called when records that ``crm.customer.event`` has a source for were
        written: their customers pass to the state that follows.

        :param kind: of the source
        :param ids: of its records; also of those that are gone
        """
        # sudo: what a deal does to its customer does not hang on who closes it
        system = self.sudo()
        begins = system.env["crm.customer.event"]._sync_kind(kind, ids)
        if begins:
            system._mark(begins)
            system._settle(system.env["res.partner"].browse(begins).exists())

    @api.model
    def _mark(self, begins: dict[int, datetime]):
        """Note from when on histories are to be told anew."""
        if not begins:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_state AS state (partner_id, replay_from)
                SELECT partner_id, replay_from
                  FROM unnest(%s::int[], %s::timestamp[]) AS m (partner_id, replay_from)
                 WHERE EXISTS (SELECT FROM res_partner p WHERE p.id = m.partner_id)
                    ON CONFLICT (partner_id) DO UPDATE
                   SET replay_from = LEAST(state.replay_from, EXCLUDED.replay_from)
                """,
                list(begins),
                list(begins.values()),
            )
        )
        self.env["crm.customer.state"]._forget()

    # ------------------------------------------------------------
    # WHAT PEOPLE DO
    # ------------------------------------------------------------

    @api.model
    def _note_changes(self, before: dict[int, str | bool], partners):
        """Keep in the history what was just written to customers: by a person, a list,
        a form, or the system.

        :param before: state by id; of new ones nothing
        """
        words = BY_HAND.value(self.env)
        now = fields.Datetime.now()
        rows, values, became = [], {}, []
        for partner in partners:
            old, new = before.get(partner.id) or None, partner.lifecycle_state or None
            if old == new and not words:
                continue
            said = words or Words(cause="person" if old else "created")
            entered = partner.id not in before and partner.create_date
            at = min(entered or now, now)
            rows.append(
                self._row(partner, at, old, new, said.cause, said=said, known=at)
            )
            values[partner.id] = {
                "touched_at": now if self._is_said(said.cause, new) else None,
                "lifecycle_held": said.held,
                "lifecycle_until": said.until,
            }
            if old != new:
                values[partner.id]["lifecycle_since"] = at
            if not old and partner.id in before:
                became.append(partner.id)
        if not rows:
            return
        # sudo: the history is the system's
        system = self.sudo()
        states = system.env["crm.customer.state"]
        upserts = states._upserts(self._dated(values))
        system.env["crm.lifecycle.move"]._insert(rows, upserts)
        states._forget()
        if became:
            system._catch_up(became)

    @api.model
    def _dated(self, values: dict[int, dict]) -> dict[int, dict]:
        """A date that is not known leaves the one that is."""
        return {
            id_: {
                name: value
                for name, value in vals.items()
                if name != "touched_at" or value is not None
            }
            for id_, vals in values.items()
        }

    @api.model
    def _release(self, partners):
        """Let rules decide again, also about what happened meanwhile."""
        was = {partner.id: partner.lifecycle_state for partner in partners}
        BY_HAND.on(self, Words(cause="release"))._note_changes(was, partners)
        # sudo: what follows is the system's to write
        self.sudo()._settle(partners.sudo())

    @api.model
    def _is_said(self, cause: str, to: str | None, user: int | None = None) -> bool:
        """Whether a person has said what the customer is; that somebody was entered is
        no statement, unless as more than potential."""
        user = self.env.uid if user is None else user
        if cause == "created":
            return user != SUPERUSER_ID and to not in (None, "potential")
        return cause in ("person", "undone")

    @api.model
    def _catch_up(self, partner_ids: list[int]):
        """Somebody who has bought before becomes a customer: that counts."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, min(date) FROM crm_customer_event"
                " WHERE partner_id = ANY(%s) GROUP BY partner_id",
                partner_ids,
            )
        )
        if rows:
            self._mark(dict(rows))
            self._settle(self.env["res.partner"].browse(dict(rows)))

    @api.model
    def _row(
        self, partner, at, before, after, cause, rule=None, days=0, run=None, key=(),
        said=NO_WORDS, known=None,
    ) -> dict:  # fmt: skip
        """Values of a line of the history.

        :param known: when we came to know of it, by default now
        """
        model, record = key or (None, None)
        return self.env["crm.lifecycle.move"]._line_vals(
            partner,
            from_state=before or None,
            to_state=after or None,
            cause=cause,
            days=days,
            rule_id=rule,
            effective_at=at,
            known_at=known or fields.Datetime.now(),
            run_id=run,
            note=said.note or None,
            evidence_model=model,
            evidence_id=record,
            held=said.held,
            held_until=said.until,
        )

    @api.model
    def _merged(self, partners, names: list[str]):
        """Customers were merged: one history of both, with a line that says so, told
        anew from the first business on."""
        kept = partners.filtered("lifecycle_state")
        self.env["crm.customer.event"].invalidate_model()
        if not kept or not names:
            return
        words = Words(cause="merged", note=", ".join(names))
        now = fields.Datetime.now()
        self.env["crm.lifecycle.move"]._insert(
            self._row(
                partner, now, partner.lifecycle_state, partner.lifecycle_state,
                "merged", said=words,
            )
            for partner in kept
        )  # fmt: skip
        since = {
            id_: {"lifecycle_since": moment}
            for id_, moment in self._since(kept).items()
        }
        self.env["crm.customer.state"]._upsert(since)
        self._catch_up(kept.ids)

    # ------------------------------------------------------------
    # SETTLE
    # ------------------------------------------------------------

    @api.model
    def _settle(self, partners, run=None) -> int:
        """Let these customers pass to the states that follow from all that is known.

        :param run: a function that returns the run to note, asked if anything changes
        :return: how many of them changed
        """
        # sudo: what follows from facts does not hang on who asks
        partners = partners.sudo()
        now = fields.Datetime.now()
        self.env["res.partner"].flush_model(["lifecycle_state", "company_id", "active"])
        facts = self._gather(partners)
        partners = partners.filtered(lambda partner: facts[partner.id].state)
        matching = self._matching_rules(partners)
        days = self._days(partners, facts, matching, now)
        additions, states = {}, {}
        for partner in partners:
            known = facts[partner.id]
            additions[partner.id], states[partner.id] = self._tell(
                known, matching[partner.id], days[partner._lifecycle_company()], now
            )
        return self._write(partners, facts, additions, states, run)

    @api.model
    def _tell(self, known: Facts, rules, days, now):
        """Tell a history anew from where it has to be.

        :return: moves to add, and values of the row of the state
        """
        line = lifecycle.timeline(known.told)
        last = line[-1]
        begin, before = max(last.at, known.resume or last.at), last
        if known.replay_from and known.replay_from <= begin:
            begin = known.replay_from
            before = lifecycle.just_before(line, begin)
        moves = lifecycle.replay(
            before.to, before.at, begin, known.events, rules, days, now
        )
        added = lifecycle.corrections(line, begin, before.to, moves)
        return added, self._standing(known, line, added, now)

    @api.model
    def _standing(self, known: Facts, line, added, now) -> dict:
        """Values of the row of the state after ``added``."""
        line = lifecycle.timeline(
            [*known.told, *(lifecycle.Told(one.at, one.to) for one in added)]
        )
        since = line[-1].at
        happened = [e for e in known.events if e.at <= now]
        said = [e.at for e in happened if e.kind not in UNSAID]
        held, until = self._hold(known.events, now)
        values = {
            "lifecycle_since": since,
            "lifecycle_held": held,
            "lifecycle_until": until,
            "touched_at": max(said, default=None),
            # what lies ahead is asked again when it is there
            "replay_from": min(
                (e.at for e in known.events if e.at > now), default=None
            ),
        }
        if added or known.replay_from:
            silent = known.silent_since
            if added:
                move = added[-1].move
                silent = move and move.trigger == lifecycle.SILENCE
            quiet = [
                e.at for e in happened if e.at < since and e.kind != lifecycle.RELEASE
            ]
            values["silent_since"] = max(quiet, default=None) if silent else None
        return values

    @api.model
    def _hold(self, events, now) -> tuple[bool, datetime | None]:
        held, until = False, None
        for event in lifecycle.in_order(events):
            if event.at > now:
                break
            if event.kind == lifecycle.PERSON:
                held, until = event.held, event.until
            elif event.kind == lifecycle.RELEASE:
                held = False
        if not held or (until and until <= now):
            return False, None
        return True, until

    @api.model
    def _write(self, partners, facts, additions, states, run) -> int:
        """Write what differs: lines, the rows of the states, the customers."""
        changed = {id_: added for id_, added in additions.items() if added}
        run_id = run().id if run and changed else None
        rules = self.env["crm.lifecycle.rule"].browse(
            {one.move.rule for added in changed.values() for one in added if one.move}
        )
        length = {rule.id: rule.days for rule in rules.exists()}
        rows = [
            self._addition_row(partner, one, length, run_id)
            for partner in partners
            for one in changed.get(partner.id, ())
        ]
        self.env["crm.lifecycle.move"]._insert(rows)
        self.env["crm.customer.state"]._upsert(states)
        after = defaultdict(list)
        for id_, added in changed.items():
            if added[-1].to != facts[id_].state:
                after[added[-1].to].append(id_)
        for state, ids in after.items():
            moved = BY_RULE.on(partners.browse(ids), True)
            moved.with_context(tracking_disable=True).write({"lifecycle_state": state})
        return len(changed)

    @api.model
    def _addition_row(self, partner, one, length, run_id) -> dict:
        move = one.move
        key = ()
        if move and move.key:
            key = (self._model_of(move.key[0]), move.key[1])
        return self._row(
            partner,
            one.at,
            one.before,
            one.to,
            self._cause(move),
            rule=move.rule if move and move.rule in length else None,
            days=length.get(move.rule, 0) if move and move.trigger in AT_NIGHT else 0,
            run=run_id,
            key=key,
        )

    @api.model
    def _cause(self, move) -> str:
        if move is None or move.trigger == lifecycle.PERSON:
            return "corrected"
        return move.trigger

    @api.model
    def _model_of(self, kind: str) -> str | None:
        sources = self.env["crm.customer.event"]._event_sources()
        return next((one.model for one in sources if one.kind == kind), None)

    # ------------------------------------------------------------
    # GATHER
    # ------------------------------------------------------------

    @api.model
    def _gather(self, partners) -> dict[int, Facts]:
        """What is known of these customers; a query for each kind of fact."""
        ids = partners.ids
        lines, events = self._lines(ids), self._events(ids)
        state = self.env["crm.customer.state"]._read_columns(
            ids, ("replay_from", "silent_since")
        )
        facts = {}
        for partner in partners:
            lived = lines.get(partner.id, [])
            own = [
                line
                for line in lived
                if line.origin == partner.id and line.cause not in ("release", "merged")
            ]
            now_is = partner.lifecycle_state or ""
            facts[partner.id] = Facts(
                now_is,
                [lifecycle.Told(line.at, line.to) for line in own]
                or [lifecycle.Told(partner.create_date, now_is)],
                [*events.get(partner.id, ()), *self._said(lived)],
                own[-1].known if own and own[-1].cause == "was" else None,
                *state.get(partner.id, (None, None)),
            )
        return facts

    @api.model
    def _since(self, partners) -> dict[int, datetime]:
        """Since when the customers are what their histories say in the end."""
        # sudo: reckoned, not shown
        facts = self._gather(partners.sudo())
        return {
            id_: lifecycle.timeline(known.told)[-1].at for id_, known in facts.items()
        }

    @api.model
    def _lines(self, ids) -> dict[int, list[Line]]:
        self.env["crm.lifecycle.move"].flush_model()
        found = defaultdict(list)
        for partner_id, *line in self.env.execute_query(
            SQL(
                """
                SELECT partner_id, origin_id, COALESCE(to_state, ''), cause,
                       effective_at, known_at, COALESCE(held, FALSE), held_until,
                       user_id
                  FROM crm_lifecycle_move WHERE partner_id = ANY(%s) ORDER BY id
                """,
                ids,
            )
        ):
            found[partner_id].append(Line(*line))
        return found

    @api.model
    def _said(self, lines: list[Line]) -> list[lifecycle.Event]:
        """What people said of a customer, or of one that was merged into it."""
        events = []
        for line in lines:
            if line.cause == "release":
                events.append(lifecycle.Event(line.at, lifecycle.RELEASE))
            elif self._is_said(line.cause, line.to, line.user or SUPERUSER_ID):
                events.append(
                    lifecycle.Event(
                        line.at, lifecycle.PERSON, (), 0.0, line.to, line.held,
                        line.until,
                    )
                )  # fmt: skip
        return events

    @api.model
    def _events(self, ids) -> dict[int, list[lifecycle.Event]]:
        """Business of the customers, and contacts with them."""
        book = self.env["crm.customer.event"]
        refunds = book._refund_kinds()
        found = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, kind, res_id, date, amount, gone_at, currency_id"
                " FROM crm_customer_event WHERE partner_id = ANY(%s)",
                ids,
            )
        )
        worth = self._worth(rows, refunds)
        for partner_id, kind, res_id, at, amount, gone, currency in rows:
            refund = kind in refunds
            if refund and gone:
                continue
            what = lifecycle.REFUND if refund else lifecycle.BUSINESS
            amount = abs(amount or 0.0)
            if worth:
                rate = worth.get((currency, at.date()))
                amount = self._at_rate(amount, rate, refund=refund)
            found[partner_id].append(lifecycle.Event(at, what, (kind, res_id), amount))
            if gone:
                found[partner_id].append(
                    lifecycle.Event(max(gone, at), lifecycle.GONE, (kind, res_id))
                )
        for source in book._contact_sources():
            for model in source.models:
                self.env[model].flush_model()
            for partner_id, at in self.env.execute_query(source.every(ids)):
                found[partner_id].append(lifecycle.Event(at, lifecycle.TOUCH))
        return found

    @api.model
    def _at_rate(self, amount: float, rate: float | None, *, refund: bool) -> float:
        """An amount without a rate is not taken for another: such a refund takes
        nothing back, and such a purchase is not taken back by any amount."""
        if rate is not None:
            return amount * rate
        return 0.0 if refund else math.inf

    @api.model
    def _worth(self, rows, refunds) -> dict:
        """What amounts of several currencies are worth in one: asked only where a
        refund is held against what was bought."""
        refunded = {row[0] for row in rows if row[1] in refunds}
        pairs = {
            (row[6], row[3].date()) for row in rows if row[0] in refunded and row[6]
        }
        if len({currency for currency, _day in pairs}) < 2:
            return {}
        # sudo: reckoned, not shown
        companies = self.env["res.company"].sudo()
        first = companies._first_company()
        money = self.env["crm.money.mixin"].with_context(
            allowed_company_ids=[first.id, *(companies.search([]) - first).ids]
        )
        return money._money_factors(pairs)

    @api.model
    def _matching_rules(self, partners) -> dict[int, list[lifecycle.Rule]]:
        """The rules in use each customer meets the condition of, in their order."""
        found = {partner.id: [] for partner in partners}
        rules = self.env["crm.lifecycle.rule"]
        for entry in rules._rule_book():
            for partner in rules._match_safely(entry.info, partners):
                found[partner.id].append(entry.rule)
        return found

    @api.model
    def _days(self, partners, facts, matching, now) -> dict[Any, lifecycle.Days]:
        """Days as each of the companies counts them."""
        found = {}
        for company, own in partners.grouped(lambda p: p._lifecycle_company()).items():
            rules = [rule for one in own for rule in matching[one.id]]
            asked = max((rule.days for rule in rules if rule.working), default=None)
            first = None
            if asked is not None:
                first = min(
                    (e.at for one in own for e in facts[one.id].events), default=now
                )
            found[company] = self._company_days(company, now, first, asked or 0)
        return found

    @api.model
    def _company_days(self, company, now, first=None, ahead=0) -> lifecycle.Days:
        days = lifecycle.Days(ZoneInfo(company._zone()))
        if first is None:
            return days
        today = days.day(now)
        begin = max(days.day(first), today - timedelta(days=CALENDAR_DAYS))
        # sudo: working time is no secret
        calendar = company.sudo().resource_calendar_id
        worked = calendar._working_days(begin, today + timedelta(days=2))
        return days._replace(working=worked)

    # ------------------------------------------------------------
    # AT NIGHT
    # ------------------------------------------------------------

    @api.model
    def _night_step(self, run) -> Step:
        """Everybody whom time moves, or whose facts changed unseen."""
        partners = self.env["res.partner"].sudo()  # sudo: rules are everybody's
        return Step(
            "crm_customer_center.lifecycle",
            partners,
            self._waiting_domain,
            # sudo: the rules are everybody's
            lambda batch: self.sudo()._settle(batch, run) and None,
            size=1000,
        )

    @api.model
    def _waiting_domain(self) -> Domain:
        """Return who waits, after looking for business nobody told of."""
        begins: dict[int, datetime] = {}
        book = self.env["crm.customer.event"]
        for source in book._event_sources():
            for partner_id, at in book._sync(source).items():
                begins[partner_id] = min(begins.get(partner_id, at), at)
        for partner_id, at in self.env.execute_query(self._late_contact_query()):
            begins[partner_id] = min(begins.get(partner_id, at), at)
        self._mark(begins)
        return Domain("id", "in", sorted(self._waiting_ids(fields.Datetime.now())))

    @api.model
    def _waiting_ids(self, now) -> set[int]:
        self.env["res.partner"].flush_model(["lifecycle_state", "active"])
        found = {id_ for (id_,) in self.env.execute_query(self._marked_query(now))}
        rules = self.env["crm.lifecycle.rule"]
        plain = []
        for entry in rules._rule_book():
            if entry.rule.trigger not in AT_NIGHT:
                continue
            if entry.info.always:
                plain.append(entry.rule)
                continue
            # one that fails is stopped, the others go on
            with rules.browse(entry.info.id)._isolated():
                domain = rules._info_domain(entry.info)
                # sudo: the author's rights are asked inside, see _info_domain
                matching = self.env["res.partner"].sudo()._search(domain)
                query = self._due_query([entry.rule], now, matching)
                found.update(id_ for (id_,) in self.env.execute_query(query))
        if plain:
            query = self._due_query(plain, now)
            found.update(id_ for (id_,) in self.env.execute_query(query))
        return found

    @api.model
    def _marked_query(self, now) -> SQL:
        """Whose history is to be told anew, or whose hold has ended."""
        return SQL(
            """
            SELECT state.partner_id FROM crm_customer_state state
              JOIN res_partner p ON p.id = state.partner_id
             WHERE (state.replay_from <= %(now)s OR state.lifecycle_until <= %(now)s)
               AND p.lifecycle_state IS NOT NULL AND p.active IS TRUE
            """,
            now=now,
        )

    @api.model
    def _late_contact_query(self) -> SQL:
        """Who was not silent after all, for a contact was noted afterwards; and since
        when the silence was thought to be."""
        return SQL(
            """
            SELECT state.partner_id, state.silent_since
              FROM crm_customer_state state
              JOIN (%s) contact ON contact.partner_id = state.partner_id
             WHERE state.silent_since IS NOT NULL AND state.lifecycle_held IS NOT TRUE
               AND contact.at > state.silent_since
               AND contact.at < state.lifecycle_since
            """,
            self._contacts(),
        )

    @api.model
    def _contacts(self) -> SQL:
        """A query of the last contact with each customer, by all sources."""
        sources = self.env["crm.customer.event"]._contact_sources()
        for source in sources:
            for model in source.models:
                self.env[model].flush_model()
        if len(sources) == 1:
            return sources[0].last
        return SQL(
            "SELECT partner_id, max(at) AS at FROM (%s) every_source"
            " WHERE partner_id IS NOT NULL GROUP BY partner_id",
            SQL(" UNION ALL ").join(source.last for source in sources),
        )

    @api.model
    def _due_query(self, rules, now=None, matching=None) -> SQL:
        """Whom some rules would move now.

        :param matching: a query of those that meet their condition
        """
        now = now or fields.Datetime.now()
        silence = any(rule.trigger == lifecycle.SILENCE for rule in rules)
        return SQL(
            """
            SELECT p.id
              FROM res_partner p
              LEFT JOIN crm_customer_state state ON state.partner_id = p.id
              %(contact)s
             WHERE p.active IS TRUE AND state.lifecycle_held IS NOT TRUE
               AND (%(due)s) %(matching)s
            """,
            contact=SQL(
                "LEFT JOIN (%s) contact ON contact.partner_id = p.id", self._contacts()
            )
            if silence
            else SQL(""),
            due=SQL(" OR ").join(
                SQL(
                    "(p.lifecycle_state = ANY(%s) AND %s)",
                    sorted(rule.from_states),
                    self._due_condition(rule, now),
                )
                for rule in rules
            ),
            matching=SQL("AND p.id IN %s", matching.subselect())
            if matching is not None
            else SQL(""),
        )

    @api.model
    def _due_condition(self, rule: lifecycle.Rule, now) -> SQL:
        rested = SQL("state.lifecycle_since <= %s", now - lifecycle.REST)
        if rule.trigger == lifecycle.CONDITION:
            return rested
        if rule.trigger == lifecycle.STAY:
            return SQL("state.lifecycle_since < %s", self._silent_before(rule, now))
        if rule.trigger == lifecycle.SILENCE:
            # of none of both dates nothing follows: no date is never long ago
            return SQL(
                "%s AND GREATEST(state.touched_at, contact.at) < %s",
                rested,
                self._silent_before(rule, now),
            )
        standing = SQL(
            "EXISTS (SELECT FROM crm_customer_event e WHERE e.partner_id = p.id"
            " AND e.gone_at IS NULL AND e.kind = ANY(%s))",
            list(self.env["crm.customer.event"]._order_kinds()),
        )
        return (
            standing if rule.trigger == lifecycle.BUSINESS else SQL("NOT %s", standing)
        )

    @api.model
    def _silent_before(self, rule: lifecycle.Rule, now) -> datetime:
        """Return the moment before which the last contact must lie. Of companies in
        several zones the latest one: each customer is decided by its own."""
        moments = []
        # sudo: working time of the companies
        for company in self.env["res.company"].sudo().search([]):
            first = now - timedelta(days=2 * rule.days + 30) if rule.working else None
            days = self._company_days(company, now, first, rule.days)
            last = days.last_silent_day(now, rule.days, rule.working)
            moments.append(days.midnight(last + timedelta(days=1)))
        return max(moments)

    @api.model
    def _last_contact(self, partner) -> datetime | None:
        # sudo: a day, of a customer that is shown
        events = self._gather(partner.sudo())[partner.id].events
        now = fields.Datetime.now()
        return max(
            (e.at for e in events if e.at <= now and e.kind != lifecycle.RELEASE),
            default=None,
        )
