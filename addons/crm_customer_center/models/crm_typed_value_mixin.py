from odoo import api, fields, models

from ..tools import checks
from .res_partner_validation import _has_credit_code


class CrmTypedValueMixin(models.AbstractModel):
    """What is wrong with what is being typed, at the field and before it is saved. Of
    res.partner alone.

    Of what was changed only: a bad number of years ago stops nobody who adds a note.
    """

    _name = "crm.typed.value.mixin"
    _description = "Values as They Are Typed"

    phone_problem = fields.Char(compute="_compute_phone_problems")
    second_phone_problem = fields.Char(compute="_compute_phone_problems")
    entry_phone_problem = fields.Char(compute="_compute_phone_problems")
    email_problem = fields.Char(compute="_compute_email_problem")
    vat_problem = fields.Char(compute="_compute_vat_problem")

    @api.depends(
        "phone",
        "second_phone",
        "entry_contact_phone",
        "country_id",
        "lifecycle_state",
        "parent_id",
    )
    @api.depends_context("lang")
    def _compute_phone_problems(self):
        for partner in self:
            check = partner._check_typed_phone
            partner.phone_problem = partner._typed_problem("phone", check)
            partner.second_phone_problem = partner._typed_problem("second_phone", check)
            partner.entry_phone_problem = partner._typed_problem(
                "entry_contact_phone", check
            )

    @api.depends("email", "lifecycle_state", "parent_id")
    @api.depends_context("lang")
    def _compute_email_problem(self):
        for partner in self:
            partner.email_problem = partner._typed_problem("email", checks.check_email)

    @api.depends("vat", "country_id", "is_company", "lifecycle_state", "parent_id")
    @api.depends_context("lang")
    def _compute_vat_problem(self):
        for partner in self:
            partner.vat_problem = _has_credit_code(partner) and partner._typed_problem(
                "vat", checks.check_credit_code
            )

    @api.constrains("second_phone")
    def _check_customer_second_phone(self):
        for partner in self._to_check("second_phone"):
            checked = partner._check_typed_phone(partner.second_phone)
            partner._raise_problem(checked, "second_phone")

    def _check_typed_phone(self, phone: str) -> checks.Checked:
        return checks.check_phone(phone, self._phone_country_code())

    def _typed_problem(self, name: str, check) -> str:
        """Return what is wrong with a value that is being typed, else nothing."""
        value = self[name]
        if not value or self._origin == self or value == self._origin[name]:
            return ""
        if not (self.is_customer or self.lifecycle_state or self.parent_id.is_customer):
            return ""
        folded = self._fold_contact_vals({name: value})[name]
        problem = check(folded).problem
        return self._customer_problem_message(problem, value) if problem else ""
