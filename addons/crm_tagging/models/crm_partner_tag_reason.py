from odoo import fields, models


class CrmPartnerTagReason(models.Model):
    _name = "crm.partner.tag.reason"
    _inherit = "crm.tag.reason"
    _rec_name = "tag_id"
    _description = "Reason of a Tag on a Customer"
    _log_access = False
    _tagged_model = "res.partner"

    record_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    tag_id = fields.Many2one("res.partner.category", required=True, ondelete="cascade")

    # a constraint, not an index only: Odoo's merge of partners asks for these
    _pair_uniq = models.Constraint(
        "UNIQUE (tag_id, record_id)", "The tag has a reason on this record already."
    )
