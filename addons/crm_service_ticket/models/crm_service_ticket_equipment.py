from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.tools.changes import follows


class CrmServiceTicket(models.Model):
    """The device a ticket is about."""

    _inherit = "crm.service.ticket"

    equipment_id = fields.Many2one(
        "crm.customer.equipment",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="customer_id and [('partner_id', 'child_of', customer_id)] or []",
        help="The customer's device, by product or serial number.",
    )
    warranty_state = fields.Selection(related="equipment_id.warranty_state")

    @api.onchange("partner_id")
    def _onchange_partner_equipment(self):
        """A device of another customer is not this one's."""
        if not _equipment_fits(self):
            self.equipment_id = False

    @api.onchange("equipment_id")
    def _onchange_equipment_customer(self):
        """A serial number says who it is."""
        if self.equipment_id and not self.partner_id:
            self.partner_id = self.equipment_id.partner_id

    @follows(31, "partner_id")
    def _equipment_stays_with_its_customer(self, change):
        if "equipment_id" not in change.vals:
            strange = self.filtered(lambda ticket: not _equipment_fits(ticket))
            if strange:
                strange.equipment_id = False

    @api.constrains("equipment_id")
    def _check_equipment(self):
        for ticket in self:
            if not _equipment_fits(ticket):
                raise ValidationError(
                    self.env._(
                        "“%(device)s” stands at “%(customer)s”, another customer than "
                        "the ticket's.",
                        device=ticket.equipment_id.display_name,
                        customer=ticket.equipment_id.partner_id.display_name,
                    )
                )


def _equipment_fits(ticket) -> bool:
    """Return whether the device stands at the ticket's customer, or nobody's."""
    # sudo: compared only
    ticket = ticket.sudo()
    owner = ticket.equipment_id.partner_id.commercial_partner_id
    customer = ticket.partner_id.commercial_partner_id
    return not owner or not customer or owner == customer
