from odoo import models


class MailMessage(models.Model):
    """Whose names, files and words follow the record they belong to."""

    _inherit = "mail.message"
    _link_gate = True


class MailActivity(models.Model):
    _inherit = "mail.activity"
    _link_gate = True


class IrAttachment(models.Model):
    _inherit = "ir.attachment"
    _link_gate = True
