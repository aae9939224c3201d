from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_suite_base.models.crm_job import Step

from .crm_service_team_member import LEVELS, OPEN_STATES

#: What is typed, and where its minutes are kept.
LIMITS = {"limit": "minutes"}
EVENTS = [
    ("unanswered", "without a first answer"),
    ("awaiting", "since the customer's last word"),
    ("unresolved", "not resolved"),
]


class CrmServiceEscalationRule(models.Model):
    """Hands tickets over by themselves when they have waited too long.

    Plain time; the clock that knows working hours is of ``crm_service_sla``. A rule
    takes a ticket once: whoever hands it back is not overruled.
    """

    _name = "crm.service.escalation.rule"
    _description = "Escalation Rule"
    _inherit = ("crm.rule.mixin", "crm.limit.mixin")
    _order = "sequence, id"
    _rule_target = "crm.service.ticket"
    _limits = LIMITS

    name = fields.Char(translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    team_ids = fields.Many2many(
        "crm.service.team",
        "crm_service_escalation_team_rel",
        "rule_id",
        "team_id",
        string="Teams",
        help="Empty: of all teams.",
    )
    domain = fields.Char(
        "Tickets", help="Which tickets; all open ones without conditions."
    )
    minutes = fields.Integer("After (Minutes)", required=True, default=60)
    limit = fields.Char(
        "After",
        compute="_compute_limits",
        readonly=False,
        help="Time on the wall, nights and holidays included.",
    )
    event = fields.Selection(EVENTS, required=True, default="unanswered")
    level = fields.Selection(
        LEVELS, "Hand Over To", required=True, default="technician"
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False)]",
        help="Empty: in turn among the team's members of this level.",
    )
    note = fields.Char(translate=True, help="What the next person reads.")
    handover_ids = fields.One2many("crm.service.ticket.handover", "rule_id")
    handover_count = fields.Integer("Hand-overs", compute="_compute_handover_count")

    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A rule waits for at least a minute."
    )

    @api.onchange("limit")
    def _onchange_limit(self):
        self._check_limits()

    def _compute_handover_count(self):
        counts = dict(
            self.env["crm.service.ticket.handover"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.handover_count = counts.get(rule, 0)

    def _get_ticket_domain(self, now) -> Domain:
        """Tickets that are due for this rule at ``now`` (UTC) and were not yet taken
        by it.

        :raises RuleBroken: the condition cannot be read any more
        """
        self.ensure_one()
        before = now - timedelta(minutes=self.minutes)
        order = [level for level, _label in LEVELS]
        lower = order[: order.index(self.level)]
        domain = Domain.AND(
            [
                Domain("state", "in", OPEN_STATES),
                Domain("level", "in", lower),
                self._event_domain(before),
                Domain("handover_ids", "not any", [("rule_id", "=", self.id)]),
                self._rule_domain(),
            ]
        )
        if self.team_ids:
            domain &= Domain("team_id", "in", self.team_ids.ids)
        return domain

    def _event_domain(self, before) -> Domain:
        return {
            "unanswered": Domain("first_response_date", "=", False)
            & Domain("create_date", "<=", before),
            "awaiting": Domain("awaiting_answer", "=", True)
            & (
                Domain("last_message_date", "<=", before)
                | Domain("last_message_date", "=", False)
                & Domain("create_date", "<=", before)
            ),
            "unresolved": Domain("create_date", "<=", before)
            & Domain("state", "!=", "waiting"),
        }[self.event]

    def _rehearsal_domain(self) -> Domain:
        return self._get_ticket_domain(fields.Datetime.now())

    def _would(self, tickets):
        level = dict(self._fields["level"]._description_selection(self.env))[self.level]
        words = (
            self.env._("is handed over to %s", self.user_id.name)
            if self.user_id
            else self.env._("is handed over to the level “%s”", level)
        )
        return dict.fromkeys(tickets.ids, words)

    def _process_batch(self, now) -> int:
        """Hand over what is due. A rule whose condition fails is stopped, the next
        ones go on.

        :return: how many tickets were handed over
        """
        return self.env["crm.job"]._work_off(*(rule._step(now) for rule in self))

    def _step(self, now) -> Step:
        self.ensure_one()
        # sudo: rules see every ticket of their company
        tickets = self.env["crm.service.ticket"].sudo()
        return Step(
            f"crm_service_ticket.escalate_{self.id}",
            tickets,
            lambda: self._get_ticket_domain(now),
            lambda tickets: self._hand_over(tickets, now),
            person=tickets._job_person,
            rule=self,
        )

    def _hand_over(self, tickets, now):
        notes = {ticket.id: self._note_on(ticket, now) for ticket in tickets}
        tickets._escalate(self.level, notes, kind="rule", user=self.user_id, rule=self)
        # sudo: noted by the system
        self.sudo().last_run_date = fields.Datetime.now()

    def _note_on(self, ticket, now) -> str:
        """Why this ticket is handed over: by which rule, what it allows, how late it
        is; in the language of the team."""
        person = self.user_id or ticket.team_id.user_id
        lang = person.lang or ticket.company_id.partner_id.lang
        rule = self.with_context(lang=lang)
        waited = (now - self._waiting_since(ticket)) // timedelta(minutes=1)
        day, is_working = rule._limit_day()
        words = rule.env._(
            "Escalated by the rule “%(rule)s”: %(event)s; allowed are %(limit)s, it "
            "has been %(waited)s.",
            rule=rule.name,
            event=dict(rule._fields["event"]._description_selection(rule.env))[
                rule.event
            ],
            limit=rule.limit,
            waited=rule._limit_words(waited, day, is_working),
        )
        return f"{words} {rule.note}" if rule.note else words

    def _waiting_since(self, ticket):
        spoke = self.event == "awaiting" and ticket.last_message_date
        return spoke or ticket.create_date

    @api.model
    def _run_due(self) -> int:
        """Ask all rules in use once.

        :return: how many tickets were handed over
        """
        rules = self.search([("state", "=", "ok")])
        return rules._process_batch(fields.Datetime.now())

    @api.model
    def _cron_escalate(self):
        """Run all rules until nothing is due any more."""
        self._run_due()
