from odoo import fields, models


class CrmWonReason(models.Model):
    _name = "crm.won.reason"
    _description = "Won Reason"
    _order = "sequence, id"

    name = fields.Char("Reason", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lead_count = fields.Integer("Deals", compute="_compute_lead_count")

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("won_reason_id", "in", self.ids)], ["won_reason_id"], ["__count"]
            )
        )
        for reason in self:
            reason.lead_count = counts.get(reason, 0)
