import json

from werkzeug.exceptions import BadRequest, Forbidden

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import (
    Controller,
    content_disposition,
    request,
    route,
    serialize_exception,
)

KINDS = {
    "xlsx": (
        "_workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pdf": ("_pdf", "application/pdf"),
}


class DashboardDownload(Controller):
    """Dashboards and own reports as files, with the rights of who asks."""

    @route("/crm_reports/<any(xlsx,pdf):kind>", type="http", auth="user", readonly=True)
    def download(self, kind, dashboard="", report_id=0, filters="{}", **_more):
        """Return the file of a dashboard (by key and filters) or of a report (by id).

        A refusal is answered as Odoo's own export answers it, which the client shows
        as a sentence instead of a crash.
        """
        try:
            return self._file(kind, dashboard, int(report_id), json.loads(filters))
        except (AccessError, MissingError) as error:
            raise Forbidden(self._as_payload(error)) from error
        except (UserError, ValueError) as error:
            raise BadRequest(self._as_payload(error)) from error

    def _as_payload(self, error: Exception) -> str:
        return json.dumps(
            {
                "code": 0,
                "message": "Odoo Server Error",
                "data": serialize_exception(error),
            }
        )

    def _file(self, kind: str, dashboard: str, report_id: int, filters: dict):
        """:raises AccessError: for who may not export, or not open it"""
        dashboards = request.env["crm.dashboard"]
        dashboards._check_may_export()
        if report_id:
            data = request.env["crm.report.view"].browse(report_id).get_report()
        else:
            data = dashboards.get_dashboard(dashboard, filters)
        method, content_type = KINDS[kind]
        content = getattr(dashboards, method)(data)
        name = f"{data['name']} {data['subtitle']}.{kind}".replace("/", "-")
        headers = [
            ("Content-Type", content_type),
            ("Content-Disposition", content_disposition(name)),
            ("Content-Length", len(content)),
        ]
        return request.make_response(content, headers)
