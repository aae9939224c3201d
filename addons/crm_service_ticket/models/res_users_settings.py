from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    service_next_after_sending = fields.Boolean(
        "Next Ticket After Sending",
        help="Whether sending an answer opens the next ticket of the list.",
    )
