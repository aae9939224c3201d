from odoo import http
from odoo.http import content_disposition, request

from ..models.template_workbook import TemplateWorkbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CustomerImportTemplate(http.Controller):
    @http.route(
        "/crm_customer_import/template", type="http", auth="user", readonly=True
    )
    def template(self):
        """The workbook to fill in, in the user's language; 403 without a role."""
        Import = request.env["crm.customer.import"]
        Import.check_access("read")
        content = TemplateWorkbook(request.env).content()
        name = request.env._("Customer list.xlsx")
        headers = [
            ("Content-Type", XLSX),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers)
