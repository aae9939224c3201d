from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.tools.changes import EVERYTHING, follows
from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import clocks

STATES = [
    (clocks.ON_TRACK, "On track"),
    (clocks.WARNING, "Due soon"),
    (clocks.BREACHED, "Breached"),
    (clocks.PAUSED, "Paused"),
    (clocks.MET, "Met"),
]
DEADLINES = tuple(f"{clock}_deadline" for clock in clocks.CLOCKS)
# a customer who reads the ticket on the portal does not read our clock
INTERNAL = "base.group_user"
DONE_STATES = ("resolved", "closed")
# tickets are being made: what is written meanwhile is part of their beginning
LATER = Token("sla_later")
# what decides about policy, clock or ledger
WATCHED = frozenset(
    {
        "active",
        "company_id",
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
    }
)


class CrmServiceTicket(models.Model):
    """What is promised to the customer, and how it stands.

    The fields are written by the engine (``crm_service_ticket_clock.py``) only.
    """

    _inherit = "crm.service.ticket"

    sla_policy_id = fields.Many2one(
        "crm.service.sla.policy",
        "SLA Policy",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        index="btree_not_null",
        ondelete="restrict",
    )
    sla_state = fields.Selection(
        STATES,
        "SLA",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="Breached is a ticket that missed a target once, whatever came later.",
    )
    sla_deadline = fields.Datetime(
        "Due",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="The deadline that comes first; empty while the clock is paused.",
    )
    first_response_deadline = fields.Datetime(
        readonly=True, copy=False, groups=INTERNAL
    )
    next_response_deadline = fields.Datetime(readonly=True, copy=False, groups=INTERNAL)
    resolution_deadline = fields.Datetime(readonly=True, copy=False, groups=INTERNAL)
    sla_clock_ids = fields.One2many(
        "crm.service.sla.clock",
        "ticket_id",
        "SLA Clock",
        readonly=True,
        groups=INTERNAL,
    )
    sla_entry_ids = fields.One2many(
        "crm.service.sla.entry",
        "ticket_id",
        "SLA Ledger",
        readonly=True,
        groups=INTERNAL,
    )
    sla_result_ids = fields.One2many(
        "crm.service.sla.result",
        "ticket_id",
        "SLA Results",
        readonly=True,
        groups=INTERNAL,
    )

    _sla_deadline_idx = models.Index("(sla_deadline) WHERE sla_deadline IS NOT NULL")
    # the order of lists and boards
    _sla_order_idx = models.Index(
        "(sla_deadline, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _sla_state_idx = models.Index("(sla_state) WHERE sla_state IS NOT NULL")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {
            "sla_policy_id",
            "sla_state",
            "sla_deadline",
            *DEADLINES,
        }

    # ------------------------------------------------------------
    # WHAT HAPPENS TO A TICKET
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        later = LATER.on(self)
        tickets = super(CrmServiceTicket, later).create(vals_list)
        tickets = tickets.with_env(self.env)
        tickets._sla_sync(new=True)
        return tickets

    @follows(90, EVERYTHING)
    def _clock_follows(self, change):
        # what is written while a ticket is being made is part of its beginning
        if not LATER.is_on(self.env) and self._sla_watched() & change.names:
            self._sla_sync()

    def _we_answered(self, message):
        result = super()._we_answered(message)
        self._sla_sync(answered=True)
        return result

    def _customer_spoke(self, message):
        result = super()._customer_spoke(message)
        self._sla_sync(wrote=True)
        return result

    def _question_left(self):
        result = super()._question_left()
        self._sla_sync(left=True)
        return result

    # ------------------------------------------------------------
    # WHAT THE CLOCK WATCHES
    # ------------------------------------------------------------

    @api.model
    def _sla_watched(self) -> frozenset[str]:
        """The fields of a ticket that decide about its clock.

        Those further conditions of policies ask for are among them.
        """
        return WATCHED | self._sla_condition_fields()

    @api.model
    def _sla_condition_fields(self) -> frozenset[str]:
        # sudo: a policy holds for whoever writes, also without the right to read it
        rule_book = self.env["crm.service.sla.policy"].sudo()._rule_book()
        return frozenset().union(*(rule.info.asks for rule in rule_book if rule.info))

    @api.model
    def _sla_open(self) -> Domain:
        """Tickets whose clock has not ended."""
        return Domain("state", "not in", DONE_STATES)

    @api.model
    def _sla_choices(self, name: str) -> list[tuple[str, str]]:
        """The choices of a selection field of tickets."""
        return self._fields[name]._description_selection(self.env)
