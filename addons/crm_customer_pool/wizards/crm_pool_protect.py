from datetime import timedelta

from odoo import fields, models


class CrmPoolProtect(models.TransientModel):
    """The owner keeps a customer from the rules of the pool, and says why."""

    _name = "crm.pool.protect"
    _description = "Protect From the Pool"

    watch_id = fields.Many2one("crm.pool.watch", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="watch_id.partner_id", string="Customer")
    last_day = fields.Date(
        "Until",
        required=True,
        default=lambda self: self.env.company._today() + timedelta(days=30),
    )
    reason = fields.Char(required=True)

    def action_protect(self):
        """Protect, with the person's own rights."""
        self.ensure_one()
        self.watch_id._protect(self.last_day, self.reason)
        return {"type": "ir.actions.act_window_close"}
