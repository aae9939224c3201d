from datetime import datetime
from typing import Any, NamedTuple

import pytz

from odoo import api, fields, models

from ..tools import clocks, ledger
from ..tools.clock import elapsed
from ..tools.engine import running as engine_running
from .crm_service_ticket import INTERNAL

#: Colours of the buckets in the bar, as classes of the style sheet.
COLOURS = {
    ledger.WORKING: "o_sla_working",
    ledger.CLOSED: "o_sla_closed",
    ledger.CUSTOMER: "o_sla_customer",
    ledger.PAUSED: "o_sla_paused",
    ledger.DONE: "o_sla_done",
    ledger.BEFORE: "o_sla_before",
}


class Line(NamedTuple):
    """A line of the ledger, or of the present span, that is not in it yet."""

    start: datetime
    end: datetime
    seconds: int
    bucket: str
    team: Any
    user: Any


class CrmServiceTicket(models.Model):
    """The clock in words: the badge, and why the deadline is what it is."""

    _inherit = "crm.service.ticket"

    sla_label = fields.Char(
        "Time Left",
        compute="_compute_sla_label",
        compute_sudo=True,
        groups=INTERNAL,
        help="Working time left until the deadline that comes first.",
    )
    sla_tooltip = fields.Char(
        compute="_compute_sla_label", compute_sudo=True, groups=INTERNAL
    )
    sla_look = fields.Char(
        "Look of the Badge",
        compute="_compute_sla_label",
        compute_sudo=True,
        groups=INTERNAL,
        help="Red is what is late now; a pause is never hidden.",
    )
    sla_was_missed = fields.Boolean(
        "Missed Before",
        compute="_compute_sla_label",
        compute_sudo=True,
        groups=INTERNAL,
        help="A target was missed, and what runs now is not late.",
    )
    sla_explanation = fields.Html(
        "Why This Deadline",
        compute="_compute_sla_explanation",
        compute_sudo=True,
        sanitize=False,
        groups=INTERNAL,
    )

    # ------------------------------------------------------------
    # BADGE
    # ------------------------------------------------------------

    @api.depends("sla_state", "sla_deadline", "sla_policy_id", "state")
    @api.depends_context("lang", "tz")
    def _compute_sla_label(self):
        """Of the ticket as it is stored: a choice in a form moves its clock once it is
        saved."""
        left = self._origin._sla_left(fields.Datetime.now())
        for ticket in self:
            stored = ticket._origin
            if not stored.sla_state:
                ticket.sla_label = ticket.sla_tooltip = ticket.sla_look = False
                ticket.sla_was_missed = False
                continue
            clock, seconds = left.get(stored.id, (None, None))
            look = _look_of(stored, clock, seconds)
            ticket.sla_look = look
            ticket.sla_was_missed = (
                stored.sla_state == clocks.BREACHED and look != clocks.BREACHED
            )
            ticket.sla_label = stored._sla_words(clock, seconds, look)
            ticket.sla_tooltip = stored._sla_reason(clock)

    def _sla_left(self, now: datetime) -> dict[int, tuple[str, int]]:
        """The clock that ends first and the working seconds it has left, below zero
        if it is overdue; no clock for tickets that are done or without a policy."""
        live = self.filtered(lambda ticket: ticket.sla_policy_id)
        known = self.env["crm.service.sla.clock"]._snapshots(live)
        working = live._sla_working(now)
        found = {}
        for ticket in live:
            snapshot = known.get(ticket.id, (None,))[0]
            if not snapshot:
                continue
            targets = ticket.sla_policy_id._targets()
            running = [clock for clock, _cycle in engine_running(snapshot, targets)]
            left = [
                (clock.kind, ticket._sla_left_of(clock, snapshot, working, now))
                for clock in running
            ]
            if left:
                found[ticket.id] = min(left, key=lambda pair: pair[1])
        return found

    def _sla_left_of(self, clock, snapshot, working, now: datetime) -> int:
        """Working seconds a clock has left now."""
        time = working[self.sla_policy_id, self.company_id]
        due = self[f"{clock.kind}_deadline"]
        if due and due < now:
            # by what people see on the wall: an overdue ticket is late by working time
            return -max(elapsed(time, due, now), 1)
        spent = 0
        if snapshot.bucket == ledger.WORKING:
            spent = elapsed(time, snapshot.since, now)
        return clock.target - clock.used - spent

    def _sla_working(self, now: datetime) -> dict:
        """Working time by policy and company, around the present spans."""
        clocks_ = self.env["crm.service.sla.clock"].search_fetch(
            [("ticket_id", "in", self.ids)], ["since"], order="since", limit=1
        )
        dues = [due for ticket in self for due in ticket._sla_dues() if due]
        start = min([now, *clocks_.mapped("since"), *dues])
        calendars: dict = {}
        working = {}
        for ticket in self:
            key = ticket.sla_policy_id, ticket.company_id
            if key not in working:
                calendar = key[0]._calendar_for(key[1])
                if calendar not in calendars:
                    calendars[calendar] = calendar._sla_working_time(start, now)
                working[key] = calendars[calendar]
        return working

    def _sla_words(self, clock: str | None, seconds: int | None, look: str) -> str:
        """What the badge says."""
        duration = self.env["crm.service.sla.policy"]._duration
        if seconds is None:
            if look == clocks.MISSED:
                return self.env._("Missed")
            return self.env._("Met") if look == clocks.MET else ""
        if -60 < seconds <= 0:
            return self.env._("Overdue")
        if seconds <= 0:
            return self.env._("Overdue %s", duration(-seconds))
        if look == clocks.PAUSED:
            return self.env._("Paused, %s left", duration(seconds))
        return self.env._("%s left", duration(seconds))

    def _sla_reason(self, clock: str | None) -> str:
        """Why: which target of which policy, in which working time, when due."""
        policy = self.sla_policy_id
        if not policy:
            return ""
        names = policy._clock_names()
        calendar = policy._calendar_for(self.company_id)
        hours = calendar.name or self.env._("round the clock")
        if clock is None:
            return self.env._(
                "Policy “%(policy)s”, working time: %(hours)s",
                policy=policy.name,
                hours=hours,
            )
        target = policy._duration(policy._targets().get(clock, 0))
        due = self[f"{clock}_deadline"]
        if not due:
            return self.env._(
                "%(clock)s: the clock stands still. Policy “%(policy)s”: %(target)s, "
                "working time: %(hours)s",
                clock=names[clock],
                policy=policy.name,
                target=target,
                hours=hours,
            )
        return self.env._(
            "%(clock)s due %(due)s. Policy “%(policy)s”: %(target)s, working time: "
            "%(hours)s",
            clock=names[clock],
            due=self._sla_local(due),
            policy=policy.name,
            target=target,
            hours=hours,
        )

    def _sla_zone(self) -> str:
        """Where the reader is, else where the work is done."""
        calendar = self.company_id.resource_calendar_id
        return self.env.context.get("tz") or self.env.user.tz or calendar.tz or "UTC"

    def _sla_local(self, moment: datetime, zone: str | None = None) -> str:
        """A moment as people write it, in the reader's time zone."""
        aware = pytz.utc.localize(moment)
        local = aware.astimezone(pytz.timezone(zone or self._sla_zone()))
        return local.strftime("%Y-%m-%d %H:%M")

    def _acknowledgement_promise(self):
        """The first response as the policy has it, while its clock runs."""
        ticket = self.sudo()  # sudo: the customer reads the target, not the clock
        policy = ticket.sla_policy_id
        if not ticket.first_response_deadline:
            return super()._acknowledgement_promise()
        time = policy._duration(60 * policy.first_response_minutes)
        if policy.hours == "always":
            return self.env._("You will have a first answer within %s.", time)
        return self.env._(
            "You will have a first answer within %s of our working time.", time
        )

    def _sla_summary_of_breach(self) -> str:
        self.ensure_one()
        names = self.env["crm.service.sla.policy"]._clock_names()
        late = [
            names[clock]
            for clock in clocks.CLOCKS
            if self[f"{clock}_deadline"]
            and self[f"{clock}_deadline"] <= self._sla_now()
        ]
        return self.env._("Overdue: %s", ", ".join(late) or self.number)

    # ------------------------------------------------------------
    # WHY THIS DEADLINE
    # ------------------------------------------------------------

    @api.depends("sla_state", "sla_deadline", "sla_policy_id", "state", "user_id")
    @api.depends_context("lang", "tz")
    def _compute_sla_explanation(self):
        for ticket in self:
            stored = ticket._origin
            ticket.sla_explanation = (
                stored._sla_explain() if stored.create_date else False
            )

    def _sla_explain(self):
        """The page: the targets, the bar, the lines, and the sum."""
        self.ensure_one()
        now = fields.Datetime.now()
        lines = self._sla_all_lines(now)
        duration = self.env["crm.service.sla.policy"]._duration
        total = sum(line.seconds for line in lines)
        return self.env["ir.qweb"]._render(
            "crm_service_sla.explanation",
            {
                "policy": self.sla_policy_id,
                "targets": self._sla_targets_told(now),
                "lines": [self._sla_line_told(line, total) for line in lines],
                "totals": self._sla_totals(lines),
                "age": duration(total),
                "reason": self._sla_reason(None),
            },
        )

    def _sla_all_lines(self, now: datetime) -> list[Line]:
        """The ledger and what the present span has come to."""
        entries = self.env["crm.service.sla.entry"].search(
            [("ticket_id", "=", self.id)], order="date_from, id"
        )
        lines = [
            Line(e.date_from, e.date_to, e.seconds, e.bucket, e.team_id, e.user_id)
            for e in entries
        ]
        snapshot = self.env["crm.service.sla.clock"]._snapshots(self).get(self.id)
        if snapshot:
            lines += self._sla_present_lines(snapshot[0], now)
        return lines

    def _sla_present_lines(self, snapshot, now: datetime) -> list[Line]:
        calendar = self.sla_policy_id._calendar_for(self.company_id)
        working = calendar._sla_working_time(snapshot.since, max(now, snapshot.since))
        team = self.env["crm.service.team"].browse(snapshot.team)
        user = self.env["res.users"].browse(snapshot.user)
        return [
            Line(*segment[:2], segment.seconds, segment.bucket, team, user)
            for segment in ledger.segments(
                snapshot.bucket, snapshot.since, now, working
            )
        ]

    def _sla_line_told(self, line: Line, total: int) -> dict[str, Any]:
        policy = self.env["crm.service.sla.policy"]
        names = dict(self.env["crm.service.sla.entry"]._bucket_names())
        who = line.user.name or line.team.name or ""
        if line.bucket == ledger.CUSTOMER:
            who = self.partner_id.display_name or self.partner_name or ""
        return {
            "from": self._sla_local(line.start),
            "to": self._sla_local(line.end),
            "time": policy._duration(line.seconds),
            "bucket": names[line.bucket],
            "colour": COLOURS[line.bucket],
            "who": who,
            "team": line.team.name or "",
            "share": f"{100 * line.seconds / total:.3f}" if total else "0",
        }

    def _sla_totals(self, lines: list[Line]) -> list[dict[str, Any]]:
        names = dict(self.env["crm.service.sla.entry"]._bucket_names())
        duration = self.env["crm.service.sla.policy"]._duration
        sums = dict.fromkeys(ledger.BUCKETS, 0)
        for line in lines:
            sums[line.bucket] += line.seconds
        return [
            {"bucket": names[key], "time": duration(sums[key]), "colour": COLOURS[key]}
            for key in ledger.BUCKETS
            if sums[key]
        ]

    def _sla_targets_told(self, now: datetime) -> list[dict[str, Any]]:
        """A line per target: promised, used, and what came or will come of it."""
        policy = self.sla_policy_id
        results = self.env["crm.service.sla.result"].search(
            [("ticket_id", "=", self.id)], order="date_to, id"
        )
        names = policy._clock_names()
        told = [
            {
                "name": names[result.clock],
                "target": policy._duration(result.target),
                "used": policy._duration(result.used),
                "late": result.is_late,
                "note": policy._late_note(result.used, result.target, result.is_late),
                "closed": result.used == result.target,
                "open": False,
                "when": self._sla_local(result.date_to),
            }
            for result in results
        ]
        found = self.env["crm.service.sla.clock"]._snapshots(self).get(self.id)
        if policy and found:
            told += self._sla_running_told(found[0], now)
        return told

    def _sla_running_told(self, snapshot, now: datetime) -> list[dict[str, Any]]:
        policy = self.sla_policy_id
        names = policy._clock_names()
        calendar = policy._calendar_for(self.company_id)
        working = calendar._sla_working_time(snapshot.since, max(now, snapshot.since))
        spent = 0
        if snapshot.bucket == ledger.WORKING:
            spent = elapsed(working, snapshot.since, now)
        told = []
        for clock, _cycle in engine_running(snapshot, policy._targets()):
            due = self[f"{clock.kind}_deadline"]
            used = clock.used + spent
            is_late = clocks.is_late(used, clock.target)
            told.append(
                {
                    "name": names[clock.kind],
                    "target": policy._duration(clock.target),
                    "used": policy._duration(used),
                    "late": is_late,
                    "note": policy._late_note(used, clock.target, is_late),
                    "closed": used == clock.target,
                    "open": True,
                    "when": due and self._sla_local(due),
                }
            )
        return told


def _look_of(ticket, clock: str | None, seconds: int | None) -> str:
    """Return the look of a ticket's badge, by the clock that ends first."""
    target = ticket.sla_policy_id._targets().get(clock, 0)
    is_running = bool(clock and ticket[f"{clock}_deadline"])
    return clocks.look_of(ticket.sla_state, target, seconds, is_running)
