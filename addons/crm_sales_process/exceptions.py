"""Refusals the web client answers with a dialog instead of a message."""

from odoo.exceptions import UserError


class ClosingReasonMissing(UserError):
    """A deal is to be closed and the reason is not known yet.

    The web client opens the wizard named in ``context["wizard"]`` for
    ``context["lead_ids"]``; any other client reads the message.
    """

    def __init__(self, message, wizard, lead_ids, stage_id=False):
        super().__init__(message)
        self.context = {
            "wizard": wizard,
            "lead_ids": lead_ids,
            "stage_id": stage_id,
        }
