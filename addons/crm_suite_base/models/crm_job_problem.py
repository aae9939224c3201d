from typing import Any, NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.isolation import next_try

# lines of a message to one person
LINES = 10
# how many old ones are cleaned up at once
GC_BATCH = 1000


class CrmJobProblem(models.Model):
    """Something a scheduled job could not do for one record, and why.

    Grain: one per kind of work (``key``) and record. It is tried again after a while,
    ever less often, and goes when it succeeded. Rows are written by ``crm.job`` only.
    """

    _name = "crm.job.problem"
    _link_gate = True
    _description = "Set Aside by a Job"
    _order = "id desc"
    _rec_name = "reason"

    key = fields.Char(required=True, readonly=True)
    cron_id = fields.Many2one(
        "ir.cron", "Scheduled Job", readonly=True, index=True, ondelete="set null"
    )
    job_name = fields.Char("Job", compute="_compute_job_name", compute_sudo=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char("About", compute="_compute_record_name")
    reason = fields.Text(required=True, readonly=True)
    tries = fields.Integer("Tried", readonly=True, default=1)
    retry_at = fields.Datetime(
        "Next Try", readonly=True, help="Empty: only when somebody says so."
    )
    user_id = fields.Many2one(
        "res.users",
        "Told",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Whose business it is; empty: the administrators'.",
    )
    told_on = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(key, res_model, res_id)")
    _untold_idx = models.Index("(id) WHERE told_on IS NULL")

    @api.depends("cron_id")
    @api.depends_context("lang")
    def _compute_job_name(self):
        for problem in self:
            problem.job_name = problem.cron_id.name or problem.key

    def _compute_record_name(self):
        """With the rights of who reads it."""
        for problem in self:
            record = problem._record()
            problem.record_name = (
                record.display_name
                if record.has_access("read")
                else self.env._("Not yours to see")
            )

    def _record(self):
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    # ------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------

    def action_open(self):
        """Open what it is about."""
        self.ensure_one()
        return self._record().get_formview_action()

    def action_retry(self):
        """Have it tried again at once.

        :raises AccessError: for problems of others
        """
        self.check_access("read")
        # sudo: rows and jobs are the system's; whose row it is was asked just now
        problems = self.sudo()
        problems.write({"retry_at": fields.Datetime.now(), "tries": 0})
        for cron in problems.cron_id:
            cron._trigger()
        return True

    # ------------------------------------------------------------
    # WRITTEN BY JOBS
    # ------------------------------------------------------------

    @api.model
    def _known(self, step) -> "Known":
        """What is known of a kind of work before it begins."""
        # sudo: the job's own book-keeping
        rows = self.sudo().search(
            [("key", "=", step.key), ("res_model", "=", step.model._name)]
        )
        now = fields.Datetime.now()
        kept = rows.filtered(lambda row: not row.retry_at or row.retry_at > now)
        return Known(self, step, set(rows.mapped("res_id")), kept.mapped("res_id"))

    @api.model
    def _set_aside(self, key: str, record, error, person=None, again: bool = True):
        """Note that a record could not be worked on.

        :param error: an exception, or a sentence
        :param person: whose business it is, a user or nobody
        :param again: whether a job may try it again by itself
        """
        reason = error
        if isinstance(error, Exception):
            reason = self.env["crm.job"]._reason(error)
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_job_problem AS known
                       (key, res_model, res_id, reason, tries, cron_id, user_id,
                        create_uid, create_date, write_uid, write_date)
                VALUES (%(key)s, %(model)s, %(id)s, %(reason)s, 1, %(cron)s, %(user)s,
                        %(uid)s, %(now)s, %(uid)s, %(now)s)
                    ON CONFLICT (key, res_model, res_id) DO UPDATE
                   SET reason = EXCLUDED.reason, tries = known.tries + 1,
                       cron_id = COALESCE(EXCLUDED.cron_id, known.cron_id),
                       user_id = EXCLUDED.user_id, write_date = EXCLUDED.write_date
             RETURNING id, tries
                """,
                key=key,
                model=record._name,
                id=record.id,
                reason=reason or type(error).__name__,
                cron=self.env["crm.job"]._scheduled_id(),
                user=self._reader(record, person).id or None,
                uid=self.env.uid,
                now=now,
            )
        )
        problem_id, tries = self.env.cr.fetchone()
        wait = next_try(tries) if again else None
        # sudo: the job's own book-keeping
        problem = self.sudo().browse(problem_id)
        problem.invalidate_recordset()
        problem.retry_at = wait and now + wait
        if wait and problem.cron_id:
            problem.cron_id._trigger(at=problem.retry_at)

    @api.model
    def _settle(self, key: str, records):
        """Forget what succeeded at last."""
        # sudo: the job's own book-keeping
        self.sudo().search(
            [
                ("key", "=", key),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        ).unlink()

    @api.model
    def _reader(self, record, person):
        """The person, if there is one who may read the record."""
        users = self.env["res.users"]
        # sudo: only to find somebody to tell
        person = (person or users).sudo()[:1]
        if not person.active or person.share:
            return users
        seen = record.with_user(person).with_context(allowed_company_ids=None)
        return users.browse(person.id) if seen.has_access("read") else users

    # ------------------------------------------------------------
    # TELL
    # ------------------------------------------------------------

    @api.model
    def _tell_new(self):
        """Tell each person once of what is new, in one message."""
        # sudo: the job's own book-keeping
        new = self.sudo().search([("told_on", "=", False)])
        for user, own in new.grouped("user_id").items():
            for reader in user or self._administrators():
                self.env["crm.job"]._isolate(
                    own, lambda rows, to=reader: rows._tell(to)
                )
        new.write({"told_on": fields.Datetime.now()})

    @api.model
    def _administrators(self):
        # sudo: who they are, to write to them
        group = self.env.ref("base.group_system").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user._is_superuser()
        )

    def _tell(self, user):
        own = self.with_context(lang=user.lang)
        lines = [problem._line(user) for problem in own[:LINES]]
        if len(own) > LINES:
            lines.append(own.env._("… and %(count)s more.", count=len(own) - LINES))
        body = Markup("<p>%s</p><ul>%s</ul>") % (
            own.env._("They were set aside; everything else was done."),
            Markup("").join(Markup("<li>%s</li>") % line for line in lines),
        )
        own.env["mail.thread"].with_context(
            mail_notify_force_send=False
        ).message_notify(
            partner_ids=user.partner_id.ids,
            subject=own.env._(
                "%(count)s could not be handled by a scheduled job", count=len(own)
            ),
            body=body,
        )

    def _line(self, user) -> str:
        self.ensure_one()
        seen = self.with_user(user).sudo(False)
        try:
            name = seen._record().display_name
        except AccessError:
            name = f"{self.res_model} {self.res_id}"
        return self.env._(
            "%(job)s: %(record)s: %(reason)s",
            job=self.job_name,
            record=name,
            reason=self.reason,
        )

    @api.autovacuum
    def _gc_gone(self):
        """Forget rows whose record is gone, and those given up long ago."""
        old = self.search([("write_date", "<", "-180d")], limit=GC_BATCH)
        gone = self.browse()
        for model, rows in self.search([]).grouped("res_model").items():
            if model not in self.env:
                gone |= rows
                continue
            there = set(self.env[model].browse(rows.mapped("res_id")).exists().ids)
            gone |= rows.filtered(lambda row, there=there: row.res_id not in there)
        (old | gone).unlink()
        return len(old | gone), len(old) == GC_BATCH


class Known(NamedTuple):
    """What was set aside of one kind of work: all of it, and what is not to be tried
    again yet."""

    problems: Any
    step: Any
    known: set[int]
    kept: list[int]

    @property
    def domain(self) -> Domain:
        return Domain("id", "not in", self.kept) if self.kept else Domain.TRUE

    def settle(self, worked: list[int], failed: list[tuple]):
        """Note the outcome of a batch.

        :param failed: pairs (record, error)
        """
        bad = {record.id for record, _error in failed}
        if solved := self.known.intersection(worked) - bad:
            self.problems._settle(self.step.key, self.step.model.browse(solved))
        person = self.step.person or _owner
        for record, error in failed:
            # sudo: whose it is only; that person must be able to read the record
            reader = person(record.sudo())
            self.problems._set_aside(self.step.key, record, error, reader)


def _owner(record):
    return record["user_id"] if "user_id" in record._fields else None
