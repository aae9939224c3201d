from odoo import fields, models


class CrmLeadTagReason(models.Model):
    _name = "crm.lead.tag.reason"
    _inherit = "crm.tag.reason"
    _rec_name = "tag_id"
    _description = "Reason of a Tag on a Lead"
    _log_access = False
    _tagged_model = "crm.lead"

    record_id = fields.Many2one(
        "crm.lead", required=True, index=True, ondelete="cascade"
    )
    tag_id = fields.Many2one("crm.tag", required=True, ondelete="cascade")

    # a constraint, not an index only: Odoo's merge of partners asks for these
    _pair_uniq = models.Constraint(
        "UNIQUE (tag_id, record_id)", "The tag has a reason on this record already."
    )
