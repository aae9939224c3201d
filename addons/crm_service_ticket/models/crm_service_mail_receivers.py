from odoo import fields, models


class CrmServiceMail(models.Model):
    """To whom a mail was sent; rules for incoming mail ask for it."""

    _inherit = "crm.service.mail"

    receivers = fields.Char(readonly=True, help="All to whom it was sent.")
