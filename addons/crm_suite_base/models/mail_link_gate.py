from odoo import models

from ..tools.token import Token

# raised around messages whose ``parent_id`` Odoo itself has found
PARENT_FOUND = Token("mail_parent_found")


class MailMessage(models.Model):
    """Whose names, files and words follow the record they belong to."""

    _inherit = "mail.message"
    _link_gate = True

    def _check_links(self, vals_list, lines=False):
        if PARENT_FOUND.is_on(self.env):
            vals_list = [
                {name: vals[name] for name in vals.keys() - {"parent_id"}}
                for vals in vals_list
            ]
        return super()._check_links(vals_list, lines)


class MailActivity(models.Model):
    _inherit = "mail.activity"
    _link_gate = True


class IrAttachment(models.Model):
    _inherit = "ir.attachment"
    _link_gate = True
