from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_service_team_member import LEVELS


class CrmServiceHandoverWizard(models.TransientModel):
    """Hand tickets over: to which level, to whom, and what they need to know."""

    _name = "crm.service.handover.wizard"
    _description = "Hand Over Tickets"

    ticket_ids = fields.Many2many("crm.service.ticket", required=True)
    level = fields.Selection(
        LEVELS,
        "To",
        required=True,
        compute="_compute_level",
        store=True,
        readonly=False,
        precompute=True,
    )
    team_id = fields.Many2one(
        "crm.service.team", "Other Team", help="Empty: stays with its team."
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('id', 'in', candidate_ids)]",
        help="Empty: in turn among those of the level who are there.",
    )
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    note = fields.Text(
        required=True,
        help="What was tried, what the customer expects: the next person reads this "
        "first.",
    )

    last_handover = fields.Integer(
        compute="_compute_last_handover",
        store=True,
        readonly=False,
        precompute=True,
        help="What had happened when the dialog was opened.",
    )

    @api.depends("ticket_ids")
    def _compute_last_handover(self):
        for wizard in self:
            # sudo: also by people whose hand-overs the user does not read
            rows = wizard.sudo().ticket_ids._origin.handover_ids
            wizard.last_handover = max(rows.ids, default=0)

    @api.depends("ticket_ids")
    def _compute_level(self):
        """The next level up."""
        order = [level for level, _label in LEVELS]
        for wizard in self:
            now = wizard.ticket_ids[:1].level or "agent"
            wizard.level = order[min(order.index(now) + 1, len(order) - 1)]

    @api.depends("level", "team_id", "ticket_ids")
    def _compute_candidate_ids(self):
        for wizard in self:
            teams = wizard.team_id or wizard.ticket_ids.team_id
            members = teams.member_ids.filtered(
                lambda member, level=wizard.level: member.level == level
            )
            wizard.candidate_ids = members.user_id | (
                teams.user_id if wizard.level == "management" else members.user_id
            )

    def action_hand_over(self):
        """Do it; who handed over may no longer see the ticket afterwards."""
        self.ensure_one()
        # sudo: those the user may not see would be left out in silence
        tickets = self.sudo().ticket_ids.with_env(self.env)
        tickets._take_turn_to_change()
        tickets._check_not_merged()
        self._check_not_handed_over(tickets)
        tickets._escalate(self.level, self.note, user=self.user_id, team=self.team_id)
        return {"type": "ir.actions.act_window_close"}

    def _check_not_handed_over(self, tickets):
        """:raises UserError: when one was handed over since this dialog was opened"""
        # sudo: also by people whose hand-overs the user does not read
        rows = tickets.sudo().handover_ids
        since = rows.filtered(lambda row: row.id > self.last_handover)
        if since:
            raise UserError(
                self.env._(
                    "%(ticket)s was handed over to %(person)s by %(by)s meanwhile. "
                    "Look at it again before you hand it over.",
                    ticket=since[0].ticket_id.display_name,
                    person=since[0].to_user_id.name or self.env._("whoever is free"),
                    by=since[0].by_user_id.name,
                )
            )
