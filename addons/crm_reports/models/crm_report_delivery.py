import base64
import logging
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
TRIES = 3
WAIT = timedelta(minutes=30)


class CrmReportDelivery(models.Model):
    """One mail of a scheduled report to one person: when, how often tried, what went
    wrong."""

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
        [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")],
        required=True,
        default="waiting",
        readonly=True,
    )
    tries = fields.Integer(readonly=True)
    retry_at = fields.Datetime("Next Try", readonly=True)
    date_sent = fields.Datetime("Sent On", readonly=True)
    error = fields.Char(readonly=True)

    _waiting_idx = models.Index("(retry_at) WHERE state = 'waiting'")

    @api.model
    def _due(self, now: datetime):
        """Those to be sent now, the oldest first."""
        waiting = [("state", "=", "waiting")]
        late = ["|", ("retry_at", "=", False), ("retry_at", "<=", now)]
        return self.search(waiting + late, order="id")

    def _send(self) -> None:
        """Make the report with the rights of the recipient and send it; a failure is
        noted and tried again, ``TRIES`` times in all."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._mail().send(raise_exception=True)
        except Exception as error:
            _logger.info("scheduled report %s failed", self.id, exc_info=True)
            self._note_failure(error)
        else:
            self.write(
                {
                    "state": "sent",
                    "tries": self.tries + 1,
                    "date_sent": fields.Datetime.now(),
                    "error": False,
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

    def _mail(self):
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
        # sudo: the system sends; what is in the mail was counted as the recipient
        return (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
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
            )
        )

    def action_retry(self):
        """Try again now."""
        self.check_access("read")
        self.subscription_id.check_access("write")
        for delivery in self.sudo():
            delivery.tries = 0
            delivery._send()
        return True
