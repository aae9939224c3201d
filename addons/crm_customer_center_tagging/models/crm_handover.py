from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource


class CrmHandover(models.Model):
    """Segments change hands; members are found with the rights of who has them."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="segments",
                label=self.env._("Segments"),
                model="crm.segment",
                sequence=87,
                is_setup=True,
            ),
        ]
