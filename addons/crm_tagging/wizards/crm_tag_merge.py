from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmTagMerge(models.TransientModel):
    """Makes one tag of several, with everything that carries or names them."""

    _name = "crm.tag.merge"
    _description = "Merge Tags"

    tag_ids = fields.Many2many("res.partner.category", string="Tags to Merge")
    target_id = fields.Many2one(
        "res.partner.category",
        string="Keep",
        domain="[('id', 'in', tag_ids)]",
        help="The others become this one, on customers, leads, in rules and segments.",
    )
    partner_count = fields.Integer(compute="_compute_counts", string="Customers")
    lead_count = fields.Integer(compute="_compute_counts", string="Leads")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        ids = self.env.context.get("active_ids", [])
        if self.env.context.get("active_model") == "crm.tag":
            tags = self.env["crm.tag"].browse(ids).partner_category_id
        else:
            tags = self.env["res.partner.category"].browse(ids)
        if tags and "tag_ids" in fields_list:
            values["tag_ids"] = [Command.set(tags.ids)]
            used = tags.sorted(lambda tag: -(tag.partner_count + tag.lead_count))
            values["target_id"] = used[:1].id
        return values

    @api.depends("tag_ids", "target_id")
    def _compute_counts(self):
        for wizard in self:
            others = wizard.tag_ids - wizard.target_id
            wizard.partner_count = sum(others.mapped("partner_count"))
            wizard.lead_count = sum(others.mapped("lead_count"))

    def action_merge(self):
        """Merge, and go back to the list."""
        self.ensure_one()
        if not self.target_id or len(self.tag_ids | self.target_id) < 2:
            raise UserError(
                self.env._("Choose at least two tags, and the one to keep.")
            )
        (self.tag_ids - self.target_id)._merge_into(self.target_id)
        return {"type": "ir.actions.act_window_close"}
