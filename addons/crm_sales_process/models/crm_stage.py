from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import accuracy

MANAGERS = "sales_team.group_sale_manager"
# what is remembered of stages follows from these
REMEMBERED = frozenset(
    ("name", "sequence", "is_won", "team_ids", "required_field_ids", "requirement_ids")
)


class CrmStage(models.Model):
    _inherit = "crm.stage"

    default_probability = fields.Float(
        string="Probability (%)",
        default=10.0,
        help="How many of a hundred deals in this stage are won in the end. It is "
        "the probability of deals of teams that use the stage's; a won stage is "
        "always 100 %.",
    )
    # entry requirements
    required_field_ids = fields.Many2many(
        "ir.model.fields",
        "crm_stage_required_field_rel",
        "stage_id",
        "field_id",
        string="Fields to Fill In",
        domain="[('model', '=', 'crm.lead'), ('ttype', '!=', 'boolean'),"
        " ('readonly', '=', False)]",
        help="A deal can enter this stage only when these are filled in.",
    )
    requirement_ids = fields.One2many(
        "crm.stage.requirement",
        "stage_id",
        string="Checks",
        help="A deal can enter this stage only when it passes these.",
    )
    requirement_count = fields.Integer(compute="_compute_requirement_count")
    requirement_summary = fields.Text(
        compute="_compute_requirement_summary",
        help="What a deal needs to enter, a line each, for who may not change it.",
    )
    # what happened
    measured_count = fields.Integer(
        "Closed Deals", compute="_compute_measured", groups=MANAGERS
    )
    measured_probability = fields.Float(
        "Measured (%)",
        compute="_compute_measured",
        groups=MANAGERS,
        help="Share of the closed deals that came through this stage and were won.",
    )
    is_probability_off = fields.Boolean(
        compute="_compute_measured",
        groups=MANAGERS,
        help="The probability differs from what happened by more than ten points, "
        "over at least twenty closed deals, and chance does not explain it.",
    )

    _probability_is_a_percentage = models.Constraint(
        "CHECK (default_probability >= 0 AND default_probability <= 100)",
        "The probability of a stage lies between 0 and 100 %.",
    )

    @api.depends("required_field_ids", "requirement_ids.state")
    def _compute_requirement_count(self):
        # sudo: who sees a stage may know that it asks for something
        for stage in self.sudo():
            stage.requirement_count = len(stage.required_field_ids) + len(
                stage.requirement_ids._in_use()
            )

    @api.depends("required_field_ids", "requirement_ids.name", "requirement_ids.state")
    @api.depends_context("lang")
    def _compute_requirement_summary(self):
        # sudo: as for their number
        for stage in self.sudo():
            labels = stage.required_field_ids.sorted("name").mapped("field_description")
            labels += stage.requirement_ids._in_use().mapped("name")
            stage.requirement_summary = "\n".join(labels)

    @api.depends("default_probability", "is_won")
    @api.depends_context("allowed_company_ids")
    def _compute_measured(self):
        measured = self.env["crm.stage.report"]._measured_shares(self)
        for stage in self:
            won, count = measured.get(stage.id, (0, 0))
            stage.measured_count = count
            stage.measured_probability = 100 * won / count if count else 0.0
            stage.is_probability_off = not stage.is_won and accuracy.is_far_off(
                stage.default_probability / 100, won, count
            )

    def _fixed_probability(self) -> float:
        """Percent that deals in this stage (one or none) stand for."""
        if not self:
            return 0.0
        return 100.0 if self.is_won else self.default_probability

    @api.model
    @tools.ormcache()
    def _asking_stage_ids(self) -> frozenset[int]:
        """Ids of the stages that ask for something: looked up at each move."""
        # sudo: who moves a deal may know that a stage asks for something
        stages = self.sudo().search([])
        return frozenset(stages.filtered("requirement_count").ids)

    @api.model
    @tools.ormcache("stage_id", "team_id")
    def _next_stage_id(self, stage_id, team_id) -> int | bool:
        """Id of the stage after another one on the way of a team: each form of a deal
        shows it. False after a won stage and after the last one.

        :param stage_id: False for a deal without a stage, which comes to the first one
        :param team_id: False for a deal without a team
        """
        # sudo: the order of stages is for all to read, the teams they belong to are not
        stages = self.sudo().search([])
        own = stages.filtered(lambda stage: stage.id == stage_id)
        if own.is_won:
            return False
        later = stages[stages.ids.index(stage_id) + 1 :] if own else stages
        return later.filtered(
            lambda stage: not stage.team_ids or team_id in stage.team_ids.ids
        )[:1].id

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        # deals that moved before have entered with the probability of that time
        self.env["crm.lead.stage.move"]._write_pending()
        before = {stage: stage._fixed_probability() for stage in self}
        result = super().write(vals)
        if REMEMBERED & vals.keys():
            self.env.registry.clear_cache()
        changed = self.filtered(
            lambda stage: stage._fixed_probability() != before[stage]
        )
        # a stage that starts or ceases to be won: Odoo moves its deals itself
        if changed and "is_won" not in vals:
            # sudo: the deals follow their stage, also those the caller does not see
            leads = self.env["crm.lead"].sudo()
            leads.search([("stage_id", "in", changed.ids)])._realign_probabilities()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # sudo: a stage is used also by stays the caller does not see
        moves = self.env["crm.lead.stage.move"].sudo()
        used = moves.search(
            ["|", ("stage_id", "in", self.ids), ("from_stage_id", "in", self.ids)],
            limit=1,
        )
        if used:
            stage = used.stage_id if used.stage_id in self else used.from_stage_id
            raise UserError(
                self.env._(
                    "The stage “%(stage)s” is part of the history of deals. Merge it "
                    "into another stage instead: open it and choose “Merge into…”.",
                    stage=stage.name,
                )
            )

    def action_use_measured_probability(self):
        """Take over what happened as the stage's probability (whole percent)."""
        for stage_id, (won, count) in (
            self.env["crm.stage.report"]._measured_shares(self).items()
        ):
            if count:
                stage = self.browse(stage_id)
                stage.default_probability = 100 * accuracy.adoptable(won, count)
        return True
