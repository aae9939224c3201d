from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A lead that becomes a customer brings its state, source and owner along.

        The contact person below the company gets none of it: contacts follow
        their company.
        """
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if not parent_id:
            values.setdefault("lifecycle_state", "potential")
            values.setdefault("customer_source_id", self.source_id.id)
        return values

    def _get_customer_information(self):
        """A contact made only to write a message to is no customer yet."""
        information = super()._get_customer_information()
        for values in information.values():
            values.pop("lifecycle_state", None)
        return information
