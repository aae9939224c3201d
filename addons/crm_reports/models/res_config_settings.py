from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    report_snapshot_hour = fields.Integer(
        related="company_id.report_snapshot_hour", readonly=False
    )
    report_snapshot_date = fields.Date(related="company_id.report_snapshot_date")
