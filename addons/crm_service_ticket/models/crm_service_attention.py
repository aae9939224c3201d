from odoo import api, models
from odoo.fields import Domain

from .crm_service_team_member import OPEN_STATES


class CrmServiceAttention(models.AbstractModel):
    """Which tickets call for their agent, and until when; for counters and notices.

    A module that knows deadlines appends its condition and names its field.
    """

    _name = "crm.service.attention"
    _description = "Tickets That Call for Their Agent"

    @api.model
    def _mine(self) -> Domain:
        """Open tickets of the user that are not put aside."""
        return (
            Domain("user_id", "=", self.env.uid)
            & Domain("state", "in", OPEN_STATES)
            & Domain("aside_until", "=", False)
        )

    @api.model
    def _calling(self) -> Domain:
        """Those that meet one of the conditions."""
        return Domain.OR(self._calling_conditions())

    @api.model
    def _calling_conditions(self) -> list[Domain]:
        """Conditions of which one is enough: the customer had the last word."""
        return [Domain("awaiting_answer", "=", True)]

    @api.model
    def _due_field(self) -> str:
        """The field that says until when something is to be done; none without a
        clock."""
        return ""
