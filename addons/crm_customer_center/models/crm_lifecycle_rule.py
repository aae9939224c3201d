from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import lifecycle
from .res_partner import LIFECYCLE_STATES

TRIGGERS = [
    (lifecycle.BUSINESS, "A won deal or a confirmed order"),
    (lifecycle.WITHDRAWN, "The last of what was bought is cancelled or refunded"),
    (lifecycle.SILENCE, "No order and no contact for … days"),
    (lifecycle.STAY, "So many days in its state"),
    (lifecycle.CONDITION, "As soon as the condition is met"),
]
TIMED = (lifecycle.SILENCE, lifecycle.STAY)
# what time brings about is found by the night; an event moves at once
AT_NIGHT = (*TIMED, lifecycle.CONDITION)


class LifecycleInfo(NamedTuple):
    """A rule in use as the rule book keeps it: its condition and what it does."""

    info: object
    rule: lifecycle.Rule


class CrmLifecycleRule(models.Model):
    """When a customer passes from one state of its life to another.

    The first rule in order that fits decides. What an event brings about happens at
    once, what time brings about at night. What a person set and holds, no rule
    changes.
    """

    _name = "crm.lifecycle.rule"
    _description = "Lifecycle Rule"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "res.partner"
    _rule_writers = "crm_customer_center.group_crm_admin"
    # started from where one sees whom it would move
    _rule_first_state = "draft"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="Empty: customers of all companies."
    )
    domain = fields.Char("Only Those")
    trigger = fields.Selection(TRIGGERS, required=True, default=lifecycle.SILENCE)
    days = fields.Integer(default=180)
    working_days = fields.Boolean(
        help="Days the company works, by its calendar with holidays and make-up days."
    )
    from_potential = fields.Boolean()
    from_active = fields.Boolean()
    from_dormant = fields.Boolean()
    from_lost = fields.Boolean()
    to_state = fields.Selection(LIFECYCLE_STATES, "To", required=True)
    from_words = fields.Char("From", compute="_compute_from_words")
    move_count = fields.Integer("Moved So Far", compute="_compute_move_count")

    _days_check = models.Constraint(
        "CHECK (days >= 0 AND (trigger NOT IN ('silence', 'stay') OR days > 0))",
        "A rule by days needs at least one day.",
    )

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains(
        "from_potential", "from_active", "from_dormant", "from_lost", "to_state"
    )
    def _check_states(self):
        for rule in self:
            states = rule._from_states()
            if not states or rule.to_state in states:
                raise ValidationError(
                    self.env._(
                        "Say from which states rule “%s” moves customers, and to "
                        "another one than these.",
                        rule.name,
                    )
                )

    @api.model
    def _compiled_fields(self):
        return super()._compiled_fields() | {
            "trigger",
            "days",
            "working_days",
            "to_state",
            *(f"from_{state}" for state, _label in LIFECYCLE_STATES),
        }

    # ------------------------------------------------------------
    # WHAT IT SAYS
    # ------------------------------------------------------------

    def _from_states(self) -> frozenset[str]:
        self.ensure_one()
        return frozenset(
            state for state, _label in LIFECYCLE_STATES if self[f"from_{state}"]
        )

    @api.depends("from_potential", "from_active", "from_dormant", "from_lost")
    @api.depends_context("lang")
    def _compute_from_words(self):
        labels = dict(self._fields["to_state"]._description_selection(self.env))
        for rule in self:
            states = [state for state, _l in LIFECYCLE_STATES if rule[f"from_{state}"]]
            rule.from_words = ", ".join(labels[state] for state in states)

    def _compute_move_count(self):
        counts = dict(
            self.env["crm.lifecycle.move"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.move_count = counts.get(rule, 0)

    def _book_entry(self):
        return LifecycleInfo(self._rule_info(), self._as_rule())

    def _as_rule(self) -> lifecycle.Rule:
        self.ensure_one()
        return lifecycle.Rule(
            self.id,
            self._from_states(),
            self.to_state,
            self.trigger,
            self.days,
            self.working_days,
        )

    # ------------------------------------------------------------
    # WHO WOULD MOVE
    # ------------------------------------------------------------

    def _among(self):
        return Domain("lifecycle_state", "in", sorted(self._from_states()))

    def _rehearsal_domain(self):
        """Those it would move now: who is due, or who has bought since it is what it
        is."""
        self.ensure_one()
        due = self.env["crm.lifecycle.engine"]._due_query([self._as_rule()])
        among = self._rule_domain() & self._among() & Domain("active", "=", True)
        return among & Domain("id", "in", SQL("(%s)", due))

    def _would(self, records):
        labels = dict(self._fields["to_state"]._description_selection(self.env))
        return {
            partner.id: self.env._(
                "%(before)s → %(after)s",
                before=labels.get(partner.lifecycle_state, ""),
                after=labels[self.to_state],
            )
            for partner in records
        }

    def _because(self, record):
        """What decides beside the condition: since when, and the last contact."""
        engine = self.env["crm.lifecycle.engine"]
        last = engine._last_contact(record)
        words = [super()._because(record)]
        if self.trigger == lifecycle.SILENCE and last:
            day = record._lifecycle_company()._local(last).date()
            words.append(
                self.env._("last contact: %s", fields.Date.to_string(day)),
            )
        elif self.trigger == lifecycle.STAY:
            words.append(
                self.env._("for %s days what it is", record.lifecycle_days),
            )
        return "; ".join(filter(None, words))

    def action_open_moves(self):
        """What the rule has moved so far."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_lifecycle_move"
        )
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    def action_run_now(self):
        """Do now what the night would do.

        :raises AccessError: for who may not change rules
        """
        self.check_access("write")
        self.env["crm.customer.run"]._run_now("lifecycle")
        return self.env["crm.customer.run"]._action_last("lifecycle")
