from odoo import models


class ResPartner(models.Model):
    """Customers hear of their doubles, and of those they were merged with."""

    _name = "res.partner"
    _inherit = ("crm.duplicate.entry.mixin", "crm.merged.mixin", "res.partner")
