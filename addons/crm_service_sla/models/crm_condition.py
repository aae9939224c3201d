from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

TICKET = "crm.service.ticket"


class CrmCondition(models.AbstractModel):
    """The service clock, for conditions on tickets."""

    _inherit = "crm.condition"

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._clock_asks_of_ticket(),
        ]

    @api.model
    def _clock_asks_of_ticket(self):
        return [
            ConditionField(TICKET, "sla_state", "service"),
            ConditionField(TICKET, "sla_deadline", "service"),
            ConditionField(TICKET, "sla_policy_id", "service"),
            ConditionField(TICKET, "first_response_deadline", "service"),
            ConditionField(TICKET, "resolution_deadline", "service"),
        ]
