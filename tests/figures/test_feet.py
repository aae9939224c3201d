from lxml import etree
from whole import WholeCommon

from odoo.tests import tagged

from odoo.addons.crm_suite_base.models.crm_money_mixin import FEET


@tagged("post_install", "-at_install")
class TestFeet(WholeCommon):
    """# A9: what stands at the foot of a list of several currencies is in one of them,
    at the rate of each amount's day; or nothing stands there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = cls.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        cls.abroad = cls.env["res.company"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        cls.crm_admin.company_ids |= cls.abroad
        cls.deal(cls.crm_admin, 100, 4, company_id=cls.abroad.id, team_id=None)

    def reading(self, model, *companies):
        """The model as somebody who has switched on some companies reads it."""
        companies = companies or (self.env.company, self.abroad)
        ids = [company.id for company in companies]
        return self.env[model].with_user(self.crm_admin).with_context(
            allowed_company_ids=ids
        )  # fmt: skip

    def suite_views(self):
        """The views of the suite, and those of others on models that add up money."""
        self.env.cr.execute(
            "SELECT v.id FROM ir_ui_view v JOIN ir_model_data d ON d.res_id = v.id"
            " AND d.model = 'ir.ui.view' JOIN ir_module_module m ON m.name = d.module"
            " WHERE v.mode = 'primary' AND v.model IS NOT NULL AND v.type != 'qweb'"
            " AND (m.author = 'CRM Suite founders' OR v.model = ANY(%s))",
            [[name for name in self.env if self.adds_up(name)]],
        )
        views = self.env["ir.ui.view"].browse(row[0] for row in self.env.cr.fetchall())
        return views.filtered(lambda view: view.model in self.env)

    def adds_up(self, name) -> bool:
        model = type(self.env[name])
        return not model._abstract and hasattr(model, "_money_is_own")

    def lists_of(self, view):
        """(model, list) of a view: itself, or those in it."""
        model = self.reading(view.model)
        arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
        for node in arch.iter("list"):
            shown = model
            for field in reversed([*node.iterancestors("field")]):
                shown = shown[field.get("name")]
            yield shown, node

    def test_no_list_adds_up_different_currencies(self):
        """Each list of the suite, whoever made it, alone or in a form."""
        lists = 0
        for view in self.suite_views():
            for model, node in self.lists_of(view):
                lists += 1
                for column in node.iter("field"):
                    field = model._fields.get(column.get("name"))
                    foot = set(FEET) & set(column.attrib)
                    if field and field.type == "monetary" and foot:
                        self.assertTrue(
                            getattr(model, "_money_is_own", False),
                            f"{view.xml_id}: {model._name}.{field.name} {foot}",
                        )
        self.assertGreater(lists, 50)

    def test_what_says_to_be_converted_is(self):
        own = {self.env.company.currency_id}
        checked = 0
        for name in self.env:
            if self.adds_up(name) and self.env[name]._money_is_own:
                rows = self.reading(name).search([])
                self.assertIn(self.abroad, rows.company_id, name)
                self.assertEqual(set(rows.currency_id), own, name)
                checked += 1
        self.assertGreater(checked, 1)

    def foot(self, view, *companies):
        """{column: what is said} of a list."""
        view = self.env.ref(view)
        model = self.reading(view.model, *companies)
        arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
        return {
            node.get("name"): node.get("sum")
            for node in arch.iter("field")
            if node.get("sum")
        }

    def test_one_currency_adds_up_as_ever(self):
        """Asked in turn, as what is remembered of one is not of the other."""
        target, deals = (
            "crm_reports.view_sales_target_list",
            "crm.crm_case_tree_view_oppor",
        )
        for _time in range(2):
            for company in (self.env.company, self.abroad):
                self.assertIn("amount", self.foot(target, company))
                self.assertIn("expected_revenue", self.foot(deals, company))
                self.assertNotIn("converted_revenue", self.foot(deals, company))
            self.assertEqual(self.foot(target).keys() & {"amount", "deals"}, {"deals"})
            self.assertEqual(
                self.foot(deals).keys() & {"expected_revenue", "converted_revenue"},
                {"converted_revenue"},
            )

    def test_groups_of_requests_count_at_the_rate_of_their_day(self):
        """A request of 100 abroad, when that was 200, and one of 50 at home."""
        for day, rate in (("2026-01-01", 0.5), ("2026-11-15", 0.25)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.abroad.currency_id.id,
                    "company_id": self.env.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        there = self.env["crm.lead"].search([("company_id", "=", self.abroad.id)])
        for lead, amount in ((there, 100), (self.open_one, 50)):
            self.env["crm.lead.approval"].create(
                {
                    "lead_id": lead.id,
                    "amount": amount,
                    "requester_id": self.rep.id,
                    "approver_id": self.manager.id,
                    "requested": self.day(4),
                }
            )
        # as the list asks
        [group] = self.reading("crm.lead.approval").formatted_read_group(
            [("amount", "in", (50, 100))],
            ["state"],
            ["amount:sum", "amount:sum_currency", "currency_id:array_agg_distinct"],
        )
        self.assertAlmostEqual(group["amount:sum_currency"], 250)
        self.assertEqual(
            set(group["currency_id:array_agg_distinct"]),
            {self.abroad.currency_id.id, self.env.company.currency_id.id},
        )
