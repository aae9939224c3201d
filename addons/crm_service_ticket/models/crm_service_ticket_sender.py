from odoo import api, fields, models
from odoo.tools import email_normalize, formataddr, is_html_empty

from odoo.addons.crm_suite_base.tools.changes import follows
from odoo.addons.crm_suite_base.tools.token import Token

from ..tools.quotes import fold_history
from .crm_service_ticket_intake import ARRIVAL, by_mail

# between the making of a ticket and its first message
FIRST = Token("service_first_message")
# the words of a new ticket are those of a message that follows
MESSAGE_FOLLOWS = Token("service_message_follows")
# what one of us writes down for a customer
WRITTEN_BY_US = ("agent", "phone")


class CrmServiceTicket(models.Model):
    """Who wrote a mail, what of it is new, and where its words stand."""

    _inherit = "crm.service.ticket"

    description_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The message the description was taken from.",
    )
    is_description_said = fields.Boolean(
        compute="_compute_is_description_said",
        compute_sudo=True,
        help="The description stands in the conversation, word by word.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"description_message_id"}

    @api.depends("description_message_id.res_id", "description_message_id.model")
    def _compute_is_description_said(self):
        for ticket in self:
            message = ticket.description_message_id
            place = (message.model, message.res_id)
            ticket.is_description_said = place == (self._name, ticket._origin.id)

    @follows(35, new=True)
    def _description_is_said(self, _change):
        """Begin the conversation with what is asked. Nobody is notified: that there is
        a ticket is told in other ways."""
        if MESSAGE_FOLLOWS.is_on(self.env):
            return
        # sudo: the first message of what the user has just made, a system field
        asking = self.sudo().filtered(
            lambda ticket: (
                not ticket.description_message_id
                and not is_html_empty(ticket.description)
            )
        )
        # asked for all at once, which a message by itself would ask for each
        replies = asking._notify_get_reply_to() if asking else {}
        messages = asking._message_create(
            [{**first_message(one), "reply_to": replies[one.id]} for one in asking]
        )
        for ticket, message in zip(asking, messages, strict=True):
            ticket.description_message_id = message

    def _message_update_content(self, message, /, *, body, **kwargs):
        result = super()._message_update_content(message, body=body, **kwargs)
        # sudo: whoever may correct the message corrects the description it is
        ticket = self.sudo()
        if body is None or message != ticket.description_message_id:
            return result
        if is_html_empty(body):
            # the message is gone, what was asked is not
            ticket.description_message_id = False
        else:
            ticket._describe_by(message.sudo())  # sudo: see above
        return result

    @follows(50, "description")
    def _description_is_nobodys_message(self, change):
        if "description_message_id" not in change.names:
            # sudo: a system field; what a person wrote is nobody's message
            said = self.sudo().filtered("description_message_id")
            said.description_message_id = False

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        beside = values.pop("mail_beside", None)
        self._fold_body(msg_dict)
        if beside is not None:
            msg_dict["message_id"] = beside
        # sudo: rows of the mail gateway
        rows = self.env["crm.service.mail"].sudo()
        row = rows.search([("message_id", "=", msg_dict["message_id"])])
        first = row.ticket_id
        tickets = ARRIVAL.on(MESSAGE_FOLLOWS.on(self), by_mail(msg_dict, values))
        ticket = super(CrmServiceTicket, tickets).message_new(msg_dict, values)
        if beside is not None:
            row.ticket_id = first
            ticket._stand_beside(first)
            # answers to the mail belong to the ticket of the team it was sent to
            msg_dict["message_id"] = f"<{ticket.id}.{beside.lstrip('<')}"
        ticket._name_author(msg_dict)
        return FIRST.on(ARRIVAL.off(MESSAGE_FOLLOWS.off(ticket)))

    def message_update(self, msg_dict, update_vals=None):
        self._fold_body(msg_dict)
        for ticket in self:
            ticket._name_author(msg_dict)
        return super().message_update(msg_dict, update_vals)

    @api.model
    def _fold_body(self, msg_dict):
        body = msg_dict.get("body")
        if body:
            # as safe as it was: only attributes and spans were added
            msg_dict["body"] = type(body)(fold_history(str(body)))

    def _name_author(self, msg_dict):
        """An address may be known in several companies; in a ticket it is its customer,
        not whom the company of the mail gateway knows."""
        address = email_normalize(msg_dict.get("email_from"))
        if address and address == self.partner_id.email_normalized:
            msg_dict["author_id"] = self.partner_id.id

    def _stand_beside(self, first):
        """One mail to two teams: a ticket each, and each says where the other is."""
        self.linked_to_ids = first
        for ticket, other in ((self, first), (first, self)):
            ticket._message_log(
                body=self.env._(
                    "The same mail went to %(team)s: %(ticket)s",
                    team=other.team_id.name,
                    ticket=other._get_html_link(),
                )
            )

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if FIRST.is_on(self.env):
            is_mail = message.message_type == "email"
            # sudo: the ticket that was made of this very mail, and a system field
            ticket = self.sudo()
            if is_mail and not ticket.description_message_id:
                ticket._describe_by(message)
        return result

    def _describe_by(self, message):
        """Take the description from a message: its pictures are found, and it need not
        be shown twice."""
        self.ensure_one()
        self.write({"description": message.body, "description_message_id": message.id})


def first_message(ticket) -> dict:
    """Return values of the message that a description is: the customer's, or of who of
    us wrote down what the customer said."""
    author, sender = ticket.partner_id, ticket.partner_name or ""
    if ticket.partner_email:
        sender = formataddr((sender, ticket.partner_email))
    if ticket.channel in WRITTEN_BY_US or not (author or sender):
        author = ticket.create_uid.partner_id
    comment = ticket.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
    return {
        "model": ticket._name,
        "res_id": ticket.id,
        "body": ticket.description,
        "message_type": "comment",
        "subtype_id": comment,
        "author_id": author.id,
        "email_from": author.email_formatted or author.name or sender,
    }
