from odoo import api, fields, models


class CrmServiceLeadWizard(models.TransientModel):
    """Make a lead of a ticket: the customer wants to buy."""

    _name = "crm.service.lead.wizard"
    _description = "Make a Lead of a Ticket"

    ticket_id = fields.Many2one("crm.service.ticket", required=True)
    name = fields.Char(
        "Lead",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Text("What the Customer Wants")

    @api.depends("ticket_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.ticket_id.name

    def action_create_lead(self):
        """Create the lead for sales; the ticket says so and stays open."""
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        # sudo: service may not read leads, but may give one to sales
        lead = self.env["crm.lead"].sudo().create(self._prepare_lead_vals())
        ticket._message_log(
            body=self.env._("Lead made for sales: %s", lead.display_name)
        )
        lead._message_log(
            body=self.env._("Made of the ticket %s", ticket._get_html_link())
        )
        if lead.with_env(self.env).has_access("read"):
            return lead.with_env(self.env)._get_records_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sales has the lead “%s” now.", lead.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_lead_vals(self) -> dict:
        """Values of the lead; it goes to the owner of the customer, if there is one."""
        ticket = self.ticket_id.sudo()  # sudo: the customer's owner
        owner = ticket.guard_user_id
        values = {
            "name": self.name,
            "type": "opportunity" if owner else "lead",
            "partner_id": ticket.partner_id.id,
            "description": self.note,
            "user_id": owner.id,
            "company_id": ticket.company_id.id,
            "tag_ids": [(6, 0, ticket.tag_ids.ids)],
            "source_id": ticket.source_id.id,
            "campaign_id": ticket.campaign_id.id,
            "medium_id": ticket.medium_id.id,
        }
        if not ticket.partner_id:
            # of a known customer the lead takes the customer's own address
            values["contact_name"] = ticket.partner_name
            values["email_from"] = ticket.partner_email
            values["phone"] = ticket.partner_phone
        return values
