from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    report_snapshot_hour = fields.Integer(
        "Hour of the Snapshot",
        default=2,
        help="From this hour on, where the company is, the key figures of the day "
        "before are kept for trends.",
    )
    report_snapshot_date = fields.Date(
        "Last Snapshot", readonly=True, help="The last day whose figures are kept."
    )

    _snapshot_hour_check = models.Constraint(
        "CHECK (report_snapshot_hour BETWEEN 0 AND 23)",
        "The hour of the snapshot is between 0 and 23.",
    )
