from odoo import api, models


class CalendarEvent(models.Model):
    """Everybody in the house reads the meetings of everybody, for years to come; only
    who may read the customer reads how to reach him."""

    _inherit = "calendar.event"

    @api.model
    def _prepare_partner_contact_details_html(self, section_title, partner):
        """Odoo writes name, e-mail and phone of the customer into the description.
        They stay with the customer, who is a click away for who may see him."""
        # sudo: whether it is a customer is decided here, nothing of it is shown
        if partner.sudo().is_customer:
            return []
        return super()._prepare_partner_contact_details_html(section_title, partner)
