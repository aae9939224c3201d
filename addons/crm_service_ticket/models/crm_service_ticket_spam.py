from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmServiceTicket(models.Model):
    """Spam: one button closes the ticket and blocks who sent it, another takes that
    back."""

    _inherit = "crm.service.ticket"

    is_spam = fields.Boolean("Spam", readonly=True, copy=False)
    spam_state = fields.Char(
        readonly=True, copy=False, help="Where the ticket stood before it was spam."
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"is_spam", "spam_state"}

    def action_spam(self):
        """Close the tickets as spam: nothing that was promised holds, nobody is asked
        how it went, and the senders write no longer.

        :raises UserError: for tickets that came from nobody who could be blocked, or
            from a colleague
        """
        self.check_access("write")
        for ticket in self.filtered(lambda ticket: not ticket.is_spam):
            address = ticket.email_normalized
            if not address:
                raise UserError(
                    self.env._(
                        "%(ticket)s names no address that could be blocked. Close it "
                        "instead.",
                        ticket=ticket.display_name,
                    )
                )
            blocked = self.env["crm.service.blocked.sender"]
            blocked._block([address], ticket.company_id, ticket)
            # sudo: system fields, and mail that waits to be sent
            spam = ticket.sudo()
            spam.write({"is_spam": True, "spam_state": ticket.state})
            spam._withdraw_confirmation()
            ticket._move_to("closed")
            spam.awaiting_answer = False
            ticket._message_log(
                body=self.env._(
                    "Spam: closed, and %(address)s is blocked.", address=address
                )
            )

    def action_no_spam(self):
        """Take it back: the tickets stand where they stood, the senders may write."""
        self.check_access("write")
        senders = self.env["crm.service.blocked.sender"]
        for ticket in self.filtered("is_spam"):
            address = ticket.email_normalized
            still = senders._release([address], ticket.company_id)
            state = ticket.spam_state or "pending"
            # where it stood before it counts again
            ticket._move_to(state)
            # sudo: system fields of a ticket that was checked above
            spam = ticket.sudo()
            spam.write({"is_spam": False, "spam_state": False})
            spam.awaiting_answer = spam._is_open() and spam._is_asked()
            ticket._message_log(
                body=self.env._(
                    "No spam. %(address)s stands in the list of blocked senders all "
                    "the same.",
                    address=address,
                )
                if still
                else self.env._("No spam: the sender may write again.")
            )

    def _withdraw_confirmation(self):
        """What was promised to a sender of spam and has not gone out yet stays here.

        A module that promises more (the SLA clock) extends this.
        """
        mails = self.env["mail.mail"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("outgoing", "exception")),
                # what our automatic answers say of themselves
                ("headers", "ilike", "auto-replied"),
            ]
        )
        mails.cancel()
        self.filtered("acknowledged_date").acknowledged_date = False

    def _is_to_acknowledge(self):
        return not self.is_spam and super()._is_to_acknowledge()

    def _satisfaction_email(self):
        """Senders of spam are not asked how it went."""
        return "" if self.is_spam else super()._satisfaction_email()

    def _satisfaction_phone(self):
        return "" if self.is_spam else super()._satisfaction_phone()
