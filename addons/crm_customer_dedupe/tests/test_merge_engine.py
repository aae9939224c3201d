from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PairsCommon


class MergeCommon(PairsCommon):
    """``merge()`` by Odoo's wizard, as the administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wizard = cls.env["base.partner.merge.automatic.wizard"]

    @classmethod
    def merge(cls, *gone, into):
        ids = [one.id for one in gone] + into.ids
        cls.wizard._merge(ids, into)
        cls.env.flush_all()
        cls.env.invalidate_all()
        return into.merge_ids.sorted("id")[-1:]

    @classmethod
    def three(cls, **values):
        return [
            cls.make_customer(f"杭州{name}信息技术有限公司", **values)
            for name in ("甲山", "乙水", "丙木")
        ]


@tagged("post_install", "-at_install")
class TestMergeEngine(MergeCommon):
    """# C4: whatever points to customers moves, and nothing is lost."""

    def test_a_document_that_both_follow_costs_no_other(self):
        """Odoo deletes all rows of the source where one is in the way."""
        one, other, third = self.three()
        docs = [self.make_lead(f"Lead {number}") for number in range(3)]
        docs[0].message_subscribe(partner_ids=[one.id, other.id])
        docs[1].message_subscribe(partner_ids=other.ids)
        docs[2].message_subscribe(partner_ids=(other | third).ids)
        self.merge(other, third, into=one)
        for doc in docs:
            self.assertIn(one, doc.message_partner_ids)
            self.assertEqual(len(doc.message_partner_ids & (one | other | third)), 1)

    def test_any_number_becomes_one(self):
        """Odoo takes three."""
        survivor, *others = [
            self.make_customer(f"宁波海川{number}塑业有限公司") for number in range(6)
        ]
        for one in others:
            self.make_lead("Sensors", partner=one)
        merge = self.merge(*others, into=survivor)
        leads = self.env["crm.lead"].search([("partner_id", "=", survivor.id)])
        self.assertEqual(len(leads), 5)
        self.assertEqual(len(merge.absorbed_ids), 5)
        self.assertFalse(any(one.active for one in others))
        for one in others:
            self.assertIn(one.name, survivor.former_names)

    def test_who_went_into_another_says_where(self):
        one, other, third = self.three()
        self.merge(other, into=one)
        self.merge(one, into=third)
        self.assertEqual(other._merged_survivors(), third)
        self.assertEqual(one._merged_survivors(), third)
        self.assertEqual((one | third)._merged_survivors(), third)
        action = other.action_open_survivor()
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(action["res_id"], third.id)

    def test_the_one_that_stays_is_found_by_everything_of_the_other(self):
        one, other, _third = self.three()
        other.write({"phone": "0571-86543210", "email": "info@yishui.example.com"})
        code = other.customer_code
        self.merge(other, into=one)
        one.write({"phone": "0571-11111111", "email": "a@jiashan.example.com"})
        self.env.flush_all()
        for text in ("乙水信息", "86543210", "info@yishui", code):
            with self.subTest(text=text):
                found = self.env["res.partner"].name_search(text)
                self.assertEqual([id_ for id_, _name in found], one.ids)

    def test_mail_of_the_other_is_of_the_one_that_stays(self):
        one, other, _third = self.three()
        other.email, one.email = "old@yishui.example.com", "a@jiashan.example.com"
        self.merge(other, into=one)
        partners = self.env["res.partner"]
        emails = ["New <new@x.example.com>", "Li <old@yishui.example.com>"]
        found = partners._find_or_create_from_emails(emails)
        self.assertEqual(found[1], one)
        self.assertEqual(found[0].email, "new@x.example.com")
        self.assertEqual(partners.find_or_create(emails[1]), one)
        known = partners._find_or_create_from_emails(emails[1:], no_create=True)
        self.assertEqual(known, [one])
        # whoever has the address today comes first
        third = self.make_customer("今有此址有限公司", email="old@yishui.example.com")
        self.assertEqual(partners._find_or_create_from_emails(emails[1:]), [third])

    def test_an_address_of_before_tells_of_nobody_hidden(self):
        """# A1: whoever may not read the one that stays does not learn that there is
        one."""
        one, other, _third = self.three(owner=self.colleague)
        other.email = "old@yishui.example.com"
        self.merge(other, into=one)
        with self.calling_as(self.rep) as env:
            partners = env["res.partner"]
            self.assertFalse(partners.browse(one.id).has_access("read"))
            found = partners.find_or_create("Li <old@yishui.example.com>")
            self.assertNotIn(found.id, (one.id, other.id))

    def test_custom_fields_and_values_of_companies_are_united_by_key(self):
        one, other, third = self.three()
        definition = self.env["properties.base.definition"]
        definition._get_definition_for_property_field(
            "res.partner", "properties"
        ).properties_definition = [
            {"name": "aa", "string": "A", "type": "char"},
            {"name": "bb", "string": "B", "type": "char"},
            {"name": "cc", "string": "C", "type": "many2one", "comodel": "res.partner"},
        ]
        one.properties = {"aa": "mine", "bb": False}
        other.properties = {"aa": "other", "bb": "from the other"}
        third.properties = {"cc": other.id}
        other.barcode = "4711"
        self.merge(other, into=one)
        self.assertEqual(one.properties["aa"], "mine")
        self.assertEqual(one.properties["bb"], "from the other")
        self.assertEqual(dict(third.properties)["cc"].id, one.id)
        self.assertEqual(one.barcode, "4711")

    def test_who_is_merged_already_is_not_merged_again(self):
        one, other, third = self.three()
        self.merge(other, into=one)
        with self.assertRaisesRegex(UserError, "乙水.*was merged into .*甲山"):
            self.merge(other, into=third)

    def test_whom_it_speaks_of_is_deleted_and_so_is_what_it_says(self):
        """# C16: a journal holds what people were."""
        one, other, _third = self.three()
        merge = self.merge(other, into=one)
        other.unlink()
        self.assertFalse(merge.exists())


