from odoo import models

from ..tools.token import Token

# raised around messages, with the names of those links that Odoo itself has found
FOUND = Token("mail_links_found")


def found(records, *names):
    """Return the records in a context where these links of messages pass the gate."""
    return FOUND.on(records, FOUND.value(records.env, frozenset()) | set(names))


class MailMessage(models.Model):
    """Whose names, files and words follow the record they belong to."""

    _inherit = "mail.message"
    _link_gate = True

    def _check_links(self, vals_list, lines=False):
        if names := FOUND.value(self.env):
            vals_list = [
                {name: vals[name] for name in vals.keys() - names} for vals in vals_list
            ]
        return super()._check_links(vals_list, lines)


class MailActivity(models.Model):
    _inherit = "mail.activity"
    _link_gate = True


class IrAttachment(models.Model):
    _inherit = "ir.attachment"
    _link_gate = True
