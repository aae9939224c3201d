"""Groups of tags: one tag only, who may create, who may use, on every way in."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TaggingCommon


@tagged("post_install", "-at_install")
class TestExclusiveGroups(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.make_group("Test Level", exclusive=True)
        cls.vip = cls.make_tag("VIP", cls.level)
        cls.key = cls.make_tag("Key", cls.level)
        cls.free = cls.make_tag("Free")

    def assertRefused(self, function):
        """Refused with the names of the group and both tags."""
        with self.assertRaisesRegex(ValidationError, "Test Level") as caught:
            function()
        text = str(caught.exception)
        self.assertIn("VIP", text)
        self.assertIn("Key", text)

    def test_a_record_is_not_created_with_two_tags_of_the_group(self):
        """Create refuses. # T1"""
        self.assertRefused(lambda: self.make_partner(tags=self.vip | self.key))
        self.assertRefused(lambda: self.make_lead(tags=self.vip | self.key))
        self.assertTrue(self.make_partner(tags=self.vip | self.free))

    def test_a_second_tag_of_the_group_is_refused_on_write(self):
        """Write refuses, for one record in a batch as well. # T1"""
        one, other = self.make_partner(tags=self.vip), self.make_partner("Other")
        link = {"category_id": [Command.link(self.key.id)]}
        self.assertRefused(lambda: (one | other).write(link))
        one.category_id = self.key | self.free
        self.assertEqual(one.category_id, self.key | self.free)

    def test_tagging_from_the_side_of_the_tag_is_refused_as_well(self):
        """The inverse field is no way around. # T1"""
        partner = self.make_partner(tags=self.vip)
        self.assertRefused(
            lambda: self.key.write({"partner_ids": [Command.link(partner.id)]})
        )
        self.assertRefused(
            lambda: self.env["res.partner.category"].create(
                {
                    "name": "Key",
                    "tag_group_id": self.level.id,
                    "partner_ids": [Command.link(partner.id)],
                }
            )
        )

    def test_a_tag_put_on_from_its_own_side_has_a_reason(self):
        """Reasons are kept whichever way a tag is put on. # T3"""
        partner = self.make_partner()
        self.free.partner_ids = partner
        self.assertEqual(self.kind_of(partner, self.free), "person")
        self.free.partner_ids = False
        self.assertIsNone(self.kind_of(partner, self.free))

    def test_an_import_names_the_group_in_the_row_refused(self):
        """Import refuses with the same message. # T1"""
        result = self.env["res.partner"].load(
            ["name", "category_id"], [["Imported", "Test Level-VIP,Test Level-Key"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Test Level", result["messages"][0]["message"])

    def test_a_group_with_several_tags_on_a_record_does_not_become_exclusive(self):
        """Switching it on later checks what is there. # T1"""
        group = self.make_group("Later")
        tags = self.make_tag("a", group) | self.make_tag("b", group)
        partner = self.make_partner(tags=tags)
        with self.assertRaisesRegex(ValidationError, "1 records"):
            group.exclusive = True
        partner.category_id = tags[0]
        group.exclusive = True
        with self.assertRaises(ValidationError):
            partner.category_id = tags

    def test_a_tag_does_not_move_into_a_group_where_its_records_have_one(self):
        """Changing the group of a tag checks as well. # T1"""
        self.make_partner(tags=self.vip | self.free)
        with self.assertRaisesRegex(ValidationError, "Test Level"):
            self.free.tag_group_id = self.level

    def test_in_a_form_the_tag_chosen_last_replaces_the_other(self):
        """A person who changes the level picks the new one, that is all. # T1"""
        partner = self.make_partner(tags=self.vip | self.free)
        with Form(partner) as form:
            form.category_id.add(self.key)
        self.assertEqual(partner.category_id, self.key | self.free)
        lead = self.make_lead(tags=self.vip)
        with Form(lead) as form:
            form.tag_ids.add(self.key.crm_tag_id)
        self.assertEqual(lead.tag_ids, self.key.crm_tag_id)

    def test_of_two_picks_before_saving_the_last_one_stays(self):
        """Neither vanishes, in whichever order, saved before or new. # T1"""
        for first, last in ((self.vip, self.key), (self.key, self.vip)):
            for saved in (self.env["res.partner.category"], self.free, first):
                with self.subTest(first=first.name, saved=saved.name):
                    partner = self.make_partner(tags=saved)
                    with Form(partner) as form:
                        if first not in saved:
                            form.category_id.add(first)
                        form.category_id.add(last)
                    self.assertEqual(partner.category_id, (saved - first) | last)
        with Form(self.env["res.partner"]) as form:
            form.name = "New"
            form.category_id.add(self.vip)
            form.category_id.add(self.key)
            form.category_id.add(self.vip)
        self.assertEqual(form.record.category_id, self.vip)

    def test_merging_partners_keeps_the_tag_of_the_one_kept(self):
        """Odoo merges by SQL; the group holds, other tags arrive. # T1"""
        kept = self.make_partner("Kept", tags=self.vip, email="a@x.example")
        gone = self.make_partner("Gone", tags=self.key | self.free, email="a@x.example")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([kept.id, gone.id], kept)
        self.assertEqual(kept.category_id, self.vip | self.free)
        self.assertEqual(self.kind_of(kept, self.free), "person")

    def test_merging_partners_brings_a_tag_where_the_one_kept_has_none(self):
        """The exclusive tag moves to its empty place, with its reason. # T1"""
        kept, gone = self.make_partner("Kept"), self.make_partner("Gone", tags=self.key)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([kept.id, gone.id], kept)
        self.assertEqual(kept.category_id, self.key)
        self.assertEqual(self.kind_of(kept, self.key), "person")

    def test_merging_partners_makes_a_persons_of_a_rules_tag(self):
        """A tag by hand on one of them is by hand on the outcome. # T3"""
        rule = self.make_rule("City", [("city", "=", "X1")], add=self.free)
        kept = self.make_partner("Kept", city="X1")
        gone = self.make_partner("Gone", tags=self.free)
        self.assertEqual(self.kind_of(kept, self.free), "rule")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([kept.id, gone.id], kept)
        self.assertEqual(self.kind_of(kept, self.free), "person")
        kept.city = "elsewhere"
        self.assertEqual(kept.category_id, self.free)
        self.assertEqual(rule.state, "ok")

    def test_merging_leads_keeps_the_tag_of_the_first_lead(self):
        """Odoo unites the tags of merged leads; the group holds. # T1"""
        first = self.make_lead("First", tags=self.vip, type="opportunity", priority="3")
        second = self.make_lead("Second", tags=self.key | self.free)
        merged = (first | second).merge_opportunity()
        self.assertEqual(merged.tag_ids, (self.vip | self.free).crm_tag_ids)

    def test_merging_leads_keeps_the_reasons_of_their_tags(self):
        """Each tag says who put it on, and when; not who merged. # T3"""
        hot, common, rule_tag = self.make_tag("Hot"), self.make_tag("Common"), self.free
        rule = self.make_rule(
            "Big", [("city", "=", "X1")], add=rule_tag, model="crm.lead"
        )
        first = self.make_lead("First", type="opportunity", priority="3")
        second = self.make_lead("Second", city="X1").with_user(self.rep).sudo()
        first.with_user(self.manager).tag_ids |= common.crm_tag_ids
        second.tag_ids |= (hot | common | self.key).crm_tag_ids
        first.tag_ids |= self.vip.crm_tag_ids
        reasons = self.env["crm.lead.tag.reason"]
        reasons.search([]).write({"date": "2026-01-01"})
        reasons.invalidate_model()
        merged = (first | second).with_env(self.env).merge_opportunity()
        self.assertEqual(merged, first)
        found = {
            reason.tag_id: (reason.kind, reason.user_id, reason.rule_id)
            for reason in reasons.search([("record_id", "=", merged.id)])
        }
        nobody, none = self.env["res.users"], rule.browse()
        self.assertEqual(
            found,
            {
                common.crm_tag_id: ("person", self.manager, none),
                hot.crm_tag_id: ("person", self.rep, none),
                self.vip.crm_tag_id: ("person", self.env.user, none),
                rule_tag.crm_tag_id: ("rule", nobody, rule),
            },
        )
        dates = reasons.search([("record_id", "=", merged.id)]).mapped("date")
        self.assertEqual({str(date.date()) for date in dates}, {"2026-01-01"})


@tagged("post_install", "-at_install")
class TestWhoMay(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reserved = cls.make_group(
            "Reserved",
            use_group_ids=[
                Command.set(cls.env.ref("sales_team.group_sale_manager").ids)
            ],
            create_group_ids=[
                Command.set(cls.env.ref("sales_team.group_sale_manager").ids)
            ],
        )
        cls.tag = cls.make_tag("Blacklist", cls.reserved)
        cls.other = cls.make_tag("Other")

    def test_only_the_roles_of_a_group_put_its_tags_on_and_take_them_off(self):
        """The message names group and role. # T1"""
        partner = self.make_partner()
        for user in (self.plain, self.rep):
            with self.assertDenied("Reserved.*Administrator"):
                partner.with_user(user).category_id = self.tag
        partner.with_user(self.manager).category_id = self.tag
        with self.assertDenied("Reserved"):
            partner.with_user(self.rep).category_id = False
        partner.with_user(self.rep).category_id = self.tag | self.other
        self.assertEqual(partner.category_id, self.tag | self.other)

    def test_a_reserved_tag_is_not_put_on_a_new_record_either(self):
        """Create asks the group as well. # T1"""
        with self.assertDenied("Reserved"):
            self.env["res.partner"].with_user(self.rep).create(
                {"name": "New", "category_id": [Command.link(self.tag.id)]}
            )
        with self.assertDenied("Reserved"):
            self.env["crm.lead"].with_user(self.rep).create(
                {"name": "New", "tag_ids": [Command.link(self.tag.crm_tag_id.id)]}
            )

    def test_whoever_merges_leads_keeps_their_reserved_tags(self):
        """They were put on by somebody who may; a customer's tag came with the lead
        that is left. One of before reasons were kept stays one. # T1 T3"""
        customer = self.make_partner()
        values = {"user_id": self.rep.id, "type": "opportunity"}
        first = self.make_lead("First", priority="3", **values)
        second = self.make_lead("Second", self.tag | self.other, **values)
        old = second.tag_ids - self.tag.crm_tag_id
        second.partner_id = customer
        reasons = self.env["crm.lead.tag.reason"]
        reasons.search([("tag_id", "=", old.id)]).unlink()
        merged = (first | second).with_user(self.rep).merge_opportunity()
        self.assertEqual(merged, first)
        self.assertEqual(first.tag_ids, (self.tag | self.other).crm_tag_ids)
        kept = reasons.search([("record_id", "=", first.id)])
        self.assertEqual(kept.tag_id, self.tag.crm_tag_id)
        came = self.env["crm.partner.tag.reason"].search(
            [("record_id", "=", customer.id), ("tag_id", "=", self.tag.id)]
        )
        self.assertEqual((came.kind, came.lead_id), ("lead", first))

    def test_only_the_roles_of_a_group_make_and_change_its_tags(self):
        """Both models of tags are one vocabulary, so both ask. # T1"""
        values = {"name": "New", "tag_group_id": self.reserved.id}
        for model in ("res.partner.category", "crm.tag"):
            with self.assertDenied("Reserved"):
                self.env[model].with_user(self.rep).create(values)
        with self.assertDenied("Reserved"):
            self.tag.with_user(self.rep).name = "Renamed"
        with self.assertDenied("Reserved"):
            self.other.with_user(self.rep).tag_group_id = self.reserved
        self.env["crm.tag"].with_user(self.manager).create(values)

    def test_groups_are_set_up_by_tag_administrators_only(self):
        """The table of rights. # T1"""
        groups = self.env["crm.tag.group"]
        for user, may in ((self.plain, False), (self.rep, False), (self.manager, True)):
            self.assertTrue(groups.with_user(user).has_access("read"))
            for operation in ("create", "write", "unlink"):
                self.assertEqual(groups.with_user(user).has_access(operation), may)
        self.assertFalse(groups.with_user(self.portal).has_access("read"))

    def test_a_group_name_is_there_once(self):
        """Two groups of a name could not be told apart in 组-标签. # T5"""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_group("reserved")

    def test_a_group_with_tags_is_not_deleted(self):
        """Its tags would lose their meaning. # T1"""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.reserved.unlink()

    def test_a_tag_of_a_rule_is_not_deleted(self):
        """The message names the rule. # T5"""
        self.make_rule("Uses it", [("city", "=", "X")], add=self.other)
        with self.assertRaisesRegex(UserError, "Uses it"):
            self.other.unlink()
        with self.assertRaisesRegex(UserError, "Uses it"):
            self.other.crm_tag_id.unlink()
