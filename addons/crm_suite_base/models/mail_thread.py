from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.links import ids_named
from .mail_link_gate import FOUND, found


class MailThread(models.AbstractModel):
    """Whom one writes to or lets follow is a link as well: answers show the name."""

    _inherit = "mail.thread"

    def message_post(self, *, partner_ids=None, **kwargs):
        self._check_addressees(partner_ids)
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._check_addressees(partner_ids)
        return super().message_subscribe(partner_ids, subtype_ids)

    def _message_create(self, values_list):
        """The message that is answered was looked for by Odoo, as superuser and in the
        thread of this very record: a customer answers after an internal note too."""
        thread = super(MailThread, found(self, "parent_id"))
        return FOUND.off(thread._message_create(values_list))

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Who is given a record is told by whoever gives it away, and may not see it
        any more at that moment."""
        thread = super(MailThread, found(self, "model", "res_id"))
        return thread._message_auto_subscribe_notify(partner_ids, template)

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """A mail is what the mail server says it is: a person who hands one in by a
        call would choose its sender. Gateways sign in as system administrator.

        :raises AccessError: for everybody else
        """
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._(
                    "Mails come in through the mail server, not by a call. Ask a "
                    "system administrator to set it up."
                )
            )
        return super().message_process(model, message, *args, **kwargs)

    def _check_addressees(self, partner_ids):
        """Refuse people whom the user may not see, unless the record is about them or
        they follow it already.

        :raises AccessError: names nobody
        """
        if self.env.su or not partner_ids:
            return
        ids = set(ids_named(list(partner_ids)))
        hidden = ids - set(self.env["res.partner"]._readable_ids(ids))
        if not hidden:
            return
        thread = self.sudo()  # sudo: compared, not shown
        known = thread.message_partner_ids
        for partners in thread._mail_get_partners().values():
            known |= partners
        if hidden - set(known.ids):
            raise AccessError(
                self.env._(
                    "One of the people you chose is not yours to see. Leave them out, "
                    "or ask their owner or your manager to share them with you."
                )
            )
