from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.stays import Beginning, OpenStay, Plan


class CrmLeadStageMove(models.Model):
    """The history of the pipeline: one row per stay of a lead in a stage.

    Rows are written by the lead itself (``crm_lead_stage_history.py``) and by nobody
    else; who may read a lead reads its history. What was known when the stay began
    (amount, probabilities, team, salesperson) is kept as it was then.
    """

    _name = "crm.lead.stage.move"
    _description = "Stay in a Stage"
    _order = "date_entered desc, id desc"
    _rec_name = "stage_id"
    _log_access = False

    lead_id = fields.Many2one(
        "crm.lead",
        required=True,
        index=True,
        ondelete="cascade",
        # who may read the lead is said by this model's own rules
        bypass_search_access=True,
    )
    stage_id = fields.Many2one("crm.stage", index=True, ondelete="restrict")
    from_stage_id = fields.Many2one(
        "crm.stage", index="btree_not_null", ondelete="restrict"
    )
    lead_type = fields.Selection(
        [("lead", "Lead"), ("opportunity", "Opportunity")], string="Type", required=True
    )
    previous_id = fields.Many2one(
        "crm.lead.stage.move",
        string="Stay Before",
        index="btree_not_null",
        ondelete="set null",
    )
    entry = fields.Selection(
        [
            ("created", "Created here"),
            ("moved", "Moved"),
            ("converted", "Converted to opportunity"),
            ("restored", "Restored"),
            ("known", "Found here at installation"),
        ],
        string="Came by",
        required=True,
    )
    ending = fields.Selection(
        [
            ("moved", "Moved on"),
            ("converted", "Converted to opportunity"),
            ("closed", "Lost or archived"),
        ],
        string="Ended by",
    )
    is_slip = fields.Boolean(
        "Taken Back",
        help="Moved here and back again within a minute by the same person. "
        "Kept to be seen, left out of every report.",
    )
    mover_id = fields.Many2one("res.users", string="Moved By", ondelete="set null")
    date_entered = fields.Datetime("Entered", required=True, index=True)
    date_left = fields.Datetime("Left", help="Empty while the lead is still here.")
    duration = fields.Integer(
        "Duration (Seconds)",
        compute="_compute_duration",
        store=True,
        help="Seconds between entering and leaving; 0 while the lead is still here.",
    )
    # as it was when the stay began
    expected_revenue = fields.Monetary("Amount at Entry", currency_field="currency_id")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    probability = fields.Float(
        "Probability at Entry", aggregator="avg", help="The one that was in use."
    )
    fixed_probability = fields.Float("Fixed Probability at Entry", aggregator="avg")
    learned_probability = fields.Float("Learned Probability at Entry", aggregator="avg")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="set null")
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="set null")

    _one_open_stay = models.UniqueIndex(
        "(lead_id) WHERE date_left IS NULL", "A lead is in one stage at a time."
    )
    _time_goes_on = models.Constraint(
        "CHECK (date_left >= date_entered)",
        "A lead cannot leave a stage before it entered it.",
    )

    @api.depends("date_entered", "date_left")
    def _compute_duration(self):
        for stay in self:
            left = stay.date_left or stay.date_entered
            stay.duration = (left - stay.date_entered).total_seconds()

    # ------------------------------------------------------------
    # WRITTEN BY THE SYSTEM ONLY
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_written_by_system()
        return super().create(vals_list)

    def write(self, vals):
        self._check_written_by_system()
        return super().write(vals)

    def unlink(self):
        self._check_written_by_system()
        return super().unlink()

    def _check_written_by_system(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "The history of stages is kept by the system and cannot be changed."
                )
            )

    # ------------------------------------------------------------
    # FOR THE LEAD
    # ------------------------------------------------------------

    @api.model
    def _open_stays(self, lead_ids: list[int]) -> dict[int, OpenStay]:
        """Return the open stay of each lead that has one, in one query."""
        if not lead_ids:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT stay.lead_id, stay.id, stay.date_entered, stay.mover_id,
                       before.id, before.stage_id, before.lead_type
                  FROM crm_lead_stage_move stay
             LEFT JOIN crm_lead_stage_move before ON before.id = stay.previous_id
                   AND before.date_left = stay.date_entered
                 WHERE stay.date_left IS NULL AND stay.lead_id IN %s
                """,
                tuple(lead_ids),
            )
        )
        return {
            lead: OpenStay(id_, entered, mover or 0, previous, stage or 0, kind or "")
            for lead, id_, entered, mover, previous, stage, kind in rows
        }

    @api.model
    def _apply_plan(self, plan: Plan, leads, now) -> None:
        """Write what ``plan_changes`` decided, a constant number of queries a set.

        :param leads: the leads of ``plan.begin`` as they are now
        """
        for ending, ids in plan.close.items():
            self.browse(ids).write({"date_left": now, "ending": ending})
        self.browse(plan.slips).write(
            {"date_left": now, "ending": "moved", "is_slip": True}
        )
        # one open stay per lead: what ends has to be in the database before
        self.flush_model()
        self.browse(plan.reopen).write({"date_left": False, "ending": False})
        self._begin(plan.begin, leads, now)

    def _begin(self, beginnings: list[Beginning], leads, now) -> None:
        by_id = {lead.id: lead for lead in leads}
        learned = self._learned_at_entry(leads)
        vals_list = []
        for beginning in beginnings:
            lead = by_id[beginning.lead]
            vals_list.append(
                {
                    **self._prepare_stay(lead, learned.get(lead.id)),
                    "from_stage_id": beginning.from_stage or False,
                    "previous_id": beginning.previous,
                    "entry": beginning.entry,
                    "date_entered": now,
                    "mover_id": self.env.uid,
                }
            )
        self.create(vals_list)

    def _learned_at_entry(self, leads) -> dict[int, float]:
        """What Odoo has learned about leads that have just been put in their stage.
        Where the team uses it, it stands on the lead already."""
        known = leads.filtered(lambda lead: lead.probability_mode == "learned")
        return {
            **{lead.id: lead.automated_probability for lead in known},
            **(leads - known)._learned_probabilities(),
        }

    def _prepare_stay(self, lead, learned: float | None) -> dict:
        """Values of a stay that follow from the lead as it is now."""
        return {
            "lead_id": lead.id,
            "lead_type": lead.type,
            "stage_id": lead.stage_id.id,
            "expected_revenue": lead.expected_revenue,
            "probability": lead.probability,
            "fixed_probability": lead.stage_id._fixed_probability(),
            "learned_probability": learned,
            "team_id": lead.team_id.id,
            "user_id": lead.user_id.id,
        }
