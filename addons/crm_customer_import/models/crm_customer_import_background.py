import logging
import time
from collections.abc import Iterator

from odoo import api, models

from ..phases import PHASES
from ..phases.failures import LOST_TRANSACTION
from ..phases.reading import Reading
from .crm_customer_import import RUNNING

_logger = logging.getLogger(__name__)

# A job that reads opens the file anew each time it starts, so it goes on longer
# than the 10 s Odoo gives by default, yet far below limit_time_real.
RUN_SECONDS = 50


class CrmCustomerImport(models.Model):
    """Running the phases: small lists in the request, long ones by the cron."""

    _inherit = "crm.customer.import"

    def _phase(self) -> Iterator[int]:
        """The batches of the present state; each tells how many rows it handled."""
        self.ensure_one()
        return PHASES[self.state](self).batches()

    def _start(self, state: str, **values):
        """Begin a phase: a small list in the request, a long one in the background."""
        phase = PHASES[state](self)
        phase.prepare()
        self._enter(state, **values)
        if phase.is_long():
            self._wake_worker()
        else:
            self._run_direct()

    def _plan_again(self):
        """Decide anew for the rows read, after a column or choice changed."""
        # sudo: rows are written by the model; the right to change inputs was checked
        record = self.sudo()
        Reading(record).forget_decisions()
        record._enter("reading")
        record._run_direct()

    def _run_direct(self):
        """Run the phase in this transaction; what is too long for a request goes on
        in the background."""
        phase = PHASES[self.state]
        try:
            with self.env.cr.savepoint():
                self._run_rows(phase.direct_rows)
        except LOST_TRANSACTION:
            raise  # Odoo runs the whole request again
        except Exception as error:
            if not phase.blames_file:
                raise
            self._stop_after(error)

    def _run_rows(self, rows: int):
        handled = 0
        for count in self._phase():
            handled += count
            if handled > rows and self.state in RUNNING:
                self._wake_worker()
                return

    def _wake_worker(self):
        # sudo: whoever imports may wake the worker, which does only what is stored
        cron = self.env.ref("crm_customer_import.ir_cron_customer_import").sudo()
        cron._trigger()

    @api.model
    def _cron_process(self):
        """Go on with every import that is being read, imported or undone."""
        waiting = self.search([("state", "in", RUNNING)], order="id")
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=len(waiting))
        deadline = time.monotonic() + RUN_SECONDS
        for record in waiting:
            finished = record._work_until(deadline)
            Cron._commit_progress(1 if finished else 0)
            if time.monotonic() > deadline:
                break

    def _work_until(self, deadline: float) -> bool:
        """Work in batches, each committed with the marks of its rows.

        :return: whether the phase is finished, or nothing can be done now
        """
        self.invalidate_recordset()
        if not self._take():
            return True  # a request works on it, or it was cancelled meanwhile
        try:
            for _count in self._phase():
                self.env["ir.cron"]._commit_progress()
                self.invalidate_recordset()
                if not self._take():
                    return True
                if time.monotonic() > deadline:
                    return False
        except LOST_TRANSACTION:
            self.env.cr.rollback()  # somebody changed the same customer: again
            return False
        except Exception as error:  # noqa: BLE001 one import must not stop the others
            self.env.cr.rollback()
            self._stop_after(error)
        self._tell_importer()
        return True

    def _take(self) -> bool:
        """Lock the record for this transaction and see that work is still wanted."""
        locked = self.exists().try_lock_for_update(allow_referencing=True)
        return bool(locked) and self.state in RUNNING

    def _stop_after(self, error: Exception):
        """A file that breaks the reader ends in state error, never in a loop. Rows
        being imported or undone are tried again by the next run; the other imports
        do not wait for them."""
        _logger.error("Customer import %s stopped", self.id, exc_info=error)
        phase = PHASES.get(self.state)
        if not phase:
            return  # cancelled in the moment between
        if phase.blames_file:
            self._fail("unexpected", {"detail": type(error).__name__})
            return
        problems = self.env["crm.job.problem"]
        problems._set_aside("crm_customer_import.phase", self, error, self.user_id)
        problems._tell_new()

    def _tell_importer(self):
        """The person may have left the page: say there that it has finished."""
        if self.state in RUNNING:
            return
        self.env["crm.job.problem"]._settle("crm_customer_import.phase", self)
        env = self._importer_env()
        if self.state == "error":
            text = self.with_env(env).error_message
        else:
            text = env._(
                "%(created)s to create, %(updated)s to update, %(skipped)s skipped, "
                "%(refused)s refused.",
                created=self.create_count,
                updated=self.update_count,
                skipped=self.skip_count,
                refused=self.refuse_count,
            )
        self.user_id._bus_send(
            "simple_notification",
            {"title": self.name, "message": text, "type": "info"},
        )