@tagged("post_install", "-at_install")
class TestMergeUndo(MergeCommon):
    """# C4: a merge is taken back, in any order that touches nothing of a later one."""

    def test_each_has_what_it_had(self):
        one, other, _third = self.three()
        other.phone, code = "0571-86543210", other.customer_code
        lead = self.make_lead("Sensors", partner=other)
        contact = self.make_contact(other, "张三")
        merge = self.merge(other, into=one)
        later = self.make_lead("Later", partner=one)
        self.assertEqual((lead.partner_id, contact.parent_id), (one, one))
        merge.action_undo()
        self.env.invalidate_all()
        self.assertEqual((lead.partner_id, contact.parent_id), (other, other))
        self.assertEqual(later.partner_id, one)
        self.assertTrue(other.active)
        self.assertFalse(other.merged_into_id or one.phone or one.former_names)
        self.assertEqual((other.phone, other.customer_code), ("0571-86543210", code))
        self.assertEqual((merge.state, merge.left_count), ("undone", 0))
        found = [id_ for id_, _name in self.env["res.partner"].name_search("86543210")]
        self.assertEqual(found, other.ids)
        pair = self.pair_of(one, other)
        self.assertEqual((pair.state, pair.decided_by_id), ("different", self.env.user))
        self.find()
        self.assertEqual(pair.state, "different")

    def test_it_tells_what_the_one_that_stays_took_over(self):
        one, other, third = self.three()
        other.website = "https://yishui.example.com"
        merge = self.merge(other, into=one)
        self.assertIn("Website", merge.taken_over)
        self.assertIn("Contact", merge.moved_html)
        self.assertFalse(self.merge(third, into=one).taken_over)

    def test_what_was_changed_since_stays_and_is_listed(self):
        one, other, third = self.three()
        lead = self.make_lead("Sensors", partner=other)
        other.website = "https://yishui.example.com"
        merge = self.merge(other, into=one)
        lead.partner_id = third
        one.website = "https://new.example.com"
        merge.action_undo()
        self.env.invalidate_all()
        self.assertEqual(lead.partner_id, third)
        self.assertEqual(one.website, "https://new.example.com")
        self.assertEqual(other.website, "https://yishui.example.com")
        self.assertGreaterEqual(merge.left_count, 2)
        self.assertIn("Contact", merge.left_html)

    def test_an_earlier_one_may_go_first(self):
        """Of two that went into the same."""
        one, other, third = self.three()
        first = self.merge(other, into=one)
        second = self.merge(third, into=one)
        first.action_undo()
        self.env.invalidate_all()
        self.assertTrue(other.active)
        self.assertEqual(third.merged_into_id, one)
        self.assertEqual(one.former_names, third.name)
        second.action_undo()
        self.env.invalidate_all()
        self.assertFalse(one.former_names)

    def test_a_later_one_that_stands_on_it_goes_first(self):
        one, other, third = self.three()
        lead = self.make_lead("Sensors", partner=other)
        first = self.merge(other, into=one)
        second = self.merge(one, into=third)
        self.assertEqual(lead.partner_id, third)
        with self.assertRaisesRegex(UserError, "甲山.*went into .*丙木"):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.env.invalidate_all()
        self.assertEqual(lead.partner_id, other)
        with self.assertRaisesRegex(UserError, "taken back already"):
            first.action_undo()

    def test_who_may_merge_takes_back(self):
        one, other, _third = self.three(owner=self.rep)
        merge = self.merge(other, into=one)
        for user in (self.rep, self.other_manager, self.agent):
            with (
                self.subTest(user=user.name),
                self.calling_as(user),
                self.assertRaises(AccessError),
            ):
                merge.with_user(user).action_undo()
        with self.calling_as(self.manager):
            merge.with_user(self.manager).action_undo()
        self.assertEqual(merge.undone_by_id, self.manager)
        self.assertTrue(other.active)

    def test_nobody_writes_a_merge_by_hand(self):
        one, other, _third = self.three(owner=self.rep)
        merge = self.merge(other, into=one).with_user(self.manager)
        for act in (
            lambda: merge.write({"state": "undone"}),
            lambda: merge.create({"survivor_id": one.id}),
            lambda: merge.unlink(),
            lambda: one.with_user(self.manager).write({"merged_into_id": other.id}),
            lambda: merge.line_ids.read(["rows"]),
        ):
            with self.assertRaises(AccessError):
                act()
