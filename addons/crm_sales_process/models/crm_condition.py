from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

LEAD = "crm.lead"


class CrmCondition(models.AbstractModel):
    """What our pipeline adds to what one asks of deals."""

    _inherit = "crm.condition"

    @api.model
    def _rule_scopes(self):
        return super()._rule_scopes() | {
            "crm.lead.assignment.rule": {LEAD: [("won_status", "=", "pending")]},
        }

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._sales_asks_of_lead(),
        ]

    @api.model
    def _sales_asks_of_lead(self):
        return [
            ConditionField(LEAD, "discount", "deal"),
            ConditionField(LEAD, "approval_state", "deal"),
            ConditionField(LEAD, "milestone_overdue", "deal"),
            ConditionField(LEAD, "next_milestone_date", "deal"),
            ConditionField(LEAD, "won_reason_id", "deal"),
            ConditionField(LEAD, "lost_reason_id", "deal"),
            ConditionField(LEAD, "competitor_id", "deal"),
            ConditionField(LEAD, "assignment_waiting", "deal"),
            ConditionField(LEAD, "industry_id", "customer"),
            ConditionField(LEAD, "customer_region_id", "address"),
        ]
