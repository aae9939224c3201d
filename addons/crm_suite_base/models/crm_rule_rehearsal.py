from odoo import fields, models


class CrmRuleRehearsal(models.TransientModel):
    """What a rule would do, shown before it does it."""

    _name = "crm.rule.rehearsal"
    _description = "Rehearsal of a Rule"

    name = fields.Char(readonly=True)
    rule_model = fields.Char(readonly=True)
    rule_id = fields.Many2oneReference(model_field="rule_model", readonly=True)
    is_waiting = fields.Boolean(
        readonly=True, help="The rule is not in use yet and may be started from here."
    )
    scope = fields.Char(readonly=True)
    total = fields.Integer("Records", readonly=True)
    line_ids = fields.One2many("crm.rule.rehearsal.line", "rehearsal_id", readonly=True)

    def _show(self, rule):
        """Rehearse a rule and open what was found."""
        total, rows = rule._rehearse()
        last = rule._rehearsed_last
        scope = last and self.env._(
            "Asked of the last %s that came in and that you may see, as if there were "
            "no other rule.",
            last,
        )
        # sudo: nobody writes a rehearsal but the system; what stands in it is what the
        # person who asks may see
        rehearsal = self.sudo().create(
            {
                "name": rule.display_name,
                "rule_model": rule._name,
                "rule_id": rule.id,
                "is_waiting": rule._rule_switched
                and (rule.state != "ok" or not rule.active),
                "scope": scope,
                "total": total,
                "line_ids": [
                    fields.Command.create(
                        {
                            "res_model": row.record._name,
                            "res_id": row.record.id,
                            "name": row.record.display_name,
                            "would": row.would,
                            "because": row.because,
                        }
                    )
                    for row in rows
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rehearsal: %s", rule.display_name),
            "res_model": self._name,
            "res_id": rehearsal.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_start(self):
        """Put the rule in use that was rehearsed."""
        self.ensure_one()
        self.check_access("read")
        self.env[self.rule_model].browse(self.rule_id).action_start()
        return {
            "type": "ir.actions.act_window_close",
            "infos": {},
        }


class CrmRuleRehearsalLine(models.TransientModel):
    """A record the rule would do something to."""

    _name = "crm.rule.rehearsal.line"
    _description = "Line of a Rehearsal"

    rehearsal_id = fields.Many2one(
        "crm.rule.rehearsal", required=True, index=True, ondelete="cascade"
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    name = fields.Char("Record", readonly=True)
    would = fields.Char("What Would Happen", readonly=True)
    because = fields.Char(readonly=True)

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
