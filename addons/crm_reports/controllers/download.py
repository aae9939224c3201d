import json

from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

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

        :raises AccessError: for who may not export, or not open it
        """
        env = request.env
        if not env.user.has_group("base.group_allow_export"):
            raise AccessError(
                env._("You may not export. Ask your administrator for the right.")
            )
        if int(report_id):
            data = env["crm.report.view"].browse(int(report_id)).get_report()
        else:
            data = env["crm.dashboard"].get_dashboard(dashboard, json.loads(filters))
        method, content_type = KINDS[kind]
        content = getattr(env["crm.dashboard"], method)(data)
        name = f"{data['name']} {data['subtitle']}.{kind}".replace("/", "-")
        headers = [
            ("Content-Type", content_type),
            ("Content-Disposition", content_disposition(name)),
            ("Content-Length", len(content)),
        ]
        return request.make_response(content, headers)
