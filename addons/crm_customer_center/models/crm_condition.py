from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

PARTNER = "res.partner"
LEAD = "crm.lead"


class CrmCondition(models.AbstractModel):
    """What one asks of customers, and of the customer of a deal."""

    _inherit = "crm.condition"

    @api.model
    def _offered_names(self):
        return super()._offered_names() | {
            "crm.lead": self.env._("leads and deals"),
        }

    @api.model
    def _rule_scopes(self):
        customers = {PARTNER: [("lifecycle_state", "!=", False)]}
        return super()._rule_scopes() | {
            "crm.lifecycle.rule": customers,
            "crm.level.rule": customers,
        }

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._hub_asks_of_partner(),
            *self._hub_asks_of_lead(),
            *self._hub_asks_around_lead(),
        ]

    @api.model
    def _hub_asks_of_partner(self):
        return [
            ConditionField(PARTNER, "lifecycle_state", "customer"),
            ConditionField(PARTNER, "lifecycle_days", "customer"),
            ConditionField(PARTNER, "customer_level_id", "customer"),
            ConditionField(PARTNER, "customer_source_id", "customer"),
            ConditionField(PARTNER, "industry_id", "customer"),
            ConditionField(PARTNER, "size_class", "customer"),
            ConditionField(PARTNER, "customer_code", "customer"),
            ConditionField(PARTNER, "name", "customer"),
            ConditionField(
                PARTNER, "is_company", "customer", self.env._("Is a Company")
            ),
            ConditionField(
                PARTNER, "is_customer", "customer", self.env._("Is a Customer")
            ),
            ConditionField(PARTNER, "lifecycle_since", "contact"),
            ConditionField(PARTNER, "create_date", "contact", self.env._("Created On")),
            ConditionField(PARTNER, "phone", "contact"),
            ConditionField(PARTNER, "email", "contact"),
            ConditionField(PARTNER, "wechat", "contact"),
            ConditionField(PARTNER, "decision_role", "contact"),
            ConditionField(PARTNER, "user_id", "people", self.env._("Owner")),
            ConditionField(PARTNER, "company_id", "people"),
            ConditionField(PARTNER, "customer_region_id", "address"),
            ConditionField(PARTNER, "country_id", "address"),
            ConditionField(PARTNER, "state_id", "address", self.env._("Province")),
            ConditionField(PARTNER, "city", "address"),
        ]

    @api.model
    def _hub_asks_of_lead(self):
        return [
            ConditionField(LEAD, "stage_id", "deal"),
            ConditionField(LEAD, "type", "deal", self.env._("Lead or Deal")),
            ConditionField(LEAD, "expected_revenue", "deal", self.env._("Amount")),
            ConditionField(LEAD, "probability", "deal"),
            ConditionField(
                LEAD, "date_deadline", "deal", self.env._("Expected Closing")
            ),
            ConditionField(LEAD, "won_status", "deal", self.env._("Won or Lost")),
            ConditionField(LEAD, "priority", "deal"),
            ConditionField(LEAD, "source_id", "deal"),
            ConditionField(LEAD, "campaign_id", "deal"),
            ConditionField(LEAD, "name", "deal", self.env._("Title")),
            ConditionField(LEAD, "partner_name", "deal", self.env._("Company Name")),
        ]

    @api.model
    def _hub_asks_around_lead(self):
        return [
            ConditionField(LEAD, "partner_id", "customer", self.env._("Customer")),
            ConditionField(
                LEAD,
                "partner_id.lifecycle_state",
                "customer",
                self.env._("Customer's Status"),
            ),
            ConditionField(
                LEAD,
                "partner_id.customer_level_id",
                "customer",
                self.env._("Customer's Level"),
            ),
            ConditionField(
                LEAD,
                "partner_id.customer_region_id",
                "customer",
                self.env._("Customer's Region"),
            ),
            ConditionField(
                LEAD,
                "partner_id.industry_id",
                "customer",
                self.env._("Customer's Industry"),
            ),
            ConditionField(
                LEAD,
                "date_last_stage_update",
                "contact",
                self.env._("In This Stage Since"),
            ),
            ConditionField(LEAD, "create_date", "contact", self.env._("Created On")),
            ConditionField(LEAD, "date_open", "contact", self.env._("Assigned On")),
            ConditionField(LEAD, "date_closed", "contact", self.env._("Closed On")),
            ConditionField(LEAD, "phone", "contact"),
            ConditionField(LEAD, "email_from", "contact"),
            ConditionField(LEAD, "user_id", "people", self.env._("Salesperson")),
            ConditionField(LEAD, "team_id", "people"),
            ConditionField(LEAD, "country_id", "address"),
            ConditionField(LEAD, "state_id", "address", self.env._("Province")),
            ConditionField(LEAD, "city", "address"),
        ]
