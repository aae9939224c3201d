from odoo import fields, models


class ResCountryState(models.Model):
    _inherit = "res.country.state"

    customer_region_id = fields.Many2one(
        "crm.customer.region", index="btree_not_null", ondelete="set null"
    )
