from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .segment_common import SegmentCommon


@tagged("post_install", "-at_install")
class TestSegmentRules(SegmentCommon):
    """Segments in the conditions of tag rules, and the tags of segments merged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hot = cls.make_tag("Hot")
        cls.segment = cls.make_segment(
            ("any", cls.vip), ("none", cls.lost), name="VIPs"
        )

    def make_rule(self, domain, tags=None, **values):
        return self.env["crm.tag.rule"].create(
            {
                "name": "Hot VIPs",
                "domain": repr(domain),
                "add_tag_ids": [(6, 0, (tags or self.hot).ids)],
                **values,
            }
        )

    def in_segment(self, segment=None):
        ids = (segment or self.segment).ids
        return [("segment_ids", "in", ids), ("ref", "=", "segment-test")]

    def test_a_rule_puts_a_tag_on_the_members(self):
        """# T2 # T3: whoever is in the segment when the rule is run."""
        rule = self.make_rule(self.in_segment())
        rule.action_run()
        self.env.invalidate_all()
        self.assertEqual(self.hot.partner_ids, self.a | self.b)

    def test_a_rule_on_leads_asks_for_the_segment_of_the_customer(self):
        """# T2 # T3 # T4"""
        leads = self.env["crm.lead"].create(
            [
                {"name": partner.name, "partner_id": partner.id}
                for partner in (self.a, self.c)
            ]
        )
        rule = self.make_rule(
            [
                ("partner_id.segment_ids", "in", self.segment.ids),
                ("id", "in", leads.ids),
            ],
            model="crm.lead",
        )
        rule.action_run()
        self.env.invalidate_all()
        self.assertEqual(leads.filtered("tag_ids"), leads[0])

    def test_what_a_segment_depends_on_the_rule_depends_on(self):
        """# T3: the tag of a partner changes, so the rule is asked at once."""
        rule = self.make_rule(self.in_segment())
        fields = {field for _model, field, _path in rule._triggers()}
        self.assertIn("category_id", fields)
        rule.action_run()
        self.e.category_id = self.vip
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn(self.hot, self.e.category_id)

    def test_a_segment_in_use_is_not_deleted(self):
        """# T2"""
        rule = self.make_rule(self.in_segment())
        with self.refused(UserError, "the tag rule “Hot VIPs”"):
            self.segment.unlink()
        self.segment.active = False
        self.assertEqual(self.members(self.segment), self.a | self.b)
        rule.unlink()
        self.segment.unlink()

    def test_rules_do_not_chase_each_other_through_a_segment(self):
        """# T3: a segment that asks about the tag of its own rule is refused."""
        rule = self.make_rule(self.in_segment())
        rule.action_start()
        with self.refused(ValidationError, "Hot VIPs"):
            self.segment.expression = self.expression(("any", self.hot))

    def test_merged_tags_are_replaced_in_segments_only_where_named(self):
        """# T5: the rule still names the segment, not what the segment was then."""
        rule = self.make_rule(self.in_segment())
        self.lost._merge_into(self.web)
        self.env.invalidate_all()
        self.assertEqual(self.segment.tag_ids, self.vip | self.web)
        self.assertIn("segment_ids", rule.domain)
        self.assertEqual(self.members(self.segment), self.a)

    def test_one_statement_tells_the_segments_of_many_partners(self):
        """# T2"""
        costs = []
        for number in range(2):
            self.partners.invalidate_recordset()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.partners.mapped("segment_ids")
            costs.append(self.env.cr.sql_log_count - start)
            for more in range(20):
                self.make_partner(f"segment {number} {more}", "vip")
            self.partners |= self.env["res.partner"].search(
                [("ref", "=", "segment-test")]
            )
        self.assertLessEqual(costs[1], costs[0])
