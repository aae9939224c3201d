import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, email_split, html2plaintext
from odoo.tools.mail import decode_message_header

from ..tools import mail_evidence, threading

_logger = logging.getLogger(__name__)

TICKET = "crm.service.ticket"
NEW, STOPPED = "new", "stopped"
BOUNCED, NOTE = "bounce", "note"
MADE, SUPPLIER, CHECK = "made", "supplier", "check"
# what became no word in a ticket; the original is kept
SET_ASIDE = (STOPPED, NOTE, BOUNCED)
OUTCOMES = [
    (NEW, "New ticket"),
    ("references", "Answer to a known mail"),
    (threading.ADDRESS, "Number in the address"),
    (threading.NUMBER, "Number in the subject"),
    (threading.SUBJECT, "Same sender and subject"),
    (NOTE, "Note on its ticket"),
    (STOPPED, "Stopped"),
    (BOUNCED, "Could not be delivered"),
    (MADE, "Made a ticket by hand"),
    (SUPPLIER, "Answer of a supplier"),
    (CHECK, "Test of the mail set-up"),
]
BLOCKED, FLOOD, UNREAD, UNROUTED = "blocked", "flood", "unread", "unrouted"
KINDS = [
    (mail_evidence.PERSON, "Person"),
    (mail_evidence.RELAYED, "Mailing list or form"),
    (mail_evidence.MACHINE, "Machine"),
    (mail_evidence.AUTO_REPLY, "Automatic answer"),
    (mail_evidence.BOUNCE, "Report: not delivered"),
    (mail_evidence.DELAY, "Report: delayed"),
    (mail_evidence.RECEIPT, "Receipt"),
    (mail_evidence.OWN, "Our own mail, come back"),
    (BLOCKED, "Blocked sender"),
    (FLOOD, "Too many from one sender"),
    (UNREAD, "Could not be read"),
    (UNROUTED, "No address of a team"),
]
KEPT_DAYS = 180
COMPARED = 50  # tickets of one sender, by subject
# characters of a stopped mail that stand in its row; all of it is in the original
MAX_EXCERPT = 2000
# notes of machines on one ticket within two hours; more are in the list only
MAX_NOTES = 10


