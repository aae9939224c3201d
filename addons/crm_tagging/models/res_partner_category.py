from odoo import fields, models


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    tag_group_id = fields.Many2one(
        "crm.tag.group", string="Tag Group", index="btree_not_null", ondelete="restrict"
    )
