from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.clock import elapsed
from ..tools.clocks import FIRST, NEXT
from ..tools.ledger import DONE
from .crm_service_sla_clock import unnest
from .crm_service_sla_result import CLOCK_NAMES

COLUMNS = {
    "ticket_id": "int",
    "policy_id": "int",
    "clock": "varchar",
    "cycle": "int",
    "percent": "int",
    "date": "timestamp",
    "escalate": "bool",
}


class CrmServiceSlaEvent(models.Model):
    """A share of a target that a ticket has reached; each once, which the database
    guarantees however many workers find it."""

    _name = "crm.service.sla.event"
    _link_gate = True
    _description = "SLA Event"
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _log_access = False

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, readonly=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        "crm.service.sla.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    clock = fields.Selection(CLOCK_NAMES, "Target", required=True, readonly=True)
    cycle = fields.Integer("Round", readonly=True)
    percent = fields.Integer("%", readonly=True, aggregator=None)
    date = fields.Datetime("Reached", required=True, readonly=True)
    escalate = fields.Boolean(
        "To Hand Up", readonly=True, help="To be handed to the next level yet."
    )
    notice_ids = fields.One2many("crm.service.sla.notice", "event_id", readonly=True)

    _event_uniq = models.UniqueIndex("(ticket_id, policy_id, clock, cycle, percent)")
    _escalate_idx = models.Index("(id) WHERE escalate IS TRUE")

    @api.model
    def _note(self, rows: list[tuple]):
        """Note events that are not known yet, in one statement.

        :param rows: values in the order of ``COLUMNS``
        :return: the new ones
        """
        if not rows:
            return self
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_event (%s) SELECT * FROM %s"
                " ON CONFLICT DO NOTHING RETURNING id",
                names,
                unnest(COLUMNS.values(), rows),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _loudest(self):
        """Of several events of one clock at once, the one with the largest share:
        nobody wants to hear of a half when the whole is gone."""
        found = {}
        for event in self:
            key = event.ticket_id, event.clock
            if key not in found or found[key].percent < event.percent:
                found[key] = event
        return self.browse(event.id for event in found.values())

    def _is_live(self, clock) -> bool:
        """Whether the clock the event is about has not ended, by the ticket's row in
        ``crm.service.sla.clock``."""
        self.ensure_one()
        if not clock or clock.bucket == DONE or clock.policy_id != self.policy_id:
            return False
        if self.clock == FIRST:
            return not clock.responded
        if self.clock == NEXT:
            return bool(clock.asked_at) and clock.rounds == self.cycle
        return True

    def _hand_up(self):
        """Hand tickets up whose policy says so."""
        self.write({"escalate": False})
        # sudo: the job's own; it sees every ticket
        clocks = self.env["crm.service.sla.clock"].sudo()
        known = clocks.search([("ticket_id", "in", self.ticket_id.ids)])
        by_ticket = {clock.ticket_id: clock for clock in known}
        for event in self:
            if event._is_live(by_ticket.get(event.ticket_id)):
                event.ticket_id._sla_escalate(event)

    def _hand_up_note(self) -> str:
        """What the next person finds written about the hand-over."""
        self.ensure_one()
        return self.env._(
            "Escalated by the SLA: %s", self._why(fields.Datetime.now())[self.id]
        )

    def _why(self, now: datetime, zone: str | None = None) -> dict[int, str]:
        """By event id what was promised by which policy, until when, and how late it
        is; in the language of the context.

        :param zone: of the reader
        """
        late = self._late_seconds(now)
        return {
            event.id: event._sentence(late.get(event.id, 0), zone) for event in self
        }

    def _sentence(self, late: int, zone: str | None) -> str:
        policy, ticket = self.policy_id, self.ticket_id
        names = policy._clock_names()
        due = ticket[f"{self.clock}_deadline"]
        values = {
            "clock": names[self.clock],
            "target": policy[f"{self.clock}_limit"],
            "policy": policy.name,
            "percent": self.percent,
            "due": due and ticket._sla_local(due, zone),
        }
        if late:
            return self.env._(
                "%(clock)s within %(target)s as “%(policy)s” promises, until %(due)s: "
                "%(late)s late.",
                **values,
                late=policy._duration(late),
            )
        if due:
            return self.env._(
                "%(clock)s within %(target)s as “%(policy)s” promises, until %(due)s: "
                "%(percent)s%% of the time are used.",
                **values,
            )
        return self.env._(
            "%(clock)s within %(target)s as “%(policy)s” promises: %(percent)s%% of "
            "the time are used.",
            **values,
        )

    def _late_seconds(self, now: datetime) -> dict[int, int]:
        """By event id the working time since the deadline; each calendar is asked
        once."""
        overdue = self.filtered(lambda event: event._due() and event._due() < now)
        found: dict[int, int] = {}
        by_calendar = overdue.grouped(
            lambda event: event.policy_id._calendar_for(event.ticket_id.company_id)
        )
        for calendar, events in by_calendar.items():
            since = min(event._due() for event in events)
            working = calendar._sla_working_time(since, now)
            for event in events:
                found[event.id] = elapsed(working, event._due(), now)
        return found

    def _due(self):
        return self.ticket_id[f"{self.clock}_deadline"]
