from odoo import api, fields, models

from ..tools.duplicate_keys import company_name_key

LIFECYCLE_STATES = [
    ("potential", "Potential"),
    ("active", "Active"),
    ("dormant", "Dormant"),
    ("lost", "Lost"),
]
SIZE_CLASSES = [
    ("micro", "Micro (under 10 people)"),
    ("small", "Small (10 to 99)"),
    ("medium", "Medium (100 to 499)"),
    ("large", "Large (500 and more)"),
]


class ResPartner(models.Model):
    """The customer master.

    A partner with a ``lifecycle_state`` is a customer. Only commercial entities
    (a company, or a person without a company) have one; contacts follow their
    company.
    """

    _inherit = "res.partner"

    # identity
    customer_code = fields.Char(
        compute="_compute_customer_code",
        store=True,
        readonly=False,
        copy=False,
        help="Given by the system when a partner becomes a customer.",
    )
    id_number = fields.Char(
        string="ID Number",
        copy=False,
        groups="crm_customer_center.group_sales_rep,"
        "crm_customer_center.group_service_manager",
        help="Number of the resident identity card (18 characters).",
    )
    name_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        index="btree_not_null",
        help="The name as duplicates are compared: without legal form, "
        "punctuation, width and script variant.",
    )
    # classification
    lifecycle_state = fields.Selection(
        LIFECYCLE_STATES,
        string="Lifecycle",
        compute="_compute_lifecycle_state",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Potential: not bought yet. Active: has bought. Dormant: silent for "
        "long. Lost: gone. Empty: not a customer.",
    )
    customer_level_id = fields.Many2one(
        "crm.customer.level",
        string="Level",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    customer_level_color = fields.Integer(related="customer_level_id.color")
    customer_source_id = fields.Many2one(
        "utm.source",
        string="Source",
        index="btree_not_null",
        ondelete="restrict",
        help="How this customer first came to us.",
    )
    size_class = fields.Selection(SIZE_CLASSES, string="Company Size")
    customer_region_id = fields.Many2one(
        "crm.customer.region",
        string="Region",
        compute="_compute_customer_region_id",
        store=True,
        index="btree_not_null",
        help="Follows from province and country.",
    )
    # responsibility (the owner is Odoo's salesperson, user_id)
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _customer_code_uniq = models.UniqueIndex(
        "(customer_code, COALESCE(company_id, 0)) WHERE customer_code IS NOT NULL",
        "Another customer has this customer code already.",
    )
    _phone_sanitized_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
    )
    _email_normalized_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    @api.model
    def default_get(self, fields):
        """A new customer is in our own country until somebody says otherwise."""
        values = super().default_get(fields)
        if values.get("lifecycle_state") and "country_id" in fields:
            values.setdefault("country_id", self.env.company.country_id.id)
        return values

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("user_id", "commercial_partner_id", "partner_share")
    def _compute_lifecycle_state(self):
        """Whoever gets an owner becomes a (potential) customer.

        Without this an owner set in the plain Contacts form would not protect the
        customer from the eyes of other reps.
        """
        for partner in self:
            if (
                not partner.lifecycle_state
                and partner.user_id
                and partner.partner_share
                and partner.commercial_partner_id == partner
            ):
                partner.lifecycle_state = "potential"

    @api.depends("lifecycle_state")
    def _compute_customer_code(self):
        """Number new customers, one draw for the whole batch.

        Codes that a person or an import has typed already are passed over.
        """
        nameless = self.filtered(
            lambda partner: (
                partner.lifecycle_state
                and not partner.customer_code
                and isinstance(partner.id, int)
            )
        )
        if (
            not self.env.registry.ready
            and not self.env["ir.sequence"]._has_customer_sequence()
        ):
            # installation on a database in use: columns are filled before the data
            # files bring the sequence; post_init_hook numbers these customers
            return
        for partner, code in zip(
            nameless, self._draw_customer_codes(len(nameless)), strict=True
        ):
            partner.customer_code = code

    @api.depends("name", "lifecycle_state")
    def _compute_name_key(self):
        for partner in self:
            is_keyed = partner.lifecycle_state and partner.name
            partner.name_key = is_keyed and company_name_key(partner.name)

    @api.depends("state_id.customer_region_id", "country_id.customer_region_id")
    def _compute_customer_region_id(self):
        for partner in self:
            partner.customer_region_id = (
                partner.state_id.customer_region_id
                or partner.country_id.customer_region_id
            )

    @api.depends("user_id")
    def _compute_team_id(self):
        for partner in self:
            if partner.user_id.sale_team_id:
                partner.team_id = partner.user_id.sale_team_id

    # ------------------------------------------------------------
    # CUSTOMER CODE
    # ------------------------------------------------------------

    def _draw_customer_codes(self, count: int) -> list[str]:
        """Return ``count`` codes no partner has, from the customer sequence."""
        codes: list[str] = []
        if not count:
            return codes
        # sudo: everybody who creates a customer draws a number, nobody else's
        # data is shown
        sequences = self.env["ir.sequence"].sudo()
        while len(codes) < count:
            codes += sequences._next_customer_codes(count - len(codes))
        return codes

    # ------------------------------------------------------------
    # CRUD, VIEWS, SEARCH
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = {
            name: self.env.context[f"default_{name}"]
            for name in ("parent_id", "is_company", "company_type")
            if f"default_{name}" in self.env.context
        }
        return super().create(
            [
                {**vals, "lifecycle_state": False}
                if self._is_contact_vals({**defaults, **vals})
                else vals
                for vals in vals_list
            ]
        )

    @api.model
    def _create(self, data_list):
        """Compute all stored fields before mail asks for one of them: it would have
        them written in two portions, each with new entries in all indexes."""
        partners = super()._create(data_list)
        partners._recompute_recordset()
        return partners

    def write(self, vals):
        contacts = self.browse()
        if vals.keys() & {"parent_id", "is_company", "company_type", "lifecycle_state"}:
            contacts = self._contacts_after(vals)
        result = True
        if contacts:
            result = super(ResPartner, contacts).write(
                {**vals, "lifecycle_state": False}
            )
        if self - contacts or not contacts:
            result = super(ResPartner, self - contacts).write(vals)
        if vals.get("customer_code"):
            # into the table, where the next code to be drawn is looked for
            self.flush_recordset(["customer_code"])
        return result

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        """Odoo asks for this at each write of a company, also when nothing the contacts
        share has changed; each contact would then be looked for contacts of its own and
        written without a value, which costs half of the write."""
        if fields_to_sync is not None and not fields_to_sync:
            return None
        return super()._commercial_sync_to_descendants(fields_to_sync)

    def _contacts_after(self, vals: dict):
        """Those of the partners that are contacts once ``vals`` is written.

        Who stands below a company follows it and has no lifecycle of his own; a
        company below a company (a branch, a subsidiary) remains a customer of its
        own. Said at create and write because a default in the context (the Customer
        Centre's) reaches the contacts entered in the same form too.
        """
        # sudo: whether the user may write is checked by the write itself
        return self.browse(
            partner.id
            for partner in self.sudo()
            if self._is_contact_vals(
                {
                    "parent_id": partner.parent_id.id,
                    "is_company": partner.is_company,
                    **vals,
                }
            )
        )

    @api.model
    def _is_contact_vals(self, vals: dict) -> bool:
        """Whether ``vals`` describes a person or an address below a partner."""
        is_company = (
            vals["company_type"] == "company"
            if vals.get("company_type")
            else vals.get("is_company")
        )
        return bool(vals.get("parent_id")) and not is_company

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["size_class"]

    def get_formview_id(self, access_uid=None):
        """A customer opens in the customer form wherever it is clicked."""
        # sudo: only chooses the view; reading the record is checked after it
        if len(self) == 1 and self.sudo().lifecycle_state:
            return self.env.ref("crm_customer_center.view_customer_form").id
        return super().get_formview_id(access_uid=access_uid)
