import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmStageRequirement(models.Model):
    """A check that a deal must pass to enter a stage."""

    _name = "crm.stage.requirement"
    _description = "Stage Check"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.stage", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(
        string="What Is Asked",
        required=True,
        translate=True,
        help="What the salesperson reads when the check fails: say what to do.",
    )
    domain = fields.Char(
        string="Condition",
        required=True,
        default="[]",
        help="A deal that meets the condition passes.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        self.env.registry.clear_cache()
        return checks

    def write(self, vals):
        result = super().write(vals)
        if "stage_id" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.constrains("domain")
    def _check_domain(self):
        for check in self:
            try:
                check._parsed_domain().validate(self.env["crm.lead"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(check)s” cannot be read: %(error)s",
                        check=check.name,
                        error=error,
                    )
                ) from error

    def _parsed_domain(self) -> Domain:
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or "[]"))
