from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_customer_center.tools.text import fold_marks

from ..tools.equipment import warranty_state

WARRANTY = [
    ("in", "Under warranty"),
    ("over", "Warranty over"),
    ("unknown", "Warranty not known"),
]

#: Devices in the list of a form.
MOST_OFFERED = 200


class CrmCustomerEquipment(models.Model):
    """A device of ours that stands at a customer's: the installed base, as far as
    service needs it."""

    _name = "crm.customer.equipment"
    _description = "Customer Equipment"
    _link_gate = True
    _order = "name, serial, id"
    _rec_names_search = ("serial", "name")
    _check_company_auto = True

    name = fields.Char("Product", required=True, index="trigram")
    serial = fields.Char(
        "Serial Number",
        index="trigram",
        help="As it stands on the device; one of a product's only once.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    bought_on = fields.Date()
    warranty_until = fields.Date(help="The last day of the warranty.")
    warranty_state = fields.Selection(
        WARRANTY,
        "Warranty",
        compute="_compute_warranty_state",
        search="_search_warranty_state",
        help="On the company's day.",
    )
    note = fields.Text()
    active = fields.Boolean(default=True)
    ticket_ids = fields.One2many("crm.service.ticket", "equipment_id", "Tickets")
    ticket_count = fields.Integer(
        "Number of Tickets", compute="_compute_ticket_count", compute_sudo=False
    )

    _serial_uniq = models.UniqueIndex(
        "(company_id, lower(name), lower(serial)) WHERE serial IS NOT NULL",
        "There is a device with this product and serial number already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (warranty_until >= bought_on)",
        "The warranty ends before the device was bought.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("name", "serial")
    def _compute_display_name(self):
        for device in self:
            device.display_name = " · ".join(filter(None, (device.name, device.serial)))

    @api.depends("warranty_until", "company_id")
    def _compute_warranty_state(self):
        for device in self:
            company = device.company_id or self.env.company
            device.warranty_state = warranty_state(
                device.warranty_until, company._today()
            )

    @api.model
    def _search_warranty_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain.FALSE
        # each company has its own day
        # sudo: which day it is there is no secret
        for company in self.env["res.company"].sudo().search([]):
            today = company._today()
            ends = {
                "in": Domain("warranty_until", ">=", today),
                "over": Domain("warranty_until", "<", today),
                "unknown": Domain("warranty_until", "=", False),
            }
            wanted = Domain.OR(end for state, end in ends.items() if state in value)
            found |= Domain("company_id", "=", company.id) & wanted
        return found

    @api.depends("ticket_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_count(self):
        counts = dict(
            self.env["crm.service.ticket"]._read_group(
                [("equipment_id", "in", self.ids)], ["equipment_id"], ["__count"]
            )
        )
        for device in self:
            device.ticket_count = counts.get(device, 0)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._cleaned(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._cleaned(vals))

    @api.model
    def _cleaned(self, vals) -> dict:
        """One writing of product and serial number, however they were typed."""
        return {
            name: fold_marks(value) or False
            if name in ("name", "serial") and isinstance(value, str)
            else value
            for name, value in vals.items()
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: tickets of other teams count too
        tickets = self.env["crm.service.ticket"].sudo()
        used = tickets.with_context(active_test=False).search(
            [("equipment_id", "in", self.ids)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "There are tickets about “%s”. Archive it instead: it is not "
                    "offered any more, and its history stays.",
                    used.equipment_id.display_name,
                )
            )

    @api.model
    def _offered_to(self, partner, company) -> dict[str, str]:
        """The devices a customer may choose from in the form, by the value it sends."""
        # sudo: what stands at the customer's own
        devices = self.sudo().search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.ids),
                ("company_id", "=", company.id),
            ],
            limit=MOST_OFFERED,
        )
        return {str(device.id): device.display_name for device in devices}

    def action_open_tickets(self):
        """Everything that was ever asked about this device."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_ticket_customer"
        )
        return {
            **action,
            "domain": [("equipment_id", "=", self.id)],
            "context": {
                "default_equipment_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
            "display_name": self.display_name,
        }
