import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.models.mail_mail import PROMISED

from ..tools import satisfaction
from ..tools.secrets import AT_SENDING, with_secrets

PENDING = ("queued", "sent")
# the mails as they are looked after
QUESTION, REMINDER = (
    "crm_service_ticket.survey",
    "crm_service_ticket.survey_reminder",
)
# the page of a ticket asks even where no message was sent, or not yet
ASKED_ON_PORTAL = ("cooldown", "no_address", "failed")


class CrmServiceSurvey(models.Model):
    """The question after a closing: how satisfied were you?

    One row per closing, also when nobody was asked, with the reason. The token opens
    this question and nothing else: no login, no ticket, no conversation.
    """

    _name = "crm.service.survey"
    _link_gate = True
    _description = "Satisfaction Request"
    _order = "id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    closing = fields.Integer(
        required=True, help="How often the ticket had been reopened before."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    team_id = fields.Many2one("crm.service.team", index=True, ondelete="set null")
    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        index=True,
        ondelete="set null",
        help="Who had the ticket when it was closed: the one the score is about.",
    )
    company_id = fields.Many2one("res.company", index=True)

    state = fields.Selection(
        [
            ("queued", "To Be Sent"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("expired", "Not Answered"),
            ("skipped", "Not Asked"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    reason = fields.Selection(
        [
            ("off", "The team does not ask"),
            ("merged", "Merged into another ticket"),
            ("own", "The customer worked on it"),
            ("skipped", "On the team's list of those never asked"),
            ("cooldown", "Asked not long ago"),
            ("no_address", "No usable e-mail or phone"),
            ("reopened", "Reopened before an answer came"),
            ("failed", "Could not be sent"),
        ],
        string="Why Not Asked",
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS"), ("portal", "Portal")]
    )
    sent_date = fields.Datetime(string="Sent on")
    remind_date = fields.Datetime(string="Remind on")
    reminded_date = fields.Datetime(string="Reminded on")
    deadline = fields.Datetime(help="An answer counts, and may be changed, until then.")

    score = fields.Integer(
        help="1 very dissatisfied to 5 very satisfied; 0: no answer."
    )
    comment = fields.Text()
    answered_date = fields.Datetime(string="Answered on")
    change_count = fields.Integer(string="Changes of the Answer")
    rating_id = fields.Many2one("rating.rating", copy=False, ondelete="set null")
    sms_id = fields.Many2one(
        "sms.sms", copy=False, ondelete="set null", index="btree_not_null"
    )
    low_alerted = fields.Boolean(string="Manager Alerted", copy=False)
    token = fields.Char(
        required=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: secrets.token_urlsafe(16),
    )

    _token_uniq = models.UniqueIndex("(token)")
    _closing_uniq = models.UniqueIndex("(ticket_id, closing)")
    _score_range = models.Constraint(
        "CHECK (score >= 0 AND score <= 5)", "A score lies between 1 and 5."
    )
    # what the cron looks for; answered ones, the many, stay out
    _open_idx = models.Index("(state, deadline) WHERE state IN ('queued', 'sent')")
    _customer_idx = models.Index(
        "(partner_id, sent_date DESC) WHERE sent_date IS NOT NULL"
    )

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _open_for(self, tickets):
        """Queue the question for tickets that have just been closed.

        A closing is asked about once; a ticket whose closing has its row gets none.

        :return: the new rows
        """
        # sudo: whoever closes a ticket need not manage questions
        surveys, tickets = self.sudo(), tickets.sudo()
        known = {
            (survey.ticket_id.id, survey.closing)
            for survey in surveys.search([("ticket_id", "in", tickets.ids)])
        }
        return surveys.create(
            [
                surveys._prepare_vals(ticket)
                for ticket in tickets
                if (ticket.id, ticket.reopen_count) not in known
            ]
        )

    @api.model
    def _prepare_vals(self, ticket):
        return {
            "ticket_id": ticket.id,
            "closing": ticket.reopen_count,
            "partner_id": ticket.partner_id.id,
            "team_id": ticket.team_id.id,
            "user_id": ticket.user_id.id,
            "company_id": ticket.company_id.id,
        }

    @api.model
    def _withdraw_for(self, tickets):
        """Take back questions that nobody answered: their tickets are open again."""
        # sudo: whoever reopens a ticket need not manage questions
        self.sudo().search(
            [("ticket_id", "in", tickets.ids), ("state", "in", PENDING)]
        ).write({"state": "skipped", "reason": "reopened"})

    def _send(self, now):
        """Ask, or note why not; see ``tools/satisfaction.py`` for the rules.

        :param datetime now: the moment, UTC
        """
        last_asked, opted_out = self._last_asked(), self._opted_out_emails()
        own_work = self.ticket_id._own_work()
        for survey in self:
            policy = survey.team_id._satisfaction_policy()
            asked = last_asked.get(survey.partner_id)
            case = survey._case(asked, opted_out, own_work)
            plan = satisfaction.plan_request(policy, case, now)
            if plan.channel:
                survey._mark_sent(policy, plan.channel, now)
                last_asked[survey.partner_id] = now
            else:
                survey.write({"state": "skipped", "reason": plan.reason})
        self.filtered(lambda s: s.state == "sent")._deliver()

    def _last_asked(self):
        """{customer: when asked last} in one query."""
        partners = self.partner_id
        groups = self._read_group(
            [("partner_id", "in", partners.ids), ("sent_date", "!=", False)],
            ["partner_id"],
            ["sent_date:max"],
        )
        return dict(groups)

    def _opted_out_emails(self):
        """Those of the addresses that want no mail from us, in one query."""
        emails = {survey.ticket_id._satisfaction_email() for survey in self}
        # sudo: only whether an address is on the list
        blacklist = self.env["mail.blacklist"].sudo()
        return set(blacklist.search([("email", "in", list(emails))]).mapped("email"))

    def _case(self, last_asked, opted_out, own_work):
        ticket, partner = self.ticket_id, self.partner_id
        email = ticket._satisfaction_email()
        return satisfaction.Case(
            email="" if email in opted_out else email,
            phone=ticket._satisfaction_phone(),
            skipped=self.team_id._satisfaction_skips(partner),
            merged=bool(ticket.merged_into_id),
            own=ticket in own_work,
            last_asked=last_asked if partner else None,
        )

    def _mark_sent(self, policy, channel, now):
        self.write(
            {
                "state": "sent",
                "channel": channel,
                "sent_date": now,
                "remind_date": satisfaction.reminder(policy, now),
                "deadline": satisfaction.deadline(policy, now),
            }
        )

    def _deliver(self, reminder=False):
        """Hand the questions to Odoo's mail and SMS queues, a batch per template."""
        for (team, channel), surveys in self.grouped(
            lambda s: (s.team_id, s.channel)
        ).items():
            template = team._satisfaction_template(channel, reminder)
            promised = REMINDER if reminder else QUESTION
            surveys._deliver_with(
                PROMISED.on(template, promised) if template else template,
                channel,
            )

    def _deliver_with(self, template, channel):
        if not template:
            self.write({"state": "skipped", "reason": "failed"})
        elif channel == "email":
            template.send_mail_batch(self.ids)
        else:
            self._deliver_sms(template)

    def _deliver_sms(self, template):
        bodies = template._render_field("body", self.ids, compute_lang=True)
        messages = self.env["sms.sms"].create(
            [
                {
                    "number": survey.ticket_id._satisfaction_phone(),
                    "partner_id": survey.partner_id.id,
                    # nobody but the system reads what waits to be sent
                    "body": with_secrets(bodies[survey.id], survey._link_secret()),
                }
                for survey in self
            ]
        )
        for survey, message in zip(self, messages, strict=True):
            survey.sms_id = message

    def _sms_failed(self):
        """It says "sent", but the provider refused it."""
        for survey in self:
            message = survey.sms_id
            person = survey._job_mail_failed(QUESTION, unknown=False)
            self.env["crm.job.problem"]._set_aside(
                QUESTION,
                survey,
                self.env._(
                    "The SMS could not be sent: %(reason)s", reason=message.failure_type
                ),
                person,
                again=False,
            )

    def _job_mail_failed(self, key, unknown):
        """A question, or the reminder of it, did not go out, or perhaps not.

        :return: whose business it is
        """
        if key == QUESTION and not unknown and self.state == "sent":
            # it may still be asked on the page of the ticket, and counts as no question
            self.write(
                {
                    "state": "skipped",
                    "reason": "failed",
                    "sent_date": False,
                    "remind_date": False,
                    "sms_id": False,
                }
            )
        return self.user_id or self.team_id.user_id

    def _remind(self, now):
        """One reminder, by the way the question went."""
        self.write({"reminded_date": now, "remind_date": False})
        self._deliver(reminder=True)

    def _get_url(self):
        """Address of the page that asks, to be completed when it is sent; it never
        counts as an answer by itself."""
        self.ensure_one()
        return f"{self.get_base_url()}/service/rate/{AT_SENDING}"

    def _link_secret(self) -> dict[str, str]:
        # sudo: the token is for the message that goes to the customer
        return {"/service/rate/": self.sudo().token}

    def _secrets_for(self, readers: frozenset[str]) -> dict[str, str]:
        """What completes the links of a mail to ``readers``; see ``mail.mail``."""
        ticket = self.ticket_id
        if readers != {ticket._satisfaction_email()}:
            return {}
        # who is not content says so on the ticket's page
        return {**ticket._secrets_for(readers), **self._link_secret()}

    def _get_score_url(self, score):
        """Address of the page with a score chosen beforehand, still to be confirmed."""
        return f"{self._get_url()}?score={score}"

    # ------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------

    @api.model
    def _find_by_token(self, token):
        """The question of a token, sudo; empty for anything else a stranger sends."""
        if not isinstance(token, str) or not satisfaction.is_token(token):
            return self.sudo().browse()  # sudo: nothing
        # sudo: the token is the right
        return self.sudo().search([("token", "=", token)], limit=1)

    def _is_open(self, now):
        """Whether an answer would count."""
        self.ensure_one()
        return self.state in ("sent", "answered") and now < self.deadline

    def _answers(self):
        """Triples (score, stars, words) of the five answers, best first. Stars stand
        in every font of every phone and mail program; faces do not."""
        words = {
            5: self.env._("Very satisfied"),
            4: self.env._("Satisfied"),
            3: self.env._("So-so"),
            2: self.env._("Dissatisfied"),
            1: self.env._("Very dissatisfied"),
        }
        return [(n, "★" * n + "☆" * (5 - n), text) for n, text in words.items()]

    def _is_open_on_portal(self):
        """Whether the page of the ticket may put the question."""
        self.ensure_one()
        now = fields.Datetime.now()
        return self._is_open(now) or (self._is_unasked() and now < self._portal_end())

    def _is_unasked(self):
        waiting = self.state == "queued" and self.team_id.satisfaction_active
        return waiting or (self.state == "skipped" and self.reason in ASKED_ON_PORTAL)

    def _portal_end(self):
        return satisfaction.deadline(
            self.team_id._satisfaction_policy(), self.create_date
        )

    def _answer_on_portal(self, score, comment):
        """Answer on the ticket's page; the message that waits is not sent any more.

        :raises UserError: as ``_answer``
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if self._is_open_on_portal() and self._is_unasked():
            self._mark_sent(self.team_id._satisfaction_policy(), "portal", now)
            self.reason = False
        self._answer(score, comment, now)

    def _answer(self, score, comment, now):
        """Record or change the answer.

        :param int score: 1 to 5
        :param str comment: plain text, may be empty
        :param datetime now: the moment, UTC
        :raises UserError: when it is too late, the score is none, or it would be about
            one's own work
        """
        self.ensure_one()
        # two taps of one finger: the second waits and then changes nothing
        self.lock_for_update()
        if not self._is_open(now):
            raise UserError(
                self.env._("This question is closed; thank you all the same.")
            )
        if not score or satisfaction.parse_score(score) != score:
            raise UserError(self.env._("Please choose one of the five answers."))
        if self.ticket_id._own_work(self.env.user):
            raise UserError(
                self.env._(
                    "Who worked on a ticket does not score it. Only a customer who had "
                    "no part in the work can say how it went."
                )
            )
        if (self.score, self.comment or "") == (score, comment):
            return
        self.write(self._answer_vals(score, comment, now))
        self.ticket_id._apply_satisfaction(self)
        self._alert_if_low()

    def _answer_vals(self, score, comment, now):
        return {
            "state": "answered",
            "score": score,
            "comment": comment,
            "answered_date": now,
            "remind_date": False,
            "change_count": self.change_count + bool(self.score),
        }

    def _alert_if_low(self):
        """A task for the manager, once per question however often it is changed."""
        threshold = self.team_id.satisfaction_low_score
        if self.low_alerted or not satisfaction.is_low(self.score, threshold):
            return
        self.low_alerted = True
        self.ticket_id._schedule_low_score_activity(self)

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_ask(self, batch_size=200):
        """Send, remind, expire: a commit per batch, so that no message goes twice."""
        self._process_due(fields.Datetime.now(), batch_size)

    @api.model
    def _process_due(self, now, batch_size=200):
        """Do all that is due.

        :param datetime now: the moment, UTC
        :return: how many rows were worked on
        """
        return self.env["crm.job"]._work_off(
            *(
                Step(
                    f"crm_service_ticket.survey_{name}",
                    self,
                    domain,
                    process,
                    size=batch_size,
                    person=lambda survey: survey.user_id or survey.team_id.user_id,
                )
                for name, domain, process in self._due_steps(now)
            )
        )

    @api.model
    def _due_steps(self, now):
        """Triples (name, which rows, what to do); each takes its rows out of its
        domain."""
        return [
            ("send", [("state", "=", "queued")], lambda batch: batch._send(now)),
            (
                "expire",
                [("state", "=", "sent"), ("deadline", "<=", now)],
                lambda batch: batch.write({"state": "expired", "remind_date": False}),
            ),
            (
                "remind",
                [
                    ("state", "=", "sent"),
                    ("deadline", ">", now),
                    ("remind_date", "<=", now),
                ],
                lambda batch: batch._remind(now),
            ),
            (
                "sms",
                [("state", "=", "sent"), ("sms_id.state", "=", "error")],
                lambda batch: batch._sms_failed(),
            ),
        ]
