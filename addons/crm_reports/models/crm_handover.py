from odoo import api, models

from odoo.addons.crm_customer_center.models.crm_handover_sources import HandoverSource


class CrmHandover(models.Model):
    """Reports that are sent go on being sent, in somebody else's name."""

    _inherit = "crm.handover"

    @api.model
    def _handover_sources(self):
        return [
            *super()._handover_sources(),
            HandoverSource(
                key="subscriptions",
                label=self.env._("Reports Sent by Mail"),
                model="crm.report.subscription",
                field="owner_id",
                sequence=94,
                is_setup=True,
            ),
        ]
