from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("pending", "Pending"),
    ("in_progress", "In Progress"),
    ("waiting", "Waiting for Customer"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]


class CrmServiceStage(models.Model):
    """A column of the ticket board.

    Its name, order and teams are free; the ``state`` behind it is what the clock, the
    figures and the portal go by, and stays as long as tickets are in the stage.
    """

    _name = "crm.service.stage"
    _description = "Service Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES,
        required=True,
        default="in_progress",
        index=True,
        help="What the stage means, whatever it is called: the clock, the figures and "
        "the customer's page go by this.",
    )
    fold = fields.Boolean("Folded", help="Shown as a narrow column on the board.")
    team_ids = fields.Many2many(
        "crm.service.team",
        "crm_service_stage_team_rel",
        "stage_id",
        "team_id",
        string="Teams",
        help="Teams that work with this stage; empty for all.",
    )
    description = fields.Text(
        translate=True, help="Shown to agents when they point at the stage."
    )

    def write(self, vals):
        """Keep the meaning of a stage that is in use.

        :raises UserError: when ``state`` changes below tickets
        """
        if "state" in vals:
            self._check_state_is_free(vals["state"])
        return super().write(vals)

    def _check_state_is_free(self, state: str):
        changed = self.filtered(lambda stage: stage.state != state)
        # sudo: tickets of other teams and companies count too
        tickets = self.env["crm.service.ticket"].sudo()
        tickets = tickets.with_context(active_test=False)
        if changed and tickets.search_count([("stage_id", "in", changed.ids)], limit=1):
            raise UserError(
                self.env._(
                    "There are tickets in “%(stage)s”: their dates were set by what "
                    "the stage meant. Add another stage and move them there.",
                    stage=changed[0].name,
                )
            )

    @api.model
    def _first(self, state: str, team):
        """The first stage with this state that a team works with.

        :param team: record of ``crm.service.team``, may be empty
        :return: empty when there is none
        """
        stages = self.search([("state", "=", state)])
        return stages.filtered(lambda s: not s.team_ids or team in s.team_ids)[:1]
