from odoo import models
from odoo.exceptions import AccessError

from .crm_service_ticket_secret import SCORED
from .rating_rating import TICKET

# what of a message is the customer's answer, and where it stands
WORDS = {
    "author_id",
    "body",
    "date",
    "email_from",
    "is_internal",
    "message_type",
    "model",
    "rating_ids",
    "res_id",
    "subtype_id",
}


class MailMessage(models.Model):
    """The message in which a score stands: who may write a ticket may change and delete
    its messages by Odoo's rules, and a rating goes with its message."""

    _inherit = "mail.message"

    def write(self, vals):
        if not WORDS.isdisjoint(vals):
            self._check_no_scores()
        return super().write(vals)

    def unlink(self):
        self._check_no_scores()
        return super().unlink()

    def _check_no_scores(self):
        """:raises AccessError: for the customer's answer, unless the system asks"""
        if self.env.su or SCORED.is_on(self.env):
            return
        # sudo: only whether there is a score of a ticket
        if TICKET in self.sudo().rating_ids.mapped("res_model"):
            raise AccessError(
                self.env._("Only the customer's answer to our question is a score.")
            )
