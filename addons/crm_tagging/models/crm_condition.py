from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

PARTNER = "res.partner"
LEAD = "crm.lead"


class CrmCondition(models.AbstractModel):
    """Tags, segments and what a contact or lead is anyway, for conditions."""

    _inherit = "crm.condition"

    @api.model
    def _offered_names(self):
        return super()._offered_names() | {
            "crm.lead": self.env._("leads and deals"),
        }

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._tagging_asks_of_partner(),
            *self._tagging_asks_of_lead(),
        ]

    @api.model
    def _tagging_asks_of_partner(self):
        return [
            ConditionField(PARTNER, "category_id", "tags", self.env._("Tags")),
            ConditionField(PARTNER, "segment_ids", "tags", self.env._("Segments")),
            ConditionField(PARTNER, "name", "customer"),
            ConditionField(
                PARTNER, "is_company", "customer", self.env._("Is a Company")
            ),
            ConditionField(PARTNER, "user_id", "people", self.env._("Owner")),
            ConditionField(PARTNER, "country_id", "address"),
            ConditionField(PARTNER, "state_id", "address", self.env._("Province")),
            ConditionField(PARTNER, "city", "address"),
            ConditionField(PARTNER, "create_date", "contact", self.env._("Created On")),
        ]

    @api.model
    def _tagging_asks_of_lead(self):
        return [
            ConditionField(LEAD, "tag_ids", "tags", self.env._("Tags")),
            ConditionField(
                LEAD, "partner_id.category_id", "tags", self.env._("Customer's Tags")
            ),
            ConditionField(
                LEAD,
                "partner_id.segment_ids",
                "tags",
                self.env._("Customer's Segments"),
            ),
            ConditionField(LEAD, "stage_id", "deal"),
            ConditionField(LEAD, "type", "deal", self.env._("Lead or Deal")),
            ConditionField(LEAD, "expected_revenue", "deal", self.env._("Amount")),
            ConditionField(LEAD, "user_id", "people", self.env._("Salesperson")),
            ConditionField(LEAD, "team_id", "people"),
            ConditionField(LEAD, "create_date", "contact", self.env._("Created On")),
        ]
