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

    def _replace_stage_history(self, entries) -> None:
        """Write the stages one lead came through as they are known from elsewhere,
        such as the system a company comes from, in the place of what is there.

        :param entries: (stage id, time entered in UTC, values) in order; values are
            further fields of ``crm.lead.stage.move``, those left out being unknown.
            The last stay is open, or ends at the closing date of a lead that is
            archived.
        """
        self.ensure_one()
        # sudo: the history is written by the system only
        moves = self.env["crm.lead.stage.move"].sudo()
        moves.search([("lead_id", "=", self.id)]).unlink()
        times = [entered.replace(microsecond=0) for _stage, entered, _v in entries]
        end = False if self.active else max(self.date_closed or times[-1], times[-1])
        previous = moves
        for place, (stage_id, _entered, values) in enumerate(entries):
            left = times[place + 1] if place + 1 < len(entries) else end
            previous = moves.create(
                {
                    "lead_id": self.id,
                    "lead_type": self.type,
                    "stage_id": stage_id,
                    "from_stage_id": previous.stage_id.id,
                    "previous_id": previous.id,
                    "entry": "moved" if previous else "created",
                    "date_entered": times[place],
                    "date_left": left,
                    "ending": left and ("moved" if left != end else "closed"),
                    "team_id": self.team_id.id,
                    "user_id": self.user_id.id,
                    "mover_id": self.user_id.id,
                    **values,
                }
            )
