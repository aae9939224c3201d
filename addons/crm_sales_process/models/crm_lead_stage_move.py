from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.stays import Beginning, Entry, OpenStay, Plan, plan_entries

QUEUE = "crm_lead_stage_move"


class CrmLeadStageMove(models.Model):
    """The history of the pipeline: one row per stay of a lead in a stage.

    Rows are written by the lead itself (``crm_lead_stage_history.py``) and by nobody
    else; who may read a lead reads its history. What was known when the stay began
    (amount, probabilities, team, salesperson) is kept as it was then.
    """

    _name = "crm.lead.stage.move"
    _link_gate = True
    _system_records = True
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
    mover_id = fields.Many2one(
        "res.users", string="Moved By", index="btree_not_null", ondelete="set null"
    )
    date_entered = fields.Datetime("Entered", required=True, index=True)
    date_left = fields.Datetime("Left", help="Empty while the lead is still here.")
    duration = fields.Integer(
        "Duration (Seconds)",
        compute="_compute_duration",
        store=True,
        # given at the beginning of a stay, so as not to be written a second time
        readonly=False,
        help="Seconds between entering and leaving; 0 while the lead is still here.",
    )
    # as it was when the stay began
    expected_revenue = fields.Monetary("Amount at Entry", currency_field="currency_id")
    # not related: a write on a lead would read its history to tell it
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
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

    @api.depends("lead_id")
    def _compute_currency_id(self):
        for stay in self:
            # sudo: who may read the stay may know the currency of its amount
            stay.currency_id = stay.sudo().lead_id.company_currency

    @api.depends("date_entered", "date_left")
    def _compute_duration(self):
        for stay in self:
            left = stay.date_left or stay.date_entered
            stay.duration = (left - stay.date_entered).total_seconds()

    @api.model
    def _system_fields_advice(self):
        return self.env._(
            "The history of stages is kept by the system and cannot be changed."
        )

    # ------------------------------------------------------------
    # FOR THE LEAD
    # ------------------------------------------------------------

    # Odoo moves many leads one by one in a loop. What happened to them is remembered
    # and written as a set: before the transaction is committed, before anybody reads
    # the history, and before something known at entry changes.

    @api.model
    def _queue(self, entries: list[Entry]) -> None:
        """Remember what is to be written of leads that came to another place."""
        precommit = self.env.cr.precommit
        if QUEUE not in precommit.data:
            precommit.data[QUEUE] = {}
            precommit.add(self._write_pending)
        when = (self.env.uid, fields.Datetime.now())
        queued = precommit.data[QUEUE].setdefault(when, {})
        queued.update({entry.lead: entry for entry in entries})
        # what is known of the history is out of date, and read anew when asked for;
        # invalidate_recordset() would write what is remembered because of the inverse
        history = self.env["crm.lead"]._fields["stage_move_ids"]
        history._invalidate_cache(self.env, [entry.lead for entry in entries])
        # what has been written already must not be lost with it
        models.Model.flush_model(self)
        ended = ["date_left", "duration", "ending", "is_slip"]
        self.invalidate_model(ended, flush=False)

    @api.model
    def _is_pending(self, leads) -> bool:
        """Tell whether something of these leads is still to be written."""
        queue = self.env.cr.precommit.data.get(QUEUE, {})
        return any(lead in batch for batch in queue.values() for lead in leads.ids)

    @api.model
    def _write_pending(self) -> None:
        """Write what is remembered, a constant number of queries whatever its size."""
        queue = self.env.cr.precommit.data.pop(QUEUE, None)
        if queue:
            # sudo: the history follows from changes that were allowed
            self.sudo()._write_queue(queue)

    def _write_queue(self, queue: dict) -> None:
        remembered = [lead for batch in queue.values() for lead in batch]
        existing, stays = self._open_stays(remembered)
        known = self._probabilities_at_entry(existing)
        begin, reopen = [], []
        for (mover, time), batch in queue.items():
            # leads deleted since, or of an import that was only tried, have no history
            entries = {id_: entry for id_, entry in batch.items() if id_ in known}
            # a clock put back does not turn the history round
            open_ = [stays[lead].entered for lead in entries if lead in stays]
            now = max([time, *open_])
            plan = plan_entries(entries.values(), stays, mover, now)
            self._end_stays(plan, now)
            reopen += plan.reopen
            begin += [
                self._prepare_stay(beginning, entries[beginning.lead], mover, now)
                | known[beginning.lead]
                for beginning in plan.begin
            ]
        # one open stay per lead: what ends has to be in the database before
        self.flush_model()
        self.browse(reopen).write({"date_left": False, "ending": False})
        self.create(begin)

    @api.model
    def _search(self, domain, *args, **kwargs):
        self._write_pending()
        return super()._search(domain, *args, **kwargs)

    def _fetch_query(self, query, fields):
        self._write_pending()
        return super()._fetch_query(query, fields)

    def flush_model(self, fnames=None):
        """For SQL that reads the history, the reports for instance."""
        self._write_pending()
        return super().flush_model(fnames)

    @api.model
    def _open_stays(self, lead_ids: list[int]) -> tuple[list, dict[int, OpenStay]]:
        """Return, in one query, which of the leads exist, and the open stay of each
        that has one."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id, stay.id, stay.date_entered, stay.mover_id,
                       before.id, before.stage_id, before.lead_type
                  FROM crm_lead lead
             LEFT JOIN crm_lead_stage_move stay ON stay.lead_id = lead.id
                   AND stay.date_left IS NULL
             LEFT JOIN crm_lead_stage_move before ON before.id = stay.previous_id
                   AND before.date_left = stay.date_entered
                 WHERE lead.id IN %s
                """,
                tuple(lead_ids),
            )
        )
        stays = {
            lead: OpenStay(id_, entered, mover or 0, previous, stage or 0, kind or "")
            for lead, id_, entered, mover, previous, stage, kind in rows
            if id_
        }
        return [row[0] for row in rows], stays

    def _end_stays(self, plan: Plan, now) -> None:
        for ending, ids in plan.close.items():
            self.browse(ids).write({"date_left": now, "ending": ending})
        self.browse(plan.slips).write(
            {"date_left": now, "ending": "moved", "is_slip": True}
        )

    @api.model
    def _probabilities_at_entry(self, lead_ids: list[int]) -> dict[int, dict]:
        """The probability in use and what Odoo has learned, of leads that have just
        been put in their stage. Where the team uses the learned one, it stands on the
        lead already."""
        leads = self.env["crm.lead"].browse(lead_ids)
        used = leads.filtered(lambda lead: lead.probability_mode == "learned")
        learned = {
            **{lead.id: lead.automated_probability for lead in used},
            **(leads - used)._remembered_learned(),
        }
        return {
            lead.id: {
                "probability": lead.probability,
                "learned_probability": learned.get(lead.id),
            }
            for lead in leads
        }

    def _prepare_stay(self, beginning: Beginning, entry: Entry, mover, now) -> dict:
        """Values of a stay that begins; one that is entered as a closed deal of the
        past has been in its stage, too, for no time."""
        running = entry.after.running
        return {
            # first: the currency of the amount is that of the lead
            "lead_id": entry.lead,
            **entry.known,
            "lead_type": entry.after.kind,
            "stage_id": entry.after.stage or False,
            "from_stage_id": beginning.from_stage or False,
            "previous_id": beginning.previous,
            "entry": beginning.entry,
            "date_entered": now,
            "date_left": False if running else now,
            "ending": False if running else "closed",
            "duration": 0,
            "mover_id": mover,
        }
