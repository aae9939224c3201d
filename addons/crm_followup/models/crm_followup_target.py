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
        compute="_compute_followup_state",
        search="_search_last_contact_date",
        compute_sudo=True,
        groups="base.group_user",
        help="The day of the latest follow-up.",
    )
    next_contact_date = fields.Date(
        "Next Contact",
        compute="_compute_followup_state",
        search="_search_next_contact_date",
        compute_sudo=True,
        groups="base.group_user",
        help="The earliest activity that is planned.",
    )
    days_since_contact = fields.Integer(
        compute="_compute_followup_state",
        search="_search_days_since_contact",
        compute_sudo=True,
        groups="base.group_user",
        aggregator=None,
        help="Days since the latest follow-up; 0 where there was none.",
    )
    followup_overdue = fields.Boolean(
        "Follow-up Overdue",
        compute="_compute_followup_state",
        search="_search_followup_overdue",
        compute_sudo=True,
        groups="base.group_user",
        help="A planned contact is past its day.",
    )
    followup_count = fields.Integer(
        "Follow-ups",
        compute="_compute_followup_state",
        search="_search_followup_count",
        compute_sudo=True,
        groups="base.group_user",
        aggregator=None,
    )

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.depends("followup_state_ids")
    def _compute_followup_state(self):
        today = fields.Date.context_today(self)
        states = self.env["crm.followup.state"].search_fetch(
            [(self._followup_key, "in", self._origin.ids)],
            [self._followup_key, *STATE_COLUMNS],
        )
        by_record = {state[self._followup_key].id: state for state in states}
        empty = self.env["crm.followup.state"]
        for record in self:
            state = by_record.get(record._origin.id, empty)
            last, coming = state.last_contact_date, state.next_contact_date
            record.last_contact_date = last
            record.next_contact_date = coming
            record.days_since_contact = (today - last).days if last else 0
            record.followup_overdue = bool(coming and coming < today)
            record.followup_count = state.followup_count

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
        today = fields.Date.context_today(self)
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
        late = Domain(
            "followup_state_ids",
            "any",
            [("next_contact_date", "<", fields.Date.context_today(self))],
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
        step = (
            self.env["crm.followup"]
            .sudo()
            .new({**key, "user_id": self.env.uid, "next_date": day})
        )
        self.env["crm.followup.task"].sudo()._plan_next_steps(step)

    # ------------------------------------------------------------
    # TO BE SAID BY THE MODELS
    # ------------------------------------------------------------

    def _followup_owner(self):
        """Who follows up this record: an active user, or nobody."""
        self.ensure_one()
        owner = self.user_id
        return owner if owner.active else self.team_id.user_id.filtered("active")
