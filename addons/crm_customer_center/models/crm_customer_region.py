from odoo import fields, models


class CrmCustomerRegion(models.Model):
    """A sales region: provinces of one country and, abroad, whole countries.

    A province or country stands in one region only, so the region of a customer
    follows from the address and never has to be typed.
    """

    _name = "crm.customer.region"
    _description = "Customer Region"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean("In Use", default=True)
    state_ids = fields.One2many(
        "res.country.state", "customer_region_id", string="Provinces"
    )
    country_ids = fields.One2many(
        "res.country",
        "customer_region_id",
        string="Countries",
        help="Customers in these countries belong here unless their province "
        "belongs to another region.",
    )
