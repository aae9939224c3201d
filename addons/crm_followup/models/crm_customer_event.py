from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_center.models.crm_customer_event import ContactSource


class CrmCustomerEvent(models.Model):
    """A follow-up is a contact: who was called is not silent."""

    _inherit = "crm.customer.event"

    @api.model
    def _contact_sources(self):
        """The night reads the last contact from the row that keeps it; whose history is
        told anew, all of them. A day stands at noon."""
        return [
            *super()._contact_sources(),
            ContactSource(
                SQL(
                    "SELECT partner_id, last_contact_date + time '12:00' AS at"
                    " FROM crm_followup_state"
                    " WHERE partner_id IS NOT NULL AND last_contact_date IS NOT NULL"
                ),
                lambda ids: SQL(
                    "SELECT customer_id AS partner_id, day + time '12:00' AS at"
                    " FROM crm_followup WHERE customer_id = ANY(%s)",
                    ids,
                ),
                ("crm.followup", "crm.followup.state"),
            ),
        ]
