from odoo import api, fields, models

from ..models.several import Assign

AGENTS = "crm_customer_center.group_service_agent"


class CrmServiceAssignWizard(models.TransientModel):
    """Give tickets to one colleague."""

    _name = "crm.service.assign.wizard"
    _description = "Assign Tickets"

    ticket_ids = fields.Many2many(
        "crm.service.ticket",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    user_id = fields.Many2one(
        "res.users", "Colleague", required=True, domain="[('id', 'in', candidate_ids)]"
    )
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    note = fields.Text("Reason", help="Your colleague reads it.")
    ticket_count = fields.Integer(compute="_compute_outlook")
    left_out = fields.Text(compute="_compute_outlook")

    @api.depends("ticket_ids")
    def _compute_candidate_ids(self):
        """Those who work at the desk."""
        agents = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref(AGENTS).ids),
                ("share", "=", False),
            ]
        )
        self.candidate_ids = agents

    @api.depends("ticket_ids", "user_id")
    def _compute_outlook(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            outlook = len(tickets), ""
            if wizard.user_id:
                outlook = Assign(self.env, wizard.user_id).outlook(tickets)
            wizard.ticket_count, wizard.left_out = outlook

    def action_assign(self):
        """Give them; the colleague is told once for all.

        :return: how many were given, and which were not
        """
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        act = Assign(self.env, self.user_id, self.note or "")
        return self.env["crm.service.several"]._tell(act, tickets)
