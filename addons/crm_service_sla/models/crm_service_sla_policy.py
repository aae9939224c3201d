from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_rule_mixin_ask import RuleInfo

from ..tools import policy as rules
from ..tools.clocks import CLOCKS
from ..tools.engine import Terms
from ..tools.policy import Conditions, Plan

TICKET = "crm.service.ticket"
# of so many open tickets, the newest, a person is told which would change
REHEARSED = 5000


class Rule(NamedTuple):
    """What the choice of a policy needs to know of one.

    ``info``: the further condition, ``None`` for none.
    """

    conditions: Conditions
    info: RuleInfo | None


PAUSES = ("pending", "in_progress", "waiting")
# what changes which tickets a policy is for, or what it says
WATCHED = {
    "active",
    "state",
    "sequence",
    "company_id",
    "type_ids",
    "priority_ids",
    "level_ids",
    "team_ids",
    "stage_ids",
    "domain",
    "first_response_minutes",
    "next_response_minutes",
    "resolution_minutes",
    "hours",
    "calendar_id",
    *(f"pause_{state}" for state in PAUSES),
    "step_ids",
}


class CrmServiceSlaPolicy(models.Model):
    """What is promised to whom: conditions, targets, working time, warnings.

    Of several that apply to a ticket the first one holds, in the order of their
    sequence. A new one is a draft, which may be tried on past tickets and promises
    nothing until it is started.

    Nothing here reckons with time: see ``tools/engine.py``.
    """

    _name = "crm.service.sla.policy"
    _description = "SLA Policy"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = TICKET
    _rule_first_state = "draft"

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10, help="The first policy that applies holds.")
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Empty: for all companies.",
    )

    # conditions
    type_ids = fields.Many2many(
        "crm.service.ticket.type",
        "crm_service_sla_policy_ticket_type_rel",
        "policy_id",
        "type_id",
        string="Types",
        # without its types a policy would hold for all
        ondelete="restrict",
        help="With all that is below them. None chosen: all.",
    )
    priority_ids = fields.Many2many(
        "ir.model.fields.selection",
        "crm_service_sla_policy_priority_rel",
        string="Priorities",
        domain=[("field_id.model", "=", TICKET), ("field_id.name", "=", "priority")],
        help="None chosen: all.",
    )
    level_ids = fields.Many2many(
        "crm.customer.level",
        string="Customer Levels",
        help="None chosen: all customers, with or without a level.",
    )
    team_ids = fields.Many2many(
        "crm.service.team", string="Teams", help="None chosen: all."
    )
    stage_ids = fields.Many2many(
        "crm.service.stage", string="Stages", help="None chosen: all."
    )
    domain = fields.Char(
        "Further Condition", required=True, help="Any condition on the ticket."
    )

    # targets
    first_response_minutes = fields.Integer(
        "First Response", default=60, help="Working minutes; 0: no target."
    )
    next_response_minutes = fields.Integer(
        "Next Response",
        default=240,
        help="Working minutes from what the customer writes later until it is "
        "answered; 0: no target.",
    )
    resolution_minutes = fields.Integer(
        "Resolution", default=1440, help="Working minutes; 0: no target."
    )

    # the clock
    hours = fields.Selection(
        [
            ("company", "Working time of the company"),
            ("calendar", "A calendar"),
            ("always", "Round the clock"),
        ],
        required=True,
        default="company",
        string="Minutes Count In",
    )
    calendar_id = fields.Many2one("resource.calendar", ondelete="restrict")
    pause_waiting = fields.Boolean("Waiting for the customer", default=True)
    pause_pending = fields.Boolean("Not started yet")
    pause_in_progress = fields.Boolean("In progress")

    # warnings
    step_ids = fields.One2many(
        "crm.service.sla.step",
        "policy_id",
        string="Warnings",
        copy=True,
        default=lambda self: self._default_steps(),
    )

    summary = fields.Text(
        compute="_compute_summary", help="The policy in plain sentences."
    )
    ticket_count = fields.Integer(
        "Open Tickets", compute="_compute_ticket_count", compute_sudo=False
    )

    # ------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------

    @api.model
    def _default_steps(self):
        """Half: the agent; four fifths: agent and leader; all: and a level up."""
        return [
            (0, 0, {"percent": 50, "target": "user"}),
            (0, 0, {"percent": 80, "target": "user"}),
            (0, 0, {"percent": 80, "target": "leader"}),
            (0, 0, {"percent": 100, "target": "leader", "escalate": True}),
        ]

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_ticket_count(self):
        counts = dict(
            self.env[TICKET]._read_group(
                [("sla_policy_id", "in", self.ids), *self.env[TICKET]._sla_open()],
                ["sla_policy_id"],
                ["__count"],
            )
        )
        for policy in self:
            policy.ticket_count = counts.get(policy, 0)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains(
        "first_response_minutes",
        "next_response_minutes",
        "resolution_minutes",
        "step_ids",
        *(f"pause_{state}" for state in PAUSES),
    )
    def _check_sense(self):
        for policy in self:
            codes = rules.problems(policy._plan(), policy._pauses())
            if codes:
                raise ValidationError(
                    "\n".join(self._problem_message(code) for code in codes)
                )

    @api.model
    def _problem_message(self, code: str) -> str:
        """The sentence for a code of ``tools.policy.problems``."""
        return {
            rules.NO_TARGET: self.env._(
                "Give at least one target: first response, next response or resolution."
            ),
            rules.NEGATIVE: self.env._(
                "A target is a number of minutes; write 0 for no target."
            ),
            rules.LATE_RESPONSE: self.env._(
                "The first response is due after the resolution. Make it shorter, or "
                "the resolution longer."
            ),
            rules.BAD_PERCENT: self.env._(
                "A warning comes at 1 to 500 per cent of the target."
            ),
            rules.DOUBLE_PERCENT: self.env._(
                "The same person is warned twice at the same moment. Remove one of "
                "the two lines."
            ),
            rules.STANDING_STILL: self.env._(
                "A clock that stops in all states but the last never runs. Let it "
                "run at least while a ticket is in progress."
            ),
        }[code]

    @api.constrains("hours", "calendar_id")
    def _check_calendar(self):
        """A calendar without working hours would promise nothing, ever."""
        for policy in self.filtered(lambda one: one.hours == "calendar"):
            calendar = policy.calendar_id
            if not calendar:
                raise ValidationError(
                    self.env._(
                        "Choose the calendar of “%s”, or let it count in the working "
                        "time of the company.",
                        policy.name,
                    )
                )
            if calendar.flexible_hours or not calendar.attendance_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” has no fixed working hours, so nothing would ever be "
                        "due. Choose another calendar, or give it hours.",
                        calendar.name,
                    )
                )
            if calendar.company_id and policy.company_id != calendar.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” is the calendar of another company than “"
                        "%(policy)s”.",
                        calendar=calendar.name,
                        policy=policy.name,
                    )
                )

    @api.constrains("team_ids", "company_id")
    def _check_team_company(self):
        for policy in self.filtered("company_id"):
            foreign = policy.team_ids.filtered(
                lambda team, policy=policy: (
                    team.company_id and team.company_id != policy.company_id
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%s” is a team of another company.", foreign[0].display_name
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        if policies._in_use():
            self.env[TICKET]._sla_recheck_all()
        return policies

    def write(self, vals):
        was_used = bool(self._in_use())
        result = super().write(vals)
        # the names of what is watched are not all in the rule book's
        self.env.registry.clear_cache()
        if WATCHED & vals.keys() and (was_used or self._in_use()):
            # one that broke is found while a ticket is being saved: the job's work
            self.env[TICKET]._sla_recheck_all(later=vals.get("state") == "error")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: tickets the user may not see need their policy as well
        used = (
            self.env[TICKET]
            .sudo()
            .with_context(active_test=False)
            .search([("sla_policy_id", "in", self.ids)], limit=1)
        )
        if used:
            raise ValidationError(
                self.env._(
                    "Tickets were promised something by “%s”. Archive it instead: "
                    "it will not be used any more.",
                    used.sla_policy_id.name,
                )
            )

    def copy_data(self, default=None):
        """A copy is a draft, and is called so."""
        return [
            {
                **vals,
                "name": self.env._("%s (draft)", policy.name),
                **(default or {}),
            }
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_tickets(self):
        """The open tickets this policy holds for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_service_ticket.action_ticket"
        )
        return {
            **action,
            "domain": [("sla_policy_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }

    def action_replay(self):
        """Try this policy, with the others in use, on past tickets."""
        self.ensure_one()
        others = self.env["crm.service.sla.replay"]._default_policies()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.service.sla.replay",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_name": self.env._("Trying “%s”", self.name),
                "default_policy_ids": [(6, 0, (self | others).ids)],
            },
        }

    # ------------------------------------------------------------
    # FOR THE ENGINE
    # ------------------------------------------------------------

    def _plan(self) -> Plan:
        """The policy as ``tools.policy`` checks it. Two steps may tell two people at
        the same share, but not one person twice."""
        self.ensure_one()
        steps = self.step_ids
        keys = [(s.percent, s.target, s.user_id, s.clock) for s in steps]
        doubles = len(keys) - len(set(keys))
        percents = tuple(sorted({step.percent for step in steps}))
        return Plan(
            self.first_response_minutes,
            self.next_response_minutes,
            self.resolution_minutes,
            percents + percents[:1] * doubles,
        )

    def _pauses(self) -> frozenset[str]:
        """The states in which the clock stands still."""
        self.ensure_one()
        return frozenset(state for state in PAUSES if self[f"pause_{state}"])

    def _targets(self) -> dict[str, int]:
        """Seconds by clock."""
        self.ensure_one()
        targets = self._plan()._replace(percents=()).targets()
        return {clock: 60 * minutes for clock, minutes in targets.items()}

    def _calendar_for(self, company):
        """The calendar of a ticket of a company; none: round the clock.

        Works on an empty policy too: then the company's working time counts.
        """
        if self.hours == "always":
            return self.env["resource.calendar"]
        if self.hours == "calendar":
            return self.calendar_id
        return company.resource_calendar_id

    def _terms(self, working) -> Terms:
        """What the engine reckons with; of no policy: only the ledger."""
        if not self:
            return Terms(None, {}, frozenset({"waiting"}), (), working)
        percents = tuple(sorted({step.percent for step in self.step_ids}))
        return Terms(self.id, self._targets(), self._pauses(), percents, working)

    def _book_entry(self) -> Rule:
        """This policy as plain values: asked for at every change of a ticket, changed
        a few times a year."""
        self.ensure_one()
        info = self._rule_info()
        conditions = Conditions(
            self.id,
            self.company_id.id or None,
            frozenset(self.type_ids._with_below().ids),
            frozenset(self.priority_ids.mapped("value")),
            frozenset(self.level_ids.ids),
            frozenset(self.team_ids.ids),
            frozenset(self.stage_ids.ids),
        )
        return Rule(conditions, info if info.domain else None)

    @api.model
    def _asked_of(self, rule: Rule, tickets) -> Conditions:
        """Return the conditions, with the further one asked of all tickets at once."""
        if rule.info is None:
            return rule.conditions
        matching = self._match_safely(rule.info, tickets)
        return rule.conditions._replace(members=frozenset(matching.ids))

    # ------------------------------------------------------------
    # WHAT IT WOULD CHANGE
    # ------------------------------------------------------------

    def _rehearsal_domain(self) -> Domain:
        """Open tickets that would be promised something else."""
        tickets = self.env[TICKET].search(
            self.env[TICKET]._sla_open(), order="id desc", limit=REHEARSED
        )
        used = self.search([("state", "=", "ok")])
        policies = (used | self).sorted(lambda policy: (policy.sequence, policy.id))
        # sudo: which policy holds does not depend on who asks
        then = tickets.sudo()._sla_policies(policies.sudo())
        switched = [
            ticket.id
            for ticket in tickets
            if then[ticket.id] == self and ticket.sla_policy_id != self
        ]
        return Domain("id", "in", switched)

    def _would(self, tickets):
        return {
            ticket.id: self.env._(
                "is promised “%(new)s” instead of “%(old)s”",
                new=self.name,
                old=ticket.sla_policy_id.name,
            )
            if ticket.sla_policy_id
            else self.env._("is promised “%s”", self.name)
            for ticket in tickets
        }

    @api.model
    def _clock_names(self) -> dict[str, str]:
        """What people call the clocks."""
        names = (
            self.env._("First response"),
            self.env._("Next response"),
            self.env._("Resolution"),
        )
        return dict(zip(CLOCKS, names, strict=True))
