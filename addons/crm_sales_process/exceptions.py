"""Refusals the web client answers with a dialog instead of a message."""

from odoo.exceptions import UserError


class ClosingReasonMissing(UserError):
    """A deal is to be closed and the reason is not known yet.

    The web client asks for ``context["lead_ids"]``: of a deal won in
    ``context["stage_id"]`` what is missing altogether, else in the wizard named in
    ``context["wizard"]``; any other client reads the message.
    """

    def __init__(self, message, wizard, lead_ids, stage_id=False):
        super().__init__(message)
        self.context = {
            "wizard": wizard,
            "lead_ids": lead_ids,
            "stage_id": stage_id,
        }


class StageRequirementsMissing(UserError):
    """Deals are to enter a stage without what it asks for.

    The web client asks what is missing for ``context["lead_ids"]`` to enter
    ``context["stage_id"]``; both are empty where one dialog cannot help: deals that are
    made in the stage, or sent to several stages at once.
    """

    def __init__(self, message, lead_ids=(), stage_id=False):
        super().__init__(message)
        self.context = {"lead_ids": list(lead_ids), "stage_id": stage_id}
