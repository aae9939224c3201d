import sys
from datetime import timedelta

from odoo import api, fields, models

from ..tools.delivery import may_have_arrived
from ..tools.isolation import next_try
from ..tools.token import Token
from .crm_job import Step

# of these another try changes nothing
HOPELESS = {
    "mail_email_invalid",
    "mail_email_missing",
    "mail_from_invalid",
    "mail_from_missing",
}
MAIL_TRIES = 4
KEEP_SENT = timedelta(days=7)
# how many are cleaned up at once
GC_BATCH = 1000

# with a key: mails made meanwhile are looked after, under it
PROMISED = Token("crm_job_mail")


class MailMail(models.Model):
    """Mails of the suite that are promised to a customer: tried again when they fail,
    and shown to whose business it is when they fail for good.

    Odoo sends a mail once and keeps what failed in a list nobody reads. What perhaps
    arrived is never sent again by itself.
    """

    _inherit = "mail.mail"

    job_key = fields.Char(readonly=True, index="btree_not_null", copy=False)
    job_tries = fields.Integer(readonly=True, copy=False)
    job_outcome = fields.Selection(
        [
            ("failed", "Failed"),
            ("unknown", "Perhaps Sent"),
            ("settled", "Told"),
        ],
        readonly=True,
        copy=False,
        help="Of a mail that is looked after: what became of the last try.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if key := PROMISED.value(self.env):
            kept = {"job_key": key, "auto_delete": False}
            vals_list = [{**vals, **kept} for vals in vals_list]
        return super().create(vals_list)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Called with what became of a try, unless the connection broke."""
        failed = self.filtered("job_key") if failure_type else self.browse()
        if failed:
            # a server that cannot be reached got nothing
            broke = failure_type != "mail_smtp" and may_have_arrived(sys.exc_info()[1])
            failed.job_outcome = "unknown" if broke else "failed"
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    # ------------------------------------------------------------
    # JOB
    # ------------------------------------------------------------

    @api.model
    def _cron_job_mails(self):
        """Look after promised mails that did not go out."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_suite_base.mail",
                self,
                [
                    ("job_key", "!=", False),
                    ("state", "=", "exception"),
                    ("job_outcome", "!=", "settled"),
                ],
                lambda mails: mails._look_after(),
            )
        )

    def _look_after(self):
        now = fields.Datetime.now()
        for mail in self:
            wait = next_try(mail.job_tries + 1)
            if (
                mail.job_outcome == "failed"
                and mail.failure_type not in HOPELESS
                and mail.job_tries < MAIL_TRIES
            ):
                mail.write(
                    {
                        "state": "outgoing",
                        "scheduled_date": now + wait,
                        "job_tries": mail.job_tries + 1,
                        "job_outcome": False,
                    }
                )
            else:
                mail._give_up()

    def _give_up(self):
        """Tell whose business it is, and let the record know: it may say "sent"."""
        self.ensure_one()
        unknown = self.job_outcome != "failed"
        self.job_outcome = "settled"
        record = self.env[self.model].browse(self.res_id) if self.model else None
        if not record or not record.exists():
            return
        reason = (
            self.env._(
                "The mail “%(subject)s” may have arrived or not: the connection broke. "
                "It is not sent again by itself.",
                subject=self.subject,
            )
            if unknown
            else self.env._(
                "The mail “%(subject)s” could not be sent: %(reason)s",
                subject=self.subject,
                reason=self.failure_reason or self.failure_type,
            )
        )
        person = None
        if hasattr(record, "_job_mail_failed"):
            person = record._job_mail_failed(self.job_key, unknown)
        self.env["crm.job.problem"]._set_aside(
            self.job_key, record, reason, person, again=False
        )

    @api.model
    def _job_wake_queue(self):
        """What jobs queued goes out now, not with the next hour."""
        if self.search_count([("state", "=", "outgoing")], limit=1):
            # sudo: nobody but the system may touch jobs
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.autovacuum
    def _gc_job_mails(self):
        """Promised mails that went out are kept for a week, as they may bounce."""
        old = self.search(
            [
                ("job_key", "!=", False),
                ("state", "in", ("sent", "cancel")),
                ("write_date", "<", fields.Datetime.now() - KEEP_SENT),
            ],
            limit=GC_BATCH,
        )
        old.unlink()
        return len(old), len(old) == GC_BATCH
