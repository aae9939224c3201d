from odoo import api, models


class ReportDashboard(models.AbstractModel):
    """The printed dashboard; its figures are handed over, not counted again."""

    _name = "report.crm_reports.dashboard_pdf"
    _description = "Printed Dashboard"

    @api.model
    def _get_report_values(self, docids, data=None):
        companies = self.env["res.company"].browse(docids) or self.env.company
        return {
            "docs": companies,
            "company": companies[:1],
            "res_company": companies[:1],
            "document": (data or {}).get("document")
            or {
                "name": "",
                "subtitle": "",
                "counted": "",
                "tile_rows": [],
                "panels": [],
            },
        }
