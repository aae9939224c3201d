from odoo import models

from .crm_job import JOB


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _add_progress(self, *, timed_out_counter=None):
        """Odoo's own mark of a running job is a number in the context, and a client can
        say any number: ours goes with it."""
        cron, progress = super()._add_progress(timed_out_counter=timed_out_counter)
        return JOB.on(cron, cron.id), progress
