from datetime import datetime

from odoo import api, fields, models


class CrmPoolLook(models.Model):
    """Somebody looked at the details of a customer in a pool. Grain: one per person,
    customer and look. Only ever added to."""

    _name = "crm.pool.look"
    _description = "Look at a Customer in a Pool"
    _system_records = True
    _log_access = False
    _link_gate = True
    _rec_name = "partner_id"
    _order = "at desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    pool_id = fields.Many2one(
        "crm.customer.pool", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "By", required=True, ondelete="cascade")
    at = fields.Datetime(required=True)

    _day_idx = models.Index("(user_id, pool_id, at)")

    @api.model
    def _system_fields_advice(self):
        return self.env._("Looks are noted by the system when somebody looks.")

    @api.model
    def _looked_at(self, user, pools, since: datetime) -> set[int]:
        """Return the customers that somebody has looked at in some pools."""
        # sudo: one's own looks, or those a limit is about
        groups = self.sudo()._read_group(
            [
                ("user_id", "=", user.id),
                ("pool_id", "in", pools.ids),
                ("at", ">=", since),
            ],
            ["partner_id"],
        )
        return {partner.id for (partner,) in groups}
