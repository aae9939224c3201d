import io
import json
import unicodedata

from lxml import html
from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from whole import WholeCommon

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestExport(HttpCase, WholeCommon):
    """# A9: files with the figures of the screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.rep, cls.crm_admin):
            user.password = user.login

    def fetch(self, user, kind, **query):
        self.authenticate(user.login, user.login)
        address = f"/crm_reports/{kind}?dashboard={query['dashboard']}"
        filters = json.dumps(query.get("filters", self.NOVEMBER))
        return self.url_open(f"{address}&filters={filters}", timeout=120)

    def test_the_workbook_has_real_numbers_formats_and_charts(self):
        """# A9: of the rep: 1000 won, not 1500."""
        answer = self.fetch(self.rep, "xlsx", dashboard="rep")
        self.assertIn("spreadsheetml", answer.headers["Content-Type"])
        book = load_workbook(io.BytesIO(answer.content))
        cells = {
            row[0].value: row[1] for row in book.worksheets[0].iter_rows(min_row=6)
        }
        self.assertEqual(cells["Amount Won"].value, 1000)
        self.assertEqual(cells["Amount Won"].number_format, "#,##0.00")
        self.assertEqual(cells["Win Rate"].value, 50)
        self.assertTrue(any(sheet._charts for sheet in book.worksheets))
        self.assertEqual(book.worksheets[0]["A3"].value.year, 2026)

    def test_the_pdf_has_the_figures_and_chinese_on_every_page(self):
        """# A9: header and footer on each page."""
        self.env.company.name = "恒测传感"
        dashboards = self.env["crm.dashboard"].with_user(self.crm_admin)
        dashboards = dashboards.with_context(force_report_rendering=True)
        content = dashboards._pdf(self.dashboard(self.crm_admin, "owner"))
        text = unicodedata.normalize("NFKC", extract_text(io.BytesIO(content)))
        # the font draws both dashes alike
        text = text.replace("\N{FIGURE DASH}", "\N{EN DASH}")
        symbol = self.env.company.currency_id.symbol
        for tile in self.dashboard(self.crm_admin, "owner")["tiles"]:
            self.assertIn(tile["name"], text)
            shown = tile["text"].replace(symbol, "")
            self.assertIn(unicodedata.normalize("NFKC", shown), text, tile["key"])
        pages = text.count("\f")
        self.assertGreater(pages, 1)
        self.assertEqual(text.count("恒测传感"), pages)
        self.assertIn(f"Page {pages} of {pages}", " ".join(text.split()))

    def refusal(self, answer):
        """The sentence Odoo's client shows, read as it reads it."""
        [*_head, node] = html.fromstring(answer.text).xpath("//body/*") or [
            html.fromstring(answer.text)
        ]
        return json.loads(node.text_content())["data"]["message"]

    def may_export(self, user):
        dashboards = self.env["crm.dashboard"].with_user(user)
        return dashboards.get_setup()["can_export"]

    def test_who_is_shown_the_buttons_gets_the_files(self):
        """# A9 G1: by role; team manager, service manager and marketing have no
        right to export records, and take their figures along all the same."""
        roles = {
            f"{key} bare": f"crm_customer_center.group_{key}"
            for key in ("team_manager", "service_manager", "marketing", "crm_admin")
        }
        for user in self.make_users(roles, employee="base.group_user"):
            user.password = user.login
            self.assertTrue(self.may_export(user), user.login)
            dashboards = self.env["crm.dashboard"].with_user(user)
            own = dashboards._dashboards()
            self.assertTrue(own, user.login)
            for one in own:
                answer = self.fetch(user, "xlsx", dashboard=one)
                self.assertEqual(answer.status_code, 200, (user.login, one))
                load_workbook(io.BytesIO(answer.content))

    def test_nonsense_is_refused_with_a_sentence(self):
        """# A9: not with a crash."""
        with mute_logger("odoo.http"):
            for query in ("report_id=x", "filters={", "report_id=999999999"):
                self.authenticate(self.rep.login, self.rep.login)
                answer = self.url_open(f"/crm_reports/xlsx?{query}")
                self.assertIn(answer.status_code, (400, 403), query)
                self.assertTrue(self.refusal(answer), query)

    def test_who_may_not_export_gets_no_file(self):
        """# G5: nor one of another role's dashboard."""
        with mute_logger("odoo.http"):
            answer = self.fetch(self.rep, "xlsx", dashboard="owner")
            self.assertEqual(answer.status_code, 403)
            self.rep.group_ids -= self.env.ref("base.group_allow_export")
            answer = self.fetch(self.rep, "xlsx", dashboard="rep")
            self.assertEqual(answer.status_code, 403)
            self.assertIn("Figures to Excel and PDF", self.refusal(answer))
            self.assertFalse(self.may_export(self.rep))
        self.authenticate(None, None)
        answer = self.url_open("/crm_reports/xlsx?dashboard=rep", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
