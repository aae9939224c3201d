from odoo import fields, models

from odoo.addons.crm_suite_base.tools.changes import follows, precedes

from ..tools.stays import Entry, State

# a change of these may change where a lead is in the pipeline; the stage itself is
# computed from team and type, the team from the salesperson
PLACE_FIELDS = {"stage_id", "team_id", "user_id", "type", "active"}
# before these change, what has been known of the place before is written
KNOWN_AT_ENTRY = {"stage_id", "type", "active", "probability"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    stage_move_ids = fields.One2many(
        "crm.lead.stage.move", "lead_id", string="Stage History", copy=False
    )

    # a column of the pipeline: along Odoo's index of the order alone, PostgreSQL reads
    # all leads before a page of one stage and one person is full
    _stage_order_idx = models.Index(
        "(stage_id, priority DESC, id DESC) WHERE active IS TRUE"
    )

    @precedes(20, *PLACE_FIELDS, *KNOWN_AT_ENTRY)
    def _end_stage_entry(self, vals):
        moves = self.env["crm.lead.stage.move"]
        if moves._is_pending(self) and self._ends_entry(vals):
            moves._write_pending()

    def _ends_entry(self, vals) -> bool:
        """Tell whether a write may change the place, or what was known at entry."""
        return bool(KNOWN_AT_ENTRY & vals.keys()) or (
            not {"user_id", "team_id"}.isdisjoint(vals)
            and any(lead._may_be_displaced(vals) for lead in self)
        )

    def _may_be_displaced(self, vals) -> bool:
        """Tell whether another salesperson or team may take the stage away, which
        happens to stages of other teams only."""
        # sudo: only compares
        lead = self.sudo()
        teams = lead.stage_id.team_ids
        if lead.stage_id and not teams:
            return False
        team = lead.team_id
        if "team_id" in vals:
            return vals["team_id"] not in teams.ids
        people = team.member_ids | team.user_id
        return team not in teams or vals["user_id"] not in people.ids

    @follows(70, *PLACE_FIELDS, before="_places", new=True)
    def _history_goes_on(self, change):
        self._continue_history(change.found or {})

    def _places(self, _vals=None) -> dict[int, State]:
        return {
            lead.id: State(lead.stage_id.id or 0, lead.type, lead.active)
            for lead in self
        }

    def _continue_history(self, before: dict[int, State]) -> None:
        """:param before: where they were; those that are not in it are new"""
        moved = self.browse(
            lead for lead, place in self._places().items() if before.get(lead) != place
        )
        if moved:
            moved.filtered(
                lambda lead: (
                    lead.id not in before
                    or before[lead.id][:2] != (lead.stage_id.id or 0, lead.type)
                )
            )._check_stage_entry(new=set(moved.ids) - before.keys())
            moved._queue_history(before)

    def _queue_history(self, before: dict[int, State]) -> None:
        """Remember where the leads are now, to be written as a set; see
        ``crm.lead.stage.move._write_pending``.

        :param before: where they were; those that are not in it are new
        """
        entries = [
            Entry(lead.id, before.get(lead.id), place, lead._known_at_entry())
            for lead, place in zip(self, self._places().values(), strict=True)
        ]
        self.env["crm.lead.stage.move"]._queue(entries)

    def _known_at_entry(self) -> dict:
        """What is known of a lead that enters a stage, but for the probabilities that
        Odoo computes later; in values of ``crm.lead.stage.move``."""
        return {
            "expected_revenue": self.expected_revenue,
            "fixed_probability": self.stage_id._fixed_probability(),
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
        }

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
        if times:
            # how long it has been in its stage counts from there, as everywhere
            self.date_last_stage_update = times[-1]
