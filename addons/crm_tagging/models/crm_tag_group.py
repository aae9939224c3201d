from odoo import fields, models


class CrmTagGroup(models.Model):
    """Tags that answer one question about a record: which industry, which source.

    The tags of a group are ``res.partner.category`` on partners and their twins
    ``crm.tag`` on leads, see ``crm.tag``.
    """

    _name = "crm.tag.group"
    _description = "Tag Group"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(help="Colour of the group's new tags and of its title.")
    description = fields.Text(translate=True, help="What the group says about a record.")
    active = fields.Boolean("In Use", default=True)
    exclusive = fields.Boolean(
        "One Tag Only",
        help="A record carries at most one tag of this group, e.g. one level.",
    )
    to_customer = fields.Boolean(
        "Comes with the Lead",
        default=True,
        help="A lead's tags of this group go to its customer.",
    )
    create_group_ids = fields.Many2many(
        "res.groups",
        "crm_tag_group_create_rel",
        "tag_group_id",
        "group_id",
        string="Who Creates Tags",
        help="Only these roles create, rename and archive tags of this group. "
        "Empty: everybody who may create tags.",
    )
    use_group_ids = fields.Many2many(
        "res.groups",
        "crm_tag_group_use_rel",
        "tag_group_id",
        "group_id",
        string="Who Tags Records",
        help="Only these roles put tags of this group on records and take them off. "
        "Empty: everybody who may change the record.",
    )
    category_ids = fields.One2many(
        "res.partner.category", "tag_group_id", string="Tags"
    )
