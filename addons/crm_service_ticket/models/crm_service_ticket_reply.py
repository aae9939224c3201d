from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .crm_service_ticket_solution import is_our_answer, proposed_solution

# where an answer may leave its ticket
STATES_AFTER = ("waiting", "resolved")
SOLVED_LAYOUT = "crm_service_ticket.mail_layout_solved"


class CrmServiceTicket(models.Model):
    """An answer, and what becomes of the ticket with it, in one."""

    _inherit = "crm.service.ticket"

    def message_post(self, *, state_after=None, canned_ids=None, **kwargs):
        """Odoo's, and the ticket changes with it or neither happens.

        :param state_after: one of ``STATES_AFTER``, where the ticket goes when the
            customer has been answered
        :param canned_ids: ids of the ``mail.canned.response`` that were put in
        :raises AccessError: for who may write into the ticket and not change it, and
            for canned answers that are not the sender's
        :raises UserError: for a note, which is no answer, and for a merged ticket
        """
        if not (state_after or canned_ids):
            return super().message_post(**kwargs)
        # a message is posted as superuser, whoever writes it
        sending = SendingOff(self.sudo(False), state_after, canned_ids)
        sending.begin()
        message = super().message_post(**{**kwargs, **sending.layout})
        sending.finish(message)
        return message


class SendingOff:
    """An answer on its way, and what it does to its ticket, with the sender's rights.

    ``ticket``: as the sender; ``state``: where it goes, or None; ``values``: what
    canned answers set in it.
    """

    def __init__(self, ticket, state, canned_ids):
        env = ticket.env
        if state not in (None, False, *STATES_AFTER):
            raise UserError(env._("A ticket cannot be sent off into that state."))
        canned = env["mail.canned.response"]._put_in(canned_ids or [])
        self.ticket = ticket
        self.values = canned._ticket_values()
        # the button says more than the words
        self.state = state or canned._ticket_state_after()

    @property
    def layout(self) -> dict[str, str]:
        """An answer that resolves says how to object: there is no second mail."""
        is_solved = self.state == "resolved"
        return {"email_layout_xmlid": SOLVED_LAYOUT} if is_solved else {}

    def begin(self):
        """Be the only one who changes the ticket, before a word is said."""
        if self.state or self.values:
            self.ticket._take_turn_to_change()
            self.ticket._check_not_merged()

    def finish(self, message):
        """Change the ticket after the answer.

        :raises UserError: for what does not go to the customer
        """
        if not (self.state or self.values):
            return
        ticket = self.ticket
        if not is_our_answer(ticket, message):
            raise UserError(
                ticket.env._(
                    "A note does not reach the customer, and the ticket stays where it "
                    "is. Send it as a message, or change the state by itself."
                )
            )
        if self.state == "resolved" and is_html_empty(ticket.resolution):
            ticket.resolution = proposed_solution(ticket)
        if self.state:
            if not ticket.user_id:
                # nobody else would hear of what the customer says to it
                ticket.user_id = ticket.env.user
            ticket._move_to(self.state)
        # last: with another team the ticket may be no longer the sender's
        if self.values:
            ticket.write(self.values)
