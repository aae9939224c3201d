from odoo import fields, models


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    competitor_id = fields.Many2one(
        "crm.competitor", string="Lost To", help="Who got the deal, if you know."
    )

    def action_lost_reason_apply(self):
        if self.competitor_id:
            self.lead_ids.competitor_id = self.competitor_id
        return super().action_lost_reason_apply()
