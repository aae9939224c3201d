import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, email_split, html2plaintext
from odoo.tools.mail import decode_message_header

from ..tools import mail_headers, threading

_logger = logging.getLogger(__name__)

NEW = "new"
STOPPED = "stopped"
OUTCOMES = [
    (NEW, "New ticket"),
    ("references", "Answer to a known mail"),
    (threading.ADDRESS, "Number in the address"),
    (threading.NUMBER, "Number in the subject"),
    (threading.SUBJECT, "Same sender and subject"),
    (STOPPED, "Stopped"),
    ("bounce", "Could not be delivered"),
]
KEPT_DAYS = 180
# tickets of one sender that are compared by subject
COMPARED = 50


class CrmServiceMail(models.Model):
    """One row for each mail that came for tickets: where it landed and why.

    The Message-ID is unique. Two deliveries of one mail at the same time cannot both
    become a ticket: the second runs into the row of the first and, once that one is
    committed, is tried again by Odoo and then finds it.
    """

    _name = "crm.service.mail"
    _description = "Incoming Service Mail"
    _order = "id desc"
    _rec_name = "subject"

    message_id = fields.Char("Message-ID", required=True, readonly=True)
    date = fields.Datetime("Received On", readonly=True, default=fields.Datetime.now)
    email_from = fields.Char("From", readonly=True)
    subject = fields.Char(readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    reason = fields.Char(readonly=True)
    excerpt = fields.Text(
        readonly=True, help="What a stopped mail said: nothing that came is lost."
    )
    ticket_id = fields.Many2one(
        "crm.service.ticket", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    suggested_ticket_id = fields.Many2one(
        "crm.service.ticket",
        "May Belong To",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, index=True)

    _message_id_uniq = models.UniqueIndex(
        "(message_id)", "This mail has been received already."
    )

    # ------------------------------------------------------------
    # ROUTING
    # ------------------------------------------------------------

    @api.model
    def _routes(self, message, message_dict, routes):
        """Send each mail for tickets where it belongs.

        :param message: the ``email.message.EmailMessage``
        :param message_dict: what Odoo parsed of it
        :param routes: what Odoo found, tuples (model, thread id, values, user, alias)
        :return: routes of the same kind; none for a mail that is stopped
        """
        if not any(route[0] == "crm.service.ticket" for route in routes):
            return routes
        verdict = self._verdict(message, message_dict)
        result = []
        for model, thread_id, values, user_id, alias in routes:
            if model == "crm.service.ticket":
                target = self._target(message_dict, thread_id, verdict)
                if target is None:
                    continue
                thread_id = target.id or 0
                values = self._values_for(message, message_dict, values, verdict)
            result.append((model, thread_id, values, user_id, alias))
        return result

    @api.model
    def _target(self, message_dict, thread_id, verdict):
        """The ticket of a mail, empty for a new one, ``None`` to stop it.

        Writes the row of this mail.
        """
        ticket = self.env["crm.service.ticket"].sudo().browse(thread_id or [])
        found = (
            threading.Match(ticket.id, "references")
            if ticket
            else self._match(message_dict)
        )
        is_foreign = bool(found) and found.how == threading.FOREIGN
        if found and not is_foreign:
            ticket = ticket.browse(found.key)._living()
        stops = verdict.kind in (mail_headers.AUTO_REPLY, mail_headers.OWN)
        row = {
            "message_id": message_dict["message_id"],
            "email_from": message_dict.get("email_from"),
            "subject": message_dict.get("subject"),
            "outcome": STOPPED if stops else NEW if not ticket else found.how,
            "reason": verdict.reason or None,
            "ticket_id": ticket.id or None,
            "suggested_ticket_id": found.key if is_foreign else None,
            "excerpt": self._excerpt(message_dict) if stops else None,
        }
        if not self._insert(row):
            _logger.info("Mail %s was received before", row["message_id"])
            return None
        if stops:
            _logger.info("Stopped mail %s: %s", row["message_id"], verdict.reason)
            return None
        if not self._is_from_us(message_dict):
            # a customer never writes internal notes, whatever is answered
            message_dict["is_internal"] = False
        return ticket

    @api.model
    def _note_flood(self, message_dict):
        """The mail is one too many of its sender and goes nowhere."""
        # sudo: rows of the mail gateway
        row = self.sudo().search([("message_id", "=", message_dict["message_id"])])
        row.write(
            {
                "outcome": STOPPED,
                "reason": self.env._("Too many mails of this sender within two hours"),
                "excerpt": self._excerpt(message_dict),
            }
        )

    @api.model
    def _values_for(self, message, message_dict, values, verdict):
        """Defaults of a new ticket that the headers know more of than Odoo keeps."""
        values = dict(values or {})
        reply_to = email_split(decode_message_header(message, "Reply-To"))
        aliases = self.env["mail.alias.domain"].sudo()._find_aliases(reply_to)
        if reply_to and not aliases:
            values["mail_reply_to"] = decode_message_header(message, "Reply-To")
        values["mail_by_machine"] = verdict.kind == mail_headers.MACHINE
        return values

    @api.model
    def _verdict(self, message, message_dict):
        headers = {name.lower(): str(value) for name, value in message.items()}
        headers["subject"] = message_dict.get("subject") or ""
        headers["from-address"] = email_normalize(message_dict.get("email_from")) or ""
        return mail_headers.classify(headers, frozenset({self._source()}))

    @api.model
    def _source(self) -> str:
        """What our mails carry so that they are recognised when they come back."""
        # sudo: the name of the database, compared with and sent in a header
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")

    @api.model
    def _excerpt(self, message_dict) -> str:
        return " ".join(html2plaintext(message_dict.get("body") or "").split())[:2000]

    @api.model
    def _is_from_us(self, message_dict) -> bool:
        address = email_normalize(message_dict.get("email_from"))
        # sudo: whether the sender is a colleague
        users = self.env["res.users"].sudo()
        return bool(address) and bool(
            users.search_count(
                [("email_normalized", "=", address), ("share", "=", False)], limit=1
            )
        )

    @api.model
    def _insert(self, row) -> bool:
        """Write the row of a mail; ``False`` when there is one already."""
        names = [*row, "date", "create_date", "create_uid", "write_date", "write_uid"]
        now = fields.Datetime.now()
        values = [*row.values(), now, now, self.env.uid, now, self.env.uid]
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_mail (%s) VALUES %s"
                " ON CONFLICT (message_id) DO NOTHING RETURNING id",
                SQL(", ").join(SQL.identifier(name) for name in names),
                tuple(values),
            )
        )
        inserted = self.env.cr.fetchone()
        if inserted and row["ticket_id"]:
            records = self.sudo().browse(inserted)
            self.env.add_to_compute(self._fields["team_id"], records)
        return bool(inserted)

    # ------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------

    @api.model
    def _match(self, message_dict):
        """Find the ticket by number, or by sender and subject; see tools/threading."""
        mail = self._as_mail(message_dict)
        tickets = self._candidates(mail)
        return (
            threading.match(mail, self._as_tickets(tickets, mail)) if tickets else None
        )

    @api.model
    def _as_mail(self, message_dict):
        recipients = email_split(message_dict.get("recipients") or "")
        return threading.Mail(
            sender=email_normalize(message_dict.get("email_from")) or "",
            recipients=tuple(address.lower() for address in recipients),
            subject=message_dict.get("subject") or "",
            date=fields.Datetime.now(),
        )

    @api.model
    def _candidates(self, mail):
        """Tickets with a number that is named, and the last ones of the sender."""
        # sudo: mail finds its ticket whoever runs the gateway
        Ticket = self.env["crm.service.ticket"].sudo().with_context(active_test=False)
        numbers = [
            *threading.numbers_in_addresses(mail.recipients),
            *threading.numbers_in_subject(mail.subject),
        ]
        named = Ticket.search([("number", "in", numbers)]) if numbers else Ticket
        if not mail.sender or not threading.is_reply(mail.subject):
            return named
        return named | Ticket.search(
            [("email_normalized", "=", mail.sender)], order="id desc", limit=COMPARED
        )

    @api.model
    def _as_tickets(self, tickets, mail):
        from_us = self._is_from_us({"email_from": mail.sender})
        return [
            threading.Ticket(
                key=ticket.id,
                number=ticket.number,
                subject=ticket.name,
                sender=ticket.email_normalized or "",
                involved=from_us or ticket._is_involved(mail.sender),
                last=max(
                    filter(None, (ticket.last_message_date, ticket.create_date)),
                ),
                window=ticket.team_id.thread_window_days,
            )
            for ticket in tickets
        ]

    @api.autovacuum
    def _gc_old_rows(self):
        """Forget where mail of half a year ago landed."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.sudo().search(Domain("date", "<", limit), limit=10_000)
        old.unlink()
        return len(old), len(old) == 10_000
