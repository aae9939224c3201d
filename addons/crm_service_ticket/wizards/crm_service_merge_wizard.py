from odoo import api, fields, models


class CrmServiceMergeWizard(models.TransientModel):
    """Merge tickets into one of them, or into another."""

    _name = "crm.service.merge.wizard"
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many("crm.service.ticket", required=True)
    target_id = fields.Many2one(
        "crm.service.ticket",
        "Into",
        required=True,
        compute="_compute_target_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('merged_into_id', '=', False)]",
        help="The ticket that stays. Mail for the others lands here from now on.",
    )

    customers = fields.Char(
        compute="_compute_customers", help="Whose tickets these are, if not of one."
    )

    @api.depends("ticket_ids", "target_id")
    def _compute_customers(self):
        for wizard in self:
            names = (wizard.ticket_ids | wizard.target_id)._customer_names()
            wizard.customers = ", ".join(names) if len(names) > 1 else False

    @api.depends("ticket_ids")
    def _compute_target_id(self):
        """The oldest one: the customer knows its number longest."""
        for wizard in self:
            tickets = wizard.ticket_ids
            wizard.target_id = tickets.sorted("id")[:1] if len(tickets) > 1 else False

    def action_merge(self):
        """Merge and open the ticket that stays."""
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        chosen = self.sudo()
        tickets = chosen.ticket_ids.with_env(self.env)
        target = chosen.target_id.with_env(self.env)
        (tickets | target).check_access("write")
        rows = self.env["crm.service.merge"]._merge(tickets, target)
        # where it went, if another merge came first
        return rows.target_id.with_env(self.env)._get_records_action()
