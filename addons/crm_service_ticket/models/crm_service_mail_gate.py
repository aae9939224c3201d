import email
import email.policy
import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext

from ..tools import mail_evidence, mail_reader, threading
from .crm_service_mail import (
    BOUNCED,
    NOTE,
    SET_ASIDE,
    STOPPED,
    TICKET,
    UNREAD,
    UNROUTED,
)

_logger = logging.getLogger(__name__)
# some programs write the time of sending anew when they try again
SAME_MOMENT = timedelta(hours=1)


class CrmServiceMail(models.Model):
    """What happens to a mail before and after Odoo's gateway: which mail it is, what
    reports say about mail of ours, and that nothing is lost where it fails."""

    _inherit = "crm.service.mail"

    # ------------------------------------------------------------
    # BEFORE
    # ------------------------------------------------------------

    @api.model
    def _read(self, raw: bytes):
        """Return a mail as ``tools/mail_reader`` reads it, for the people of this
        company."""
        sentences = {
            mail_reader.LAYOUT: self.env._(
                "The layout was too deep or too large and was left out; the original "
                "is the file original_email.eml."
            ),
            mail_reader.SHORTENED: self.env._(
                "This is the beginning of a very long mail; all of it is in the file "
                "original_email.eml."
            ),
            mail_reader.CHARACTERS: self.env._(
                "Some characters could not be read; the original is the file "
                "original_email.eml."
            ),
            mail_reader.ENCRYPTED: self.env._(
                "This mail is encrypted; only the addressee's program can read it."
            ),
            mail_reader.UNPACKED: self.env._(
                "A part of this mail could not be unpacked; it is kept as a file."
            ),
            mail_reader.PARTS: self.env._(
                "This mail has too many parts; all of it is in the file "
                "original_email.eml."
            ),
            mail_reader.DAMAGED: self.env._(
                "This mail was damaged on its way; the original is the file "
                "original_email.eml."
            ),
            mail_reader.UNREAD: self.env._(
                "This mail could not be read; it is kept as the file "
                "original_email.eml."
            ),
            "invitation": self.env._("Invitation"),
            "cancelled": self.env._("Cancelled"),
            "reply": self.env._("Answer to an invitation"),
            "when": self.env._("When"),
            "where": self.env._("Where"),
            "from": self.env._("From"),
            "repeats": self.env._("Repeats"),
        }
        return mail_reader.read(raw, self.env.company._zone(), sentences)

    @api.model
    def _name_of(self, mail, model) -> str:
        """Return the Message-ID a mail goes by.

        A mail without one gets it from its content; so does another mail under the
        Message-ID of one that was here before. The same mail again keeps its own and is
        known by it.
        """
        if not mail.message_id:
            return f"<{mail.digest[:40]}@without-message-id.invalid>"
        if self._is_another(mail, model):
            moment = f"{mail.sent:%Y%m%d%H%M%S}" if mail.sent else "0"
            return f"<{moment}.{mail.digest[:40]}@same-message-id.invalid>"
        return mail.message_id

    @api.model
    def _is_another(self, mail, model) -> bool:
        """Whether a different mail has the Message-ID of this one."""
        # sudo: rows and messages of the gateway, whoever runs it
        row = self.sudo().search([("message_id", "=", mail.message_id)], limit=1)
        if row.digest:
            return row.digest != mail.digest or self._is_later(row, mail)
        # sudo: as above; what is read is only compared
        messages = self.env["mail.message"].sudo()
        message = messages.search([("message_id", "=", mail.message_id)], limit=1)
        if not message or (message.model != TICKET and not mail.is_for_tickets):
            return False
        if mail.text("x-service-source") == self._source():
            return False
        said = " ".join(html2plaintext(message.body or "").split())
        return " ".join(mail.plain.split())[:200] not in said or (
            message.message_type == "email" and (message.subject or "") != mail.subject
        )

    @api.model
    def _is_later(self, row, mail) -> bool:
        """Whether the same was said again, at another time: alarms do."""
        if not row.sent_date or not mail.sent:
            return False
        return abs(row.sent_date - mail.sent) > SAME_MOMENT

    @api.model
    def _is_for_us(self, mail, model) -> bool:
        """Whether a mail is for tickets: by the mailbox it lies in, whom it is sent to,
        or what it answers."""
        if model == TICKET:
            return True
        addresses = self._addresses_of(mail)
        return bool(self._aliases(addresses)) or bool(self._answered(mail))

    @api.model
    def _addresses_of(self, mail):
        """Whom a mail was sent to, also without what stands behind a plus."""
        boxes = mail.boxes(
            "to", "cc", "delivered-to", "resent-to", "resent-cc", "x-original-to"
        )
        addresses = [box.address.lower() for box in boxes if box.address]
        return [*addresses, *threading.plain_addresses(addresses)]

    @api.model
    def _aliases(self, addresses):
        """The addresses of teams among some addresses."""
        # sudo: addresses of teams, whoever runs the gateway
        aliases = self.env["mail.alias"].sudo()
        if not addresses:
            return aliases
        local = [address.partition("@")[0] for address in addresses]
        named = Domain("alias_full_name", "in", addresses)
        named |= Domain("alias_name", "in", local) & Domain(
            "alias_incoming_local", "=", True
        )
        return aliases.search(named & Domain("alias_model_id.model", "=", TICKET))

    @api.model
    def _answered(self, mail):
        """The messages of tickets that a mail answers or encloses."""
        facts = mail_evidence.facts_of(mail)
        ids = [*facts.references, *facts.enclosed]
        # sudo: see _aliases
        messages = self.env["mail.message"].sudo()
        if not ids:
            return messages
        return messages.search([("message_id", "in", ids), ("model", "=", TICKET)])

    # ------------------------------------------------------------
    # REPORTS
    # ------------------------------------------------------------

    @api.model
    def _takes_report(self, message, message_dict) -> bool:
        """Take a report about a mail of ours: no ticket comes of it, whoever works on
        the ticket hears it.

        :return: whether that was all; Odoo goes on with the others
        """
        mail = self.env["mail.thread"]._mail_being_read(message)
        facts = mail_evidence.facts_of(mail)
        verdict = mail_evidence.classify(facts, self._known(facts, False))
        if verdict.kind not in mail_evidence.REPORTS:
            if message_dict.get("is_bounce") and self._answered(mail):
                # automatic answers go to where bounces go, and people answer them
                message_dict["is_bounce"] = False
            return False
        messages = self._answered(mail)
        named = messages.filtered(lambda m: m.message_id in facts.enclosed)
        about = (named or messages)[:1]
        # sudo: whoever runs the gateway
        ticket = self.env[TICKET].sudo().browse(about.res_id or []).exists()
        if not ticket:
            return self._stops_report(mail, message_dict, verdict)
        ticket = ticket._living()
        is_failure = verdict.kind == mail_evidence.BOUNCE
        row = {
            **self._row(message_dict, verdict),
            "outcome": BOUNCED if is_failure else NOTE,
            "ticket_id": ticket.id,
            "excerpt": self._excerpt_of(message_dict),
        }
        if not self._insert(row):
            return True
        if is_failure:
            self._tell_failure(message, message_dict, about, facts.recipient)
        self._post_note(ticket, message, message_dict, is_report=True)
        if verdict.kind == mail_evidence.DELAY:
            ticket._tell_agent(
                self.env._(
                    "Our mail to %(address)s has not arrived so far. The mail system "
                    "tries on, or gives up with a message of its own.",
                    address=facts.recipient or self.env._("the customer"),
                ),
                facts.recipient,
            )
        return True

    @api.model
    def _stops_report(self, mail, message_dict, verdict) -> bool:
        """A report about nothing we know, sent to a team: it stands in the list."""
        # sudo: whether it is about mail of ours, a yes or no
        known = self.env["mail.message"].sudo()
        enclosed = mail_evidence.facts_of(mail).enclosed
        if enclosed and known.search_count([("message_id", "in", enclosed)], limit=1):
            # about a mail of ours that is none of tickets
            return False
        aliases = self._aliases(self._addresses_of(mail))
        if not aliases:
            return False
        excerpt = self._excerpt_of(message_dict)
        self._stop(mail, message_dict, verdict, excerpt, aliases)
        return True

    @api.model
    def _stop(self, mail, message_dict, verdict, excerpt, aliases):
        """Write the row of a mail that goes nowhere, for somebody to look at.

        :param aliases: addresses of teams that it was sent to
        """
        team = self._team_of({"team_id": aliases[:1].alias_parent_thread_id})
        self._insert(
            {
                **self._row(message_dict, verdict),
                "digest": mail.digest,
                "sent_date": mail.sent,
                "outcome": STOPPED,
                "ticket_id": None,
                "addressed_team_id": team.id or None,
                "excerpt": excerpt,
                "to_review": True,
            }
        )

    @api.model
    def _tell_failure(self, message, message_dict, about, address):
        """Note at the message, the contact and the ticket that our mail did not
        arrive, the way Odoo does for reports it knows."""
        address = email_normalize(address) or ""
        # sudo: who has that address, whoever runs the gateway
        partners = self.env["res.partner"].sudo()
        if address:
            partners = partners.search([("email_normalized", "=", address)])
        bounced = {
            **message_dict,
            "is_bounce": True,
            "bounced_email": address,
            "bounced_partner": partners,
            "bounced_msg_ids": [about.message_id],
            "bounced_message": about,
        }
        if address:
            self.env["mail.thread"]._routing_handle_bounce(message, bounced)
        else:
            # sudo: the ticket of our mail hears of it, whoever runs the gateway
            ticket = self.env[TICKET].sudo().browse(about.res_id)
            ticket._message_receive_bounce(address, partners)

    # ------------------------------------------------------------
    # AFTER
    # ------------------------------------------------------------

    @api.model
    def _after(self, mail, name, result):
        """Look after a mail that Odoo's gateway is done with: what was stopped keeps
        its original, and what is nowhere stands in the list.

        :param result: what the gateway returned, false for no document
        """
        # sudo: rows of the mail gateway
        row = self.sudo().search([("message_id", "=", name)], limit=1)
        if not row and not result:
            row = self._note_nowhere(mail, name)
        if row.outcome in SET_ASIDE:
            row._keep_original(mail.raw)

    @api.model
    def _note_nowhere(self, mail, name):
        """Odoo's gateway let a mail go without a trace."""
        # sudo: see _after
        rows = self.sudo()
        # sudo: whether it arrived, a yes or no
        known = self.env["mail.message"].sudo()
        if known.search_count([("message_id", "=", name)], limit=1):
            return rows
        if mail.is_settled or not (mail.is_for_tickets or self._is_fetched()):
            return rows
        return self._note_stopped(
            mail, name, UNROUTED, self.env._("Odoo's mail gateway did not take it")
        )

    @api.model
    def _note_stopped(self, mail, name, kind, reason):
        """Write the row of a mail that stops, from what was read of it."""
        message_dict = {
            "message_id": name,
            "email_from": str(mail.sender),
            "subject": mail.subject,
        }
        aliases = self._aliases(self._addresses_of(mail))
        verdict = mail_evidence.Verdict(kind, reason)
        self._stop(mail, message_dict, verdict, self._excerpt(mail.plain), aliases)
        # sudo: the row that was just written, whoever runs the gateway
        return self.sudo().search([("message_id", "=", name)], limit=1)

    @api.model
    def _survives(self, error, mail, name) -> bool:
        """Keep a mail that the gateway failed with, where nobody else would hear of it.

        :return: whether it is kept; the error is raised otherwise, and the mail server
            told
        """
        is_fetched = self._is_fetched()
        if not is_fetched and isinstance(
            error, psycopg2.OperationalError | psycopg2.InterfaceError
        ):
            # two at once: tried again, as a whole; what was fetched is not
            return False
        if not is_fetched and not mail.is_for_tickets:
            return False
        if isinstance(error, ValueError) and "No possible route" in str(error):
            kind, reason = UNROUTED, self.env._("It names no address of ours")
        else:
            _logger.warning("Mail %s could not be taken in", name, exc_info=error)
            kind, reason = UNREAD, f"{type(error).__name__}: {str(error)[:300]}"
        row = self._note_stopped(mail, name, kind, reason)
        row._keep_original(mail.raw)
        return True

    @api.model
    def _is_fetched(self) -> bool:
        """Whether a mail was taken out of a mailbox: there is nobody then to send it
        back to."""
        return bool(self.env.context.get("default_fetchmail_server_id"))

    def _keep_original(self, raw: bytes):
        """Keep a stopped mail as it came, to make a ticket of it later."""
        for mail in self.filtered(lambda mail: not mail.original_id):
            # sudo: a file of the row; who reads the row reads it
            mail.original_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": mail_reader.ORIGINAL,
                        "raw": raw,
                        "mimetype": "message/rfc822",
                        "res_model": mail._name,
                        "res_id": mail.id,
                    }
                )
            )

    # ------------------------------------------------------------
    # AGAIN
    # ------------------------------------------------------------

    def _take_again(self):
        """Make a ticket of a stopped mail, from the original: words, files, sender and
        date as if it had never been stopped.

        :return: the ticket
        """
        self.ensure_one()
        raw = self.original_id.raw
        if not raw:
            return self._take_excerpt()
        mail = self._read(raw)
        message = email.message_from_bytes(
            mail.source(self.message_id), policy=email.policy.SMTP
        )
        gate = self.env["mail.thread"]._reading(mail)
        message_dict = gate.message_parse(message)
        message_dict.update(parent_id=None, is_internal=False, is_bounce=False)
        values = self._values_for(
            message, message_dict, self._again_values(), self._as_verdict()
        )
        routes = [(TICKET, 0, values, self.env.uid, None)]
        message_dict.update(
            gate._message_parse_post_process(message, message_dict, routes)
        )
        ticket_id = gate._message_route_process(message, message_dict, routes)
        return self.env[TICKET].browse(ticket_id)

    def _take_excerpt(self):
        """A ticket of what is left of a mail of an older version."""
        ticket = self.env[TICKET].create(
            {
                "name": self.subject or self.env._("(no subject)"),
                "partner_email": self.sender or self.email_from,
                "description": self.excerpt,
                "channel": "email",
                **self._again_values(),
            }
        )
        self.ticket_id = ticket
        return ticket

    def _again_values(self):
        team = self.addressed_team_id or self.team_id
        if not team:
            team = self.env["crm.service.team"]._default_team()
        return {"team_id": team.id} if team else {}

    def _as_verdict(self):
        """Who is told that it arrived: whom a machine kept from us, no machine."""
        spoke = (mail_evidence.PERSON, UNREAD, UNROUTED)
        kind = mail_evidence.PERSON if self.kind in spoke else mail_evidence.MACHINE
        return mail_evidence.Verdict(kind, self.reason or "")
