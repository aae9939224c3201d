from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmPoolRelease(models.TransientModel):
    """Somebody gives customers to a pool, and says why."""

    _name = "crm.pool.release"
    _description = "Release to a Pool"

    partner_ids = fields.Many2many(
        "res.partner", string="Customers", default=lambda self: self._default_partners()
    )
    pool_id = fields.Many2one(
        "crm.customer.pool",
        help="Empty: each customer goes where it fits by team and region.",
    )
    reason = fields.Char(required=True)

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    def action_release(self):
        """Release, with the person's own rights.

        :raises UserError: without customers
        """
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose the customers to release."))
        self.partner_ids._release_to(self.pool_id, self.reason)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_customer"
        )
        # what was opened may be hidden now
        return {**action, "target": "main"}
