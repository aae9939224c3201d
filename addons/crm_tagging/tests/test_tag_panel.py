from odoo.tests import tagged

from .segment_common import SegmentCommon

OURS = [("ref", "=", "segment-test")]


@tagged("post_install", "-at_install")
class TestTagPanel(SegmentCommon):
    def panel(self, model="res.partner", field="category_id", user=None, **options):
        options = {
            "search_domain": OURS,
            "group_by": "tag_group_id",
            "enable_counters": True,
            **options,
        }
        env = self.env(user=user) if user else self.env
        return env[model].search_panel_select_multi_range(field, **options)["values"]

    def counts(self, values):
        return {value["id"]: value["__count"] for value in values}

    def test_groups_come_in_their_order_with_counts(self):
        """# T2: tags of no group last."""
        values = self.panel()
        self.assertEqual(
            [(v["group_name"], v["display_name"], v["__count"]) for v in values],
            [
                ("Seg Source", "Seg Fair", 2),
                ("Seg Source", "Seg Web", 2),
                ("Seg Level", "Seg Plain", 2),
                ("Seg Level", "Seg Vip", 2),
                ("Not Set", "Seg Lost", 1),
            ],
        )
        sequences = [value.get("group_sequence") for value in values]
        self.assertEqual(sequences, [501, 501, 502, 502, None])

    def test_it_counts_as_odoo_does(self):
        """# T2: same answer as one search_count per tag, for many questions."""
        level = [("category_id", "in", self.vip.ids)]
        for options in (
            {},
            {"category_domain": [("city", "=", "Suzhou")]},
            {"filter_domain": [("city", "=", "Suzhou")]},
            {"search_domain": OURS + [("city", "=", "Suzhou")]},
            {"group_domain": {str(self.source.id): level, "false": level}},
            {"expand": True, "comodel_domain": [("name", "like", "Seg ")]},
            {"comodel_domain": [("id", "!=", self.web.id)]},
            {"group_by": False},
        ):
            with self.subTest(options=options):
                values = self.panel(**options)
                for value in values:
                    own = options.get("group_domain", {}).get(
                        str(value.get("group_id") or "false").lower(), []
                    )
                    domain = (
                        options.get("search_domain", OURS)
                        + options.get("category_domain", [])
                        + options.get("filter_domain", [])
                        + own
                        + [("category_id", "in", [value["id"]])]
                    )
                    self.assertEqual(
                        value["__count"],
                        self.env["res.partner"].search_count(domain),
                        value,
                    )
                self.assertTrue(values)

    def test_a_rep_counts_only_what_he_may_read(self):
        """# T2 # G1"""
        values = self.panel(user=self.rep)
        self.assertEqual(
            self.counts(values),
            {self.fair.id: 2, self.plain.id: 1, self.vip.id: 1},
        )

    def test_one_statement_for_all_tags(self):
        """# T2: as many statements for many tags as for few."""
        self.panel()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.panel()
        few = self.env.cr.sql_log_count - start
        tags = [self.make_tag(f"More {number}", self.source) for number in range(20)]
        self.e.category_id = [(4, tag.id) for tag in tags]
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        values = self.panel()
        self.assertEqual(len(values), 25)
        self.assertEqual(self.env.cr.sql_log_count - start, few)

    def test_what_was_just_written_counts(self):
        self.e.category_id = self.lost
        self.assertEqual(self.counts(self.panel())[self.lost.id], 2)

    def test_an_archived_tag_that_is_worn_is_still_a_way_to_its_records(self):
        self.lost.active = False
        self.assertEqual(self.counts(self.panel())[self.lost.id], 1)

    def test_too_many_values_are_said(self):
        answer = self.env["res.partner"].search_panel_select_multi_range(
            "category_id", search_domain=OURS, limit=2
        )
        self.assertIn("error_msg", answer)

    def test_other_fields_are_odoos(self):
        values = self.panel(field="country_id", group_by=False)
        self.assertEqual(values, [])

    def test_leads_have_it_too(self):
        """# T4"""
        tag = self.env["crm.tag"].create(
            {"name": "Seg lead tag", "tag_group_id": self.source.id}
        )
        leads = self.env["crm.lead"].create(
            [{"name": f"Seg {n}", "tag_ids": [(4, tag.id)]} for n in range(3)]
        )
        values = self.panel(
            "crm.lead", "tag_ids", search_domain=[("id", "in", leads.ids)]
        )
        self.assertEqual(self.counts(values), {tag.id: 3})
        self.assertEqual(values[0]["group_name"], "Seg Source")

    def test_a_tag_is_short_where_there_is_no_room(self):
        """# T1: lists and cards show the name, everything else the group as well."""
        tag = self.vip
        self.assertEqual(tag.display_name, "Seg Level-Seg Vip")
        short = tag.with_context(crm_tag_short_name=True)
        self.assertEqual(short.display_name, "Seg Vip")
        record = self.a.web_read(
            {
                "category_id": {
                    "fields": {"display_name": {}},
                    "context": {"crm_tag_short_name": True},
                }
            }
        )[0]
        self.assertIn("Seg Vip", [tag["display_name"] for tag in record["category_id"]])
