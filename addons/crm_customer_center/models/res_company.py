from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """The partner of an own company is no customer, whoever owns it: which partners
    those are is not a field of theirs, so a change is told here."""

    _inherit = "res.company"

    crm_setup_marks = fields.Json(
        "Steps of Set Up",
        copy=False,
        prefetch=False,
        groups="crm_customer_center.group_crm_admin",
        help="Which steps of the list Set Up were looked at or are not needed.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"crm_setup_marks"}

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # Odoo empties it before the company exists; it may be filled again by now
        self.env.registry.clear_cache()
        companies.partner_id._recompute_customer_guard()
        return companies

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        former = self.partner_id
        result = super().write(vals)
        self.env.registry.clear_cache()
        (former | self.partner_id)._recompute_customer_guard()
        return result

    @api.model
    def _first_company(self):
        """The house's first company: by its days those customers are counted that
        belong to no company."""
        return self.browse(self._first_company_id())

    @api.model
    @ormcache()
    def _first_company_id(self) -> int:
        # sudo: which company came first is no secret; emptied when one is created
        return self.sudo().search([], order="id", limit=1).id
