from odoo import api, fields, models

MODE_PARAMETER = "crm_sales_process.probability_mode"


class CrmTeam(models.Model):
    _inherit = "crm.team"

    # a new team works as the others do
    use_leads = fields.Boolean(
        default=lambda self: self.env.user.has_group("crm.group_use_lead")
    )
    probability_mode = fields.Selection(
        [
            ("fixed", "The stage's"),
            ("learned", "Learned by Odoo"),
            ("own", "The salesperson's own"),
        ],
        string="Probability",
        required=True,
        default=lambda self: self._default_probability_mode(),
        help="Where the probability of this team's deals comes from. Whatever is "
        "chosen, a value a person enters in a deal stays until it is reset.\n"
        "- The stage's: the probability set on the stage.\n"
        "- Learned by Odoo: from won and lost deals that looked alike.\n"
        "- The salesperson's own: starts with the stage's, then stays as the "
        "salesperson leaves it.",
    )

    @api.model
    def _default_probability_mode(self) -> str:
        """The mode of new teams and of deals without a team."""
        # sudo: one setting, not a secret
        parameters = self.env["ir.config_parameter"].sudo()
        mode = parameters.get_param(MODE_PARAMETER)
        return mode if mode in ("fixed", "learned", "own") else "fixed"

    def write(self, vals):
        if "probability_mode" in vals:
            # deals that moved before have entered with the probability of that time
            self.env["crm.lead.stage.move"]._write_pending()
        before = {team: team.probability_mode for team in self}
        result = super().write(vals)
        if "probability_mode" in vals:
            changed = self.filtered(lambda team: team.probability_mode != before[team])
            changed._recompute_probabilities()
        return result

    @api.model
    def _action_update_to_pipeline(self, action):
        """Who leads others begins with the deals of all of them."""
        action = super()._action_update_to_pipeline(action)
        if self.env.user.has_group("crm_customer_center.group_team_manager"):
            action["context"].pop("search_default_assigned_to_me", None)
        return action

    def _recompute_probabilities(self):
        """Bring the open deals of the teams in line with their mode."""
        # sudo: the deals follow their team, also those the caller does not see
        leads = self.env["crm.lead"].sudo()
        leads.search([("team_id", "in", self.ids)])._realign_probabilities()
