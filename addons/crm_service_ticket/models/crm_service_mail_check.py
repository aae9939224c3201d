import secrets
from contextlib import closing, suppress
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime
from odoo.tools.misc import hmac

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..tools import mail_check
from .crm_service_mail import KEPT_DAYS

OUT, IN = "out", "in"
SENT, REFUSED, ARRIVED, ASTRAY = "sent", "refused", "arrived", "astray"
# what sending fails with; errors of smtplib, ssl and sockets are OSErrors
_UNSENT = (OSError, AssertionError, ValueError, UserError, MailDeliveryException)


class CrmServiceMailCheck(models.Model):
    """A mail that was sent to see whether mail goes out, or whether it comes in.

    Written once, when it was sent. That it came in again says the row the gateway
    writes of it (``crm.service.mail``): that may stand there before this one does.
    """

    _name = "crm.service.mail.check"
    _description = "Mail Test"
    _order = "id desc"
    _rec_name = "address"

    team_id = fields.Many2one(
        "crm.service.team", required=True, index=True, ondelete="cascade"
    )
    way = fields.Selection([(OUT, "Way out"), (IN, "Way in")], required=True)
    address = fields.Char("To", required=True)
    server = fields.Char("Outgoing Server")
    failure = fields.Selection(
        [
            (mail_check.OFF, "Sending is switched off"),
            (mail_check.UNREACHABLE, "No connection"),
            (mail_check.ENCRYPTION, "Encryption"),
            (mail_check.LOGIN, "User or password"),
            (mail_check.SENDER, "Sender refused"),
            (mail_check.ADDRESS, "Address refused"),
            (mail_check.REFUSED, "Refused"),
            (mail_check.UNREADY, "Not set up"),
        ]
    )
    answer = fields.Text("The Server's Words")
    sent_date = fields.Datetime("Sent On", required=True)
    report = fields.Text(help="What a mail system on the way sent back about it.")
    nonce = fields.Char(required=True, index=True, groups=fields.NO_ACCESS)
    message_id = fields.Char(required=True, index=True, groups=fields.NO_ACCESS)
    # what became of it
    state = fields.Selection(
        [
            (SENT, "Sent"),
            (ARRIVED, "Arrived"),
            (ASTRAY, "Arrived elsewhere"),
            (REFUSED, "Failed"),
        ],
        compute="_compute_state",
    )
    seconds = fields.Integer("Seconds on the Way", compute="_compute_state")
    result = fields.Text(compute="_compute_result")
    advice = fields.Text("What to Check", compute="_compute_advice")

    # ------------------------------------------------------------
    # WHAT BECAME OF IT
    # ------------------------------------------------------------

    @api.depends("failure", "report")
    def _compute_state(self):
        arrivals = self._arrivals()
        for check in self:
            # sudo: which row is that of this check; nobody reads the number itself
            row = arrivals.get(mail_check.row_name(check.sudo().nonce))
            check.state = check._state_by(row)
            passed = row.date - check.sent_date if row else timedelta()
            check.seconds = max(0, round(passed.total_seconds()))

    def _arrivals(self):
        """{Message-ID: row of what came in} of these checks, by one query."""
        # sudo: as in _compute_state
        names = [mail_check.row_name(check.nonce) for check in self.sudo()]
        # sudo: rows of the gateway about mail that the reader's own tests sent
        rows = self.env["crm.service.mail"].sudo()
        return {
            row.message_id: row for row in rows.search([("message_id", "in", names)])
        }

    def _state_by(self, row):
        if row:
            return ARRIVED if row.addressed_team_id == self.team_id else ASTRAY
        return REFUSED if self.failure or self.report else SENT

    @api.depends("state", "way", "answer", "report", "server", "address")
    def _compute_result(self):
        for check in self:
            sentence = check._sentence()
            answer = check.answer and check.env._(
                "In its own words: %(answer)s", answer=check.answer
            )
            check.result = "\n".join(filter(None, [sentence, answer, check.report]))

    def _sentence(self):
        """What became of it, in one sentence."""
        if self.failure:
            return self._failures()[self.failure]
        if self.report:
            return self.env._("A mail system on the way sent it back:")
        names = {
            "address": self.address,
            "server": self.server,
            "seconds": self.seconds,
        }
        if self.way == OUT:
            return self.env._(
                "Handed over to %(server)s. It lies in the mailbox %(address)s within "
                "minutes, or in its spam folder.",
                **names,
            )
        return {
            ARRIVED: self.env._("Arrived after %(seconds)s seconds.", **names),
            ASTRAY: self.env._(
                "Arrived after %(seconds)s seconds, but not under the address of this "
                "team: what customers write to %(address)s goes elsewhere.",
                **names,
            ),
            SENT: self.env._("Handed over to %(server)s, not arrived so far.", **names),
        }[self.state]

    def _failures(self):
        return {
            mail_check.OFF: self.env._(
                "Nothing was sent: sending mail is switched off on this server."
            ),
            mail_check.UNREACHABLE: self.env._(
                "Nothing was sent: there is no connection to %(server)s. Check its "
                "name and port, and whether a firewall lets mail out.",
                server=self.server,
            ),
            mail_check.ENCRYPTION: self.env._(
                "Nothing was sent: %(server)s wants another kind of encryption.",
                server=self.server,
            ),
            mail_check.LOGIN: self.env._(
                "Nothing was sent: %(server)s refuses user or password. Many providers "
                "want a code for programs instead of the password.",
                server=self.server,
            ),
            mail_check.SENDER: self.env._(
                "Nothing was sent: %(server)s does not send for this sender.",
                server=self.server,
            ),
            mail_check.ADDRESS: self.env._(
                "Nothing was sent: %(server)s does not deliver to %(address)s.",
                server=self.server,
                address=self.address,
            ),
            mail_check.REFUSED: self.env._(
                "Nothing was sent: %(server)s refuses the mail.", server=self.server
            ),
            mail_check.UNREADY: self.env._(
                "Nothing was sent: something in the set-up of %(server)s is missing.",
                server=self.server,
            ),
        }

    @api.depends("state", "way")
    def _compute_advice(self):
        lost = self.filtered(lambda check: check.way == IN and check.state == SENT)
        boxes = self._mailboxes() if lost else []
        for check in self:
            check.advice = "\n".join(check._advice(boxes)) if check in lost else False

    def _advice(self, boxes):
        """What to look at while a mail has not come in, the likeliest first."""
        if not boxes:
            boxes = [
                self.env._(
                    "No mailbox is fetched: set up an incoming mail server, or let "
                    "your mail server hand the mail over to Odoo."
                )
            ]
        return [
            *boxes,
            self.env._(
                "Mail to %(address)s has to end up there: by the MX record of the "
                "domain, or by a forwarding at your mail provider.",
                address=self.address,
            ),
            self.env._("Look into the spam folder of that mailbox."),
        ]

    @api.model
    def _mailboxes(self):
        """The mailboxes that are fetched, in a sentence each: when, and what failed."""
        # sudo: names and last errors of mailboxes, for whoever may look after a team
        servers = self.env["fetchmail.server"].sudo().search([("state", "=", "done")])
        return [self._mailbox_words(server) for server in servers]

    @api.model
    def _mailbox_words(self, server):
        if server.error_message:
            return self.env._(
                "The mailbox %(name)s cannot be fetched: %(error)s",
                name=server.name,
                error=" ".join(server.error_message.split())[:300],
            )
        if not server.date:
            return self.env._(
                "The mailbox %(name)s has never been fetched.", name=server.name
            )
        return self.env._(
            "The mailbox %(name)s was fetched last on %(moment)s.",
            name=server.name,
            moment=format_datetime(self.env, server.date),
        )

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    @api.model
    def _start(self, team, way):
        """Send a mail and keep what came of it.

        :param team: whose mail is looked at; the caller has checked that the user may
        """
        user = self.env.user
        sender = email_normalize(user.email)
        if not sender:
            raise UserError(
                self.env._(
                    "You have no e-mail address. Enter one in your preferences: the "
                    "test is sent from there."
                )
            )
        if way == IN and not team.alias_email:
            raise UserError(
                self.env._(
                    "This team has no complete e-mail address that could be tested."
                )
            )
        nonce = secrets.token_hex(16)
        message_id = f"<{nonce}@{team.alias_domain or mail_check.DOMAIN}>"
        address = team.alias_email if way == IN else sender
        moment = fields.Datetime.now()
        outcome = self._send(self._message(team, way, address, nonce, message_id))
        # sudo: rows are written here only, for whom the caller has checked
        return self.sudo().create(
            {
                "team_id": team.id,
                "way": way,
                "address": address,
                "nonce": nonce,
                "message_id": message_id,
                "sent_date": moment,
                **outcome,
            }
        )

    @api.model
    def _message(self, team, way, address, nonce, message_id):
        """The mail, ready to be sent; only one that shall come in again is marked as
        a test to be recognised."""
        headers = {
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            # whatever happens to the mark, no ticket comes of it
            "X-Service-Source": self.env["crm.service.mail"]._source(),
        }
        if way == IN:
            headers[mail_check.HEADER] = mail_check.token(nonce, self._sign)
        return self.env["ir.mail_server"]._build_email__(
            self.env.user.email_formatted,
            [address],
            self.env._("Test of the mail of %(team)s", team=team.name),
            self.env._(
                "This mail was sent to see whether mail works. Nothing is to be done."
            ),
            message_id=message_id,
            headers=headers,
        )

    @api.model
    def _send(self, message):
        """Send a mail the way answers to customers go.

        :return: the values of a row that say what came of it
        """
        # sudo: which server sends, and its password, whoever sends
        servers = self.env["ir.mail_server"].sudo()
        if servers._disable_send():
            return {"failure": mail_check.OFF}
        server, sender = servers._find_mail_server(message["From"])
        outcome = {"server": self._name_of(server)}
        try:
            session = servers._connect__(
                mail_server_id=server.id if server else None, smtp_from=sender
            )
            with closing(session):
                listener = mail_check.Listener(session)
                servers.send_email(message, smtp_session=session)
                answer = listener.last
                with suppress(OSError):
                    session.quit()
        except _UNSENT as error:
            # Odoo puts an error of its own around what happened while sending
            is_wrapped = isinstance(error, MailDeliveryException)
            cause = error.__context__ if is_wrapped and error.__context__ else error
            failure = mail_check.failure_of(cause)
            return {**outcome, "failure": failure, "answer": mail_check.said(cause)}
        return {**outcome, "answer": answer}

    @api.model
    def _name_of(self, server):
        """Which server that is, for people."""
        if server:
            return f"{server.name} ({server.smtp_host}:{server.smtp_port})"
        return self.env["crm.service.team"]._configured_server()

    @api.model
    def _sign(self, nonce):
        # sudo: the secret of the database, of which only a digest is used
        return hmac(self.sudo().env, self._name, nonce)

    @api.autovacuum
    def _gc_old_checks(self):
        """Forget tests together with the rows of what came in."""
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        # sudo: rows that are too old, of every company
        old = self.sudo().search([("sent_date", "<", limit)], limit=10_000)
        old.unlink()
        return len(old), len(old) == 10_000
