from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_reports.models.crm_measure_blind import BlindSpot


class CrmMeasureBlind(models.AbstractModel):
    """A forecast knows nothing of deals that nobody expects on any day."""

    _inherit = "crm.measure.blind"

    @api.model
    def _blind_spots(self):
        undated = Domain("date_deadline", "=", False)
        return {
            **super()._blind_spots(),
            "forecast": BlindSpot(undated, self._undated_words),
        }

    @api.model
    def _undated_words(self, count: int) -> str:
        if count == 1:
            return self.env._("1 deal without a closing date")
        return self.env._("%(count)s deals without a closing date", count=count)
