from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.tools.changes import follows

from ..tools import checks
from ..tools.text import fold_marks

# what full-width input methods and copied cells bring into these fields
FOLDED_FIELDS = ("phone", "second_phone", "wechat", "email", "vat", "id_number")


class ResPartner(models.Model):
    """Only right values enter the customer master.

    Checked are customers and their contacts; other partners keep Odoo's own
    leniency, since mail gateways and web shops create them unattended.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._fold_contact_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._fold_contact_vals(vals))

    @follows(30, "lifecycle_state", "user_id", reads=["is_customer"])
    def _newcomers_are_checked(self, change):
        if change.vals.get("lifecycle_state") or change.vals.get("user_id"):
            self.browse(
                id_ for id_, was in change.was.items() if not was["is_customer"]
            )._check_customer_values()

    def _check_customer_values(self):
        """Check all values of partners that have just become customers.

        Not a constraint on the lifecycle: that is computed again whenever the owner
        changes, and a bad phone of ten years ago must not stop the hand-over of a
        customer nor the installation of this module.
        """
        self._check_customer_phone()
        self._check_customer_second_phone()
        self._check_customer_email()
        self._check_customer_credit_code()

    @api.model
    def _fold_contact_vals(self, vals: dict) -> dict:
        """Full-width digits, letters and signs typed by a Chinese keyboard become
        plain ones: １３８ → 138, ＠ → @. ``vals`` itself is left alone."""
        folded = {
            name: fold_marks(vals[name])
            for name in FOLDED_FIELDS
            # an RPC client may send a phone as a number
            if isinstance(vals.get(name), str) and not vals[name].isascii()
        }
        return {**vals, **folded} if folded else vals

    @api.constrains("phone")
    def _check_customer_phone(self):
        for partner in self._to_check("phone"):
            country = partner._phone_country_code()
            partner._raise_problem(checks.check_phone(partner.phone, country), "phone")

    @api.constrains("email")
    def _check_customer_email(self):
        for partner in self._to_check("email"):
            partner._raise_problem(checks.check_email(partner.email), "email")

    @api.constrains("vat")
    def _check_customer_credit_code(self):
        for partner in self._to_check("vat"):
            if _has_credit_code(partner):
                partner._raise_problem(checks.check_credit_code(partner.vat), "vat")

    @api.constrains("id_number")
    def _check_customer_id_number(self):
        # sudo: whoever wrote the number may lack the group that shows it
        for partner in self.sudo().filtered("id_number"):
            checked = checks.check_id_number(partner.id_number)
            partner._raise_problem(checked, "id_number")

    def _to_check(self, field_name: str):
        return self.filtered(lambda p: p[field_name] and p.is_customer)

    def _raise_problem(self, checked: checks.Checked, field_name: str) -> None:
        """Refuse a value with a message that says what to write instead.

        :raises ValidationError: when ``checked`` carries a problem
        """
        if checked.problem:
            raise ValidationError(
                self._customer_problem_message(checked.problem, self[field_name])
            )

    @api.model
    def _customer_problem_message(self, code: str, value: str) -> str:
        """The sentence of a problem code of ``tools.checks`` in the user's language.

        Only the beginning of a very long value is repeated.
        """
        shown = value if len(value) <= 60 else f"{value[:60]}…"
        return self.env._(checks.PROBLEMS[code]).format(value=shown)

    def _phone_country_code(self) -> str:
        """ISO code of the country whose rules hold for a number without prefix."""
        country = (
            self.country_id
            or self.commercial_partner_id.country_id
            or self.env.company.country_id
        )
        return country.code or "CN"


def _has_credit_code(partner) -> bool:
    """Whether the tax ID is a unified social credit code: for companies in mainland
    China it is, and "/" says in Odoo that there is none."""
    country = partner.country_id or partner.env.company.country_id
    return partner.is_company and country.code == "CN" and partner.vat != "/"
