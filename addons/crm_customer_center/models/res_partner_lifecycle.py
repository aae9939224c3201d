from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.tools.changes import follows

from .crm_customer_move_mixin import READERS
from .crm_lifecycle_engine import BY_RULE

# what decides about state or level when a partner is written
STATE_DECIDERS = {
    "lifecycle_state",
    "user_id",
    "parent_id",
    "is_company",
    "company_type",
}
# what each engine keeps of whom, and which writes decide about it
HISTORIES = {
    "crm.lifecycle.engine": ("lifecycle_state", STATE_DECIDERS),
    "crm.level.engine": ("customer_level_id", {"customer_level_id"}),
}
DECIDERS = STATE_DECIDERS | {"customer_level_id"}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
COLUMNS = (
    "lifecycle_since",
    "lifecycle_held",
    "lifecycle_until",
    "level_since",
    "level_held",
    "level_until",
    "level_notice_on",
)


class ResPartner(models.Model):
    """A customer's state and level in time: since when, why, and who may change it."""

    _name = "res.partner"
    # in the last file, so that values are completed and told apart within
    _inherit = ("crm.change.mixin", "res.partner")

    customer_state_ids = fields.One2many(
        "crm.customer.state",
        "partner_id",
        bypass_search_access=True,
        copy=False,
        groups="base.group_user",
    )
    lifecycle_move_ids = fields.One2many(
        "crm.lifecycle.move",
        "partner_id",
        "Lifecycle History",
        copy=False,
        groups=READERS,
    )
    level_move_ids = fields.One2many(
        "crm.level.move", "partner_id", "Level History", copy=False, groups=READERS
    )
    lifecycle_since = fields.Datetime(
        "In This State Since",
        compute="_compute_customer_state",
        search="_search_lifecycle_since",
        compute_sudo=True,
        groups="base.group_user",
    )
    lifecycle_days = fields.Integer(
        "Days in This State",
        compute="_compute_customer_state",
        search="_search_lifecycle_days",
        compute_sudo=True,
        aggregator=None,
        groups="base.group_user",
        help="Days since the customer became what it is. With the state it says for "
        "instance: dormant for more than 30 days.",
    )
    lifecycle_held = fields.Boolean(
        "State Set by Hand",
        compute="_compute_customer_state",
        search="_search_lifecycle_held",
        compute_sudo=True,
        groups="base.group_user",
        help="Rules leave the state alone.",
    )
    lifecycle_held_until = fields.Datetime(
        "Rules Leave the State Alone Until",
        compute="_compute_customer_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    level_since = fields.Datetime(
        "Has This Level Since",
        compute="_compute_customer_state",
        search="_search_level_since",
        compute_sudo=True,
        groups="base.group_user",
    )
    level_held = fields.Boolean(
        "Level Locked",
        compute="_compute_customer_state",
        search="_search_level_held",
        compute_sudo=True,
        groups="base.group_user",
        help="Rules leave the level alone.",
    )
    level_held_until = fields.Datetime(
        "Level Locked Until",
        compute="_compute_customer_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    level_leaves_on = fields.Date(
        "Lower Level On",
        compute="_compute_customer_state",
        compute_sudo=True,
        groups="base.group_user",
        help="The customer no longer reaches its level. On this day it gets a lower "
        "one, unless it reaches it again or somebody locks it.",
    )

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    @api.depends("customer_state_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_customer_state(self):
        rows = self.env["crm.customer.state"]._read_columns(self._origin.ids, COLUMNS)
        nothing = (None,) * len(COLUMNS)
        for partner in self:
            row = dict(zip(COLUMNS, rows.get(partner._origin.id, nothing), strict=True))
            partner.lifecycle_since = row["lifecycle_since"]
            partner.lifecycle_days = _days_since(
                partner._lifecycle_company(), row["lifecycle_since"]
            )
            partner.lifecycle_held = bool(row["lifecycle_held"])
            partner.lifecycle_held_until = row["lifecycle_until"]
            partner.level_since = row["level_since"]
            partner.level_held = bool(row["level_held"])
            partner.level_held_until = row["level_until"]
            notice, level = row["level_notice_on"], partner.customer_level_id
            partner.level_leaves_on = notice and fields.Date.add(
                notice, days=level.grace_days
            )

    def _lifecycle_company(self):
        """Whose days and calendar a customer's lifecycle is counted by: its company's,
        or the first one of the house, whoever happens to ask."""
        self.ensure_one()
        # sudo: the zone of a company is no secret
        return self.sudo().company_id or self.env["res.company"].sudo()._first_company()

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    def _search_lifecycle_since(self, operator, value):
        return self._search_customer_state("lifecycle_since", operator, value)

    def _search_level_since(self, operator, value):
        return self._search_customer_state("level_since", operator, value)

    def _search_lifecycle_held(self, operator, value):
        return self._search_customer_flag("lifecycle_held", operator, value)

    def _search_level_held(self, operator, value):
        return self._search_customer_flag("level_held", operator, value)

    @api.model
    def _search_customer_state(self, name, operator, value):
        if operator not in MIRRORED and operator != "in":
            return NotImplemented
        if operator == "in":
            value = [one for one in value if one]
        return Domain("customer_state_ids", "any", [(name, operator, value)])

    @api.model
    def _search_customer_flag(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        flagged = Domain("customer_state_ids", "any", [(name, "=", True)])
        wanted = Domain.FALSE
        if True in value:
            wanted |= flagged
        if False in value:
            wanted |= ~flagged
        return wanted

    def _search_lifecycle_days(self, operator, value):
        """Days become a moment: more days mean an earlier one. Who is no customer has
        been so for no days, and is not found."""
        if operator == "in":
            return Domain.OR(
                self._search_lifecycle_days(">=", number)
                & self._search_lifecycle_days("<=", number)
                for number in value
                if number is not False
            )
        if operator not in MIRRORED:
            return NotImplemented
        # since a day at most n days ago: not before its midnight
        days = int(value) + (operator in (">", "<="))
        company = self.env["res.company"].sudo()._first_company()  # sudo: its zone
        day = company._today() - timedelta(days=days - 1)
        midnight = pytz.timezone(company._zone()).localize(
            datetime.combine(day, time.min)
        )
        moment = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        earlier = operator in (">", ">=")
        among = Domain("lifecycle_since", "<" if earlier else ">=", moment)
        return among & Domain("lifecycle_state", "!=", False)

    # ------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------

    @follows(40, *DECIDERS, reads=["lifecycle_state", "customer_level_id"], new=True)
    def _history_goes_on(self, change):
        # sudo: of whom it is the history is decided; nothing is shown
        known = self.sudo()
        if change.is_new:
            known = known.filtered("lifecycle_state")
        elif BY_RULE.is_on(self.env):
            return
        for engine, (name, deciders) in HISTORIES.items():
            if known and (change.is_new or deciders & change.names):
                was = {id_: values[name] for id_, values in change.was.items()}
                self.env[engine]._note_changes(was, known)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_set_state_by_hand(self):
        """Open the dialog that sets the state with a reason, and holds it."""
        return self._action_by_hand("lifecycle")

    def action_set_level_by_hand(self):
        """Open the dialog that sets the level with a reason, and locks it."""
        return self._action_by_hand("level")

    def _action_by_hand(self, what: str) -> dict:
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_customer_by_hand"
        )
        context = {"default_what": what, "default_partner_ids": [(6, 0, self.ids)]}
        return {**action, "context": context}

    def action_leave_to_rules(self):
        """Let rules decide again about states that somebody holds."""
        self._leave_to_rules("lifecycle")
        return True

    def action_unlock_level(self):
        """Let rules decide again about levels that somebody locked."""
        self._leave_to_rules("level")
        return True

    def _leave_to_rules(self, what: str):
        """:raises UserError: when nothing is held"""
        self.check_access("write")
        held = self.filtered("lifecycle_held" if what == "lifecycle" else "level_held")
        if not held:
            raise UserError(self.env._("Rules decide already: nothing is held."))
        self.env[f"crm.{what}.engine"]._release(held)

    # ------------------------------------------------------------
    # REFERENCES
    # ------------------------------------------------------------

    @api.model
    def _derived_references(self):
        """Histories and what follows from deals and orders, which do count."""
        return super()._derived_references() | {
            ("crm_customer_event", "partner_id"),
            ("crm_customer_state", "partner_id"),
            ("crm_level_move", "partner_id"),
            ("crm_lifecycle_move", "partner_id"),
        }


def _days_since(company, moment: datetime | None) -> int:
    """Return the days since a moment, by the company's calendar."""
    if not moment:
        return 0
    return (company._today() - company._local(moment).date()).days
