import xmlrpc.client as xmlrpclib

from odoo import api, models
from odoo.tools import email_split

from ..tools.mail_headers import with_message_id
from ..tools.mail_repair import is_moment, repair, without_nul
from ..tools.threading import plain_addresses


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """A mail without Message-ID gets a stable one: delivered twice it is one.

        NUL is no character of mail, and no database takes it.
        """
        if isinstance(message, xmlrpclib.Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode()
        return super().message_process(
            model,
            with_message_id(message.replace(b"\0", b"")),
            custom_values,
            save_original,
            strip_attachments,
            thread_id,
        )

    @api.model
    def message_parse(self, message, save_original=False):
        """A mail that cannot be read whole is read in part instead of lost."""
        repair(message)
        found = super().message_parse(message, save_original=save_original)
        if "date" in found and not is_moment(found["date"]):
            # without a date it is of now
            del found["date"]
        return {name: without_nul(value) for name, value in found.items()}

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """What Odoo's limit for one sender stops stands in the list, with its text."""
        is_loop = super()._detect_loop_sender(message, message_dict, routes)
        if is_loop:
            self.env["crm.service.mail"]._note_flood(message_dict)
        return is_loop

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Mail for tickets goes where it belongs; see ``crm.service.mail``.

        Odoo knows no ``service+TK000123@``: such mail is for the alias before the
        ``+`` as well, and there the number is looked at.
        """
        recipients = message_dict.get("recipients") or ""
        plain = plain_addresses(email_split(recipients))
        known = {
            **message_dict,
            "recipients": ",".join([recipients, *plain]) if plain else recipients,
        }
        routes = super().message_route(message, known, model, thread_id, custom_values)
        known["recipients"] = recipients
        message_dict.clear()
        message_dict.update(known)
        return self.env["crm.service.mail"]._routes(message, message_dict, routes)
