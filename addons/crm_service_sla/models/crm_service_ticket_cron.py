from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step
from odoo.addons.crm_suite_base.tools.token import Token

BATCH = 500
# the kinds of work, as they are set aside
CLOCK, NOTICE = "crm_service_sla.clock", "crm_service_sla.notice"
# the job is at work: it need not wake up itself
AWAKE = Token("sla_job")


class CrmServiceTicket(models.Model):
    """The job: looks at the tickets whose moment has come, and at no other."""

    _inherit = "crm.service.ticket"

    @api.model
    def _cron_sla(self):
        """Colours, events, hand-overs and notices that are due.

        It wakes itself up for the next moment; the schedule of the job is only for
        the case that a wake-up got lost.
        """
        self._sla_process_batch(fields.Datetime.now())
        self._sla_wake_up_next()

    @api.model
    def _sla_process_batch(self, now: datetime) -> int:
        """Do what is due.

        Tickets another worker has in hand are left to it.

        :return: how many things were done, 0 when nothing is due
        """
        # sudo: the job's own; it sees every clock
        clocks = self.env["crm.service.sla.clock"].sudo()
        # sudo: and what the clocks have reached
        events = self.env["crm.service.sla.event"].sudo()
        # sudo: and whom to tell of it
        notices = self.env["crm.service.sla.notice"].sudo()
        step = Step(
            CLOCK,
            AWAKE.on(clocks),
            [("check_at", "<=", now)],
            lambda due: due.ticket_id._sla_sync(),
            order="check_at, id",
            size=BATCH,
            person=self._sla_job_person,
            locks=lambda due: due.ticket_id,
        )
        return self.env["crm.job"]._work_off(
            step,
            step._replace(
                key="crm_service_sla.hand_up",
                model=AWAKE.on(events),
                domain=[("escalate", "=", True)],
                work=lambda due: due._hand_up(),
                order="id",
            ),
            step._replace(
                key=NOTICE,
                model=AWAKE.on(notices),
                domain=notices._due_domain(now),
                work=lambda due: due._tell_due(now),
                order="date_planned, id",
                locks=None,
            ),
        )

    @api.model
    def _sla_job_person(self, row):
        """Who hears when the job cannot handle a clock, an event or a notice."""
        return self._job_person(row.ticket_id)

    # ------------------------------------------------------------
    # WAKE UP
    # ------------------------------------------------------------

    @api.model
    def _sla_wake_up(self, moments: list[datetime], now: datetime):
        """See to it that the job runs at the first of these moments.

        A job that wakes up earlier anyway is left alone: it goes on from there.
        """
        if not moments or AWAKE.is_on(self.env):
            return
        first = max(min(moments), now)
        # sudo: nobody but the system may touch jobs
        cron = self.env.ref("crm_service_sla.ir_cron_sla").sudo()
        if not self._sla_wakes_by(cron, first):
            cron._trigger(at=first)

    @api.model
    def _sla_wakes_by(self, cron, moment: datetime) -> bool:
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s AND call_at <= %s"
                " LIMIT 1",
                cron.id,
                moment,
            )
        )
        return bool(rows)

    @api.model
    def _sla_wake_up_next(self):
        """After a run: for the first moment that is left."""
        self.env["crm.service.sla.notice"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT (SELECT min(check_at) FROM crm_service_sla_clock due"
                "   WHERE %s),"
                " (SELECT min(date_planned) FROM crm_service_sla_notice due"
                "   WHERE date_sent IS NULL AND is_idle IS NOT TRUE AND %s)",
                self._sla_not_set_aside(CLOCK),
                self._sla_not_set_aside(NOTICE),
            )
        )
        self._sla_wake_up([at for at in rows[0] if at], fields.Datetime.now())

    @api.model
    def _sla_not_set_aside(self, key: str) -> SQL:
        """What was set aside wakes the job up by itself, when its time has come."""
        return SQL(
            "NOT EXISTS (SELECT FROM crm_job_problem problem"
            " WHERE problem.key = %s AND problem.res_id = due.id)",
            key,
        )
