from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PairsCommon


@tagged("post_install", "-at_install")
class TestPairsMerge(PairsCommon):
    """# C4: what is decided of pairs outlives a merge, by whichever door."""

    def test_the_chosen_one_stays(self):
        for at in (0, 1):
            one, other = self.make_double(email=f"info{at}@hengce.example.com")
            keep, gone = ((one, other), (other, one))[at]
            lead = self.make_lead("Sensors", partner=gone)
            name = gone.name
            pair = self.pair_of(one, other)
            pair.merge_into(keep.id)
            with self.subTest(keep=at):
                self.assertFalse(gone.active)
                self.assertEqual(gone.merged_into_id, keep)
                self.assertEqual(lead.partner_id, keep)
                self.assertEqual(keep.former_names, name)
                self.assertEqual(
                    (pair.state, pair.one_id, pair.other_id.id, pair.merged_name),
                    ("merged", keep, False, name),
                )
                self.assertEqual(pair.decided_by_id, self.env.user)
            keep.active = False
            self.find()

    def test_other_addresses_are_no_reason_to_refuse(self):
        """A manager has seen both side by side; Odoo would ask for an administrator."""
        one, other = self.make_double()
        one.email, other.email = "a@hengce.example.com", "b@hengce.example.com"
        pair = self.pair_of(one, other)
        with self.calling_as(self.manager):
            pair.with_user(self.manager).merge_into(one.id)
        self.assertFalse(other.active)
        self.assertEqual(pair.decided_by_id, self.manager)

    def test_a_third_is_kept_apart_from_who_stays(self):
        """“Not the same” was said of the one that goes; it holds for the one that
        stays, and the batch does not ask again."""
        one, other = self.make_double()
        third = self.make_customer("上海恒册信息技术有限公司")
        self.find()
        self.pair_of(other, third).say_different("A competitor")
        self.pair_of(one, other).merge_into(one.id)
        self.find()
        pair = self.pair_of(one, third)
        self.assertEqual(
            (pair.state, pair.decision_reason), ("different", "A competitor")
        )

    def test_a_decision_stands_above_what_waits(self):
        one, other = self.make_double()
        third = self.make_customer("上海恒册信息技术有限公司")
        self.find()
        self.pair_of(one, third).say_different("A competitor")
        self.assertEqual(self.pair_of(other, third).state, "open")
        self.pair_of(one, other).merge_into(other.id)
        pairs = self.pair_of(other, third)
        self.assertEqual(pairs.mapped("state"), ["different"])

    def test_odoos_own_wizard_keeps_them_too(self):
        one, other = self.make_double()
        third = self.make_customer("上海恒册信息技术有限公司")
        self.find()
        self.pair_of(one, third).say_different("A competitor")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([one.id, other.id, third.id], third)
        pairs = self.pairs.search([("one_id", "=", third.id)])
        self.assertEqual(set(pairs.mapped("state")), {"merged"})
        self.assertFalse(self.pairs.search([("other_id", "=", third.id)]))

    def test_who_comes_second_hears_it(self):
        one, other = self.make_double()
        pair = self.pair_of(one, other)
        pair.with_user(self.manager).say_different("Two")
        for act in (
            lambda: pair.merge_into(one.id),
            lambda: pair.say_different("Again"),
            lambda: pair.put_off(),
        ):
            with self.assertRaisesRegex(UserError, "manager user has decided"):
                act()
        pair.action_reopen()
        pair.merge_into(one.id)
        with self.assertRaisesRegex(UserError, "one by now"):
            pair.get_review_card()

    def test_only_one_of_the_two_can_stay(self):
        one, other = self.make_double()
        third = self.make_customer("宁波海川塑业有限公司")
        with self.assertRaisesRegex(UserError, "which of the two"):
            self.pair_of(one, other).merge_into(third.id)

    def test_a_customer_that_was_compared_is_as_unused_as_before(self):
        """The undo of an import deletes it."""
        one, other = self.make_double()
        derived = self.env["res.partner"]._derived_references()
        self.env.cr.execute(
            """
            SELECT conrelid::regclass::text, a.attname FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = c.conkey[1]
             WHERE c.contype = 'f' AND confrelid = 'res_partner'::regclass
               AND conrelid::regclass::text LIKE 'crm_customer_%%'
               AND conrelid::regclass::text ~ '(match|pair)'
            """
        )
        columns = set(self.env.cr.fetchall())
        self.assertEqual(len(columns), 4)
        self.assertLessEqual(columns, derived)
        pair = self.pair_of(one, other)
        other.unlink()
        self.assertFalse(pair.exists())

    def test_value_by_value(self):
        """What a person chooses holds; of the rest the other fills what is missing.
        Taking it back gives each its own."""
        one, other = self.make_double()
        one.write({"phone": "021 5888 1234", "city": "上海", "user_id": self.rep.id})
        other.write(
            {
                "phone": "021 5888 5678",
                "city": "苏州",
                "website": "https://hengce.example.com",
                "user_id": self.colleague.id,
            }
        )
        names = one.name, other.name
        before = [one.read(["phone", "city", "website", "user_id", "name"])[0], None]
        before[1] = other.read(list(before[0]))[0]
        pair = self.pair_of(one, other)
        with self.calling_as(self.manager):
            pair.with_user(self.manager).merge_into(
                one.id, ["phone", "user_id", "name"]
            )
        self.assertEqual(
            (one.phone, one.city, one.user_id, one.name, one.website),
            (
                before[1]["phone"],
                "上海",
                self.colleague,
                names[1],
                "https://hengce.example.com",
            ),
        )
        self.assertEqual(one.former_names, names[0])
        self.assertEqual(one.customer_owner_id, self.colleague)
        merge = one.merge_ids
        self.assertLessEqual({"phone", "name", "user_id"}, set(merge.decisions))
        merge.action_undo()
        self.env.invalidate_all()
        for partner, values in zip((one, other), before, strict=True):
            self.assertEqual(partner.read(list(values))[0], values)
        self.assertTrue(other.active)

    def test_not_every_value_can_be_chosen(self):
        one, other = self.make_double()
        pair = self.pair_of(one, other)
        for name in ("customer_code", "lifecycle_state", "comment", "no_such_field"):
            with self.subTest(name=name), self.assertRaises(UserError):
                pair.merge_into(one.id, [name])
        rows = {row["name"]: row for row in pair.get_review_card()["rows"]}
        self.assertTrue(rows["name"]["may_be_chosen"])
        self.assertFalse(rows["customer_code"]["may_be_chosen"])
