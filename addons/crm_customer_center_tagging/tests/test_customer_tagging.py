from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerTagging(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.env["crm.tag.group"].create({"name": "Test Group"})
        cls.tag = cls.env["res.partner.category"].create(
            {"name": "Test Tag", "tag_group_id": cls.group.id}
        )
        cls.expression = {
            "match": "all",
            "blocks": [
                {
                    "match": "all",
                    "rows": [{"match": "any", "tags": cls.tag.ids}],
                }
            ],
        }
        cls.mine = cls.make_customer("Rep's", owner=cls.rep, category_id=cls.tag)
        cls.other = cls.make_customer(
            "Stranger's", owner=cls.other_rep, category_id=cls.tag
        )

    def make_segment(self, env, **values):
        return env["crm.segment"].create(
            {"name": "Tagged", "expression": self.expression, **values}
        )

    def test_who_shares_segments_and_who_sets_up_tags(self):
        """# T1 # T2 # G1: the hub's roles in terms of tagging."""
        may_share = {"manager", "other_manager", "marketing", "crm_admin"}
        for role, user in self.roles.items():
            with self.subTest(role=role), self.calling_as(user) as env:
                savepoint = self.env.cr.savepoint()
                try:
                    self.make_segment(env, sharing="everybody")
                    shared = True
                except AccessError:
                    shared = False
                savepoint.rollback()
                self.assertEqual(shared, role in may_share)
                self.assertEqual(
                    env["crm.tag.rule"].has_access("create"), role == "crm_admin"
                )

    def test_a_rep_counts_own_customers_only(self):
        """# T2 # G1: panel, segment and preview of a shared segment."""
        segment = self.make_segment(self.env, sharing="everybody")
        for user, count in ((self.rep, 1), (self.other_rep, 1), (self.marketing, 2)):
            with self.subTest(user=user.login), self.calling_as(user) as env:
                own = env["crm.segment"].browse(segment.id)
                self.assertEqual(own.member_count, count)
                found = env["res.partner"].search([("segment_ids", "in", own.ids)])
                self.assertEqual(len(found), count)
                preview = env["crm.segment"].preview(self.expression)
                self.assertEqual(preview["total"], count)
                [value] = [
                    value
                    for value in env["res.partner"].search_panel_select_multi_range(
                        "category_id",
                        search_domain=[("lifecycle_state", "!=", False)],
                        group_by="tag_group_id",
                        enable_counters=True,
                    )["values"]
                    if value["id"] == self.tag.id
                ]
                self.assertEqual(value["__count"], count)
                self.assertEqual(value["group_name"], "Test Group")

    def test_rules_ask_for_what_the_hub_knows(self):
        """# T3: lifecycle, level and the columns computed through the company, level
        by level."""
        gold = self.env["res.partner.category"].create({"name": "Test Gold"})
        level = self.env.ref("crm_customer_center.level_vip")
        rule = self.env["crm.tag.rule"].create(
            {
                "name": "Gold",
                "domain": repr(
                    [
                        ("is_customer", "=", True),
                        ("lifecycle_state", "=", "dormant"),
                        ("customer_level_id", "=", level.id),
                    ]
                ),
                "add_tag_ids": [(6, 0, gold.ids)],
            }
        )
        self.mine.write({"lifecycle_state": "dormant", "customer_level_id": level.id})
        rule.action_run()
        self.env.invalidate_all()
        self.assertIn(self.mine, gold.partner_ids)
        self.assertNotIn(self.other, gold.partner_ids)
        self.other.write({"lifecycle_state": "dormant", "customer_level_id": level.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(self.other, gold.partner_ids, "asked as soon as it is saved")

    def test_the_panel_of_customers_is_grouped(self):
        """# T2"""
        view = self.env["res.partner"].get_view(
            self.env.ref("crm_customer_center.view_customer_search").id, "search"
        )
        arch = etree.fromstring(view["arch"])
        [field] = arch.xpath("//searchpanel/field[@name='category_id']")
        self.assertEqual(field.get("groupby"), "tag_group_id")
        self.assertTrue(arch.xpath("//search/field[@name='segment_ids']"))

    def test_the_menus(self):
        """# T2: everybody finds segments, the administrator the rest."""
        for role, expected in (
            ("rep", {"Segments"}),
            ("crm_admin", {"Segments", "Tag Groups", "Tag Rules", "Runs of Tag Rules"}),
        ):
            names = {
                "Segments": "menu_customer_segment",
                "Tag Groups": "menu_customer_tag_group",
                "Tag Rules": "menu_customer_tag_rule",
                "Runs of Tag Rules": "menu_customer_tag_run",
            }
            with self.calling_as(self.roles[role]) as env:
                visible = set(env["ir.ui.menu"]._visible_menu_ids())
                shown = {
                    name
                    for name, xmlid in names.items()
                    if env.ref(f"crm_customer_center_tagging.{xmlid}").id in visible
                }
                self.assertEqual(shown, expected)
