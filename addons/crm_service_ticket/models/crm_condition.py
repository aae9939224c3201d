from odoo import api, models

from odoo.addons.crm_suite_base.models.crm_condition import ConditionField

from .crm_service_team_member import OPEN_STATES

TICKET = "crm.service.ticket"


class CrmCondition(models.AbstractModel):
    """What one asks of tickets."""

    _inherit = "crm.condition"

    @api.model
    def _offered_names(self):
        return super()._offered_names() | {
            "crm.service.ticket": self.env._("tickets"),
        }

    @api.model
    def _rule_scopes(self):
        return super()._rule_scopes() | {
            "crm.service.escalation.rule": {TICKET: [("state", "in", OPEN_STATES)]},
        }

    @api.model
    def _offered_fields(self):
        return [
            *super()._offered_fields(),
            *self._desk_asks_of_ticket(),
            *self._desk_asks_around_ticket(),
        ]

    @api.model
    def _desk_asks_of_ticket(self):
        return [
            ConditionField(TICKET, "state", "ticket"),
            ConditionField(TICKET, "stage_id", "ticket"),
            ConditionField(TICKET, "type_id", "ticket"),
            ConditionField(
                TICKET, "ticket_type", "ticket", self.env._("Kind of Ticket")
            ),
            ConditionField(TICKET, "channel", "ticket"),
            ConditionField(TICKET, "priority", "ticket"),
            ConditionField(TICKET, "level", "ticket"),
            ConditionField(TICKET, "name", "ticket"),
            ConditionField(TICKET, "awaiting_answer", "ticket"),
            ConditionField(TICKET, "reopen_count", "ticket"),
            ConditionField(TICKET, "satisfaction_score", "ticket"),
            ConditionField(TICKET, "is_spam", "ticket"),
            ConditionField(TICKET, "equipment_id", "ticket"),
        ]

    @api.model
    def _desk_asks_around_ticket(self):
        return [
            ConditionField(TICKET, "partner_id", "customer", self.env._("Customer")),
            ConditionField(TICKET, "customer_level_id", "customer"),
            ConditionField(
                TICKET,
                "partner_id.lifecycle_state",
                "customer",
                self.env._("Customer's Status"),
            ),
            ConditionField(
                TICKET,
                "partner_id.customer_region_id",
                "customer",
                self.env._("Customer's Region"),
            ),
            ConditionField(TICKET, "partner_email", "customer"),
            ConditionField(TICKET, "create_date", "contact", self.env._("Created On")),
            ConditionField(
                TICKET,
                "date_last_stage_update",
                "contact",
                self.env._("In This Stage Since"),
            ),
            ConditionField(TICKET, "last_message_date", "contact"),
            ConditionField(TICKET, "first_response_date", "contact"),
            ConditionField(TICKET, "resolved_date", "contact"),
            ConditionField(TICKET, "closed_date", "contact"),
            ConditionField(TICKET, "tag_ids", "tags", self.env._("Tags")),
            ConditionField(
                TICKET, "partner_id.category_id", "tags", self.env._("Customer's Tags")
            ),
            ConditionField(TICKET, "user_id", "people"),
            ConditionField(TICKET, "team_id", "people"),
        ]
