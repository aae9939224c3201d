from odoo import api, models


class CrmServiceTicketType(models.Model):
    """Types that something was promised for."""

    _inherit = "crm.service.ticket.type"

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            # a policy holds for all that is below its types
            self.env["crm.service.ticket"]._sla_recheck_all()
        return result

    @api.model
    def _users_of_types(self):
        policies = self.env._("SLA policies")
        results = self.env._("SLA results")
        return [
            *super()._users_of_types(),
            ("crm.service.sla.policy", "type_ids", policies),
            ("crm.service.sla.result", "type_id", results),
        ]
