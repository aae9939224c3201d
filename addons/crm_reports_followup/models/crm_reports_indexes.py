from odoo import models


class CrmFollowupTask(models.Model):
    """What was due is asked by the day, whoever was to do it."""

    _inherit = "crm.followup.task"

    _report_due_idx = models.Index("(date_due)")
