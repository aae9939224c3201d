from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import engine
from ..tools import policy as rules
from ..tools.ledger import BEFORE
from .crm_service_sla_clock import row_of, unnest
from .crm_service_ticket import DEADLINES, DONE_STATES
from .forecast import open_by
from .resource_calendar import HORIZONS

#: How many tickets a change of policies or calendars is worked out for at once; of
#: more the job takes care.
AT_ONCE = 200
FACTS = (
    "company_id",
    "create_date",
    "first_response_date",
    "is_spam",
    "merged_into_id",
    "partner_id",
    "priority",
    "stage_id",
    "state",
    "team_id",
    "type_id",
    "user_id",
)
STORED = {
    "sla_policy_id": "int",
    "sla_state": "varchar",
    "sla_deadline": "timestamp",
    **dict.fromkeys(DEADLINES, "timestamp"),
}


class Case(NamedTuple):
    """A ticket on its way through the engine.

    ``was``: the snapshot, ``None`` for a ticket the clock has not met; ``check_at``:
    when it was to be looked at; ``seen``: what can be seen of it; ``policy``: the one
    that applies now.
    """

    ticket: Any
    was: engine.Snapshot | None
    check_at: datetime | None
    seen: engine.Seen
    policy: Any


#: With the moment at which something is said to have happened, by code that brings in
#: a history.
MOMENT = Token("sla_moment")
#: Of these tickets nothing is known before now.
UNKNOWN_PAST = Token("sla_past")


