from odoo import api, fields, models


class MailFollowers(models.Model):
    """Odoo shows everybody the e-mail of every follower of every record; of a
    customer one may not read, the name has to do."""

    _inherit = "mail.followers"

    email = fields.Char(related=None, compute="_compute_email", compute_sudo=False)

    @api.depends("partner_id.email")
    @api.depends_context("uid")
    def _compute_email(self):
        readable = self.partner_id._filtered_access("read")
        for follower in self:
            partner = follower.partner_id
            follower.email = partner in readable and partner.email
