from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource

OPEN = ("pending", "in_progress", "waiting")


class CrmHandover(models.Model):
    """Open tickets change hands, and what of the desk names the person."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="tickets",
                label=self.env._("Open Tickets"),
                model="crm.service.ticket",
                domain=Domain("state", "in", OPEN),
                sequence=35,
                customer="customer_id",
            ),
            HandoverSource(
                key="service_teams",
                label=self.env._("Service Teams Led"),
                model="crm.service.team",
                sequence=82,
                is_post=True,
                is_setup=True,
            ),
            HandoverSource(
                key="escalation_rules",
                label=self.env._("Escalation Rules That Name the Person"),
                model="crm.service.escalation.rule",
                sequence=91,
                is_setup=True,
            ),
            HandoverSource(
                key="intake_rules",
                label=self.env._("Intake Rules That Name the Person"),
                model="crm.service.intake.rule",
                sequence=92,
                is_setup=True,
            ),
        ]
