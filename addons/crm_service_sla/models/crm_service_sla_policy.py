import ast
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import policy as rules
from ..tools.clocks import CLOCKS
from ..tools.engine import Terms
from ..tools.policy import Conditions, Plan

TICKET = "crm.service.ticket"


class Rule(NamedTuple):
    """What the choice of a policy needs to know of one.

    ``domain``: the further condition as text, ``None`` for none; ``fields``: the
    fields of a ticket it asks for.
    """

    conditions: Conditions
    domain: str | None
    fields: frozenset[str]

    def asked_of(self, tickets: Any) -> Conditions:
        """Return the conditions, with the further one asked of all tickets at once."""
        if self.domain is None:
            return self.conditions
        matching = tickets.filtered_domain(Domain(ast.literal_eval(self.domain)))
        return self.conditions._replace(members=frozenset(matching.ids))


PAUSES = ("pending", "in_progress", "waiting")
# what changes which tickets a policy is for, or what it says
WATCHED = {
    "active",
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
    sequence. Nothing here reckons with time: see ``tools/engine.py``.
    """

    _name = "crm.service.sla.policy"
    _description = "SLA Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first policy that applies holds.")
    active = fields.Boolean(
        default=True, help="A policy not in use may still be tried on past tickets."
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Empty: for all companies.",
    )

    # conditions
    type_ids = fields.Many2many(
        "ir.model.fields.selection",
        "crm_service_sla_policy_type_rel",
        string="Types",
        domain=[
            ("field_id.model", "=", TICKET),
            ("field_id.name", "=", "ticket_type"),
        ],
        help="None chosen: all.",
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
        "Further Condition",
        default="[]",
        required=True,
        help="Any condition on the ticket.",
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

    @api.constrains("domain")
    def _check_domain(self):
        for policy in self:
            try:
                policy._extra_domain().validate(self.env[TICKET])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The further condition of “%(policy)s” cannot be read: "
                        "%(error)s",
                        policy=policy.name,
                        error=error,
                    )
                ) from error

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
        self.env.registry.clear_cache()
        if any(policies.mapped("active")):
            self.env[TICKET]._sla_recheck_all()
        return policies

    def write(self, vals):
        was_used = any(self.mapped("active"))
        result = super().write(vals)
        self.env.registry.clear_cache()
        if WATCHED & vals.keys() and (was_used or any(self.mapped("active"))):
            self.env[TICKET]._sla_recheck_all()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
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
        """A copy is a draft: not in use until somebody says so."""
        return [
            {
                **vals,
                "name": self.env._("%s (draft)", policy.name),
                "active": False,
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

    def _extra_domain(self) -> Domain:
        """The further condition.

        :raise ValueError: if it is no domain
        """
        self.ensure_one()
        return Domain(ast.literal_eval(self.domain or "[]"))

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

    @api.model
    @ormcache()
    def _rule_book(self) -> tuple[Rule, ...]:
        """The policies in use, in order, as plain values: asked for at every change of
        a ticket, changed a few times a year."""
        # the context of whoever asks first must not decide what all get
        used = self.sudo().search([("active", "=", True)])
        return tuple(policy._rule() for policy in used)

    def _rule(self) -> Rule:
        """This policy as plain values."""
        self.ensure_one()
        extra = self._extra_domain()
        fields_asked = frozenset(
            condition.field_expr.split(".")[0] for condition in extra.iter_conditions()
        )
        conditions = Conditions(
            self.id,
            self.company_id.id or None,
            frozenset(self.type_ids.mapped("value")),
            frozenset(self.priority_ids.mapped("value")),
            frozenset(self.level_ids.ids),
            frozenset(self.team_ids.ids),
            frozenset(self.stage_ids.ids),
        )
        return Rule(conditions, None if extra.is_true() else self.domain, fields_asked)

    @api.model
    def _clock_names(self) -> dict[str, str]:
        """What people call the clocks."""
        names = (
            self.env._("First response"),
            self.env._("Next response"),
            self.env._("Resolution"),
        )
        return dict(zip(CLOCKS, names, strict=True))
