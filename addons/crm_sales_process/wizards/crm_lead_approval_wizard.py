from odoo import fields, models
from odoo.exceptions import UserError


class CrmLeadApprovalWizard(models.TransientModel):
    """Asking for an approval, and refusing one with the reason."""

    _name = "crm.lead.approval.wizard"
    _description = "Ask for or Refuse an Approval"

    kind = fields.Selection(
        [("ask", "Ask"), ("refuse", "Refuse")], required=True, default="ask"
    )
    lead_id = fields.Many2one("crm.lead", "Opportunity", required=True, readonly=True)
    approval_id = fields.Many2one("crm.lead.approval", readonly=True)
    currency_id = fields.Many2one(related="lead_id.company_currency")
    amount = fields.Monetary(help="Up to which amount.")
    discount = fields.Float("Discount (%)", digits=(5, 2))
    note = fields.Text("Reason")

    def action_confirm(self):
        """Do what the dialog is for.

        :raise UserError: when a refusal has no reason
        """
        self.ensure_one()
        if self.kind == "ask":
            self.lead_id._ask_approval(self.amount, self.discount, self.note)
        elif not (self.note or "").strip():
            raise UserError(self.env._("Say why, so that it can be done better."))
        else:
            self.approval_id._decide("refused", self.note)
        return {"type": "ir.actions.act_window_close"}
