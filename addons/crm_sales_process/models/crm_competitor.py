from odoo import api, fields, models


class CrmCompetitor(models.Model):
    _name = "crm.competitor"
    _description = "Competitor"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(default=True)
    website = fields.Char()
    strengths = fields.Text(
        help="What speaks for this competitor in the customers' eyes."
    )
    weaknesses = fields.Text(help="What speaks for us against this competitor.")
    lost_count = fields.Integer("Lost To", compute="_compute_counts")
    won_count = fields.Integer("Won Against", compute="_compute_counts")

    _name_unique = models.UniqueIndex(
        "(name)", "There is a competitor of this name already."
    )

    def _compute_counts(self):
        counts = {
            (competitor.id, status): count
            for competitor, status, count in self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("competitor_id", "in", self.ids)],
                ["competitor_id", "won_status"],
                ["__count"],
            )
        }
        for competitor in self:
            competitor.lost_count = counts.get((competitor.id, "lost"), 0)
            competitor.won_count = counts.get((competitor.id, "won"), 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name"):
                vals["name"] = vals["name"].strip()
        return super().create(vals_list)

    def action_open_deals(self):
        """The deals in which we met this competitor."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sales_process.action_closed_deal_report"
        )
        action["domain"] = [("competitor_id", "in", self.ids)]
        return action
