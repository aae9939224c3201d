import secrets

from odoo import api, fields, models
from odoo.tools import formataddr, parse_contact_from_email

from ..tools import mail_evidence
from ..tools.quotes import fold_history

STATES = [
    ("waiting", "Waiting for Supplier"),
    ("answered", "Supplier Answered"),
    ("done", "Done"),
]
# before the key behind the plus of the address that answers go to
MARK = "s"


class CrmServiceInquiry(models.Model):
    """A question to a third party about a ticket, as a thread of its own beside it.

    Its mails have an address of their own; what the third party answers stands in the
    ticket as an internal note. The customer sees none of it: it is another document,
    which nobody outside may read, and a note.
    """

    _name = "crm.service.inquiry"
    _link_gate = True
    _description = "Question to a Supplier"
    _inherit = "mail.thread"
    _order = "id desc"

    name = fields.Char("Subject", required=True)
    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, default="waiting", readonly=True)
    key = fields.Char(
        "Secret of the Address",
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_hex(8),
        help="Stands in the address that answers go to.",
    )
    answer_date = fields.Datetime("Last Answer", readonly=True)
    # access follows the ticket
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, index=True)
    user_id = fields.Many2one(
        related="ticket_id.user_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)

    _key_uniq = models.UniqueIndex("(key)", "There is a question with this key.")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"state", "key", "answer_date"}

    def action_done(self):
        """Nothing more is expected."""
        self.check_access("write")
        # sudo: a system field
        self.sudo().state = "done"

    # ------------------------------------------------------------
    # OUT
    # ------------------------------------------------------------

    def _ask(self, text, files):
        """Send the question, or one more.

        :param text: HTML
        :param files: copies, of the user's
        """
        self.ensure_one()
        # answers are told in the ticket
        quiet = self.with_context(mail_post_autofollow_author_skip=True)
        quiet.message_post(
            body=text,
            subject=self.name,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            attachment_ids=files.ids,
        )

    def _notify_get_reply_to(self, default=None, author_id=False):
        """An address of its own: that of the ticket's team with the key behind a plus.

        Where the team has none, answers are known by their references.
        """
        # sudo: key and address, for the mail that is being written
        inquiries = self.sudo()
        plain = inquiries.ticket_id._notify_get_reply_to(
            default=default, author_id=author_id
        )
        result = {}
        for inquiry in inquiries:
            address = plain[inquiry.ticket_id.id]
            team = inquiry.team_id
            result[inquiry.id] = (
                _with_key(address, inquiry.key) if team.alias_name else address
            )
        return result

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        # sudo: who wrote what was just posted
        author = message.sudo().author_id
        comment = self.env.ref("mail.mt_comment")
        if self and message.subtype_id == comment:
            # sudo: states and notes are the system's to write, whoever says a word
            inquiry = self.sudo()
            if self.env["crm.service.ticket"]._is_ours(author):
                inquiry.state = "waiting"
            elif message.message_type == "email":
                inquiry._answered_by(message)
        return result

    # ------------------------------------------------------------
    # IN
    # ------------------------------------------------------------

    @api.model
    def _of_mail(self, recipients, routes):
        """The question a mail answers: by the address it was sent to, or by what Odoo
        found by its references; empty for none.

        :param recipients: addresses
        """
        # sudo: mail finds its question whoever runs the gateway
        inquiries = self.sudo()
        keys = [
            address.partition("@")[0].partition("+")[2].lower()
            for address in recipients
        ]
        keys = [key[1:] for key in keys if key.startswith(MARK)]
        if keys and (found := inquiries.search([("key", "in", keys)], limit=1)):
            return found
        ids = [route[1] for route in routes if route[0] == self._name and route[1]]
        return inquiries.browse(ids[:1]).exists()

    def _answered_by(self, message):
        """Put what the third party says into the ticket, as a note nobody outside
        reads; whoever works on it is told.

        What a machine says is noted as well, and is no answer.
        """
        self.ensure_one()
        ticket = self.ticket_id._living()
        mails = self.env["crm.service.mail"]
        row = mails.search([("message_id", "=", message.message_id)], limit=1)
        if not row or row.kind in mail_evidence.SPEAKING:
            self.write({"state": "answered", "answer_date": fields.Datetime.now()})
            self.env["crm.service.aside"]._wake(ticket)
        agent = ticket.user_id or ticket.team_id.user_id
        root = self.env.ref("base.user_root")
        ticket.with_user(root).sudo().message_post(  # sudo: as the gateway posts
            body=type(message.body)(fold_history(str(message.body or ""))),
            subject=self.name,
            author_id=message.author_id.id or False,
            email_from=message.email_from,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=agent.partner_id.ids,
            attachment_ids=[
                file.copy({"res_model": ticket._name, "res_id": ticket.id}).id
                for file in message.attachment_ids
            ],
        )

    def _message_receive_bounce(self, email, partner):
        result = super()._message_receive_bounce(email, partner)
        for inquiry in self:
            inquiry.ticket_id._living()._tell_agent(
                self.env._(
                    "Our mail to the supplier %(address)s could not be delivered.",
                    address=email or inquiry.partner_id.email or "",
                ),
                email,
            )
        return result


def _with_key(address: str, key: str) -> str:
    """Return a formatted address with the key behind a plus."""
    name, plain = parse_contact_from_email(address)
    local, at, host = plain.partition("@")
    return formataddr((name, f"{local}+{MARK}{key}@{host}")) if at else address
