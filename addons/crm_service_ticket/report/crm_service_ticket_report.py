from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.fields import OptionalFloat

from ..models.crm_service_stage import STATES
from ..models.crm_service_team_member import LEVELS
from ..models.crm_service_ticket import CHANNELS
from ..models.crm_service_ticket_type import PRIORITIES, TICKET_TYPES


class CrmServiceTicketReport(models.Model):
    """Figures of service. Grain: one ticket; merged ones are left out, their customer
    is counted with the ticket they went into.

    Hours are plain time; business time is of ``crm_service_sla``, which extends
    ``_select`` and ``_from``. The rules are those of tickets.
    """

    _name = "crm.service.ticket.report"
    _description = "Service Figures"
    _auto = False
    _order = "create_date desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("crm.service.ticket", readonly=True)
    create_date = fields.Datetime("Opened On", readonly=True)
    resolved_date = fields.Datetime("Resolved On", readonly=True)
    closed_date = fields.Datetime("Closed On", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.service.team", readonly=True)
    user_id = fields.Many2one("res.users", "Agent", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    guard_user_id = fields.Many2one("res.users", "Customer's Owner", readonly=True)
    stage_id = fields.Many2one("crm.service.stage", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    type_id = fields.Many2one("crm.service.ticket.type", readonly=True)
    ticket_type = fields.Selection(TICKET_TYPES, "Main Type", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    # measures
    backlog = fields.Integer(readonly=True, help="Tickets that are open now.")
    resolved = fields.Integer("Resolved Tickets", readonly=True)
    reopened = fields.Integer("Reopened Tickets", readonly=True)
    reopen_count = fields.Integer("Times Reopened", readonly=True)
    reopened_rate = OptionalFloat(
        "Reopened (%)",
        readonly=True,
        aggregator="avg",
        help="Of tickets ever resolved.",
    )
    response_hours = OptionalFloat(
        "First Response (h)",
        readonly=True,
        aggregator="avg",
        help="From opening to our first answer; tickets without are left out.",
    )
    resolution_hours = OptionalFloat(
        "Resolution (h)",
        readonly=True,
        aggregator="avg",
        help="From opening to resolving; unresolved ones are left out.",
    )
    satisfaction = OptionalFloat(
        readonly=True,
        aggregator="avg",
        help="Average of the stars given; tickets without a score are left out.",
    )
    scored = fields.Integer("Scored Tickets", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s FROM %s WHERE %s", self._select(), self._from(), self._where()
        )

    @api.model
    def _select(self) -> SQL:
        """Columns; a module that adds some appends ``, …``."""
        return SQL(
            """
            ticket.id, ticket.id AS ticket_id, ticket.create_date,
            ticket.resolved_date, ticket.closed_date, ticket.company_id,
            ticket.team_id, ticket.user_id, ticket.customer_id, ticket.guard_user_id,
            ticket.stage_id, ticket.state, ticket.type_id, ticket.ticket_type,
            ticket.priority, ticket.channel, ticket.level, ticket.reopen_count,
            (ticket.state IN ('pending', 'in_progress', 'waiting'))::int AS backlog,
            (ticket.resolved_date IS NOT NULL)::int AS resolved,
            (ticket.reopen_count > 0)::int AS reopened,
            CASE WHEN ticket.resolved_date IS NOT NULL OR ticket.reopen_count > 0
                 THEN (ticket.reopen_count > 0)::int * 100.0 END AS reopened_rate,
            EXTRACT(EPOCH FROM ticket.first_response_date - ticket.create_date) / 3600
                AS response_hours,
            EXTRACT(EPOCH FROM ticket.resolved_date - ticket.create_date) / 3600
                AS resolution_hours,
            NULLIF(ticket.satisfaction_score, 0) AS satisfaction,
            (ticket.satisfaction_score > 0)::int AS scored
            """
        )

    @api.model
    def _from(self) -> SQL:
        return SQL("crm_service_ticket ticket")

    @api.model
    def _where(self) -> SQL:
        return SQL("ticket.merged_into_id IS NULL AND ticket.active IS TRUE")
