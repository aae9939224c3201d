from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATE_COLUMNS = ("last_contact_date", "next_contact_date", "followup_count")


class CrmFollowupTarget(models.AbstractModel):
    """What can be followed up: a customer or a lead.

    The dates stand in ``crm.followup.state``, one row per customer or lead; here they
    are read in one query per batch, and searched, sorted and grouped by a join.
    """

    _name = "crm.followup.target"
    _description = "Followed-up Record"

    # the column of crm.followup, crm.followup.state and crm.followup.task that
    # points to this model
    _followup_key = ""

    last_contact_date = fields.Date(
        "Last Contact",
        compute="_compute_contact_dates",
        search="_search_last_contact_date",
        compute_sudo=True,
        groups="base.group_user",
        help="The day of the latest follow-up.",
    )
    next_contact_date = fields.Date(
        "Next Contact",
        compute="_compute_contact_dates",
        search="_search_next_contact_date",
        compute_sudo=True,
        groups="base.group_user",
        help="The earliest activity that is planned.",
    )
    days_since_contact = fields.Integer(
        compute="_compute_days_since_contact",
        search="_search_days_since_contact",
        compute_sudo=True,
        groups="base.group_user",
        aggregator=None,
        help="Days since the latest follow-up; 0 where there was none.",
    )
    followup_overdue = fields.Boolean(
        "Follow-up Overdue",
        compute="_compute_contact_dates",
        search="_search_followup_overdue",
        compute_sudo=True,
        groups="base.group_user",
        help="A planned contact is past its day.",
    )
    followup_count = fields.Integer(
        "Follow-ups",
        compute="_compute_followup_count",
        search="_search_followup_count",
        compute_sudo=True,
        groups="base.group_user",
        aggregator=None,
    )

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.depends("followup_state_ids")
    def _compute_contact_dates(self):
        today = self.env.company._today()
        states = self._read_followup_states("last_contact_date", "next_contact_date")
        # what most records have is set at once: these fields are read with every list
        self.last_contact_date = self.next_contact_date = False
        self.followup_overdue = False
        for record in self:
            last, coming = states.get(record._origin.id, (None, None))
            if last:
                record.last_contact_date = last
            if coming:
                record.next_contact_date = coming
                record.followup_overdue = coming < today

    @api.depends("last_contact_date")
    def _compute_days_since_contact(self):
        today = self.env.company._today()
        for record in self:
            last = record.last_contact_date
            record.days_since_contact = (today - last).days if last else 0

    @api.depends("followup_state_ids")
    def _compute_followup_count(self):
        states = self._read_followup_states("followup_count")
        for record in self:
            (record.followup_count,) = states.get(record._origin.id, (0,))

    def _read_followup_states(self, *columns: str) -> dict[int, tuple]:
        """:return: {id of a record: values of the columns}; plain SQL, for speed"""
        self.env["crm.followup.state"]._refresh_waiting()
        self.env["crm.followup.state"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM crm_followup_state WHERE %s = ANY(%s)",
                SQL.identifier(self._followup_key),
                SQL(", ").join(SQL.identifier(column) for column in columns),
                SQL.identifier(self._followup_key),
                self._origin.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    # ------------------------------------------------------------
    # SEARCH, SORT, GROUP
    # ------------------------------------------------------------

    def _search_last_contact_date(self, operator, value):
        return self._search_followup_state("last_contact_date", operator, value)

    def _search_next_contact_date(self, operator, value):
        return self._search_followup_state("next_contact_date", operator, value)

    def _search_followup_count(self, operator, value):
        return self._search_followup_state("followup_count", operator, value, empty=0)

    def _search_days_since_contact(self, operator, value):
        """Days become a date: more days since means an earlier contact."""
        mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
        today = self.env.company._today()
        if operator in mirrored:
            day = fields.Date.subtract(today, days=int(value))
            return self._search_followup_state(
                "last_contact_date", mirrored[operator], day
            )
        if operator == "in":
            days = [fields.Date.subtract(today, days=int(number)) for number in value]
            return self._search_followup_state("last_contact_date", "in", days)
        return NotImplemented

    def _search_followup_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["crm.followup.state"]._refresh_waiting()
        late = Domain(
            "followup_state_ids",
            "any",
            [("next_contact_date", "<", self.env.company._today())],
        )
        wanted = Domain.FALSE
        if True in value:
            wanted |= late
        if False in value:
            wanted |= ~late
        return wanted

    def _search_followup_state(self, name, operator, value, empty=False):
        """:param empty: what a record without any row counts as"""
        if operator in ("not in", "not any"):
            return NotImplemented
        self.env["crm.followup.state"]._refresh_waiting()
        found = Domain("followup_state_ids", "any", [(name, operator, value)])
        counts_as_found = operator == "in" and empty in value
        if operator == "in" and not empty:
            found = Domain(
                "followup_state_ids", "any", [(name, "in", [v for v in value if v])]
            )
        if counts_as_found:
            found |= ~Domain("followup_state_ids", "any", [(name, "!=", empty)])
        return found

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr in STATE_COLUMNS and query is not None:
            state = query.left_join(
                alias, "id", "crm_followup_state", self._followup_key, "followup_state"
            )
            return SQL.identifier(state, field_expr)
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_follow_up(self):
        """Open the compact dialog for these records."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_followup.action_followup_dialog"
        )
        return {
            **action,
            "context": {
                **self._followup_dialog_context(),
                "dialog_size": "medium",
            },
        }

    def _followup_dialog_context(self) -> dict:
        return {f"default_{self._followup_key}s": [(6, 0, self.ids)]}

    def action_nudge(self):
        """Remind those who follow up these records; see ``crm.followup.nudge``."""
        self.check_access("read")
        pairs = [(record, record._followup_owner()) for record in self]
        return self.env["crm.followup.nudge"]._nudge(pairs)

    def action_open_followups(self):
        """The history of this record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_followup.action_followup_history"
        )
        return {
            **action,
            "domain": list(self._followup_domain()),
            "context": {f"default_{self._followup_key}": self.id},
        }

    def _followup_domain(self) -> Domain:
        """Which follow-ups are the history of this record."""
        return Domain(self._followup_key, "=", self.id)

    def _plan_contact(self, day):
        """Plan the next contact of one record without writing a follow-up."""
        self.ensure_one()
        key = {self._followup_key: self.id}
        # sudo: a step of the record the user works with; nothing is stored of this
        followups = self.env["crm.followup"].sudo()
        step = followups.new({**key, "user_id": self.env.uid, "next_date": day})
        # sudo: what is planned is the owner's, whoever plans it
        self.env["crm.followup.task"].sudo()._plan_next_steps(step)

    def _next_step(self):
        """:return: the open step that people agreed on for one customer or lead"""
        self.ensure_one()
        record = self if self._name == "crm.lead" else self.commercial_partner_id
        # sudo: what is planned is the owner's; the caller has checked the record
        tasks = self.env["crm.followup.task"].sudo()
        return tasks.search(
            [
                (self._followup_key, "=", record.id),
                ("rule_id", "=", False),
                ("state", "=", "open"),
            ],
            limit=1,
        )

    # ------------------------------------------------------------
    # TO BE SAID BY THE MODELS
    # ------------------------------------------------------------

    def _followup_owner(self):
        """Who follows up this record: an active user, or nobody."""
        self.ensure_one()
        owner = self.user_id
        return owner if owner.active else self.team_id.user_id.filtered("active")
