import logging
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_suite_base.models.crm_job import Step

from ..tools.schedule import next_run

_logger = logging.getLogger(__name__)
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class CrmReportSubscription(models.Model):
    """A dashboard or report sent by e-mail on schedule, as PDF and workbook.

    Each recipient gets the figures of what he or she may read.
    """

    _name = "crm.report.subscription"
    _link_gate = True
    _description = "Scheduled Report"
    _order = "name, id"

    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    active = fields.Boolean(default=True)
    owner_id = fields.Many2one(
        "res.users",
        "Set Up By",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    dashboard = fields.Selection("_dashboard_selection")
    report_id = fields.Many2one("crm.report.view", "Own Report", ondelete="cascade")
    period = fields.Selection(
        "_period_selection",
        default="last_week",
        help="An own report has its own period.",
    )
    frequency = fields.Selection(
        [("daily", "Every day"), ("weekly", "Every week"), ("monthly", "Every month")],
        required=True,
        default="weekly",
    )
    weekday = fields.Selection(WEEKDAYS, default="0")
    month_day = fields.Integer(
        "Day of the Month", default=1, help="31 stands for the last day."
    )
    hour = fields.Integer(
        default=8, required=True, help="The hour of the day where the company is."
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Recipients",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    next_run = fields.Datetime(
        compute="_compute_next_run",
        store=True,
        precompute=True,
        readonly=False,
        index=True,
    )
    delivery_ids = fields.One2many(
        "crm.report.delivery", "subscription_id", "Deliveries"
    )
    last_count = fields.Integer("Mails Last Time", compute="_compute_last_time")
    last_sent = fields.Integer("Sent Last Time", compute="_compute_last_time")
    last_error = fields.Char(compute="_compute_last_time")

    _hour_check = models.Constraint(
        "CHECK (hour BETWEEN 0 AND 23)", "The hour is between 0 and 23."
    )
    _month_day_check = models.Constraint(
        "CHECK (month_day BETWEEN 1 AND 31)", "The day of the month is 1 to 31."
    )
    _content_check = models.Constraint(
        "CHECK (num_nonnulls(dashboard, report_id) = 1)",
        "Choose a dashboard or an own report, one of the two.",
    )

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"owner_id"}

    @api.model
    def _system_fields_advice(self):
        return self.env._("It is set up by who makes it; make one of your own.")

    @api.model
    def _dashboard_selection(self):
        found = self.env["crm.dashboard"]._dashboard_list()
        return [(one.key, one.name) for one in found]

    @api.model
    def _period_selection(self):
        names = self.env["crm.dashboard"]._period_names()
        return [(key, name) for key, name in names.items() if key != "custom"]

    @api.depends("dashboard", "report_id")
    def _compute_name(self):
        names = dict(self._dashboard_selection())
        for one in self:
            one.name = one.report_id.name or names.get(one.dashboard) or one.name

    @api.depends("frequency", "weekday", "month_day", "hour", "company_id")
    def _compute_next_run(self):
        for one in self:
            one.next_run = one._next_after(fields.Datetime.now())

    def _next_after(self, now: datetime) -> datetime:
        """The next time it is due, in UTC."""
        zone = pytz.timezone(self.company_id._zone())
        local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
        due = next_run(
            local,
            self.frequency,
            min(max(self.hour, 0), 23),
            int(self.weekday or 0),
            min(max(self.month_day, 1), 31),
        )
        return zone.localize(due).astimezone(pytz.utc).replace(tzinfo=None)

    @api.depends("delivery_ids.state", "delivery_ids.error")
    def _compute_last_time(self):
        """What became of the mails of the last time; what failed before that and
        arrived since is no news."""
        newest = self.env["crm.report.delivery"]._newest_of(self.ids)
        for one in self:
            last = newest.filtered(lambda d, one=one: d.subscription_id == one)
            one.last_count = len(last)
            one.last_sent = len(last.filtered(lambda d: d.state == "sent"))
            one.last_error = last.filtered("error")[:1].error

    @api.constrains("user_ids")
    def _check_recipients(self):
        for one in self:
            if not one.user_ids:
                raise ValidationError(
                    self.env._("Choose who is to receive the report.")
                )
            # sudo: whether colleagues have an address; who has none is named
            silent = one.user_ids.sudo().filtered(lambda user: not user.email)
            if silent:
                raise ValidationError(
                    self.env._(
                        "%s has no e-mail address. Enter one, or take the person out.",
                        ", ".join(silent.mapped("name")),
                    )
                )

    # ------------------------------------------------------------
    # SEND
    # ------------------------------------------------------------

    def action_send_now(self):
        """Have it sent to all recipients now, by the job: one mail after the other."""
        self.check_access("write")
        deliveries = self._prepare_deliveries()
        deliveries._wake_job()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%s mails are being sent. What became of each stands under "
                    "“Deliveries”.",
                    len(deliveries),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_deliveries(self):
        # sudo: the log of deliveries is written by the system only
        return (
            self.env["crm.report.delivery"]
            .sudo()
            .create(
                [
                    {"subscription_id": one.id, "user_id": user.id}
                    for one in self
                    for user in one.user_ids
                ]
            )
        )

    @api.model
    def _cron_send(self) -> None:
        """Queue what is due, then send what is queued, one mail per transaction."""
        now = fields.Datetime.now()
        self._queue_due(now)
        self.env["crm.report.delivery"]._send_due(now)

    @api.model
    def _queue_due(self, now: datetime) -> None:
        """Make the deliveries of what is due, once, and note the next time."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_reports.queue",
                self,
                [("next_run", "<=", now)],
                lambda due: due._queue(now),
                person=lambda one: one.owner_id,
            )
        )

    def _queue(self, now: datetime) -> None:
        self._prepare_deliveries()
        for one in self:
            one.next_run = one._next_after(
                max(now, one.next_run + timedelta(minutes=1))
            )
