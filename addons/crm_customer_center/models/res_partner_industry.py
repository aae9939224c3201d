from odoo import api, fields, models


class ResPartnerIndustry(models.Model):
    _inherit = "res.partner.industry"
    _order = "sequence, code, name"
    _rec_names_search = ("name", "code")

    code = fields.Char(
        string="GB/T 4754 Code",
        index="btree_not_null",
        help="Letter of the section or letter and number of the division in the "
        "Chinese industry classification, e.g. I65.",
    )
    sequence = fields.Integer(default=10)

    @api.depends("name", "code")
    @api.depends_context("show_industry_code")
    def _compute_display_name(self):
        if not self.env.context.get("show_industry_code"):
            return super()._compute_display_name()
        for industry in self:
            industry.display_name = " ".join(
                filter(None, (industry.code, industry.name))
            )
