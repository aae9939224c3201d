from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_customer_center.tools.fair_share import Candidate

ASSIGNED, TEAM, WAITING, NEXT, NO_RULE = (
    "assigned",
    "team",
    "waiting",
    "next",
    "no_rule",
)


class Decision(NamedTuple):
    """What becomes of one lead. ``outcome``: assigned (to ``user``, maybe with
    ``team``), team (to ``team``, no person), waiting (nobody could take it), next
    (this rule passes it on), no_rule; ``candidates``: how each person stood."""

    lead: models.BaseModel
    rule: models.BaseModel
    outcome: str
    user: models.BaseModel
    team: models.BaseModel
    candidates: tuple[Candidate, ...] = ()


class CrmLeadAssignmentRule(models.Model):
    """Which leads go to whom. Rules are asked in their order; the first whose
    condition a lead meets decides."""

    _name = "crm.lead.assignment.rule"
    _description = "Lead Assignment Rule"
    _inherit = "crm.rule.mixin"
    _order = "sequence, id"
    _rule_target = "crm.lead"
    _rule_writers = "crm_customer_center.group_crm_admin"

    name = fields.Char(tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: for the leads of every company.",
    )
    domain = fields.Char(
        required=True,
        help="Which leads: by region, industry, source, tag, amount or any field.",
    )
    target = fields.Selection(
        [
            ("pool", "In turn to several people"),
            ("user", "To one person"),
            ("team", "To a sales team"),
        ],
        "Goes",
        default="pool",
        required=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        tracking=True,
        help="The team the lead belongs to then. Empty: the team of the person.",
    )
    member_ids = fields.One2many(
        "crm.lead.assignment.member", "rule_id", "People", copy=True
    )
    if_nobody = fields.Selection(
        [
            ("wait", "The lead waits until somebody is"),
            ("next", "The next rule decides"),
        ],
        "If Nobody Is There",
        default="wait",
        required=True,
        help="When all are absent or have had their leads of the day.",
    )
    match_count = fields.Integer(
        "Open Leads That Match",
        help="Open leads and opportunities that meet the condition, whoever has them.",
    )
    log_count = fields.Integer("Leads Given", compute="_compute_log_count")

    def _compute_log_count(self):
        groups = self.env["crm.lead.assignment.log"]._read_group(
            [("rule_id", "in", self.ids), ("outcome", "in", [ASSIGNED, TEAM])],
            ["rule_id"],
            ["__count"],
        )
        counts = dict(groups)
        for rule in self:
            rule.log_count = counts.get(rule, 0)

    @api.constrains("target", "user_id", "team_id", "member_ids")
    def _check_target(self):
        fnames = {"user": "user_id", "team": "team_id", "pool": "member_ids"}
        for rule in self:
            if not rule[fnames[rule.target]]:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” needs %(what)s to give leads to.",
                        rule=rule.name,
                        what=rule._target_words(),
                    )
                )

    def _target_words(self) -> str:
        if self.target == "user":
            return self.env._("a person")
        if self.target == "team":
            return self.env._("a sales team")
        return self.env._("at least one person")

    @api.model
    @tools.ormcache()
    def _exist(self) -> bool:
        """Return whether any rule is in use: asked for each lead that is created."""
        # sudo: not whose, only whether
        rules = self.sudo().with_context(active_test=True)
        return bool(rules.search_count([("state", "=", "ok")], limit=1))

    @api.model
    def _switch_on(self):
        """At installation: where Odoo's own rule-based assignment is in use it stays,
        until somebody changes it in the settings."""
        # sudo: at installation, settings of Odoo
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param("crm.lead.auto.assignment"):
            parameters.set_param("crm_sales_process.assignment_by_rules", True)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_log(self):
        """Show what this rule decided."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sales_process.action_lead_assignment_log"
        )
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}

    def action_start_anew(self):
        """Forget what each person of the pool has had: all start equal."""
        self.check_access("write")
        # sudo: the members follow their rule
        self.sudo().member_ids.write({"credit": 0, "total": 0, "taken": 0})

    # ------------------------------------------------------------
    # CONDITION
    # ------------------------------------------------------------

    def _among(self) -> Domain:
        return Domain("won_status", "=", "pending")

    def _would(self, leads):
        """Who has a lead keeps it; the others go where the rule says."""
        return {
            lead.id: self.env._("stays with %s", lead.user_id.name)
            if lead.user_id
            else self._goal_words()
            for lead in leads
        }

    def _goal_words(self) -> str:
        if self.target == "user":
            return self.env._("goes to %s", self.user_id.name)
        if self.target == "team":
            return self.env._("goes to the team %s", self.team_id.name)
        names = self.member_ids.user_id.mapped("name")
        return self.env._("goes in turn to %s", ", ".join(names))

    # ------------------------------------------------------------
    # CHOICE
    # ------------------------------------------------------------

    def _decide(self, leads) -> list[Decision]:
        """Choose for leads that meet the condition, one after the other."""
        return getattr(self, f"_decide_{self.target}")(leads)

    def _decide_team(self, leads) -> list[Decision]:
        nobody = self.env["res.users"]
        return [Decision(lead, self, TEAM, nobody, self.team_id) for lead in leads]

    def _decide_user(self, leads) -> list[Decision]:
        away = self.user_id._absent_now()
        decisions = []
        for lead in leads:
            reason = self._elsewhere(self.user_id, lead) or away
            skipped = reason.get(self.user_id.id, "")
            share = 0.0 if skipped else 1.0
            candidate = Candidate(self.user_id.id, share, share, 0, skipped)
            chosen = None if skipped else self.user_id.id
            decisions.append(self._decision(lead, chosen, [candidate]))
        return decisions

    def _decide_pool(self, leads) -> list[Decision]:
        """In turn by weight."""
        users = self.member_ids.user_id
        choices = self.member_ids._take_turns(
            leads, lambda lead, _away, _given: self._elsewhere(users, lead)
        )
        return [
            self._decision(lead, choice.chosen, choice.candidates)
            for lead, choice in zip(leads, choices, strict=True)
        ]

    def _decision(self, lead, user_id, candidates) -> Decision:
        user = self.env["res.users"].browse(user_id or ())
        nobody = WAITING if self.if_nobody == "wait" else NEXT
        outcome = ASSIGNED if user else nobody
        return Decision(lead, self, outcome, user, self.team_id, tuple(candidates))

    # ------------------------------------------------------------
    # WHO IS THERE
    # ------------------------------------------------------------

    def _elsewhere(self, users, lead) -> dict[int, str]:
        """Return who does not work in the company of the lead: giving it to them
        would move it there."""
        company = lead.company_id
        if not company:
            return {}
        return {u.id: "company" for u in users if company not in u.company_ids}
