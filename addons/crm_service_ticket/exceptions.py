"""Refusals the web client answers with a dialog instead of a message."""

from odoo.exceptions import UserError


class SolutionMissing(UserError):
    """Tickets are to be resolved and it is not known how.

    The web client asks for ``context["ticket_ids"]``; any other client reads the
    message.
    """

    def __init__(self, message, ticket_ids):
        super().__init__(message)
        self.context = {"ticket_ids": ticket_ids}
