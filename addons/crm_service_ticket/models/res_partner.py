from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_customer_360 import (
    CustomerSection,
)

from .crm_service_team_member import OPEN_STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    service_ticket_ids = fields.One2many(
        "crm.service.ticket",
        "customer_id",
        "Service Tickets",
        groups="crm_customer_center.group_service_agent,sales_team.group_sale_salesman",
    )

    def _carried_fields_written(self):
        self.env["crm.service.ticket"]._follow_partners(self.ids)
        return super()._carried_fields_written()

    def _customer_360_sections(self):
        family = Domain("partner_id", "child_of", self.id)
        sections = super()._customer_360_sections()
        sections.append(
            CustomerSection(
                key="tickets",
                label=self.env._("Tickets"),
                icon="fa-life-ring",
                model="crm.service.ticket",
                domain=family,
                alert_domain=family & Domain("state", "in", OPEN_STATES),
                sequence=50,
                context={"default_partner_id": self.id, "search_default_open": 0},
                action="crm_service_ticket.action_ticket_customer",
            )
        )
        sections.append(
            CustomerSection(
                key="equipment",
                label=self.env._("Equipment"),
                icon="fa-microchip",
                model="crm.customer.equipment",
                domain=family,
                sequence=55,
                context={"default_partner_id": self.id},
                action="crm_service_ticket.action_equipment",
            )
        )
        return sections
