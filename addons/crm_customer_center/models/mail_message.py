from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    # for timelines: the newest of each document below a moment. Odoo's own index is by
    # number, which is not the order of what was brought in from elsewhere.
    _document_date_idx = models.Index("(model, res_id, date DESC, id DESC)")
