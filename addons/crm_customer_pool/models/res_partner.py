from odoo import fields, models


class ResPartner(models.Model):
    """Customers stand in pools while nobody has them."""

    _name = "res.partner"
    _inherit = ("crm.pooled.mixin", "res.partner")

    pool_row_ids = fields.One2many(
        "crm.pool.customer",
        "partner_id",
        copy=False,
        groups="crm_customer_center.group_sales_rep",
    )
    pool_move_ids = fields.One2many(
        "crm.pool.move",
        "partner_id",
        "Changes of Hands",
        copy=False,
        groups="crm_customer_center.group_sales_rep",
    )
