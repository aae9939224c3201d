from odoo import models


class CrmSegment(models.Model):
    _inherit = "crm.segment"

    def action_open_members(self):
        """Open them as customers are opened: with owner, state and last contact."""
        action = super().action_open_members()
        ours = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_customer"
        )
        wanted = action["view_mode"].split(",")
        return {
            **action,
            "views": [pair for pair in ours["views"] if pair[1] in wanted],
            "search_view_id": ours["search_view_id"],
        }
