from odoo import fields, models


class CrmTag(models.Model):
    _inherit = "crm.tag"

    active = fields.Boolean(default=True)
    tag_group_id = fields.Many2one(
        "crm.tag.group", string="Tag Group", index="btree_not_null", ondelete="restrict"
    )
    partner_category_id = fields.Many2one(
        "res.partner.category",
        string="Tag on Customers",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        help="The same tag on partners. Name, colour, group and use follow each other.",
    )
