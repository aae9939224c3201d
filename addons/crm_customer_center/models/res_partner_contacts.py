from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.tools.changes import follows, precedes

DECISION_ROLES = [
    ("decision_maker", "Decision Maker"),
    ("influencer", "Influencer"),
    ("user", "User"),
    ("gatekeeper", "Gatekeeper"),
]


class ResPartner(models.Model):
    """Contacts of a customer: their part in the decision and who comes first."""

    _inherit = "res.partner"

    second_phone = fields.Char(help="Another number of the same person.")
    wechat = fields.Char("WeChat", help="The WeChat ID, or the number it goes by.")
    decision_role = fields.Selection(
        DECISION_ROLES,
        string="Role in Decision",
        help="Decision maker: says yes. Influencer: is listened to. User: will work "
        "with it. Gatekeeper: decides who gets through.",
    )
    primary_contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('parent_id', '=', id), ('is_company', '=', False)]",
        help="Whom to call first. The first contact entered, until another is chosen.",
    )
    # not tracked, as the phone itself is: each write of a customer would look it up
    primary_contact_phone = fields.Char(
        related="primary_contact_id.phone",
        string="Primary Contact Phone",
        tracking=False,
    )
    is_primary_contact = fields.Boolean(
        string="Primary",
        compute="_compute_is_primary_contact",
        inverse="_inverse_is_primary_contact",
        help="Whom to call first at this customer.",
    )

    @api.depends("parent_id.primary_contact_id")
    def _compute_is_primary_contact(self):
        for partner in self:
            # _origin: in the customer's form contacts are still copies in memory
            primary = partner.parent_id.primary_contact_id._origin
            partner.is_primary_contact = bool(primary) and primary == partner._origin

    def _inverse_is_primary_contact(self):
        for partner in self.filtered("parent_id"):
            if partner.is_primary_contact:
                partner.parent_id.primary_contact_id = partner
            elif partner.parent_id.primary_contact_id == partner:
                partner.parent_id.primary_contact_id = False

    @precedes(10, "parent_id")
    def _check_parent_is_seen(self, vals):
        """Nobody pushes a contact into a customer of others, blindly."""
        if vals["parent_id"]:
            parent_id = self._fields["parent_id"].convert_to_write(
                vals["parent_id"], self
            )
            self.browse(parent_id).check_access("read")

    @follows(20, "parent_id", new=True)
    def _primary_contact_follows(self, change):
        if not change.is_new:
            self._leave_former_company()
        self._become_first_primary_contact()

    def _become_first_primary_contact(self):
        """The first person of a customer is its primary contact by default."""
        # sudo: who may create or move the contact has been checked; one check per
        # company would cost a query each
        contacts = self.sudo().filtered(
            lambda partner: (
                partner.parent_id
                and partner.type == "contact"
                and not partner.is_company
            )
        )
        for company, persons in contacts.grouped("parent_id").items():
            if company.lifecycle_state and not company.primary_contact_id:
                # past Odoo's write on partners: it looks for the users of each
                # company, which flushes what is waiting to be written
                models.Model.write(company, {"primary_contact_id": persons[:1].id})

    def _leave_former_company(self):
        """Who moved to another company is no longer the contact of the former."""
        # sudo: the former company may belong to somebody else or be archived; only
        # its reference to a person who left is taken away
        former = (
            self.sudo()
            .with_context(active_test=False)
            .search([("primary_contact_id", "in", self.ids)])
        )
        for company in former:
            if company.primary_contact_id.parent_id != company:
                company.primary_contact_id = False

    @api.constrains("primary_contact_id")
    def _check_primary_contact(self):
        for company in self.filtered("primary_contact_id"):
            if company.primary_contact_id.parent_id != company:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s. Choose one of "
                        "its contacts, or add the person there first.",
                        contact=company.primary_contact_id.display_name,
                        customer=company.display_name,
                    )
                )
