from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..models.crm_service_ticket_satisfaction import DONE_STATES
from ..models.crm_service_ticket_solution import (
    needs_solution,
    proposed_solution,
    tell_solved,
)


class CrmServiceResolveWizard(models.TransientModel):
    """Resolve tickets: how were they solved, and does the customer hear of it."""

    _name = "crm.service.resolve.wizard"
    _description = "Resolve Tickets"

    ticket_ids = fields.Many2many(
        "crm.service.ticket",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    ticket_count = fields.Integer(compute="_compute_what_is_asked")
    is_solution_required = fields.Boolean(compute="_compute_what_is_asked")
    reachable_count = fields.Integer(compute="_compute_what_is_asked")
    solution = fields.Html(
        compute="_compute_solution", store=True, readonly=False, precompute=True
    )
    tell_customer = fields.Boolean("Tell the customer by e-mail", default=True)

    @api.depends("ticket_ids")
    def _compute_what_is_asked(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            wizard.ticket_count = len(tickets)
            wizard.is_solution_required = any(map(needs_solution, tickets))
            wizard.reachable_count = len(tickets.filtered("partner_email"))

    @api.depends("ticket_ids")
    def _compute_solution(self):
        """Of several tickets no answer is proposed: it was given to one."""
        for wizard in self:
            ticket = wizard.ticket_ids._origin
            is_one = len(ticket) == 1
            wizard.solution = proposed_solution(ticket) if is_one else False

    def action_resolve(self):
        """Resolve those that are open; an empty solution leaves what is noted."""
        self.ensure_one()
        self.ticket_ids._take_turn_to_change()
        self.ticket_ids._check_not_merged()
        tickets = self.ticket_ids.filtered(lambda t: t.state not in DONE_STATES)
        if not is_html_empty(self.solution):
            tickets.write({"resolution": self.solution})
        tickets._move_to("resolved")
        if self.tell_customer:
            tell_solved(tickets)
        return {"type": "ir.actions.act_window_close"}
