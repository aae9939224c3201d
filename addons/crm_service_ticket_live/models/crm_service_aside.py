from odoo import api, models

from ..tools.gathered import BACK


class CrmServiceAside(models.AbstractModel):
    """What comes back is said in the app as well."""

    _inherit = "crm.service.aside"

    @api.model
    def _tell(self, user, tickets, reasons):
        result = super()._tell(user, tickets, reasons)
        gathered = self.env["crm.service.live"]._gathered()
        for ticket in tickets:
            gathered.tell(user.id, ticket.id, BACK)
        return result
