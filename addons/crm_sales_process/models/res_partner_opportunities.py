from odoo import models
from odoo.fields import Domain

from odoo.addons.crm_customer_center.models.res_partner_customer_360 import (
    CustomerSection,
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _customer_360_sections(self) -> list[CustomerSection]:
        """Opportunities of others this customer is concerned by, where there are."""
        sections = super()._customer_360_sections()
        shared = Domain("partner_ids", "child_of", self.id)
        leads = self.env["crm.lead"]
        if not leads.has_access("read") or not leads.search_count(shared, limit=1):
            return sections
        section = CustomerSection(
            key="shared_opportunities",
            label=self.env._("Shared Opportunities"),
            icon="fa-handshake-o",
            model="crm.lead",
            domain=shared,
            sequence=25,
            action="crm.crm_lead_opportunities",
        )
        return [*sections, section]
