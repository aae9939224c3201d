from odoo import models

DECIDERS = {"state", "partner_id", "invoice_date"}


class AccountMove(models.Model):
    """A credit note takes business with its customer back."""

    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if not DECIDERS.isdisjoint(vals):
            # sudo: compared, not shown
            refunds = self.sudo().filtered(lambda one: one.move_type == "out_refund")
            if refunds:
                self.env["crm.lifecycle.engine"]._business_changed(
                    "refund", refunds.ids
                )
        return result
