import time
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools import replay
from ..tools.clocks import FIRST, RESOLUTION
from ..tools.ledger import BEFORE
from ..tools.policy import Facts
from .crm_service_ticket import DONE_STATES

BATCH = 500
#: Seconds a person waits for before the rest is left to the job.
PATIENCE = 8


class Ended(NamedTuple):
    """A clock that ended, as it was.

    ``late``, ``target``, ``type_id`` and ``priority``: ``None`` when nothing had
    been promised.
    """

    kind: str
    cycle: int
    start: datetime
    end: datetime
    used: int | None
    target: int | None
    late: bool | None
    type_id: int | None = None
    priority: str | None = None

    def known(self, facts: Facts) -> Facts:
        """Return the facts with what was noted down when the clock ended."""
        return facts._replace(
            type_id=self.type_id or facts.type_id,
            priority=self.priority or facts.priority,
        )


class Tried(NamedTuple):
    """A clock that ended, the facts of the time and the policy they lead to."""

    ticket: Any
    clock: Ended
    facts: Facts
    policy: Any


class CrmServiceSlaReplay(models.Model):
    """Past tickets under other policies, to know before switching them on.

    Reads tickets, ledger, results and tracking; writes nothing but its own lines.
    Type, priority, team, stage and the customer's level are those of the moment the
    clock ended; a policy's further condition is asked of the ticket as it is now.
    """

    _name = "crm.service.sla.replay"
    _description = "SLA Replay"
    _order = "id desc"

    name = fields.Char(
        required=True, default=lambda self: self.env._("What would have been")
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(
        "Opened From",
        required=True,
        default=lambda self: self.env.company._today() - timedelta(days=90),
    )
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self.env.company._today()
    )
    team_ids = fields.Many2many("crm.service.team", string="Teams")
    policy_ids = fields.Many2many(
        "crm.service.sla.policy",
        string="Policies to Try",
        context={"active_test": False},
        default=lambda self: self._default_policies(),
        help="In their order, as if they alone were in use. Copy a policy, change the "
        "copy and choose it here instead of the original: it stays a draft.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Calendar to Try",
        help="Instead of the calendars of the policies; empty: as the policies say.",
    )
    state = fields.Selection(
        [("draft", "Not started"), ("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    line_ids = fields.One2many(
        "crm.service.sla.replay.line", "replay_id", readonly=True, copy=False
    )
    difference_ids = fields.One2many(
        "crm.service.sla.replay.line",
        "replay_id",
        "Differences",
        domain=[("change", "in", ("better", "worse"))],
        readonly=True,
        copy=False,
    )

    # progress
    last_ticket_id = fields.Integer(readonly=True, copy=False)
    total = fields.Integer("Tickets", readonly=True, copy=False)
    done = fields.Integer("Tickets Done", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="0 to 100.")

    # result
    summary = fields.Text(compute="_compute_summary")

    _dates_check = models.Constraint(
        "CHECK (date_from <= date_to)", "The period begins before it ends."
    )

    @api.model
    def _default_policies(self):
        return self.env["crm.service.sla.policy"].search(
            [("state", "=", "ok"), ("company_id", "in", [self.env.company.id, False])]
        )

    @api.constrains("calendar_id")
    def _check_calendar(self):
        for record in self.filtered("calendar_id"):
            calendar = record.calendar_id
            if calendar.flexible_hours or not calendar.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” has no fixed working hours to count in.", calendar.name
                    )
                )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("total", "done", "state")
    def _compute_progress(self):
        for record in self:
            share = 100.0 * record.done / record.total if record.total else 0.0
            record.progress = 100.0 if record.state == "done" else share

    @api.depends("state", "line_ids.change")
    @api.depends_context("lang")
    def _compute_summary(self):
        counts: dict = defaultdict(lambda: defaultdict(int))
        groups = self.env["crm.service.sla.replay.line"]._read_group(
            [("replay_id", "in", self.ids)],
            ["replay_id", "change", "before", "after"],
            ["__count"],
        )
        for record, change, before, after, count in groups:
            own = counts[record]
            own[change] += count
            own["before"] += count * (before == "late")
            own["after"] += count * (after == "late")
            own["all"] += count
        for record in self:
            record.summary = record._sentence(counts[record])

    def _sentence(self, own) -> str:
        if self.state == "draft":
            return ""
        if not own["all"]:
            return self.env._("No ticket of this period has ended a clock.")
        return self.env._(
            "%(all)s promises of %(tickets)s tickets: %(before)s were breached, "
            "%(after)s would have been. %(better)s would have been met that were not, "
            "%(worse)s missed that were met; %(fresh)s had no promise then, "
            "%(gone)s would have none.",
            all=own["all"],
            tickets=self.done,
            before=own["before"],
            after=own["after"],
            better=own["better"],
            worse=own["worse"],
            fresh=own["new"],
            gone=own["gone"],
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_run(self):
        """Begin anew. What takes longer than a few seconds goes on by itself.

        :raise UserError: without a policy
        """
        self.ensure_one()
        self.check_access("write")
        if not self.policy_ids:
            raise UserError(self.env._("Choose at least one policy to try."))
        self.line_ids.sudo().unlink()  # sudo: of a trial the user may change
        self.write(
            {
                "state": "running",
                "last_ticket_id": 0,
                "done": 0,
                "total": self._tickets().search_count(self._domain()),
            }
        )
        begun = time.monotonic()
        while self.state == "running" and time.monotonic() - begun < PATIENCE:
            self._process_batch()
        if self.state == "running":
            # sudo: nobody but the system may touch jobs
            self.env.ref("crm_service_sla.ir_cron_sla_replay").sudo()._trigger()

    def action_lines(self):
        """All promises, by team and type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_sla.action_replay_line"
        )
        return {**action, "domain": [("replay_id", "=", self.id)]}

    def action_refresh(self):
        """Show how far the job has come."""
        return True

    @api.model
    def _cron_replay(self):
        self.env["crm.job"]._work_off(
            Step(
                "crm_service_sla.replay",
                self,
                [("state", "=", "running")],
                lambda one: one._go_on(),
                size=1,
                person=lambda one: one.create_uid,
            )
        )

    def _go_on(self):
        self._process_batch()
        return self.filtered(lambda one: one.state == "running")

    # ------------------------------------------------------------
    # REPLAY
    # ------------------------------------------------------------

    def _tickets(self):
        """All tickets of the period count, whoever asks: a manager's what-if would be
        wrong by what is hidden. The lines show only what the reader may see."""
        # sudo: see the docstring; nothing of the tickets is shown from here
        return self.env["crm.service.ticket"].sudo().with_context(active_test=False)

    def _domain(self) -> Domain:
        self.ensure_one()
        day = timedelta(days=1)
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("create_date", ">=", fields.Datetime.to_datetime(self.date_from))
            & Domain(
                "create_date", "<", fields.Datetime.to_datetime(self.date_to + day)
            )
            & Domain("state", "in", DONE_STATES)
            & Domain("merged_into_id", "=", False)
            & Domain("is_spam", "=", False)
        )
        if self.team_ids:
            domain &= Domain("team_id", "in", self.team_ids.ids)
        return domain

    def _process_batch(self) -> int:
        """Replay the next tickets; without commit.

        :return: how many
        """
        self.ensure_one()
        after = Domain("id", ">", self.last_ticket_id)
        tickets = self._tickets().search(
            self._domain() & after, order="id", limit=BATCH
        )
        for ticket, error in self.env["crm.job"]._isolate(tickets, self._replay):
            # left out, and its author told; the others count
            self.env["crm.job.problem"]._set_aside(
                "crm_service_sla.replay_ticket", ticket, error, self.create_uid
            )
        values: dict[str, Any] = {"done": self.done + len(tickets)}
        if tickets:
            values["last_ticket_id"] = tickets[-1].id
        if len(tickets) < BATCH:
            values["state"] = "done"
        self.write(values)
        return len(tickets)

    def _replay(self, tickets):
        """Work out the clocks of tickets under the policies to try."""
        # sudo: policies are read by managers; see also _tickets
        policies = self.policy_ids.sudo().sorted(lambda p: (p.sequence, p.id))
        past = self._past_of(tickets)
        tried = self._tried(tickets, tickets._sla_chooser(policies))
        working = self._working_of(tried)
        rows = [self._row(one, past[one.ticket.id], working) for one in tried]
        self.env["crm.service.sla.replay.line"]._append(rows)

    def _tried(self, tickets, choose) -> list[Tried]:
        """Choose a policy for every clock that ended.

        :param choose: see ``_sla_chooser`` of tickets
        """
        ended = self._ended_of(tickets)
        pairs = [(ticket, clock) for ticket in tickets for clock in ended[ticket.id]]
        then = tickets._sla_facts_at((ticket, clock.end) for ticket, clock in pairs)
        tried = []
        for (ticket, clock), found in zip(pairs, then, strict=True):
            facts = clock.known(found)
            tried.append(Tried(ticket, clock, facts, choose(ticket.id, facts)))
        return tried

    def _past_of(self, tickets) -> dict[int, list[replay.Past]]:
        rows = self.env.execute_query(
            SQL(
                "SELECT ticket_id, date_from, date_to, state FROM crm_service_sla_entry"
                " WHERE ticket_id = ANY(%s) AND bucket <> %s",
                list(tickets.ids),
                BEFORE,
            )
        )
        found = defaultdict(list)
        for ticket_id, start, end, state in rows:
            found[ticket_id].append(replay.Past(start, end, state))
        return defaultdict(list, {key: replay.spans(own) for key, own in found.items()})

    def _ended_of(self, tickets) -> dict[int, list[Ended]]:
        """The clocks of tickets that ended; for those that were promised nothing, the
        first response and the resolution, which can be told from the ticket."""
        # sudo: all tickets of the period count; see _tickets
        results = self.env["crm.service.sla.result"].sudo()
        found: dict[int, list[Ended]] = defaultdict(list)
        for one in results.search([("ticket_id", "in", tickets.ids)], order="id"):
            found[one.ticket_id.id].append(
                Ended(
                    one.clock,
                    one.cycle,
                    one.date_from,
                    one.date_to,
                    one.used,
                    one.target,
                    one.is_late,
                    one.type_id.id or None,
                    one.priority,
                )
            )
        for ticket in tickets:
            kinds = {clock.kind for clock in found[ticket.id]}
            found[ticket.id] += self._unpromised(ticket, kinds)
        return found

    @staticmethod
    def _unpromised(ticket, kinds) -> list[Ended]:
        start, end = ticket.create_date.replace(microsecond=0), ticket.resolved_date
        answered = min(filter(None, (ticket.first_response_date, end)), default=None)
        moments = ((FIRST, answered), (RESOLUTION, end))
        return [
            Ended(kind, 0, start, moment, None, None, None)
            for kind, moment in moments
            if kind not in kinds and moment
        ]

    def _working_of(self, tried: list[Tried]) -> dict:
        """Working time by policy and company over all the clocks of a batch."""
        if not tried:
            return {}
        start = min(one.clock.start for one in tried)
        end = max(one.clock.end for one in tried)
        by_calendar: dict = {}
        found = {}
        for key in {(one.policy, one.ticket.company_id) for one in tried}:
            # sudo: working hours, from which sums are made
            calendar = self.calendar_id.sudo() or key[0]._calendar_for(key[1])
            if calendar not in by_calendar:
                by_calendar[calendar] = calendar._sla_working_time(start, end)
            found[key] = by_calendar[calendar]
        return found

    def _row(self, one: Tried, past, working) -> tuple:
        """A line in the order of the columns of ``crm.service.sla.replay.line``."""
        ticket, clock, facts, policy = one
        target = policy._targets().get(clock.kind) if policy else None
        after: str = "none"
        used = None
        if target:
            found = replay.outcome(
                past,
                clock.start,
                clock.end,
                target,
                policy._pauses(),
                working[policy, ticket.company_id],
            )
            used, after = found.used, "late" if found.late else "met"
        before = "none" if clock.late is None else "late" if clock.late else "met"
        return (
            self.id,
            ticket.id,
            policy.id or None,
            clock.kind,
            clock.cycle,
            before,
            after,
            CHANGES[before, after],
            clock.used,
            used,
            clock.target,
            target,
            facts.team,
            ticket.user_id.id or None,
            facts.type_id,
            ticket.company_id.id,
        )


#: What a line means, by before and after.
CHANGES = {
    ("late", "met"): "better",
    ("met", "late"): "worse",
    ("met", "met"): "same",
    ("late", "late"): "same",
    ("none", "none"): "same",
    ("none", "met"): "new",
    ("none", "late"): "new",
    ("met", "none"): "gone",
    ("late", "none"): "gone",
}
