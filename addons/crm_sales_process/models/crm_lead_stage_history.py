from odoo import api, fields, models

from ..tools.stays import Beginning, State, plan_changes

# a change of these may change where a lead is in the pipeline; the stage itself is
# computed from team and type, the team from the salesperson
PLACE_FIELDS = {"stage_id", "team_id", "user_id", "type", "active"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    stage_move_ids = fields.One2many(
        "crm.lead.stage.move", "lead_id", string="Stage History", copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._check_stage_entry()
        leads._begin_history()
        return leads

    def write(self, vals):
        if not PLACE_FIELDS & vals.keys():
            return super().write(vals)
        before = self._places()
        result = super().write(vals)
        self._continue_history(before)
        return result

    def _places(self) -> dict[int, State]:
        return {
            lead.id: State(lead.stage_id.id or 0, lead.type, lead.active)
            for lead in self
        }

    def _begin_history(self) -> None:
        """The first stay of new leads. Who is entered as a closed deal of the past
        has been in its stage, too, for no time."""
        now = fields.Datetime.now()
        # sudo: the history follows from a creation that was allowed
        moves = self.env["crm.lead.stage.move"].sudo()
        begin = [Beginning(lead.id, 0, None, "created") for lead in self]
        moves._begin(begin, self, now)
        closed = self.filtered(lambda lead: not lead.active)
        if closed:
            stays = moves.search([("lead_id", "in", closed.ids)])
            stays.write({"date_left": now, "ending": "closed"})

    def _continue_history(self, before: dict[int, State]) -> None:
        after = self._places()
        changed = [
            (lead_id, state, after[lead_id])
            for lead_id, state in before.items()
            if state != after[lead_id]
        ]
        if not changed:
            return
        leads = self.browse([lead_id for lead_id, _before, _after in changed])
        leads.filtered(
            lambda lead: before[lead.id][:2] != after[lead.id][:2]
        )._check_stage_entry()
        # sudo: the history follows from a change that was allowed
        moves = self.env["crm.lead.stage.move"].sudo()
        stays = moves._open_stays(leads.ids)
        # a clock put back does not turn the history round
        now = max([fields.Datetime.now(), *(stay.entered for stay in stays.values())])
        plan = plan_changes(changed, stays, self.env.uid, now)
        begun = self.browse([beginning.lead for beginning in plan.begin])
        moves._apply_plan(plan, begun, now)
