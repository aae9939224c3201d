import ast
from contextlib import contextmanager

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .segment_common import SegmentCommon


@tagged("post_install", "-at_install")
class TestSegment(SegmentCommon):
    def test_a_segment_is_a_domain_wherever_partners_are_searched(self):
        """# T2: all of, any of, none of, in a search for segment_ids."""
        for rows, expected in (
            ([("all", self.vip, self.fair)], self.a),
            ([("any", self.vip, self.fair)], self.a | self.b | self.c),
            ([("none", self.lost)], self.a | self.b | self.c | self.e),
            (
                [("any", self.fair, self.web), ("none", self.lost, self.plain)],
                self.a | self.b,
            ),
        ):
            with self.subTest(rows=rows):
                segment = self.make_segment(*rows)
                self.assertEqual(self.members(segment), expected)

    def test_blocks_and_a_further_condition(self):
        """# T2"""
        expression = self.expression(("any", self.vip))
        expression["blocks"] += self.expression(("any", self.lost))["blocks"]
        expression["match"] = "any"
        segment = self.make_segment(expression=expression)
        self.assertEqual(self.members(segment), self.a | self.b | self.d)
        segment.domain = "[('city', '=', 'Suzhou')]"
        self.assertEqual(self.members(segment), self.a)
        self.assertEqual(
            ast.literal_eval(segment.resulting_domain)[-1], ("city", "=", "Suzhou")
        )

    def test_it_is_up_to_date_at_once(self):
        """# T2: a search never waits for the night."""
        segment = self.make_segment(("any", self.vip))
        self.e.category_id = self.vip
        self.assertEqual(self.members(segment), self.a | self.b | self.e)
        self.assertEqual(self.kept(segment), self.a | self.b)
        self.assertIn(segment, self.e.segment_ids)
        self.assertNotIn(segment, self.c.segment_ids)

    def test_searches_combine_with_everything_else(self):
        """# T2: several segments, none of them, by name, through a lead."""
        vips = self.make_segment(("any", self.vip), name="The VIPs")
        lost = self.make_segment(("any", self.lost), name="The Lost")
        Partner = self.env["res.partner"]
        mine = [("ref", "=", "segment-test")]
        for domain, expected in (
            ([("segment_ids", "in", (vips | lost).ids)], self.a | self.b | self.d),
            ([("segment_ids", "not in", vips.ids)], self.c | self.d | self.e),
            ([("segment_ids", "=", vips.id)], self.a | self.b),
            ([("segment_ids", "!=", vips.id)], self.c | self.d | self.e),
            ([("segment_ids.name", "=", "The Lost")], self.d),
            ([("segment_ids", "ilike", "the vip")], self.a | self.b),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(Partner.search(mine + domain), expected)
        for partner in self.a | self.c:
            self.env["crm.lead"].create(
                {"name": f"Lead of {partner.name}", "partner_id": partner.id}
            )
        leads = self.env["crm.lead"].search(
            [("partner_id.segment_ids", "in", vips.ids)]
        )
        self.assertEqual(leads.partner_id, self.a)
        self.assertEqual(
            self.partners.filtered_domain([("segment_ids", "in", lost.ids)]), self.d
        )

    def test_in_no_segment(self):
        """# T2: 'not set' means in none of the segments one may see."""
        self.env["crm.segment"].search([]).action_archive()
        self.make_segment(("any", self.vip))
        self.make_segment(("any", self.lost))
        alone = self.env["res.partner"].search(
            [("segment_ids", "=", False), ("ref", "=", "segment-test")]
        )
        self.assertEqual(alone, self.c | self.e)

    def test_relative_dates_move_along(self):
        """# T2"""
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-01-10' WHERE id = ANY(%s)",
            [self.partners.ids],
        )
        self.env.invalidate_all()
        with freeze_time("2026-01-20"):
            segment = self.make_segment(
                ("any", self.vip), domain="[('create_date', '>=', 'today -30d')]"
            )
            self.assertEqual(self.members(segment), self.a | self.b)
        with freeze_time("2026-03-20"):
            self.assertFalse(self.members(segment))

    def test_only_active_partners(self):
        segment = self.make_segment(("any", self.vip))
        self.a.active = False
        segment.action_refresh()
        self.assertEqual(self.members(segment), self.b)
        self.assertEqual(self.kept(segment), self.b)

    def test_a_segment_in_a_segment(self):
        """# T2"""
        vips = self.make_segment(("any", self.vip))
        near = self.make_segment(
            domain=f"[('segment_ids', 'in', [{vips.id}]), ('city', '=', 'Suzhou')]"
        )
        self.assertEqual(self.members(near), self.a)
        with self.refused(ValidationError, "contains itself"):
            vips.domain = f"[('segment_ids', '=', {near.id})]"
        far = self.make_segment(
            ("any", self.vip, self.plain),
            domain=f"[('segment_ids', 'not in', [{near.id}])]",
        )
        self.assertEqual(self.members(far), self.b | self.c | self.d)
        for domain in (
            f"[('parent_id.segment_ids', 'in', [{vips.id}])]",
            "[('segment_ids', 'ilike', 'test')]",
            f"[('child_ids', 'any', [('segment_ids', 'in', [{vips.id}])])]",
        ):
            with self.refused(ValidationError, "other segments only as"):
                vips.domain = domain

    def test_the_sentence_says_it(self):
        """# T2"""
        segment = self.make_segment(
            ("all", self.vip, self.fair), ("none", self.lost, self.web)
        )
        self.assertEqual(
            segment.sentence,
            "with “Seg Vip” and “Seg Fair”, and without “Seg Web” or “Seg Lost”",
        )

    def test_a_company_sees_its_own_partners(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.a.company_id = other
        self.b.company_id = self.env.company
        segment = self.make_segment(
            ("any", self.vip, self.plain), company_id=self.env.company.id
        )
        self.assertEqual(self.members(segment), self.b | self.c | self.d)
        self.assertEqual(self.kept(segment), self.b | self.c | self.d)

    # ------------------------------------------------------------
    # REFUSED
    # ------------------------------------------------------------

    def test_a_wrong_condition_is_refused_with_the_reason(self):
        """# T2"""
        for domain, reason in (
            ("[('city', '=', ", "cannot be read"),
            ("__import__('os')", "cannot be read"),
            ("[('city', '=', uid)]", "cannot be read"),
            ("[('city', 'equals', 'x')]", "cannot be read"),
            ("42", "cannot be read"),
            ("[('no_such_field', '=', 1)]", "no_such_field"),
            ("[('parent_id.nothing', '=', 1)]", "nothing"),
            ("[('create_date', '>', 'yesterdayish')]", "cannot be used|used"),
        ):
            with self.subTest(domain=domain), self.refused(UserError, reason):
                self.make_segment(("any", self.vip), domain=domain)

    def test_everybody_is_no_segment(self):
        """# T2"""
        for values in ({}, {"domain": "[]"}, {"domain": "[(1, '=', 1)]"}):
            with self.subTest(values=values), self.refused(UserError, "everybody"):
                self.make_segment(**values)

    def test_a_wrong_expression_is_refused_in_words(self):
        """# T2: whatever a client sends, no traceback."""
        gone = self.make_tag("Gone")
        gone_id = gone.id
        gone.unlink()
        for expression, reason in (
            ([1, 2], "cannot be read"),
            ("vip", "cannot be read"),
            ({"match": "all", "blocks": [{"rows": []}]}, "cannot be read"),
            ({"match": "some", "blocks": []}, "“match”"),
            (self.expression(("not", self.vip)), "“match”"),
            (self.expression(("any", self.env["res.partner.category"])), "tag ids"),
            (self.expression(("any",)), "everybody"),
            (
                {
                    "match": "all",
                    "blocks": [
                        {"match": "all", "rows": [{"match": "any", "tags": [gone_id]}]}
                    ],
                },
                "does not exist",
            ),
        ):
            with self.subTest(expression=expression), self.refused(UserError, reason):
                self.make_segment(expression=expression)

    def test_a_tag_in_use_is_not_deleted(self):
        segment = self.make_segment(("any", self.lost))
        with self.refused(UserError, segment.name):
            self.lost.unlink()
        segment.unlink()
        self.lost.unlink()

    def test_merged_tags_follow(self):
        """# T5"""
        segment = self.make_segment(("any", self.lost, self.web))
        segment._replace_tags({self.lost.id: self.fair.id})
        self.assertEqual(segment.tag_ids, self.fair | self.web)
        self.assertEqual(self.members(segment), self.a | self.b | self.c | self.d)

    def test_a_copy_is_private(self):
        segment = self.make_segment(("any", self.vip), sharing="everybody")
        copy = segment.with_user(self.rep).copy()
        self.assertEqual((copy.user_id, copy.sharing), (self.rep, "private"))
        self.assertEqual(copy.name, "Test Segment (copy)")
        self.assertEqual(copy.expression, segment.expression)

    def test_the_form_saves(self):
        form = Form(self.env["crm.segment"])
        form.name = "Suzhou"
        form.domain = "[('city', '=', 'Suzhou')]"
        segment = form.save()
        self.assertEqual(self.kept(segment), self.a | self.c)


@tagged("post_install", "-at_install")
class TestSegmentMembers(SegmentCommon):
    def test_a_refresh_writes_only_who_came_and_who_left(self):
        """# T2: set-based; nothing changed, nothing written."""
        segment = self.make_segment(("any", self.vip))
        before = self.row_versions(segment)
        self.assertEqual(segment._refresh_members(), {segment.id: (0, 0)})
        self.assertEqual(self.row_versions(segment), before)
        self.a.category_id = self.plain
        self.e.category_id = self.vip
        self.assertEqual(segment._refresh_members(), {segment.id: (1, 1)})
        self.assertEqual(self.kept(segment), self.b | self.e)
        after = self.row_versions(segment)
        self.assertEqual(after[self.b.id], before[self.b.id])

    def row_versions(self, segment):
        self.env.cr.execute(
            "SELECT partner_id, ctid::text FROM crm_segment_member"
            " WHERE segment_id = %s",
            [segment.id],
        )
        return dict(self.env.cr.fetchall())

    def test_saving_refreshes(self):
        segment = self.make_segment(("any", self.vip))
        self.assertEqual(self.kept(segment), self.a | self.b)
        self.assertTrue(segment.last_refreshed)
        segment.expression = self.expression(("any", self.lost))
        self.assertEqual(self.kept(segment), self.d)

    def test_statements_do_not_grow_with_members(self):
        segment = self.make_segment(("any", self.vip))
        costs = []
        for _round in range(3):
            segment.last_refreshed = False  # the same second is not written twice
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            segment._refresh_members()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - start)
            for number in range(30):
                self.make_partner(f"new {number}", "vip")
        self.assertEqual(costs[1], costs[2])
        self.assertLess(costs[2], 20)

    @mute_logger("odoo.sql_db")
    def test_one_that_breaks_later_does_not_stop_the_others(self):
        """# T2: state error with the message; back to work when it works again."""
        broken = self.make_segment(("any", self.vip), name="Broken")
        good = self.make_segment(("any", self.lost), name="Good")
        self.break_domain(broken, "[('field_of_a_module_that_is_gone', '=', 1)]")
        self.e.category_id = self.lost
        done = (broken | good)._refresh_members()
        self.assertEqual(done, {good.id: (1, 0)})
        self.assertEqual(broken.state, "error")
        self.assertIn("field_of_a_module_that_is_gone", broken.error)
        self.assertEqual(self.kept(broken), self.a | self.b, "what it had stays")
        with self.refused(UserError, "field_of_a_module_that_is_gone"):
            self.members(broken)
        self.assertEqual(self.d.segment_ids & (broken | good), good)
        broken.domain = False
        self.assertEqual((broken.state, broken.error), ("ok", False))

    @mute_logger("odoo.sql_db")
    def test_a_database_error_is_an_error_of_the_segment_too(self):
        good = self.make_segment(("any", self.lost), name="Good")
        broken = self.make_segment(("any", self.vip), name="Broken")
        self.patch(type(self.env["crm.segment"]), "_time_limit", self.too_short)
        self.break_domain(broken, "[('name', 'ilike', 'x')]")
        with self.refused(ValidationError, "longer than"):
            broken.domain = "[('name', 'ilike', 'y')]"
        broken._refresh_members()
        self.assertEqual(broken.state, "error")
        self.assertIn("longer than", broken.error)
        self.assertEqual(good.state, "ok")

    @staticmethod
    def too_short(segment):
        """A time limit that has passed when the statement begins."""

        @contextmanager
        def limit():
            segment.env.cr.execute("SET LOCAL statement_timeout = 10")
            segment.env.cr.execute("SELECT pg_sleep(1)")
            yield

        return limit()

    def break_domain(self, segment, domain):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_segment SET domain = %s WHERE id = %s", [domain, segment.id]
        )
        self.env.invalidate_all()

    def test_the_nightly_job(self):
        """# T2: whoever is due is refreshed, by the cron itself."""
        segment = self.make_segment(("any", self.vip))
        self.e.category_id = self.vip
        self.env.flush_all()
        segment.last_refreshed = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        fresh = self.make_segment(("any", self.lost))
        self.assertIn(segment, self.env["crm.segment"]._due_segments())
        self.assertNotIn(fresh, self.env["crm.segment"]._due_segments())
        with self.enter_registry_test_mode():
            self.env.ref("crm_tagging.cron_refresh_segments").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.kept(segment), self.a | self.b | self.e)
        self.assertNotIn(segment, self.env["crm.segment"]._due_segments())
