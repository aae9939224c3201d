from odoo import Command, api, fields, models

#: what is typed of the first person of a new customer, and which field of it that is
ENTERED = {
    "entry_contact_name": "name",
    "entry_contact_phone": "phone",
    "entry_contact_wechat": "wechat",
}


class CrmCustomerEntryMixin(models.AbstractModel):
    """A new customer in five fields. Of res.partner alone.

    The form of a new customer is the customer's form, folded: who presses "More" goes
    on in the same record, so nothing typed can get lost on the way. The person one
    talks to is saved with the company, in one go. See
    docs/adr/0062-a-new-customer-in-a-small-form.md.
    """

    _name = "crm.customer.entry.mixin"
    _description = "Entry of a Customer"

    is_entry_whole = fields.Boolean(
        store=False, help="The form of a new customer shows everything."
    )
    entry_contact_name = fields.Char("Contact Person", store=False)
    entry_contact_phone = fields.Char("Mobile", store=False)
    entry_contact_wechat = fields.Char("Contact's WeChat", store=False)

    @api.model
    def default_get(self, fields):
        """A new customer is written to in the language of our country."""
        values = super().default_get(fields)
        context = self.env.context
        is_customer = context.get("default_lifecycle_state")
        if not is_customer and "is_entry_whole" in fields:
            # who becomes a customer while being typed keeps the page
            values["is_entry_whole"] = True
        if is_customer and "lang" in fields and "default_lang" not in context:
            values["lang"] = self._entry_lang()
        return values

    @api.model
    def _entry_lang(self) -> str:
        """Return a language of the company's country, if one is installed: the one
        of who asks, else the first; without one, the language of who asks."""
        own = self.env.lang or self.env.user.lang
        country = self.env.company.country_id.code
        local = [
            code
            for code, _name in self.env["res.lang"].get_installed()
            if country and code.partition("@")[0].endswith(f"_{country}")
        ]
        return own if own in local or not local else local[0]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_entry_contact(vals) for vals in vals_list])

    @api.model
    def _with_entry_contact(self, vals: dict) -> dict:
        """Return values in which what was typed of a person is a contact."""
        if not vals.keys() & ENTERED.keys():
            return vals
        rest = {name: value for name, value in vals.items() if name not in ENTERED}
        entered = {to: (vals.get(name) or "").strip() for name, to in ENTERED.items()}
        if entered["name"]:
            child = Command.create(self._prepare_entry_contact(entered))
            return {**rest, "child_ids": [*(rest.get("child_ids") or []), child]}
        # nobody's number is the company's
        for name in ("phone", "wechat"):
            rest[name] = rest.get(name) or entered[name] or False
        return rest

    @api.model
    def _prepare_entry_contact(self, entered: dict) -> dict:
        """Return the values of the contact; said in full, as defaults meant for the
        company reach it too."""
        return {
            "type": "contact",
            "is_company": False,
            "lifecycle_state": False,
            **{name: value or False for name, value in entered.items()},
        }

    @api.onchange("is_entry_whole")
    def _onchange_is_entry_whole(self):
        """What was typed in the small form stands in the whole one."""
        if not self.is_entry_whole:
            return
        entered = {to: (self[name] or "").strip() for name, to in ENTERED.items()}
        if entered["name"]:
            self.child_ids = [Command.create(self._prepare_entry_contact(entered))]
        else:
            self.phone = self.phone or entered["phone"]
            self.wechat = self.wechat or entered["wechat"]
        for name in ENTERED:
            self[name] = False

    @api.onchange("company_type")
    def _onchange_entry_company_type(self):
        """The number of a customer that is a person is its own."""
        if self.company_type == "person" and not self.id:
            self.phone = self.phone or self.entry_contact_phone
            self.wechat = self.wechat or self.entry_contact_wechat
            self.entry_contact_phone = self.entry_contact_wechat = False
