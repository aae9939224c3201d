from odoo import api, fields, models
from odoo.tools import SQL

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
        names = self.env["crm.service.sla.policy"]._clock_names()
        return self.env._(
            "%(clock)s: %(percent)s%% of the time “%(policy)s” allows are used.",
            clock=names[self.clock],
            percent=self.percent,
            policy=self.policy_id.name,
        )