class CrmServiceTicket(models.Model):
    """The engine: gather for all tickets at once, reckon, write for all at once.

    It always works as the superuser: what a policy promises does not depend on who
    changes the ticket, and nobody has the right to write the clock.
    """

    _inherit = "crm.service.ticket"

    @api.model
    def _sla_now(self) -> datetime:
        """The present moment; for histories brought in, the one they tell of."""
        return MOMENT.value(self.env) or fields.Datetime.now()

    def _sla_sync(
        self,
        wrote: bool = False,
        answered: bool = False,
        new: bool = False,
        left: bool = False,
    ):
        """Bring the clocks of these tickets up to now.

        Calling it when nothing has happened changes nothing and writes nothing.

        :param wrote: the customer has just written
        :param answered: the customer has just been answered
        :param new: the tickets have just come
        :param left: what the customer wrote is in another ticket now
        """
        # sudo: see the docstring of the class
        tickets = self.sudo()
        if not tickets:
            return
        now = self._sla_now().replace(microsecond=0)
        if new:
            tickets = MOMENT.on(tickets, now)
        cases = tickets._sla_cases(wrote, answered, left)
        steps = tickets._sla_steps(cases, now)
        tickets._sla_write(cases, steps, now)

    # ------------------------------------------------------------
    # GATHER
    # ------------------------------------------------------------

    def _sla_cases(self, wrote: bool, answered: bool, left: bool) -> list[Case]:
        self.fetch([*FACTS, *STORED])
        policies = self._sla_policies()
        if UNKNOWN_PAST.is_on(self.env):
            # nothing is said of what was over before: neither met nor missed
            nothing = self.env["crm.service.sla.policy"]
            over = self.filtered(lambda ticket: ticket.state in DONE_STATES)
            policies.update(dict.fromkeys(over.ids, nothing))
        known = self.env["crm.service.sla.clock"]._snapshots(self)
        return [
            Case(
                ticket,
                *known.get(ticket.id, (None, None)),
                ticket._sla_seen(wrote, answered, left),
                policies[ticket.id],
            )
            for ticket in self
        ]

    def _sla_seen(self, wrote: bool, answered: bool, left: bool) -> engine.Seen:
        return engine.Seen(
            self.state,
            self.team_id.id or None,
            self.user_id.id or None,
            bool(self.first_response_date),
            wrote,
            answered,
            left,
            bool(self.merged_into_id or self.is_spam),
        )

    def _sla_dues(self) -> tuple:
        return tuple(self[name] or None for name in DEADLINES)

    def _sla_facts(self) -> rules.Facts:
        partner = self.partner_id
        level = (
            partner.customer_level_id or partner.commercial_partner_id.customer_level_id
        )
        return rules.Facts(
            self.company_id.id or None,
            self.type_id.id or None,
            self.priority or None,
            level.id or None,
            self.team_id.id or None,
            self.stage_id.id or None,
        )

    def _sla_policies(self, policies=None) -> dict[int, Any]:
        """Which policy applies to each ticket.

        :param policies: to choose from, in order; by default those in use
        :return: by ticket id, an empty record for none
        """
        choose = self._sla_chooser(policies)
        return {ticket.id: choose(ticket.id, ticket._sla_facts()) for ticket in self}

    def _sla_chooser(self, policies=None) -> Callable[[int, rules.Facts], Any]:
        """Return what chooses a policy for one of these tickets by its id and facts;
        further conditions are asked of the tickets as they are now.

        :param policies: see ``_sla_policies``
        """
        Policy = self.env["crm.service.sla.policy"]
        rule_book = (
            Policy._rule_book()
            if policies is None
            else [policy._book_entry() for policy in policies]
        )
        conditions = [Policy._asked_of(rule, self) for rule in rule_book]
        by_facts: dict = {}

        def choose(ticket_id: int, facts: rules.Facts):
            if facts not in by_facts:
                by_facts[facts] = rules.candidates(conditions, facts)
            return Policy.browse(rules.choose(by_facts[facts], ticket_id))

        return choose

    # ------------------------------------------------------------
    # RECKON
    # ------------------------------------------------------------

    @api.model
    def _sla_steps(self, cases: list[Case], now: datetime) -> list[engine.Step]:
        """Advance every case; look further ahead for those that need it."""
        steps: dict[int, engine.Step] = {}
        left = cases
        for horizon in HORIZONS:
            terms = self._sla_terms(left, now, now + horizon)
            for case in left:
                steps[case.ticket.id] = self._sla_step(case, now, terms)
            left = [case for case in left if steps[case.ticket.id].short]
            if not left:
                break
        return [steps[case.ticket.id] for case in cases]

    @api.model
    def _sla_step(self, case: Case, now: datetime, terms: dict) -> engine.Step:
        company = case.ticket.company_id
        new = terms[case.policy, company]
        was = case.was or case.ticket._sla_first_snapshot(case.seen, new, now)
        before = self.env["crm.service.sla.policy"].browse(was.policy)
        return engine.advance(was, case.seen, now, terms[before, company], new)

    def _sla_first_snapshot(self, seen, terms, now) -> engine.Snapshot:
        """A ticket the clock has not met: new, or older than the clock.

        Of the past of an older one nothing is known, so nothing is counted.
        """
        come = MOMENT.value(self.env) or self.create_date
        snapshot = engine.begin(min(come.replace(microsecond=0), now), seen, terms)
        if not UNKNOWN_PAST.is_on(self.env):
            return snapshot
        responded = seen.responded or snapshot.bucket == "done"
        return snapshot._replace(bucket=BEFORE, responded=responded)

    @api.model
    def _sla_terms(self, cases: list[Case], now: datetime, until: datetime) -> dict:
        """The terms of every policy and company in question, the present policies'
        and those of the spans that end; each calendar is asked once."""
        Policy = self.env["crm.service.sla.policy"]
        since: dict = {}
        for case in cases:
            company = case.ticket.company_id
            start = case.was.since if case.was else case.ticket.create_date or now
            before = Policy.browse(case.was.policy) if case.was else Policy
            for policy in (case.policy, before):
                key = policy, company
                since[key] = min(since.get(key, start), start, now)
        by_calendar: dict = {}
        for (policy, company), start in since.items():
            calendar = policy._calendar_for(company)
            by_calendar[calendar] = min(by_calendar.get(calendar, start), start)
        working = {
            calendar: calendar._sla_working_time(start.replace(microsecond=0), until)
            for calendar, start in by_calendar.items()
        }
        return {
            (policy, company): policy._terms(working[policy._calendar_for(company)])
            for policy, company in since
        }

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.model
    def _sla_write(self, cases: list[Case], steps: list[engine.Step], now: datetime):
        """Write what has changed, each table in one statement."""
        clocks, stored, lines, results, reached = [], [], [], [], []
        for case, step in zip(cases, steps, strict=True):
            ticket = case.ticket
            if step.snapshot != case.was or step.check_at != case.check_at:
                clocks.append(row_of(ticket.id, step.snapshot, step.check_at))
            values = self._sla_stored(case, step)
            if any(ticket[name] != value for name, value in values.items()):
                stored.append(
                    (ticket.id, *(value or None for value in values.values()))
                )
            if step.lines:
                lines += self._sla_lines(case, step)
            if step.results:
                results += self._sla_results(case, step)
            if step.reached:
                reached += self._sla_reached(case, step)
        self.env["crm.service.sla.clock"]._store(clocks)
        self._sla_store(stored)
        # sudo: the ledger is the system's to write
        self.env["crm.service.sla.entry"].sudo()._append(lines)
        # sudo: so are the results
        self.env["crm.service.sla.result"].sudo()._append(results)
        first = self._sla_announce(reached, now)
        moments = [row[-1] for row in clocks if row[-1]]
        self._sla_wake_up([*moments, *filter(None, [first])], now)

    @api.model
    def _sla_stored(self, case: Case, step: engine.Step) -> dict[str, Any]:
        """The values of a ticket's own fields, in the order of ``STORED``."""
        dues = step.snapshot.dues
        policy = case.policy
        if step.snapshot.bucket == "done":
            # what was promised stays on a ticket that is done
            policy = policy or case.ticket.sla_policy_id
        return {
            "sla_policy_id": policy,
            "sla_state": step.status or False,
            "sla_deadline": min(filter(None, dues), default=False),
            **{name: due or False for name, due in zip(DEADLINES, dues, strict=True)},
        }

    @api.model
    def _sla_store(self, rows: list[tuple]):
        if not rows:
            return
        rows = [(row[0], row[1].id, *row[2:]) if row[1] else row for row in rows]
        self.env.cr.execute(
            SQL(
                "UPDATE crm_service_ticket t SET %s FROM %s AS n(id, %s)"
                " WHERE t.id = n.id",
                SQL(", ").join(
                    SQL("%s = n.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in STORED
                ),
                unnest(["int", *STORED.values()], rows),
                SQL(", ").join(map(SQL.identifier, STORED)),
            )
        )
        self.browse(row[0] for row in rows).invalidate_recordset(STORED, flush=False)

    @api.model
    def _sla_lines(self, case: Case, step: engine.Step) -> list[tuple]:
        """Lines of the ledger name who had the ticket while the span lasted."""
        was = case.was or step.snapshot
        return [
            (
                case.ticket.id,
                line.start,
                line.end,
                line.seconds,
                line.bucket,
                was.state,
                was.team,
                was.user,
                was.policy,
                case.ticket.company_id.id or None,
            )
            for line in step.lines
        ]

    @api.model
    def _sla_results(self, case: Case, step: engine.Step) -> list[tuple]:
        ticket = case.ticket
        # who had it when the clock ended, not who gets it by the same change
        had = case.was or step.snapshot
        return [
            (
                ticket.id,
                step.snapshot.policy,
                result.kind,
                result.cycle,
                result.start,
                result.end,
                result.target,
                result.used,
                result.late,
                had.team or ticket.team_id.id or None,
                had.user or ticket.user_id.id or None,
                ticket.company_id.id or None,
                ticket.type_id.id or None,
                ticket.priority or None,
            )
            for result in step.results
        ]

    @api.model
    def _sla_reached(self, case: Case, step: engine.Step) -> list[tuple]:
        hands_up = defaultdict(bool)
        for rung in case.policy.step_ids:
            hands_up[rung.percent, rung.clock] |= rung.escalate
        return [
            (
                case.ticket.id,
                case.policy.id,
                one.kind,
                one.cycle,
                one.percent,
                one.moment,
                hands_up[one.percent, "all"] or hands_up[one.percent, one.kind],
            )
            for one in step.reached
        ]

    @api.model
    def _sla_announce(self, rows: list[tuple], now: datetime):
        """Note what was reached and plan who hears of it.

        :return: when the first notice, or hand-over, is due; ``None`` for never
        """
        # sudo: what was reached is the system's to write down
        events = self.env["crm.service.sla.event"].sudo()._note(rows)
        if not events:
            return None
        # sudo: and whom to tell of it
        planned = self.env["crm.service.sla.notice"].sudo()._plan(events, now)
        return now if any(events.mapped("escalate")) else planned

    # ------------------------------------------------------------
    # LOOK AGAIN
    # ------------------------------------------------------------

    @api.model
    def _sla_recheck_all(self, later=False):
        """Policies have changed: what do they say of each open ticket now?

        :param later: leave it to the job, however few there are
        """
        self._sla_recheck(self._sla_open(), 0 if later else AT_ONCE)

    @api.model
    def _sla_recheck_calendars(self, calendars):
        """Working time has changed.

        What ended before keeps the time it was given then; the present span of every
        open ticket is reckoned anew.
        """
        self._sla_recheck(open_by(calendars))

    @api.model
    def _sla_recheck(self, domain, at_once=AT_ONCE):
        """Work out anew the clocks of tickets: of a few at once, of many by the job.

        Tickets the clock has not met are left for whoever introduces them: what was
        before is nobody's debt.
        """
        # sudo: see the docstring of the class
        tickets = self.sudo().with_context(active_test=False)
        domain = domain & fields.Domain("sla_clock_ids", "!=", False)
        few = tickets.search(domain, limit=at_once + 1)
        if len(few) <= at_once:
            few._sla_sync()
            return
        self.env.flush_all()
        query = tickets._search(domain)
        now = self._sla_now().replace(microsecond=0)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_service_sla_clock SET check_at = %s WHERE ticket_id IN %s",
                now,
                query.subselect(),
            )
        )
        self.env["crm.service.sla.clock"].invalidate_model()
        self._sla_wake_up([now], now)
