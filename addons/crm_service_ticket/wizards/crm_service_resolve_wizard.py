from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..models.crm_service_ticket_solution import (
    needs_solution,
    proposed_solution,
    tell_solved,
)
from ..models.several import Resolve


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
    left_out = fields.Text(compute="_compute_what_is_asked")
    is_solution_required = fields.Boolean(compute="_compute_what_is_asked")
    reachable_count = fields.Integer(compute="_compute_what_is_asked")
    solution = fields.Html(
        compute="_compute_solution", store=True, readonly=False, precompute=True
    )
    tell_customer = fields.Boolean("Tell the customer by e-mail", default=True)

    @api.depends("ticket_ids")
    def _compute_what_is_asked(self):
        for wizard in self:
            act = Resolve(self.env)
            tickets, left_out = act.sort_out(wizard.ticket_ids._origin)
            wizard.ticket_count = len(tickets)
            wizard.left_out = "\n".join(act.told_left_out(left_out))
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
        """Resolve those that are open; an empty solution leaves what is noted.

        :return: how many were resolved, and which were not
        """
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        act = Resolve(
            self.env,
            solution=None if is_html_empty(self.solution) else self.solution,
            tell=tell_solved if self.tell_customer else None,
        )
        told = self.env["crm.service.several"]._tell(act, tickets)
        # of one it is seen
        return told["params"]["next"] if len(tickets) == 1 else told
