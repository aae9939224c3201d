"""One vocabulary on partners and leads; text, use and merge of tags."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.crm_tag_vocabulary import TWIN
from .common import TaggingCommon


@tagged("post_install", "-at_install")
class TestVocabulary(TaggingCommon):
    def test_a_tag_has_its_twin_whichever_way_it_is_made(self):
        """Name, colour and group are the same. # T4"""
        group = self.make_group("G", color=7)
        category = self.make_tag("One", group)
        twin = category.crm_tag_id
        self.assertRecordValues(
            twin
            | self.env["crm.tag"].create({"name": "Two", "tag_group_id": group.id}),
            [
                {"name": "One", "color": 7, "tag_group_id": group.id},
                {"name": "Two", "color": 7, "tag_group_id": group.id},
            ],
        )
        two = self.env["crm.tag"].search([("name", "=", "Two")])
        self.assertEqual(two.partner_category_id.name, "Two")
        self.assertEqual(two.partner_category_id.crm_tag_id, two)

    def test_a_rep_makes_words_for_both(self):
        """Whoever may make the one makes the other. # T4"""
        tag = self.env["crm.tag"].with_user(self.rep).create({"name": "Rep's"})
        self.assertEqual(tag.sudo().partner_category_id.name, "Rep's")
        category = self.env["res.partner.category"].with_user(self.plain)
        self.assertTrue(category.create({"name": "Plain's"}).sudo().crm_tag_id)

    def test_twins_follow_each_other(self):
        """Both ways, and in every language. # T4"""
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        tag = self.make_tag("Name")
        twin = tag.crm_tag_id
        tag.with_context(lang="zh_CN").name = "名称"
        self.assertEqual(twin.with_context(lang="zh_CN").name, "名称")
        self.assertEqual(twin.with_context(lang="en_US").name, "Name")
        twin.update_field_translations("name", {"zh_CN": "新名"})
        self.assertEqual(tag.with_context(lang="zh_CN").name, "新名")
        group = self.make_group("G")
        twin.write({"color": 9, "tag_group_id": group.id, "active": False})
        self.assertRecordValues(
            tag, [{"color": 9, "tag_group_id": group.id, "active": False}]
        )
        tag.action_unarchive()
        self.assertTrue(twin.active)

    def test_a_tag_in_use_before_is_joined_to_its_namesake(self):
        """At installation and when a tag is made. # T4"""
        Category = TWIN.on(self.env["res.partner.category"])
        old = Category.create({"name": "Old"})
        twin = self.env["crm.tag"].create({"name": "Old"})
        self.assertEqual(twin.partner_category_id, old)

    def test_a_second_tag_of_a_name_stays_without_twin(self):
        """Odoo allows it on partners, not on leads; a rule on leads says so. # T4"""
        self.make_tag("Double")
        double = self.make_tag("Double")
        self.assertFalse(double.crm_tag_id)
        with self.assertRaisesRegex(ValidationError, "Merge"):
            self.make_rule("R", [("city", "=", "T")], add=double, model="crm.lead")

    def test_a_copy_made_in_another_language_keeps_both_names(self):
        """Its names are those of the original, whose twin is the word on leads. # T4"""
        for code in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        tag = self.make_tag("Customers")
        tag.with_context(lang="zh_CN").name = "客户"
        copy = tag.with_context(lang="zh_CN").copy()
        self.assertEqual(copy.name, "客户")
        self.assertEqual(copy.with_context(lang="en_US").name, "Customers")
        self.assertFalse(copy.crm_tag_id)
        self.assertTrue(tag.copy({"name": "Others"}).crm_tag_id)

    def test_the_same_name_fits_in_two_groups(self):
        """Other industries, other sources. # T1"""
        one, two = self.make_group("One"), self.make_group("Two")
        tags = self.make_tag("Other", one) | self.make_tag("Other", two)
        self.assertEqual(len(tags.crm_tag_ids), 2)
        self.assertEqual(tags.mapped("display_name"), ["One-Other", "Two-Other"])
        self.assertEqual(
            tags.crm_tag_ids.mapped("display_name"), ["One-Other", "Two-Other"]
        )

    def test_a_word_is_deleted_as_a_whole(self):
        """Whichever twin is deleted. # T4"""
        one, two = self.make_tag("One"), self.make_tag("Two")
        twins = one.crm_tag_id | two.crm_tag_id
        one.unlink()
        two.crm_tag_id.unlink()
        self.assertFalse(two.exists())
        self.assertFalse(twins.exists())

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    def test_a_tag_is_found_by_group_and_name(self):
        """组-标签, either part, and in a domain. # T5"""
        group = self.make_group("行业T")
        tag = self.make_tag("互联网T", group)
        for model, wanted in (
            ("res.partner.category", tag),
            ("crm.tag", tag.crm_tag_id),
        ):
            Tags = self.env[model]
            for text in ("行业T-互联网T", "行业T－互联网T", "互联网T", "行业T"):
                found = [i for i, _name in Tags.name_search(text)]
                self.assertEqual(found, wanted.ids, (model, text))
            exact = Tags.name_search("行业T-互联网T", operator="=")
            self.assertEqual([i for i, _name in exact], wanted.ids)
        partner = self.make_partner(tags=tag)
        found = self.env["res.partner"].search([("category_id", "ilike", "行业T-互联")])
        self.assertEqual(found, partner)

    def test_an_import_makes_group_and_tag(self):
        """Once, and finds them the next time. # T5"""
        for _time in range(2):
            result = (
                self.env["res.partner"]
                .with_context(
                    import_file=True, name_create_enabled_fields={"category_id": True}
                )
                .load(
                    ["name", "category_id"],
                    [["甲", "行业新-互联网"], ["乙", "行业新－互联网,来源新-展会"]],
                )
            )
            self.assertTrue(result["ids"], result["messages"])
        groups = self.env["crm.tag.group"].search(
            [("name", "in", ("行业新", "来源新"))]
        )
        self.assertEqual(len(groups), 2)
        self.assertEqual(
            groups.category_ids.mapped("display_name"), ["行业新-互联网", "来源新-展会"]
        )
        partner = self.env["res.partner"].browse(result["ids"][0])
        self.assertEqual(self.kind_of(partner, partner.category_id), "import")

    def test_typing_a_dash_does_not_make_a_group(self):
        """B2B-SaaS is a name; a group that exists is meant. # T5"""
        Tags = self.env["res.partner.category"].with_user(self.manager)
        tag = Tags.browse(Tags.name_create("B2T-SaaS")[0])
        self.assertEqual((tag.name, tag.tag_group_id.id), ("B2T-SaaS", False))
        group = self.make_group("B2T")
        tag = Tags.browse(Tags.name_create("b2t-SaaS")[0])
        self.assertEqual((tag.name, tag.tag_group_id), ("SaaS", group))

    def test_an_import_by_someone_who_makes_no_groups_keeps_the_text(self):
        """The tag is there to be sorted later. # T5"""
        Tags = self.env["res.partner.category"].with_user(self.rep)
        tag = Tags.browse(
            Tags.with_context(import_file=True).name_create("无组-标签")[0]
        )
        self.assertEqual((tag.name, tag.tag_group_id.id), ("无组-标签", False))

    # ------------------------------------------------------------
    # USE AND MERGE
    # ------------------------------------------------------------

    def test_use_is_counted_in_one_query_each(self):
        """However many tags. # T5"""
        tags = self.make_tag("1") | self.make_tag("2")
        for number in range(3):
            self.make_partner(tags=tags[number % 2])
        self.make_lead(tags=tags)
        self.make_rule("R", [("city", "=", "T")], add=tags[0])
        self.assertRecordValues(
            tags,
            [
                {"partner_count": 2, "lead_count": 1, "rule_count": 1},
                {"partner_count": 1, "lead_count": 1, "rule_count": 0},
            ],
        )
        many = tags.union(*[self.make_tag(f"m{number}") for number in range(20)])
        for name in ("partner_count", "lead_count"):
            counts = []
            for some in (tags, many):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.mapped(name)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(*counts)

    def test_a_count_is_of_what_the_user_sees(self):
        """Leads of others do not count for a rep. # T5"""
        tag = self.make_tag("1")
        self.make_lead(tags=tag, user_id=self.manager.id)
        self.make_lead(tags=tag, user_id=self.rep.id)
        self.assertEqual(tag.with_user(self.manager).lead_count, 2)
        self.env.invalidate_all()
        self.assertEqual(tag.with_user(self.rep).lead_count, 1)
        self.env.invalidate_all()
        self.assertEqual(tag.with_user(self.plain).lead_count, 0)

    def test_merged_tags_become_one_everywhere(self):
        """Customers, leads, reasons, rules, conditions, journals. # T5"""
        keep, gone, third = (self.make_tag(name) for name in ("Keep", "Gone", "Third"))
        both = self.make_partner("Both", tags=keep | gone)
        one = self.make_partner("One", tags=third)
        lead = self.make_lead(tags=gone)
        rule = self.make_rule("R", [("city", "=", "T")], add=gone)
        by_rule = self.make_partner("By rule", city="T")
        run = self.run_rules(self.make_draft("S", [("city", "=", "T")], add=third))
        reader = self.make_draft(
            "Reads", [("category_id", "in", gone.ids)], add=self.make_tag("X")
        )
        wizard = (
            self.env["crm.tag.merge"]
            .with_context(
                active_model="res.partner.category",
                active_ids=(keep | gone | third).ids,
            )
            .create({"target_id": keep.id})
        )
        self.assertEqual(wizard.tag_ids, keep | gone | third)
        self.assertEqual((wizard.partner_count, wizard.lead_count), (4, 1))
        wizard.action_merge()
        self.assertFalse((gone | third).exists())
        self.assertFalse(
            self.env["crm.tag"].search([("name", "in", ("Gone", "Third"))])
        )
        for partner in (both, one, by_rule):
            self.assertEqual(partner.category_id, keep)
        self.assertEqual(lead.tag_ids, keep.crm_tag_id)
        self.assertEqual(rule.add_tag_ids, keep)
        self.assertEqual(reader.domain, repr([("category_id", "in", keep.ids)]))
        self.assertEqual(self.kind_of(both, keep), "person")
        self.assertEqual(self.kind_of(by_rule, keep), "rule")
        self.assertEqual(run.line_ids.mapped("tag_id"), keep.ids)

    def test_a_merge_from_the_tags_of_leads_is_the_same(self):
        """The wizard takes the twins. # T5"""
        keep, gone = self.make_tag("Keep"), self.make_tag("Gone")
        wizard = self.env["crm.tag.merge"].with_context(
            active_model="crm.tag", active_ids=(keep | gone).crm_tag_ids.ids
        )
        wizard = wizard.create({"target_id": keep.id})
        self.assertEqual(wizard.tag_ids, keep | gone)
        wizard.action_merge()
        self.assertFalse(gone.exists())

    def test_a_merge_that_would_break_an_exclusive_group_is_refused(self):
        """The message names group, record and tags. # T1 # T5"""
        level = self.make_group("Test Level", exclusive=True)
        vip, key = self.make_tag("VIP", level), self.make_tag("Key", level)
        other = self.make_tag("Other")
        self.make_partner("Both Of Them", tags=vip | other)
        with self.assertRaisesRegex(ValidationError, "Test Level.*Both Of Them"):
            other._merge_into(key)

    def test_merging_is_for_tag_administrators(self):
        """And needs two tags. # T5"""
        keep, gone = self.make_tag("Keep"), self.make_tag("Gone")
        with self.assertRaises(AccessError):
            gone.with_user(self.rep)._merge_into(keep)
        self.assertFalse(
            self.env["crm.tag.merge"].with_user(self.rep).has_access("create")
        )
        with self.assertRaises(UserError):
            self.env["crm.tag.merge"].create(
                {"tag_ids": [Command.set(keep.ids)]}
            ).action_merge()
        gone.with_user(self.manager)._merge_into(keep)
        self.assertFalse(gone.exists())


