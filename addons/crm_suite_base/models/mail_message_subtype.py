from odoo import models

from ..tools.token import Token

# with what is known while records are created, or looked at for what has changed
SUBTYPES = Token("crm_known_subtypes")


class MailMessageSubtype(models.Model):
    """Odoo asks for each of a hundred records whether the kind of its message is still
    there; it is asked once for all."""

    _inherit = "mail.message.subtype"

    def exists(self):
        known = SUBTYPES.value(self.env)
        if known is None:
            return super().exists()
        if self._ids not in known:
            known[self._ids] = super().exists()._ids
        return self.browse(known[self._ids])
