import base64
import logging
from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger

from odoo.addons.crm_suite_base.tools.delivery import may_have_arrived

_logger = logging.getLogger(__name__)
TRIES = 3
WAIT = timedelta(minutes=30)
# longer than any worker lives: what is being sent since then was cut off
CUT_OFF = timedelta(minutes=15)
# what can be sent again, or sooner than it would be
RETRIED = ("failed", "unknown", "waiting")


class CrmReportDelivery(models.Model):
    """One mail of a scheduled report to one person: when, how often tried, what went
    wrong.

    That it is being sent is noted and committed before the mail server is asked, what
    became of it after. If nothing was noted after, the person may have it: it is not
    sent again by itself, but shown to the owner, who decides.
    """

    _name = "crm.report.delivery"
    _link_gate = True
    _description = "Delivery of a Scheduled Report"
    _order = "create_date desc, id desc"
    _rec_name = "user_id"

    subscription_id = fields.Many2one(
        "crm.report.subscription",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Recipient",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sending", "Being Sent"),
            ("sent", "Sent"),
            ("unknown", "Perhaps Sent"),
            ("failed", "Failed"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    tries = fields.Integer(readonly=True)
    retry_at = fields.Datetime("Next Try", readonly=True)
    date_sent = fields.Datetime("Sent On", readonly=True)
    error = fields.Char(readonly=True)
    told = fields.Boolean("Owner Told", readonly=True, copy=False)

    _open_idx = models.Index("(id) WHERE state NOT IN ('sent', 'failed', 'unknown')")
    _bad_idx = models.Index("(id) WHERE state IN ('failed', 'unknown')")

    @api.model
    def _due(self, now: datetime):
        """Those to be sent now, the oldest first."""
        return self.search(self._due_domain(now), order="id")

    @api.model
    def _due_domain(self, now: datetime) -> Domain:
        late = Domain("retry_at", "=", False) | Domain("retry_at", "<=", now)
        return Domain("state", "=", "waiting") & late

    @api.model
    def _send_due(self, now: datetime) -> None:
        """Send what is due, one mail after the other; called by the job."""
        self._note_cut_off(now)
        due = self._due(now)
        progress = self.env["ir.cron"]._commit_progress
        is_job = self.env["crm.job"]._is_scheduled()
        if is_job:
            progress(remaining=len(due))
        for delivery in due:
            if is_job:
                # another worker may have been at it meanwhile
                delivery = self.search(
                    self._due_domain(now) & Domain("id", "=", delivery.id)
                )
            try:
                delivery._send()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if not is_job:
                    raise
                self.env.cr.rollback()
            if is_job and not progress(1):
                break
        self._tell_owners()

    @api.model
    def _newest_of(self, subscription_ids: list[int]):
        """Those made the last time each was sent; they are made together."""
        rows = self._read_group(
            [("subscription_id", "in", subscription_ids)],
            ["subscription_id"],
            ["create_date:max"],
        )
        return self.search(
            Domain.OR(
                Domain("subscription_id", "=", one.id) & Domain("create_date", ">=", at)
                for one, at in rows
            )
        )

    @api.model
    def _note_cut_off(self, now: datetime) -> None:
        """What a killed worker was sending may have arrived or not."""
        cut_off = [("state", "=", "sending"), ("write_date", "<", now - CUT_OFF)]
        for delivery in self.search(cut_off):
            delivery._note_unknown(
                self.env._("The server was stopped while the mail was being sent.")
            )

    def _send(self) -> None:
        """Make the report with the rights of the recipient and send it; a failure is
        noted and tried again, ``TRIES`` times in all."""
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked or self.state != "waiting":
            return
        try:
            with self.env.cr.savepoint():
                vals = self._mail_vals()
        except Exception as error:
            _logger.info("scheduled report %s failed", self.id, exc_info=True)
            self._note_failure(error)
            return
        self.write({"state": "sending", "tries": self.tries + 1})
        if self.env["crm.job"]._is_scheduled():
            # before the mail server is asked
            self.env["ir.cron"]._commit_progress()
        self._post(vals)

    def _post(self, vals: dict) -> None:
        # sudo: the system sends; what is in the mail was counted as the recipient
        mail = self.env["mail.mail"].sudo().create(vals)
        try:
            with mute_logger("odoo.addons.mail.models.mail_mail"):
                mail.send(raise_exception=True)
        except Exception as error:
            # Odoo marks a mail before it hands it over
            was_tried = mail.state != "outgoing"
            mail.unlink()
            _logger.info("scheduled report %s failed", self.id, exc_info=True)
            if was_tried and may_have_arrived(error):
                self._note_unknown(str(error) or type(error).__name__)
            else:
                self.tries -= 1
                self._note_failure(error)
        else:
            self.write(
                {
                    "state": "sent",
                    "date_sent": fields.Datetime.now(),
                    "error": False,
                }
            )

    def _note_unknown(self, reason: str) -> None:
        self.write(
            {
                "state": "unknown",
                "error": self.env._(
                    "It may have arrived or not: %(reason)s Ask the recipient before "
                    "you send it again.",
                    reason=reason,
                ),
            }
        )

    def _note_failure(self, error: Exception) -> None:
        tries = self.tries + 1
        self.write(
            {
                "state": "failed" if tries >= TRIES else "waiting",
                "tries": tries,
                "retry_at": fields.Datetime.now() + WAIT * tries,
                "error": str(error) or type(error).__name__,
            }
        )

    @api.model
    def _tell_owners(self) -> None:
        """Who set a report up hears once of what did not, or perhaps not, arrive."""
        bad = self.search(
            [("state", "in", ("failed", "unknown")), ("told", "=", False)]
        )
        for owner, own in bad.grouped(lambda d: d.subscription_id.owner_id).items():
            if owner.active:
                self.env["crm.job"]._isolate(own, lambda rows, to=owner: rows._tell(to))
        bad.told = True

    def _tell(self, owner) -> None:
        own = self.with_context(lang=owner.lang)
        lines = [
            Markup("<li>%s: %s: %s</li>")
            % (one.subscription_id.name, one.user_id.name, one.error)
            for one in own
        ]
        own.env["mail.thread"].with_context(
            mail_notify_force_send=False
        ).message_notify(
            partner_ids=owner.partner_id.ids,
            subject=own.env._("Scheduled reports that did not arrive"),
            body=Markup("<ul>%s</ul>") % Markup("").join(lines),
        )

    def _data(self) -> dict:
        """The figures as the recipient may see them.

        :raises UserError: when the person is archived
        """
        subscription, user = self.subscription_id, self.user_id
        if not user.active:
            raise UserError(self.env._("The recipient's account is archived."))
        own = subscription.with_user(user).with_company(subscription.company_id)
        own = own.with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=subscription.company_id.ids,
        )
        if subscription.report_id:
            return (
                own.env["crm.report.view"]
                .browse(subscription.report_id.id)
                .get_report()
            )
        return own.env["crm.dashboard"].get_dashboard(
            subscription.dashboard, {"period": subscription.period}
        )

    def _mail_vals(self) -> dict:
        """The mail with its two files, made with the rights of the recipient."""
        user, company = self.user_id, self.subscription_id.company_id
        data = self._data()
        dashboards = self.env["crm.dashboard"].with_user(user).with_company(company)
        dashboards = dashboards.with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=company.ids
        )
        name = f"{data['name']} {data['subtitle']}".replace("/", "-")
        body = dashboards.env["ir.qweb"]._render(
            "crm_reports.mail_dashboard", {"document": data, "user": user}
        )
        files = [
            (f"{name}.xlsx", dashboards._workbook(data)),
            (f"{name}.pdf", dashboards._pdf(data)),
        ]
        return {
            "subject": name,
            "body_html": body,
            "email_from": company.email_formatted or user.email_formatted,
            "email_to": user.email_formatted,
            "auto_delete": True,
            "attachment_ids": [
                (0, 0, {"name": title, "datas": base64.b64encode(content)})
                for title, content in files
            ],
        }

    def action_retry(self):
        """Have it sent again, by the job, at once."""
        self.check_access("read")
        self.subscription_id.check_access("write")
        # sudo: the log of deliveries is written by the system only
        open_ones = self.sudo().filtered(lambda one: one.state in RETRIED)
        open_ones.write(
            {"state": "waiting", "tries": 0, "retry_at": False, "told": False}
        )
        self._wake_job()
        return True

    @api.model
    def _wake_job(self) -> None:
        # sudo: nobody but the system may touch jobs
        self.env.ref("crm_reports.ir_cron_send").sudo()._trigger()
