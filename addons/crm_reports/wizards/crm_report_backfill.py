from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH_DAYS = 31


class CrmReportBackfill(models.TransientModel):
    """Count the figures of past days anew, month by month, with progress."""

    _name = "crm.report.backfill"
    _description = "Back-fill of Snapshots"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._today() - timedelta(days=365),
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: self.env.company._today() - timedelta(days=1),
    )
    done_until = fields.Date(readonly=True)
    progress = fields.Integer(compute="_compute_progress")

    @api.depends("done_until", "date_from", "date_to")
    def _compute_progress(self):
        for wizard in self:
            wizard.progress = 0
            if wizard.done_until and wizard.date_from and wizard.date_to:
                days = (wizard.date_to - wizard.date_from).days + 1
                done = (wizard.done_until - wizard.date_from).days + 1
                wizard.progress = round(100 * done / days) if days > 0 else 0

    def action_next_batch(self) -> dict:
        """Count the next month; the screen calls this until all is done.

        :return: ``{"progress": percent}``
        :raises UserError: for a period that is not over or ends before it begins
        """
        self.ensure_one()
        snapshots = self.env["crm.report.snapshot"]
        if not self.date_from <= self.date_to <= snapshots._yesterday(self.company_id):
            raise UserError(
                self.env._("Choose days that are over; the last not before the first.")
            )
        first = self.date_from
        if self.done_until:
            first = self.done_until + timedelta(days=1)
        last = min(self.date_to, first + timedelta(days=BATCH_DAYS - 1))
        if first <= last:
            # sudo: the wizard is the administrators'; the system keeps snapshots
            snapshots.sudo()._take(self.company_id, first, last)
            self.done_until = last
        return {"progress": self.progress}

    def action_start(self):
        """Open the screen that counts and shows progress."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_reports.backfill",
            "name": self.env._("Back-fill of Snapshots"),
            "params": {"wizard_id": self.id},
            "target": "new",
        }
