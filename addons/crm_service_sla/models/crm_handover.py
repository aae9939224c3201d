from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource


class CrmHandover(models.Model):
    """Steps of the service clock that name the person change hands."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="sla_steps",
                label=self.env._("Steps of the Service Clock That Name the Person"),
                model="crm.service.sla.step",
                sequence=93,
                is_setup=True,
            ),
        ]
