from odoo import fields, models
from odoo.fields import Domain


class CrmStageRequirement(models.Model):
    """A check that a deal must pass to enter a stage; one that is broken holds nobody
    up."""

    _name = "crm.stage.requirement"
    _description = "Stage Check"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "crm.lead"

    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.stage", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(
        string="What Is Asked",
        translate=True,
        help="What the salesperson reads when the check fails: say what to do.",
    )
    domain = fields.Char(required=True, help="A deal that meets the condition passes.")

    def _compiled_fields(self):
        return super()._compiled_fields() | {"stage_id"}

    def _rehearsal_domain(self) -> Domain:
        """Open deals the check would hold up."""
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & ~self._rule_domain()
        )

    def _would(self, leads):
        words = self.env._("cannot enter the stage “%s” yet", self.stage_id.name)
        return dict.fromkeys(leads.ids, words)
