from odoo import fields, models


class ResUsers(models.Model):
    """Words for the record rule of the portal."""

    _inherit = "res.users"

    service_portal_company_ids = fields.Many2many(
        "res.company",
        string="Companies That Show Colleagues' Tickets",
        compute="_compute_service_portal_company_ids",
        compute_sudo=True,
    )

    def _compute_service_portal_company_ids(self):
        companies = self.env["res.company"].search(
            [("service_portal_scope", "=", "company")]
        )
        for user in self:
            user.service_portal_company_ids = companies
