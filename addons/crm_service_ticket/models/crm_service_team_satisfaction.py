from odoo import api, fields, models

from ..tools import satisfaction


class CrmServiceTeam(models.Model):
    """How a team asks its customers, and what it heard."""

    _inherit = "crm.service.team"

    satisfaction_active = fields.Boolean(string="Ask for Satisfaction", default=True)
    satisfaction_moment = fields.Selection(
        [("resolved", "Solved"), ("closed", "Closed")],
        string="Ask When",
        default="closed",
        required=True,
    )
    satisfaction_channel = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS"), ("email_sms", "E-mail, else SMS")],
        string="Ask by",
        default="email",
        required=True,
    )
    satisfaction_expiry_days = fields.Integer(
        string="Answer Within",
        default=14,
        help="Days in which an answer counts and may be changed.",
    )
    satisfaction_cooldown_days = fields.Integer(
        string="Not Again Within",
        default=7,
        help="Days before the same customer is asked again, about whatever ticket. "
        "0: after every closing.",
    )
    satisfaction_reminder_days = fields.Integer(
        string="Remind After",
        default=3,
        help="Days until the one reminder. 0: none.",
    )
    satisfaction_low_score = fields.Integer(
        string="Low Score",
        default=2,
        help="A score up to this one opens a task for the team's leader. 0: none does.",
    )
    satisfaction_skip_partner_ids = fields.Many2many(
        "res.partner",
        "crm_service_team_satisfaction_skip_rel",
        "team_id",
        "partner_id",
        string="Never Ask",
        help="A company stands for all its contacts.",
    )
    satisfaction_template_id = fields.Many2one(
        "mail.template",
        string="Question by E-mail",
        domain=[("model", "=", "crm.service.survey")],
        help="Empty: the one that comes with the module.",
    )
    satisfaction_sms_template_id = fields.Many2one(
        "sms.template",
        string="Question by SMS",
        domain=[("model", "=", "crm.service.survey")],
        help="Empty: the one that comes with the module.",
    )
    satisfaction_avg = fields.Float(
        string="Satisfaction",
        digits=(3, 2),
        compute="_compute_satisfaction",
        help="Average of all scores, 1 to 5.",
    )
    satisfaction_count = fields.Integer(
        string="Scores", compute="_compute_satisfaction"
    )

    _days_positive = models.Constraint(
        "CHECK (satisfaction_expiry_days > 0 AND satisfaction_cooldown_days >= 0 AND "
        "satisfaction_reminder_days >= 0)",
        "Days are counted from 0 upwards, and an answer needs one day at least.",
    )
    _low_score_range = models.Constraint(
        "CHECK (satisfaction_low_score >= 0 AND satisfaction_low_score <= 5)",
        "A low score lies between 0 (no alarm) and 5.",
    )

    def _compute_satisfaction(self):
        tickets = self.env["crm.service.ticket"]
        stats = tickets._satisfaction_stats([("team_id", "in", self.ids)], "team_id")
        for team in self:
            average, count = stats.get(team._origin, (0, 0))
            team.satisfaction_avg = average
            team.satisfaction_count = count

    def _satisfaction_policy(self):
        """The settings as ``tools/satisfaction.py`` takes them; without team: off."""
        return satisfaction.Policy(
            enabled=self.satisfaction_active,
            channel=self.satisfaction_channel or "",
            expiry_days=self.satisfaction_expiry_days,
            cooldown_days=self.satisfaction_cooldown_days,
            reminder_days=self.satisfaction_reminder_days,
        )

    def _satisfaction_moment(self):
        """State of a ticket that its customer is asked at."""
        return self.satisfaction_moment or "closed"

    def _satisfaction_skips(self, partner):
        """Whether a contact, or its company, is never asked."""
        skipped = self.satisfaction_skip_partner_ids
        return bool(partner and skipped & (partner | partner.commercial_partner_id))

    @api.model
    def _satisfaction_template_names(self):
        """{(channel, is reminder): xml id of the template the module brings}."""
        module = "crm_service_ticket"
        return {
            ("email", False): f"{module}.mail_template_satisfaction",
            ("email", True): f"{module}.mail_template_satisfaction_reminder",
            ("sms", False): f"{module}.sms_template_satisfaction",
            ("sms", True): f"{module}.sms_template_satisfaction",
        }

    def _satisfaction_template(self, channel, reminder=False):
        """The template to ask with.

        :param str channel: ``email`` or ``sms``
        :param bool reminder: an own template of the team serves both times
        """
        own = {
            "email": self.satisfaction_template_id,
            "sms": self.satisfaction_sms_template_id,
        }[channel]
        name = self._satisfaction_template_names()[channel, reminder]
        return own or self.env.ref(name, raise_if_not_found=False)

    def _satisfaction_manager(self):
        """Who hears of a low score: the leader, else the first service manager."""
        if self.user_id.active:
            return self.user_id
        managers = self.env.ref("crm_customer_center.group_service_manager")
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", managers.ids),
                ("company_ids", "in", (self.company_id or self.env.company).ids),
                ("share", "=", False),
            ],
            limit=1,
            order="id",
        )
