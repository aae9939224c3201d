from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, email_split, parse_contact_from_email

from odoo.addons.crm_customer_center.tools.webmail import house_of

SPOKEN = ("comment", "email", "email_outgoing")


class CrmServiceTicket(models.Model):
    """Mail in and out, and who had the last word."""

    _inherit = "crm.service.ticket"

    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    last_message_date = fields.Datetime(
        "Last Word",
        readonly=True,
        copy=False,
        help="When the customer or one of us last wrote to the other.",
    )
    awaiting_answer = fields.Boolean(
        "Awaits Our Answer",
        readonly=True,
        copy=False,
        index=True,
        help="The customer had the last word.",
    )
    incoming_mail_ids = fields.One2many("crm.service.mail", "ticket_id", "Mails")

    @api.depends("partner_email")
    def _compute_email_normalized(self):
        for ticket in self:
            ticket.email_normalized = email_normalize(ticket.partner_email)

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {
            "email_normalized",
            "last_message_date",
            "awaiting_answer",
        }

    # ------------------------------------------------------------
    # IN
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail becomes a ticket: who wrote it, what, and whose customer it is."""
        values = dict(custom_values or {})
        sender = values.pop("mail_reply_to", None) or msg_dict.get("email_from") or ""
        is_machine = values.pop("mail_by_machine", False)
        name, _email = parse_contact_from_email(sender)
        values = {
            "name": msg_dict.get("subject") or self.env._("(no subject)"),
            "channel": "email",
            "description": msg_dict.get("body"),
            "partner_name": name or False,
            **values,
        }
        ticket = super().message_new({**msg_dict, "email_from": sender}, values)
        # sudo: rows of the mail gateway
        mails = self.env["crm.service.mail"].sudo()
        mail = mails.search([("message_id", "=", msg_dict["message_id"])])
        mail.ticket_id = ticket
        if mail.suggested_ticket_id:
            ticket.linked_to_ids = mail.suggested_ticket_id
        if not is_machine and not mails._is_from_us({"email_from": sender}):
            ticket._acknowledge(msg_dict["message_id"])
        return ticket

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """By the indexed column; Odoo would compare a part of the address. Who has no
        address that can be read is answered by nobody and makes no loop: the tickets
        of all who have none are not his."""
        if not email_from_normalized:
            return None
        return Domain("email_normalized", "=", email_from_normalized)

    def _living(self):
        """The ticket that mail for this one goes to: the one it was merged into."""
        self.ensure_one()
        return self._line_of_merges()[-1:]

    def _is_involved(self, address: str, customers) -> bool:
        """Whether somebody with this address may write into the ticket by naming its
        number: the sender, who is in copy, a follower, or the customer's people.

        :param customers: whose people the address belongs to; see ``_customers_of``
        """
        self.ensure_one()
        if not address:
            return False
        known = {
            self.email_normalized,
            email_normalize(self.partner_id.email),
            *(email_normalize(cc) for cc in email_split(self.email_cc or "")),
            *self.message_partner_ids.mapped("email_normalized"),
        }
        domain = house_of(address)
        return (
            address in known
            or bool(domain)
            and domain == house_of(self.email_normalized or "")
            or self.customer_id in customers
        )

    def _customers_of(self, address: str):
        """The customers of these tickets to whose people an address belongs."""
        people = self.env["res.partner"]
        if not address or not self.customer_id:
            return people
        return people.search(
            [
                ("commercial_partner_id", "in", self.customer_id.ids),
                ("email_normalized", "=", address),
            ]
        ).commercial_partner_id

    def _message_receive_bounce(self, email, partner):
        """Our mail did not arrive: whoever works on the ticket has to know."""
        result = super()._message_receive_bounce(email, partner)
        for ticket in self:
            ticket._living()._tell_agent(
                self.env._(
                    "Our mail to %(address)s could not be delivered. Check the "
                    "address, or call the customer.",
                    address=email or self.env._("the customer"),
                ),
                email,
            )
        return result

    def _tell_agent(self, text, address=""):
        """Say something to whoever works on the ticket, in a note.

        :param address: whom our mail did not reach. If that is one of us, nobody is
            told by mail, or the message about it would come back as well.
        """
        self.ensure_one()
        mails = self.env["crm.service.mail"]
        agent = self.user_id or self.team_id.user_id
        if mails._is_from_us({"email_from": address}):
            agent = agent.browse()
        self.message_post(
            body=text,
            author_id=self.env.ref("base.partner_root").id,
            partner_ids=agent.partner_id.ids,
            subtype_xmlid="mail.mt_note",
            message_type="notification",
        )

    # ------------------------------------------------------------
    # WHO SPOKE LAST
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self and self._is_spoken(message):
            # sudo: times are the system's to set, whoever writes, by who it was
            ticket, author = self.sudo(), message.sudo().author_id
            if self._is_ours(author):
                ticket._we_answered(message)
            else:
                ticket._customer_spoke(message)
        return result

    @api.model
    def _is_spoken(self, message) -> bool:
        """Whether a message is a word between the customer and us; what the system
        itself says is neither's."""
        message = message.sudo()  # sudo: of the ticket that was just written to
        return (
            message.message_type in SPOKEN
            and not message.is_internal
            and not message.subtype_id.internal
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and message.author_id != self.env.ref("base.partner_root")
            and not _is_opening(message, self)
        )

    @api.model
    def _is_ours(self, author) -> bool:
        """Whether an author is one of us, and a person."""
        return bool(author.user_ids.filtered(lambda user: not user.share))

    def _we_answered(self, message):
        """One of us wrote to the customer.

        A module that watches answers (the SLA clock) extends this.
        """
        now = fields.Datetime.now()
        values = {"last_message_date": now, "awaiting_answer": False}
        if not self.first_response_date:
            values["first_response_date"] = now
        self.write(values)
        if self.state == "pending":
            self._move_to("in_progress")

    def _customer_spoke(self, message):
        """The customer wrote: who waited for that goes on, what was done opens again.

        A module that watches answers (the SLA clock) extends this.
        """
        if self.merged_into_id:
            # nobody would read it here
            self._move_messages(message, self._living())
            return
        self.write(
            {"last_message_date": fields.Datetime.now(), "awaiting_answer": True}
        )
        self.env["crm.service.aside"]._wake(self)
        if self.state in ("waiting", "resolved", "closed"):
            self._move_to("in_progress")

    # ------------------------------------------------------------
    # OUT
    # ------------------------------------------------------------

    def _message_compute_subject(self):
        """The number goes with every mail, so that the answer finds its ticket even
        where mail programs drop the references."""
        self.ensure_one()
        return f"[{self.number}] {self.name}"

    def _notify_by_email_get_headers(self, headers=None):
        headers = super()._notify_by_email_get_headers(headers=headers)
        return {**headers, "X-Service-Source": self.env["crm.service.mail"]._source()}

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers go to the address of the ticket's team."""
        # sudo: the address of a team is no secret to who writes from it
        tickets = self.sudo()
        teams = tickets.team_id
        addresses = teams._notify_get_reply_to(default=default, author_id=author_id)
        result = {ticket.id: addresses.get(ticket.team_id.id) for ticket in tickets}
        rest = self - tickets.filtered("team_id")
        if rest:
            result |= super(CrmServiceTicket, rest)._notify_get_reply_to(
                default=default, author_id=author_id
            )
        return result


def _is_opening(message, tickets) -> bool:
    """Return whether a ticket was opened with a message: it is not said afterwards."""
    ticket = tickets.browse(message.res_id).sudo()  # sudo: see _is_spoken
    is_mail = message.message_type == "email"
    return not is_mail and ticket.description_message_id == message
