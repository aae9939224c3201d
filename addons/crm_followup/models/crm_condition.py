from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

PARTNER = "res.partner"
LEAD = "crm.lead"
FOLLOWUP = "crm.followup"


class CrmCondition(models.AbstractModel):
    """Last and next contact, and what one asks of follow-ups."""

    _inherit = "crm.condition"

    @api.model
    def _offered_names(self):
        return super()._offered_names() | {
            "crm.followup": self.env._("follow-ups"),
        }

    @api.model
    def _rule_scopes(self):
        return super()._rule_scopes() | {
            "crm.followup.rule": {PARTNER: [("lifecycle_state", "!=", False)]},
        }

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._followup_asks_of_partner(),
            *self._followup_asks_of_lead(),
            *self._followup_asks_of_followup(),
        ]

    @api.model
    def _followup_asks_of_partner(self):
        return [
            ConditionField(PARTNER, "last_contact_date", "contact"),
            ConditionField(PARTNER, "next_contact_date", "contact"),
            ConditionField(PARTNER, "followup_overdue", "contact"),
            ConditionField(PARTNER, "birthday", "contact"),
        ]

    @api.model
    def _followup_asks_of_lead(self):
        return [
            ConditionField(LEAD, "last_contact_date", "contact"),
            ConditionField(LEAD, "next_contact_date", "contact"),
            ConditionField(LEAD, "followup_overdue", "contact"),
        ]

    @api.model
    def _followup_asks_of_followup(self):
        return [
            ConditionField(FOLLOWUP, "method", "followup"),
            ConditionField(FOLLOWUP, "outcome", "followup"),
            ConditionField(FOLLOWUP, "date", "followup"),
            ConditionField(FOLLOWUP, "content", "followup"),
            ConditionField(FOLLOWUP, "next_date", "followup"),
            ConditionField(FOLLOWUP, "user_id", "people"),
            ConditionField(FOLLOWUP, "partner_id", "customer"),
            ConditionField(
                FOLLOWUP,
                "partner_id.customer_level_id",
                "customer",
                self.env._("Customer's Level"),
            ),
            ConditionField(
                FOLLOWUP,
                "partner_id.lifecycle_state",
                "customer",
                self.env._("Customer's Status"),
            ),
        ]
