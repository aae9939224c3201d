from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.tools.token import Token

BATCH = 1000
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
        cron = self.env["ir.cron"]
        while True:
            now = fields.Datetime.now()
            done = self._sla_process_batch(now)
            if not done:
                break
            if not cron._commit_progress(done):
                self._sla_wake_up([now], now)
                return
        self._sla_wake_up_next()

    @api.model
    def _sla_process_batch(self, now: datetime) -> int:
        """Do a part of what is due; without commit.

        Tickets another worker has in hand are left to it.

        :return: how many things were done, 0 when nothing is due
        """
        job = AWAKE.on(self)
        tickets = job._sla_lock_due(now)
        tickets._sla_sync()
        handed = job._sla_hand_up()
        told = job.env["crm.service.sla.notice"].sudo()._tell_due(now)
        return len(tickets) + handed + told

    @api.model
    def _sla_lock_due(self, now: datetime):
        """Tickets to look at now, the longest due first."""
        rows = self.env.execute_query(
            SQL(
                "SELECT ticket_id FROM crm_service_sla_clock WHERE check_at <= %s"
                " ORDER BY check_at LIMIT %s FOR UPDATE SKIP LOCKED",
                now,
                BATCH,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _sla_hand_up(self) -> int:
        """Hand tickets up whose policy says so.

        :return: how many events were handled
        """
        self.env["crm.service.sla.event"].flush_model(["escalate"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM crm_service_sla_event WHERE escalate IS TRUE"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
                BATCH,
            )
        )
        events = self.env["crm.service.sla.event"].sudo().browse(r[0] for r in rows)
        if not events:
            return 0
        events.write({"escalate": False})
        clocks = self.env["crm.service.sla.clock"].sudo()
        known = clocks.search([("ticket_id", "in", events.ticket_id.ids)])
        by_ticket = {clock.ticket_id: clock for clock in known}
        for event in events:
            if event._is_live(by_ticket.get(event.ticket_id)):
                event.ticket_id._sla_escalate(event)
        return len(events)

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
                "SELECT (SELECT min(check_at) FROM crm_service_sla_clock),"
                " (SELECT min(date_planned) FROM crm_service_sla_notice"
                "   WHERE date_sent IS NULL AND is_idle IS NOT TRUE)"
            )
        )
        self._sla_wake_up([at for at in rows[0] if at], fields.Datetime.now())
