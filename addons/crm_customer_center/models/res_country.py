from odoo import fields, models


class ResCountry(models.Model):
    _inherit = "res.country"

    customer_region_id = fields.Many2one(
        "crm.customer.region", index="btree_not_null", ondelete="set null"
    )
