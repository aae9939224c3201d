from odoo import api, fields, models


class CrmTagRunLine(models.Model):
    """The journal of a run: a tag that was put on or taken off, and its former reason.

    Records and tags are kept as numbers: a journal outlives what it tells about.
    """

    _name = "crm.tag.run.line"
    _description = "Journal of a Run of Tag Rules"
    _log_access = False
    _order = "run_id desc, id"
    _rec_name = "run_id"

    run_id = fields.Many2one(
        "crm.tag.run", required=True, index=True, ondelete="cascade"
    )
    model = fields.Char(required=True)
    record_id = fields.Many2oneReference(model_field="model", required=True)
    tag_id = fields.Integer("Number of the Tag", required=True)
    action = fields.Selection(
        [("add", "Gains"), ("remove", "Loses"), ("move", "Other rule")], required=True
    )
    rule_id = fields.Many2one(
        "crm.tag.rule", index="btree_not_null", ondelete="set null"
    )
    old_rule_id = fields.Integer()
    old_run_id = fields.Integer()
    old_date = fields.Datetime()
    restored = fields.Boolean("Taken Back")
    record_name = fields.Char("Who", compute="_compute_names")
    tag_name = fields.Char("Tag", compute="_compute_names")

    @api.depends("model", "record_id", "tag_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_names(self):
        """Names of the records the user may read; the others stay unnamed."""
        for model, lines in self.grouped("model").items():
            spec = self.env[model]._tagging_spec()
            ids = lines.mapped("record_id")
            # sudo(False): a run shows no names the user could not see elsewhere
            records = self.env[model].sudo(False).browse(ids).exists()
            readable = records._filtered_access("read")
            names = {record.id: record.display_name for record in readable}
            there = set(records.ids)
            tags = self.env[spec.tag_model].browse(set(lines.mapped("tag_id"))).exists()
            tag_names = {tag.id: tag.display_name for tag in tags}
            for line in lines:
                hidden = (
                    self.env._("(not visible to you)")
                    if line.record_id in there
                    else self.env._("(deleted)")
                )
                line.record_name = names.get(line.record_id, hidden)
                line.tag_name = tag_names.get(line.tag_id, self.env._("(deleted)"))

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.model,
            "res_id": self.record_id,
            "views": [(False, "form")],
        }
