import contextlib
import xmlrpc.client as xmlrpclib
from datetime import datetime, timedelta
from email.errors import MessageError

from lxml import etree

from odoo import api, fields, models
from odoo.tools import email_split, html_sanitize
from odoo.tools.mail import append_content_to_html

from odoo.addons.crm_suite_base.tools.token import Token

from ..tools import mail_evidence, mail_html, mail_reader
from ..tools.threading import plain_addresses
from .crm_service_mail import FLOOD, STOPPED

# with the mail that is being taken in
READ = Token("crm_service_mail_read")
# what Python's parser stumbles with, by header and by charset
_PARSER_ERRORS = (
    AssertionError,
    AttributeError,
    IndexError,
    LookupError,
    MessageError,
    TypeError,
    ValueError,
)


class MailThread(models.AbstractModel):
    """Odoo's gateway with a reader of our own before it; see docs/adr/0025."""

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
        """Take in a mail. What cannot be read whole is read in part, what cannot be
        taken in stands in the list of stopped mails."""
        if isinstance(message, xmlrpclib.Binary):
            message = bytes(message.data)
        if isinstance(message, str):
            message = message.encode()
        mails = self.env["crm.service.mail"]
        mail = mails._read(message)
        if mails._takes_check(mail):
            return False
        mail.is_for_tickets = mails._is_for_us(mail, model)
        name = mails._name_of(mail, model)
        source = mail.source(name) if mail.is_for_tickets else mail.for_others()
        try:
            with self.env.cr.savepoint():
                result = super(MailThread, self._reading(mail)).message_process(
                    model,
                    source,
                    custom_values,
                    save_original,
                    strip_attachments,
                    thread_id,
                )
        except Exception as error:
            if not mails._survives(error, mail, name):
                raise
            return False
        mails._after(mail, name, result)
        return result

    @api.model
    def _reading(self, mail):
        return READ.on(self, mail)

    @api.model
    def _mail_being_read(self, message=None):
        """The mail that is being taken in, as ``tools/mail_reader`` read it.

        :param message: is read where there is none
        """
        if mail := READ.value(self.env):
            return mail
        return mail_reader.read(message.as_bytes()) if message is not None else None

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def message_parse(self, message, save_original=False):
        """Headers that cannot be read are read by ourselves; a date that is none is
        that of today."""
        mail = self._mail_being_read()
        if mail is not None:
            _repair(message, mail)
        found = super().message_parse(message, save_original=save_original)
        if "date" in found and not _is_moment(found["date"]):
            del found["date"]
        return found

    def _message_parse_extract_payload(
        self, message, message_dict, save_original=False
    ):
        """Words and files as they were read, of mail for tickets; other mail is read
        by Odoo, and by us where Odoo fails."""
        mail = self._mail_being_read()
        if mail is None or not mail.is_for_tickets:
            try:
                return super()._message_parse_extract_payload(
                    message, message_dict, save_original=save_original
                )
            except _PARSER_ERRORS:
                if mail is None:
                    raise
        files = [
            self._Attachment(
                file.name, file.content, {"cid": file.cid} if file.cid else {}
            )
            for file in mail.files
        ]
        if save_original and mail_reader.ORIGINAL not in [file.fname for file in files]:
            files.insert(0, self._Attachment(mail_reader.ORIGINAL, mail.raw, {}))
        payload = {"body": _body(mail), "attachments": files}
        try:
            done = self._message_parse_extract_payload_postprocess(message, payload)
        except (etree.LxmlError, ValueError):
            # nothing in it that could be prepared
            done = payload
        if _loses_words(mail.plain, done["body"]):
            done = {**done, "body": mail_reader.plain_as_html(mail.plain)}
        return done

    # ------------------------------------------------------------
    # ROUTING
    # ------------------------------------------------------------

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """What Odoo's limit for one sender stops stands in the list, with its text."""
        is_loop = super()._detect_loop_sender(message, message_dict, routes)
        if is_loop:
            self.env["crm.service.mail"]._note_flood(message_dict)
        return is_loop

    def _routing_create_bounce_email(
        self, email_from, body_html, message, **mail_values
    ):
        """Machines get no answer from this machine, and who writes too much is told so
        once: two systems that answer each other end by that."""
        mails = self.env["crm.service.mail"]
        mail = self._mail_being_read()
        if mail is not None:
            verdict = mails._verdict(message)
            if verdict.kind not in mail_evidence.SPEAKING:
                return
            since = fields.Datetime.now() - timedelta(hours=2)
            # sudo: rows of the mail gateway
            told = mails.sudo().search_count(
                [
                    ("sender", "=", mail.sender.address.lower()),
                    ("kind", "=", FLOOD),
                    ("outcome", "=", STOPPED),
                    ("date", ">", since),
                ],
                limit=1,
            )
            if told:
                return
        super()._routing_create_bounce_email(
            email_from, body_html, message, **mail_values
        )

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Mail for tickets goes where it belongs; see ``crm.service.mail``.

        Odoo knows no ``service+TK000123@``: such mail is for the alias before the
        ``+`` as well, and there the number is looked at.
        """
        mails = self.env["crm.service.mail"]
        if mails._takes_report(message, message_dict):
            return []
        recipients = message_dict.get("recipients") or ""
        plain = plain_addresses(email_split(recipients))
        known = {
            **message_dict,
            "recipients": ",".join([recipients, *plain]) if plain else recipients,
        }
        routes = super().message_route(message, known, model, thread_id, custom_values)
        if known.get("is_bounce") and known.get("bounced_message"):
            mail = self._mail_being_read()
            if mail is not None:
                # Odoo has told the message that did not arrive
                mail.is_settled = True
        known["recipients"] = recipients
        message_dict.clear()
        message_dict.update(known)
        return mails._routes(message, message_dict, routes)


def _repair(message, mail):
    """Replace the headers of a parsed mail that Python or the database fails with."""
    for name in set(message.keys()):
        try:
            values = [str(value) for value in message.get_all(name) or ()]
        except _PARSER_ERRORS:
            values = None
        if values is None or any("\0" in value for value in values):
            del message[name]
            with contextlib.suppress(*_PARSER_ERRORS):
                message[name] = mail.text(name.lower())


def _body(mail):
    """The words of a mail as one document, put together the way Odoo does."""
    body = ""
    for words in mail.words:
        if words.is_html:
            text = html_sanitize(words.text, sanitize_tags=False, strip_classes=True)
            body = append_content_to_html(body, text, plaintext=False) if body else text
        else:
            body = append_content_to_html(body, words.text, preserve=True)
    for key in mail.remarks:
        body = append_content_to_html(body, mail.sentences[key], container_tag="p")
    return body


def _loses_words(plain, body):
    """Whether a body shows less than the mail says."""
    shown = mail_html.words(mail_html.text_of(str(body)))
    return bool(mail_html.words(plain) - shown)


def _is_moment(value):
    """Whether a text is a moment as it is stored; years before 1000 are not."""
    try:
        datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return False
    return True
