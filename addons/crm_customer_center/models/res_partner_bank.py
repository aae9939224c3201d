from odoo import models


class ResPartnerBank(models.Model):
    """Bank accounts follow their customer; see the record rules."""

    _inherit = "res.partner.bank"
    _link_gate = True
