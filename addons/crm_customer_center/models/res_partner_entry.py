from odoo import models


class ResPartner(models.Model):
    """Customers are typed in a small form, and what is wrong stands at the field."""

    _name = "res.partner"
    _inherit = ("crm.customer.entry.mixin", "crm.typed.value.mixin", "res.partner")
