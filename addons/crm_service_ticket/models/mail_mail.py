from odoo import models

from ..tools.secrets import asks_for_secrets, with_secrets

# models with ``_secrets_for``
OWNERS = ("crm.service.ticket", "crm.service.survey")


class MailMail(models.Model):
    """What is stored of a mail carries no secret: it is put into the copy that goes to
    its owner alone, while it is sent; see ``tools/secrets.py``."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, *args, **kwargs):
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        if self.model not in OWNERS or not self.res_id:
            return emails
        # sudo: whoever wrote the mail, it is its reader who gets the secret
        record = self.env[self.model].sudo().browse(self.res_id).exists()
        for email in emails if record else ():
            if asks_for_secrets(email["body"]):
                readers = frozenset(email["email_to_normalized"])
                secrets = record._secrets_for(readers)
                for part in ("body", "body_alternative"):
                    email[part] = with_secrets(email[part], secrets)
        return emails
