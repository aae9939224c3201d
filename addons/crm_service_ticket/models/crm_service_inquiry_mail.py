from odoo import api, models
from odoo.tools import email_split

from ..tools import mail_evidence
from .crm_service_mail import SUPPLIER


class CrmServiceMail(models.Model):
    """Mail of suppliers goes to their questions, whatever ticket it names."""

    _inherit = "crm.service.mail"

    @api.model
    def _routes(self, message, message_dict, routes):
        inquiries = self.env["crm.service.inquiry"]
        recipients = email_split(message_dict.get("recipients") or "")
        inquiry = inquiries._of_mail(recipients, routes)
        if not inquiry:
            return super()._routes(message, message_dict, routes)
        verdict = self._verdict(message)
        if verdict.kind == mail_evidence.OWN:
            return []
        row = {
            **self._row(message_dict, verdict),
            "outcome": SUPPLIER,
            "ticket_id": inquiry.ticket_id._living().id,
        }
        if not self._insert(row):
            # the same mail again
            return []
        message_dict["is_internal"] = False
        user_id = routes[0][3] if routes else self.env.uid
        return [(inquiry._name, inquiry.id, None, user_id, None)]
