from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools.approval import Threshold


class CrmLeadApprovalRule(models.Model):
    """From which amount or discount on an opportunity needs the manager's approval."""

    _name = "crm.lead.approval.rule"
    _description = "Approval Threshold"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean("In Use", default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    team_id = fields.Many2one(
        "crm.team", "Sales Team", index="btree_not_null", help="Empty: every team."
    )
    amount = fields.Monetary(
        "Amount Above",
        help="Expected revenue, recurring revenue included. 0: any amount.",
    )
    discount = fields.Float(
        "Discount Above (%)", digits=(5, 2), help="0: any discount."
    )
    stage_id = fields.Many2one(
        "crm.stage",
        "Needed From Stage",
        ondelete="restrict",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
        help="The approval is needed to get into this stage or a later one. Empty: "
        "only to win.",
    )

    _positive = models.Constraint(
        "CHECK (amount >= 0 AND discount >= 0)",
        "Amount and discount of a threshold are not negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("name", "amount", "discount")
    def _check_threshold(self):
        for rule in self:
            if not rule.amount and not rule.discount:
                raise ValidationError(
                    self.env._(
                        "Threshold “%s” needs an amount or a discount.", rule.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _cached(self) -> tuple:
        """Every write of an opportunity asks for these."""
        # sudo: thresholds hold for everybody, whoever may read them
        return tuple(
            (
                rule.team_id.id or None,
                rule.company_id.id or None,
                rule.amount,
                rule.discount,
                rule.stage_id.id or None,
            )
            for rule in self.sudo().with_context(active_test=True).search([])
        )

    @api.model
    def _thresholds(self) -> list[Threshold]:
        """Return those in use, for ``tools/approval.py``."""
        stages = self.env["crm.stage"].sudo()  # sudo: the order of stages
        return [
            Threshold(team, company, amount, discount, stages.browse(stage).sequence)
            if stage
            else Threshold(team, company, amount, discount, None)
            for team, company, amount, discount, stage in self._cached()
        ]