class CrmServiceMail(models.Model):
    """One row for each mail that came for tickets: where it landed and why.

    The Message-ID is unique; a second mail under the Message-ID of another gets one of
    its own before (see ``crm_service_mail_gate.py``). Two deliveries of one mail at the
    same time cannot both become a ticket: the second runs into the row of the first
    and, once that one is committed, is tried again by Odoo and then finds it.
    """

    _name = "crm.service.mail"
    _link_gate = True
    _description = "Incoming Service Mail"
    _order = "id desc"
    _rec_name = "subject"

    message_id = fields.Char("Message-ID", required=True, readonly=True)
    digest = fields.Char(readonly=True, help="Of sender, subject, words and files.")
    sent_date = fields.Datetime("Sent On", readonly=True, help="As the mail says.")
    date = fields.Datetime("Received On", readonly=True, default=fields.Datetime.now)
    email_from = fields.Char("From", readonly=True)
    sender = fields.Char(
        "Address", readonly=True, index="btree_not_null", help="In lower case."
    )
    subject = fields.Char(readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, "Sent By", readonly=True)
    reason = fields.Char(readonly=True)
    excerpt = fields.Text(
        readonly=True, help="What a stopped mail said: nothing that came is lost."
    )
    ticket_id = fields.Many2one(
        TICKET, readonly=True, index="btree_not_null", ondelete="cascade"
    )
    suggested_ticket_id = fields.Many2one(
        TICKET,
        "May Belong To",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    addressed_team_id = fields.Many2one(
        "crm.service.team",
        "Sent To",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    team_id = fields.Many2one(
        "crm.service.team", compute="_compute_team_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )

    _message_id_uniq = models.UniqueIndex(
        "(message_id)", "This mail has been received already."
    )

    @api.depends("ticket_id.team_id", "addressed_team_id")
    def _compute_team_id(self):
        """The team of the ticket, of a mail without one that it was sent to."""
        for mail in self:
            mail.team_id = mail.ticket_id.team_id or mail.addressed_team_id

    @api.depends("ticket_id.company_id", "addressed_team_id.company_id")
    def _compute_company_id(self):
        """Empty: of nobody in particular, so that everybody who looks after mail has
        to see it."""
        for mail in self:
            mail.company_id = (
                mail.ticket_id.company_id or mail.addressed_team_id.company_id
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
        if not any(route[0] == TICKET for route in routes):
            return routes
        result = []
        for model, thread_id, values, user_id, alias in routes:
            if model == TICKET:
                found = self._found(message_dict, thread_id)
                verdict = self._verdict(message, found)
                team = self._team_of(values)
                target = self._target(message, message_dict, found, verdict, team)
                if target is None:
                    continue
                thread_id = target.id or 0
                values = self._values_for(message, message_dict, values, verdict)
            result.append((model, thread_id, values, user_id, alias))
        return result

    @api.model
    def _found(self, message_dict, thread_id):
        """The ticket a mail belongs to, as a ``threading.Match``; ``None`` for none."""
        if thread_id:
            return threading.Match(thread_id, "references")
        found = self._match(message_dict)
        if not found:
            about = mail_evidence.without_mark(message_dict.get("subject") or "")
            # an automatic answer to a ticket says so as answers do
            found = about and self._match({**message_dict, "subject": f"Re: {about}"})
        return found or None

    @api.model
    def _team_of(self, values):
        # sudo: the team of an address, whoever runs the gateway
        teams = self.env["crm.service.team"].sudo()
        return teams.browse((values or {}).get("team_id") or []).exists()

    @api.model
    def _target(self, message, message_dict, found, verdict, team):
        """The ticket of a mail, empty for a new one, ``None`` when nothing more is to
        be done.

        Writes the row of this mail.
        """
        # sudo: mail finds its ticket whoever runs the gateway
        ticket = self.env[TICKET].sudo()
        is_foreign = bool(found) and found.how == threading.FOREIGN
        if found and not is_foreign:
            ticket = ticket.browse(found.key)._living()
        outcome = NEW if not ticket else found.how
        blocked = self._blocked(
            message, message_dict, ticket.company_id or team.company_id
        )
        if blocked:
            verdict = mail_evidence.Verdict(BLOCKED, blocked)
            ticket = ticket.browse()
        if blocked or verdict.kind in mail_evidence.STOPPING:
            outcome = STOPPED
        elif ticket and verdict.kind not in mail_evidence.SPEAKING:
            outcome = NOTE
        row = {
            **self._row(message_dict, verdict),
            "outcome": outcome,
            "ticket_id": ticket.id or None,
            "suggested_ticket_id": found.key if is_foreign else None,
            "addressed_team_id": team.id or None,
        }
        if outcome in (STOPPED, NOTE):
            row["excerpt"] = self._excerpt_of(message_dict)
            row["to_review"] = self._is_to_review(ticket, verdict)
        if not self._insert(row):
            _logger.info("Mail %s was received before", row["message_id"])
            return None
        if outcome in (STOPPED, NOTE):
            _logger.info("Stopped mail %s: %s", row["message_id"], verdict.reason)
            if ticket and verdict.kind != mail_evidence.OWN:
                self._post_note(ticket, message, message_dict)
            return None
        if not self._is_from_us(message_dict):
            # a customer never writes internal notes, whatever is answered
            message_dict["is_internal"] = False
        return ticket

    @api.model
    def _row(self, message_dict, verdict):
        """What every row says of its mail."""
        mail = self.env["mail.thread"]._mail_being_read()
        return {
            "message_id": message_dict["message_id"],
            "digest": mail.digest if mail else None,
            "sent_date": mail.sent if mail else None,
            "email_from": message_dict.get("email_from") or None,
            "sender": email_normalize(message_dict.get("email_from")) or None,
            "receivers": (message_dict.get("recipients") or "")[:MAX_EXCERPT] or None,
            "subject": message_dict.get("subject") or None,
            "kind": verdict.kind,
            "reason": verdict.reason or None,
        }

    @api.model
    def _is_to_review(self, ticket, verdict) -> bool:
        """Whether somebody has to look at a mail that is no word in a ticket: nobody
        would see it otherwise, or it may be a person's after all."""
        if not ticket or verdict.is_weak:
            return True
        return verdict.kind == mail_evidence.MACHINE and not ticket._is_open()

    @api.model
    def _post_note(self, ticket, message, message_dict, is_report=False):
        """Keep what a machine said as a note on the ticket: it is no word of the
        customer, opens nothing and stops no clock.

        :param is_report: what it encloses is our own mail, which the ticket has
        """
        since = fields.Datetime.now() - timedelta(hours=2)
        # sudo: rows of the mail gateway
        notes = self.sudo().search_count(
            [("ticket_id", "=", ticket.id), ("date", ">", since)]
            + [("outcome", "in", SET_ASIDE)],
            limit=MAX_NOTES + 1,
        )
        if notes > MAX_NOTES:
            return None
        thread = self.env["mail.thread"]
        route = (TICKET, ticket.id, None, self.env.uid, None)
        who = thread._message_parse_post_process(message, message_dict, [route])
        root = self.env.ref("base.user_root")
        names = ["subject", "date", "email_from", "message_id"]
        if not is_report:
            names.append("attachments")
        values = {name: message_dict[name] for name in names if message_dict.get(name)}
        # sudo: with the system's user, as Odoo's gateway posts
        return (
            ticket.with_user(root)
            .sudo()
            .with_context(
                mail_create_nosubscribe=True, mail_post_autofollow_author_skip=True
            )
            .message_post(
                body=Markup(message_dict.get("body") or ""),  # as it was parsed
                author_id=who.get("author_id") or False,
                message_type="email",
                subtype_xmlid="mail.mt_note",
                **values,
            )
        )

    @api.model
    def _note_flood(self, message_dict):
        """The mail is one too many of its sender and goes nowhere."""
        # sudo: rows of the mail gateway
        row = self.sudo().search([("message_id", "=", message_dict["message_id"])])
        row.write(
            {
                "outcome": STOPPED,
                "kind": FLOOD,
                "reason": self.env._("Too many mails of this sender within two hours"),
                "excerpt": self._excerpt_of(message_dict),
                "to_review": True,
            }
        )

    @api.model
    def _values_for(self, message, message_dict, values, verdict):
        """Defaults of a new ticket that the headers know more of than Odoo keeps."""
        values = dict(values or {})
        reply_to = email_split(decode_message_header(message, "Reply-To"))
        # sudo: whether these are addresses of ours, a yes or no
        aliases = self.env["mail.alias.domain"].sudo()._find_aliases(reply_to)
        if reply_to and not aliases:
            values["mail_reply_to"] = decode_message_header(message, "Reply-To")
        values["mail_by_machine"] = verdict.kind != mail_evidence.PERSON
        return values

    @api.model
    def _verdict(self, message, found=None):
        """Who sent a mail; see tools/mail_evidence.

        :param found: the ticket it belongs to, as a ``threading.Match``
        """
        mail = self.env["mail.thread"]._mail_being_read(message)
        facts = mail_evidence.facts_of(mail)
        is_answer = bool(found) and found.how != threading.FOREIGN
        return mail_evidence.classify(facts, self._known(facts, is_answer))

    @api.model
    def _known(self, facts, is_answer):
        """What only the database knows of a mail."""
        ids = [*facts.enclosed, *facts.references]
        # sudo: whether these are mails of ours
        messages = self.env["mail.message"].sudo()
        ours = messages.search([("message_id", "in", ids)]) if ids else messages
        return mail_evidence.Known(
            sources=frozenset((self._source(),)),
            ours=frozenset(ours.mapped("message_id")),
            is_answer=is_answer
            or bool(set(facts.references) & set(ours.mapped("message_id"))),
        )

    @api.model
    def _blocked(self, message, message_dict, company) -> str:
        """The address of a mail that is blocked, by ``From`` or by whom it names to be
        answered; ``""`` for none."""
        addresses = [email_normalize(message_dict.get("email_from"))]
        reply_to = decode_message_header(message, "Reply-To")
        addresses += [email_normalize(address) for address in email_split(reply_to)]
        senders = self.env["crm.service.blocked.sender"]
        found = senders._matching(
            list(filter(None, addresses)), company or self.env.company
        )
        return next(iter(sorted(found)), "")

    @api.model
    def _source(self) -> str:
        """What our mails carry so that they are recognised when they come back."""
        # sudo: the name of the database, compared with and sent in a header
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")

    @api.model
    def _excerpt(self, text) -> str:
        """The beginning of what a mail says, in one line."""
        return " ".join(text.split())[:MAX_EXCERPT]

    @api.model
    def _excerpt_of(self, message_dict) -> str:
        return self._excerpt(html2plaintext(message_dict.get("body") or ""))

    @api.model
    def _is_from_us(self, message_dict) -> bool:
        return bool(self._colleagues([email_normalize(message_dict.get("email_from"))]))

    @api.model
    def _colleagues(self, addresses):
        """The users among who has some addresses."""
        addresses = [address for address in addresses if address]
        # sudo: whether somebody is a colleague
        users = self.env["res.users"].sudo()
        if not addresses:
            return users
        return users.search(
            [("email_normalized", "in", addresses), ("share", "=", False)]
        )

    @api.model
    def _insert(self, row) -> bool:
        """Write the row of a mail; ``False`` when there is one already."""
        row = {"to_review": False, **row}
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
        if inserted and (row.get("ticket_id") or row.get("addressed_team_id")):
            # sudo: the row that was just written, whoever runs the gateway
            records = self.sudo().browse(inserted)
            for name in ("team_id", "company_id"):
                self.env.add_to_compute(self._fields[name], records)
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
        customers = tickets._customers_of(mail.sender)
        return [
            threading.Ticket(
                key=ticket.id,
                number=ticket.number,
                subject=ticket.name,
                sender=ticket.email_normalized or "",
                involved=from_us or ticket._is_involved(mail.sender, customers),
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
        # what nobody has looked at is not forgotten
        domain = Domain("date", "<", limit) & Domain("to_review", "=", False)
        # sudo: rows that are too old, of every company
        old = self.sudo().search(domain, limit=10_000)
        old.unlink()
        return len(old), len(old) == 10_000
