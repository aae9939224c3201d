from odoo import models


class ResPartner(models.Model):
    """Customers hear of their doubles."""

    _name = "res.partner"
    _inherit = ("crm.duplicate.entry.mixin", "res.partner")