@tagged("post_install", "-at_install")
class TestLeadToCustomer(TaggingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.make_group("Test Level", exclusive=True)
        cls.vip, cls.key = (
            cls.make_tag("VIP", cls.level),
            cls.make_tag("Key", cls.level),
        )
        cls.fair = cls.make_tag("Fair")

    def test_the_tags_of_a_lead_arrive_when_it_gets_a_customer(self):
        """With the lead as reason. # T4"""
        lead = self.make_lead("From the fair", tags=self.fair | self.vip)
        partner = self.make_partner()
        lead.partner_id = partner
        self.assertEqual(partner.category_id, self.fair | self.vip)
        self.assertEqual(self.kind_of(partner, self.fair), "lead")
        why = {reason["name"]: reason["why"] for reason in partner.get_tag_reasons()}
        self.assertIn("From the fair", why["Fair"])

    def test_converting_a_lead_brings_its_tags(self):
        """To the contact and to its company. # T4"""
        lead = self.make_lead(
            tags=self.fair, type="lead", partner_name="New Co", contact_name="Ms New"
        )
        lead._handle_partner_assignment(create_missing=True)
        lead.convert_opportunity(lead.partner_id)
        self.assertTrue(lead.partner_id.parent_id)
        self.assertEqual(lead.partner_id.category_id, self.fair)
        self.assertEqual(lead.partner_id.parent_id.category_id, self.fair)

    def test_a_lead_made_with_a_customer_and_tags_put_on_later_arrive_too(self):
        """Whichever comes first. # T4"""
        partner = self.make_partner()
        lead = self.make_lead(tags=self.fair, partner_id=partner.id)
        self.assertEqual(partner.category_id, self.fair)
        lead.tag_ids |= self.key.crm_tag_id
        self.assertEqual(partner.category_id, self.fair | self.key)
        lead.tag_ids = False
        self.assertEqual(partner.category_id, self.fair | self.key)

    def test_the_customers_own_tag_of_an_exclusive_group_stays(self):
        """Person before lead before rule. # T4 # T1"""
        partner = self.make_partner(tags=self.key)
        self.make_lead(tags=self.vip | self.fair, partner_id=partner.id)
        self.assertEqual(partner.category_id, self.key | self.fair)
        self.make_rule("R", [("city", "=", "T")], add=self.key)
        ruled = self.make_partner(city="T")
        self.make_lead(tags=self.vip, partner_id=ruled.id)
        self.assertEqual(ruled.category_id, self.vip)
        self.assertEqual(self.kind_of(ruled, self.vip), "lead")

    def test_of_two_leads_at_once_the_first_wins(self):
        """In the order of the batch. # T4"""
        partner = self.make_partner()
        leads = self.make_lead(tags=self.vip) | self.make_lead(tags=self.key)
        leads.write({"partner_id": partner.id})
        self.assertEqual(partner.category_id, self.vip)

    def test_a_group_may_stay_with_the_lead(self):
        """As the group says. # T4"""
        group = self.make_group("Urgency", to_customer=False)
        partner = self.make_partner()
        self.make_lead(tags=self.make_tag("Urgent", group), partner_id=partner.id)
        self.assertFalse(partner.category_id)

    def test_tags_arrive_on_no_customer_the_user_may_not_change(self):
        """And the lead can be saved nevertheless. # T4"""
        partner = self.make_partner()
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {partner.id})]",
                "perm_read": False,
            }
        )
        lead = self.make_lead(tags=self.fair, user_id=self.rep.id)
        lead.with_user(self.rep).partner_id = partner
        self.assertEqual(lead.partner_id, partner)
        self.assertFalse(partner.category_id)

    def test_many_leads_bring_their_tags_in_few_queries(self):
        """A batch is a batch. # T4"""
        counts = []
        for size in (2, 20):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}"} for number in range(size)]
            )
            leads = self.env["crm.lead"].create(
                [
                    {"name": "L", "user_id": False, "partner_id": partner.id}
                    for partner in partners
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.write({"tag_ids": [Command.link(self.fair.crm_tag_id.id)]})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(partners.category_id, self.fair)
        self.assertLessEqual(counts[1] - counts[0], 3)


@tagged("post_install", "-at_install")
class TestReasons(TaggingCommon):
    def test_who_may_read_a_record_may_ask_why(self):
        """Nobody else, and nobody opens the table. # T3"""
        tag = self.make_tag("Tag")
        partner = self.make_partner(tags=tag, city="T")
        [reason] = partner.with_user(self.plain).get_tag_reasons()
        self.assertEqual(reason["kind"], "person")
        self.assertEqual(reason["user"], self.env.user.name)
        self.assertTrue(reason["date"])
        with self.assertRaises(AccessError):
            partner.with_user(self.portal).get_tag_reasons()
        for user in (self.plain, self.rep, self.manager, self.portal):
            for model in ("crm.partner.tag.reason", "crm.lead.tag.reason"):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_the_rule_is_linked_for_those_who_may_open_it(self):
        """Others read its name. # T3"""
        rule = self.make_rule(
            "Why Rule", [("city", "=", "T")], add=self.make_tag("Tag")
        )
        partner = self.make_partner(city="T")
        for user, link in ((self.manager, rule.id), (self.plain, False)):
            [reason] = partner.with_user(user).get_tag_reasons()
            self.assertIn("Why Rule", reason["why"])
            self.assertEqual(reason["rule_id"], link)
        rule.unlink()
        [reason] = partner.get_tag_reasons()
        self.assertIn("no longer exists", reason["why"])

    def test_the_name_of_a_lead_one_may_not_read_is_not_told(self):
        """The reason is. # T3"""
        partner = self.make_partner()
        self.make_lead(
            "Secret",
            tags=self.make_tag("T"),
            partner_id=partner.id,
            user_id=self.manager.id,
        )
        [reason] = partner.with_user(self.manager).get_tag_reasons()
        self.assertIn("Secret", reason["why"])
        [reason] = partner.with_user(self.rep).get_tag_reasons()
        self.assertEqual(reason["why"], "Came with a lead")

    def test_reasons_go_with_tag_and_record(self):
        """Nothing is left behind. # T3"""
        tag, other = self.make_tag("Tag"), self.make_tag("Other")
        partner, second = (
            self.make_partner(tags=tag | other),
            self.make_partner(tags=tag),
        )
        reasons = self.env["crm.partner.tag.reason"]
        partner.category_id = other
        self.assertIsNone(self.kind_of(partner, tag))
        second.unlink()
        other.unlink()
        self.assertFalse(reasons.search([("tag_id", "in", (tag | other).ids)]))
