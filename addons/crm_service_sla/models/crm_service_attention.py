from odoo import api, models
from odoo.fields import Domain


class CrmServiceAttention(models.AbstractModel):
    """What is late calls for its agent."""

    _inherit = "crm.service.attention"

    @api.model
    def _calling_conditions(self):
        late = Domain("sla_deadline", "<", "now")
        return [*super()._calling_conditions(), late]

    @api.model
    def _due_field(self):
        return "sla_deadline"
