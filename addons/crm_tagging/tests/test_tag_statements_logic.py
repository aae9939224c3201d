"""How statements are built: without an environment, and no more than a family needs.

What they do is held against the definition in ``test_tag_statements``.
"""

from datetime import datetime

from odoo.tests import BaseCase, tagged
from odoo.tools import SQL, Query

from odoo.addons.crm_tagging.statements import tag_applying, tag_asking, tag_deciding
from odoo.addons.crm_tagging.statements.tag_spec import TagSpec
from odoo.addons.crm_tagging.tools.tag_plan import Says
from odoo.addons.crm_tagging.tools.tag_program import Program, RuleInfo

SPEC = TagSpec(
    model="x.thing",
    field="tag_ids",
    tag_model="x.tag",
    reason_model="x.reason",
    rests=True,
    table="x_thing",
    relation="x_rel",
    record_column="thing",
    tag_column="tag",
    tag_table="x_tag",
    reason_table="x_reason",
)
NOW = datetime(2026, 5, 4, 3, 2, 1, 987654)


def rule(number, puts=(), takes=(), asks_active=False):
    return RuleInfo(number, "x.thing", None, puts, takes, asks_active, True, True)


class TestRuleInfo(BaseCase):
    def test_what_a_rule_says(self):
        """It puts and takes tags, in its own name. # T3"""
        self.assertEqual(rule(3, puts=(1,), takes=(2,)).says(), Says(3, (1,), (2,)))


def family(*rules, groups=None, spec=SPEC):
    return tag_deciding.Family(spec, rules, groups or {})


def query(where=None):
    """A query as the ORM gives it, of no environment."""
    result = Query(None, "x_thing")
    if where:
        result.add_where(where)
    return result


@tagged("post_install", "-at_install")
class TestAsking(BaseCase):
    def test_nobody_is_asked_about_by_no_rule(self):
        """A condition that is known to match nothing costs nothing. # T3"""
        nothing = query()
        nothing.set_result_ids(())
        self.assertIsNone(tag_asking.matched(SPEC, []))
        self.assertIsNone(tag_asking.matched(SPEC, [(0, nothing)], [7]))

    def test_rules_that_look_at_the_record_only_are_asked_as_it_is_read(self):
        """One pass, whatever their number; others each by themselves. # T3"""
        joined = query("a = 3")
        joined.join("x_thing", "boss", "x_boss", "id", "boss")
        asked = [(0, query("a = 1")), (1, joined), (2, query("a = 2"))]
        code = tag_asking.matched(SPEC, asked, [7, 8]).code
        self.assertEqual(code.count("FROM"), 2)
        self.assertEqual(code.count("LATERAL"), 1)
        self.assertEqual(code.count('"x_thing".id = ANY(%s)'), 2)

    def test_a_query_with_a_limit_is_asked_by_itself(self):
        """Its condition does not say all. # T3"""
        few = query("a = 1")
        few.limit = 3
        found = tag_asking.matched(SPEC, [(0, few)], [7])
        self.assertNotIn("LATERAL", found.code)
        self.assertIn(3, found.params)

    def test_all_records_are_asked_without_a_list_of_them(self):
        """A night. # T3"""
        found = tag_asking.matched(SPEC, [(0, query("a = 1")), (1, query("a = 2"))])
        self.assertNotIn("ANY", found.code)
        self.assertEqual(found.params, [0, 1])

    def test_records_that_are_never_archived_do_not_rest(self):
        """Their table has no such column. # T3"""
        for rests, column in ((True, True), (False, False)):
            spec = SPEC._replace(rests=rests)
            self.assertEqual(
                "active" in tag_asking.current(spec, [rule(1, (5,))], [7]).code, column
            )
            self.assertEqual(
                "active" in tag_deciding.plan(family(rule(1), spec=spec), None).code,
                column,
            )


@tagged("post_install", "-at_install")
class TestDeciding(BaseCase):
    def test_a_rule_alone_is_neither_sorted_nor_compared(self):
        """Most families are one rule that puts on one tag. # T3"""
        code = tag_deciding.plan(family(rule(1, (5,))), None).code
        self.assertNotIn("DISTINCT ON", code)
        self.assertNotIn("tag_group_id", code)
        self.assertNotIn("NOT v.puts", code)

    def test_rules_about_one_tag_are_sorted(self):
        """By record and tag, the first decides. # T3"""
        code = tag_deciding.plan(family(rule(1, (5,)), rule(2, (5,))), None).code
        self.assertEqual(code.count("DISTINCT ON"), 1)
        self.assertNotIn("tag_group_id", code)

    def test_groups_are_asked_where_tags_are_in_one(self):
        """Only those of the tags that are put on. # T1 T3"""
        own = family(rule(1, (5, 6), (9,)), groups={6: 60, 5: 50, 9: 90})
        self.assertEqual((own.puts, own.takes), ([5, 6], [9]))
        self.assertEqual(own.groups, [50, 60])
        self.assertIn("tag_group_id", tag_deciding.plan(own, None).code)

    def test_groups_of_other_models_are_others(self):
        """The same number is another tag there. # T1 T3"""
        program = Program({}, (), {}, {("x.thing", 5): 50, ("x.other", 5): 60})
        self.assertEqual(program.groups_of("x.thing"), {5: 50})


@tagged("post_install", "-at_install")
class TestApplying(BaseCase):
    def test_a_rehearsal_writes_its_journal_and_nothing_else(self):
        """A statement that cannot change a tag. # T3"""
        for now, writes in ((None, 1), (NOW, 3)):
            found = tag_applying.run(family(rule(1, (5,))), None, 77, now)
            self.assertEqual(found.code.count("INSERT INTO"), writes)
            self.assertEqual("DELETE FROM" in found.code, bool(now))
            self.assertIn(77, found.params)

    def test_moments_are_as_odoo_keeps_them(self):
        """Full seconds. # T3"""
        found = tag_applying.change(
            SPEC, [(7, 5, "add", 1), (8, 5, "remove", None)], NOW
        )
        self.assertEqual(
            found.params[:4], [[7, 8], [5, 5], ["add", "remove"], [1, None]]
        )
        self.assertIn(NOW.replace(microsecond=0), found.params)
        self.assertNotIn(NOW, found.params)

    def test_names_are_quoted_and_values_are_no_text(self):
        """Whatever a model is called. # T3"""
        spec = SPEC._replace(relation="user", table="order")
        found = tag_applying.run(
            family(rule(123456, (654321,)), spec=spec), SQL("SELECT 1, 2"), 77, NOW
        )
        self.assertIn('"user"', found.code)
        self.assertIn('"order" t', found.code)
        self.assertNotRegex(found.code, "123456|654321|77")
