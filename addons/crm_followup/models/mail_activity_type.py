from odoo import fields, models

from .crm_followup import METHODS


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    followup_method = fields.Selection(
        METHODS,
        string="Recorded As",
        default="other",
        help="A finished activity of this type on a customer or lead becomes a "
        "follow-up by this method. Empty: it does not.",
    )
