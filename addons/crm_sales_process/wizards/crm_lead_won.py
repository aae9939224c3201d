from odoo import fields, models


class CrmLeadWon(models.TransientModel):
    _name = "crm.lead.won"
    _description = "Get Won Reason"

    lead_ids = fields.Many2many("crm.lead", string="Deals")
    stage_id = fields.Many2one(
        "crm.stage", help="The won stage asked for; empty: the next one of the deal."
    )
    won_reason_id = fields.Many2one(
        "crm.won.reason",
    )
    competitor_id = fields.Many2one(
        "crm.competitor",
    )

    def action_apply(self):
        """Win the deals for the reason given.

        :return: Odoo's congratulation, or a reload of the view
        """
        self.ensure_one()
        values = {"won_reason_id": self.won_reason_id.id}
        if self.competitor_id:
            values["competitor_id"] = self.competitor_id.id
        self.lead_ids.write(values)
        if self.stage_id.is_won:
            self.lead_ids.write({"stage_id": self.stage_id.id})
        else:
            self.lead_ids.action_set_won()
        message = len(self.lead_ids) == 1 and self.lead_ids.get_rainbowman_message()
        if not message:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window_close",
            "effect": {
                "fadeout": "slow",
                "message": message,
                "img_url": "/web/static/img/smile.svg",
                "type": "rainbow_man",
            },
        }
