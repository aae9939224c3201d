from odoo import api, fields, models


class CrmTagRunTag(models.Model):
    """Figures of a run for one tag."""

    _name = "crm.tag.run.tag"
    _description = "Figures of a Run for a Tag"
    _log_access = False
    _order = "run_id desc, id"
    _rec_name = "run_id"

    run_id = fields.Many2one(
        "crm.tag.run", required=True, index=True, ondelete="cascade"
    )
    model = fields.Char(required=True)
    tag_id = fields.Integer("Number of the Tag", required=True)
    added = fields.Integer("Gain")
    removed = fields.Integer("Lose")
    tag_name = fields.Char("Tag", compute="_compute_tag_name")

    @api.depends("model", "tag_id")
    @api.depends_context("lang")
    def _compute_tag_name(self):
        for model, lines in self.grouped("model").items():
            tag_model = self.env[model]._tagging_spec().tag_model
            tags = self.env[tag_model].browse(set(lines.mapped("tag_id"))).exists()
            names = {tag.id: tag.display_name for tag in tags}
            for line in lines:
                line.tag_name = names.get(line.tag_id, self.env._("(deleted)"))

    @api.model
    def _add(self, run, model, tag_id, action, count):
        """Add to the figures of a tag.

        :param action: ``add`` or ``remove``
        """
        lines = run.tag_line_ids
        line = lines.filtered(lambda li: (li.model, li.tag_id) == (model, tag_id))
        if not line:
            line = self.create({"run_id": run.id, "model": model, "tag_id": tag_id})
        line["added" if action == "add" else "removed"] += count

    def action_lines(self):
        """Open who gains and loses this tag."""
        self.ensure_one()
        action = self.run_id.action_lines()
        domain = [("model", "=", self.model), ("tag_id", "=", self.tag_id)]
        return action | {"domain": action["domain"] + domain, "name": self.tag_name}
