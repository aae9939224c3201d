"""Finding a customer: keys follow what they are made of, rules are always asked."""

import runpy
from unittest.mock import patch

from odoo.modules import Manifest
from odoo.tests import Form, tagged

from ..models import res_partner_search
from ..models.crm_partner_key import BUILT
from ..tools import search_query
from ..tools.search_keys import VERSION
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerSearch(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"]
        cls.huawei = cls.make_customer(
            "上海华玮测试有限公司",
            cls.rep,
            phone="021-58886666",
            email="a_b@huawei.example",
        )
        cls.contact = cls.make_contact(cls.huawei, "单雄信", phone="13912345678")
        cls.other = cls.make_customer("重庆华玮贸易有限公司", cls.other_rep)
        cls.unowned = cls.make_customer("华玮")

    def found(self, text, user=None, **kwargs):
        partners = self.partners.with_user(user) if user else self.partners
        ids = [id_ for id_, _name in partners.name_search(text, **kwargs)]
        return partners.browse(ids)

    def listed(self, text, user=None, field="customer_search"):
        partners = self.partners.with_user(user) if user else self.partners
        return partners.search([(field, "ilike", text)])

    def keys(self, partner):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT tsvector_to_array(keys), xmin::text FROM crm_partner_key"
            " WHERE partner_id = %s",
            [partner.id],
        )
        return self.env.cr.fetchone() or ([], None)

    # ------------------------------------------------------------
    # FINDING
    # ------------------------------------------------------------

    def test_what_people_type_finds(self):
        """# C17: in the picker, in the list, and as a condition on other models."""
        lead = self.make_lead("Deal", self.rep, self.huawei)
        for text in (
            "华玮测", "玮测", "hwcs", "shhw", "huaweiceshi", "上海h", "華瑋測試",
            "6666", "58886666", "021-58886666", "a_b@huawei", self.huawei.customer_code,
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertIn(self.huawei, self.found(text))
                self.assertIn(self.huawei, self.listed(text))
                self.assertIn(self.huawei, self.listed(text, field="display_name"))
                leads = self.env["crm.lead"].search([("partner_id", "ilike", text)])
                self.assertIn(lead, leads)

    def test_a_contact_finds_its_customer_in_the_list(self):
        """# C17: a contact's number finds the contact, and its customer in the list."""
        for text in ("5678", "13912345678", "sxx", "shanxx", "dxx", "单雄"):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), self.contact)
                self.assertIn(self.huawei, self.listed(text))

    def test_words_that_very_many_have_find_the_same(self):
        """# C17: only the way there is another one."""
        for user in (self.crm_admin, self.rep, self.other_rep):
            for text in ("华玮", "5678", "sxx", "单雄", "hwcs", "zzqqxx"):
                usual = self.listed(text, user)
                with (
                    self.subTest(user=user.login, text=text),
                    patch.object(res_partner_search, "BROAD", 0),
                ):
                    self.assertEqual(self.listed(text, user), usual)

    def test_a_page_and_its_count_are_of_all_that_is_found(self):
        """# C17: looked up once, or twice where very many are meant."""
        for broad in (0, res_partner_search.BROAD):
            for user in (self.crm_admin, self.rep, self.other_rep):
                for text in ("华玮", "单雄", "zzqqxx"):
                    usual = self.listed(text, user)
                    with (
                        self.subTest(broad=broad, user=user.login, text=text),
                        patch.object(res_partner_search, "BROAD", broad),
                    ):
                        self.assert_pages(user, text, usual)

    def assert_pages(self, user, text, usual):
        domain = [("customer_search", "ilike", text)]
        for offset in range(0, len(usual) + 1, 2):
            answer = self.partners.with_user(user).web_search_read(
                domain, {"display_name": {}}, offset, limit=2, count_limit=10
            )
            ids = [row["id"] for row in answer["records"]]
            self.assertEqual(ids, usual[offset : offset + 2].ids)
            self.assertEqual(answer["length"], len(usual) if ids else 0)
        if len(usual) > 1:
            answer = self.partners.with_user(user).web_search_read(
                domain, {}, limit=1, count_limit=2
            )
            self.assertEqual(answer["length"], 2)

    def test_the_best_match_comes_first(self):
        """# C17: exact before prefix before within; own customers before others."""
        found = self.found("华玮", self.crm_admin)
        self.assertEqual(found[:1], self.unowned)
        self.assertLess(
            found.ids.index(self.huawei.id), found.ids.index(self.contact.id)
        )
        mine = self.make_customer("北京华玮贸易有限公司", self.crm_admin)
        found = self.found("华玮", self.crm_admin)
        self.assertEqual(found[:2], self.unowned | mine)

    def test_signs_are_characters(self):
        """# C17: % and _ stand for themselves."""
        percent = self.make_customer("百分百 100% 棉")
        self.assertEqual(self.found("100%"), percent)
        self.assertEqual(self.found("a_b"), self.huawei)
        self.assertFalse(self.found("58%666"))

    def test_a_slip_is_forgiven(self):
        """# C17: if nothing is written so; in the list as well."""
        for text in ("华位测试", "huaweiceahi", "hauweiceshi", "13912345679"):
            wanted = self.contact if text.isdigit() else self.huawei
            with self.subTest(text=text):
                self.assertEqual(self.found(text)[:1], wanted)
                self.assertIn(wanted, self.listed(text, field="display_name"))
        self.assertFalse(self.found("zzqqxx"))

    def test_other_comparisons_are_as_in_odoo(self):
        self.assertEqual(self.found("华玮", operator="="), self.unowned)
        code = self.huawei.customer_code
        self.assertEqual(self.found(code.lower(), operator="="), self.huawei)
        rest = self.partners.search([("display_name", "not ilike", "华玮")])
        self.assertFalse(rest & (self.huawei | self.other | self.unowned))
        self.assertTrue(self.found("", limit=1))
        self.assertEqual(
            self.found("华玮", limit=None), self.listed("华玮", field="display_name")
        )

    def test_more_conditions_and_the_limit_hold(self):
        companies = [("is_company", "=", True)]
        found = self.found("华玮", domain=companies)
        self.assertEqual(found, self.unowned | self.huawei | self.other)
        self.assertEqual(len(self.found("华玮", limit=2)), 2)

    # ------------------------------------------------------------
    # KEYS FOLLOW
    # ------------------------------------------------------------

    def test_a_rename_finds_by_both_names_at_once(self):
        """# C17: in the same transaction, unsaved to the database or not."""
        self.huawei.name = "上海荣耀测试有限公司"
        self.assertEqual(self.huawei.former_names, "上海华玮测试有限公司")
        for text in ("荣耀测", "rycs", "华玮测", "hwcs"):
            self.assertEqual(self.found(text)[:1], self.huawei, text)
        # the contact is shown below its company's present name
        self.assertIn(self.contact, self.found("荣耀测"))
        self.huawei.name = "上海华玮测试有限公司"
        self.assertEqual(self.huawei.former_names, "上海荣耀测试有限公司")

    def test_another_way_to_write_the_name_is_no_former_name(self):
        self.huawei.name = "上海華瑋測試（有限公司）"
        self.assertFalse(self.huawei.former_names)

    def test_a_former_name_can_be_typed(self):
        with Form(self.huawei, "crm_customer_center.view_customer_form") as form:
            form.former_names = "老字号\n更老的字号"
        for text in ("老字号", "更老", "gldzh"):
            self.assertIn(self.huawei, self.found(text), text)

    def test_what_does_not_change_the_keys_writes_nothing(self):
        """# C17: not even the same keys again."""
        before = self.keys(self.huawei)
        self.huawei.write({"city": "上海", "comment": "x"})
        self.assertEqual(self.keys(self.huawei), before)
        self.huawei.name = "上海华玮测试 有限公司"
        self.assertEqual(self.keys(self.huawei), before)
        self.huawei.phone = "021-58886667"
        self.assertNotEqual(self.keys(self.huawei), before)

    def test_keys_go_with_the_partner(self):
        contact = self.make_contact(self.huawei, "走人")
        self.assertTrue(self.keys(contact)[0])
        contact.unlink()
        self.assertEqual(self.keys(contact), ([], None))

    def test_a_batch_costs_three_queries(self):
        """# C17: a hundred new partners as one: read, and written once."""
        costs = []
        for count in (1, 100):
            partners = self.partners.create([{"name": f"张{n}"} for n in range(count)])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["crm.partner.key"]._refresh(partners.ids)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs, [2, 2])

    def test_merged_partners_are_found_by_both_names(self):
        """# C4: the keys of the source are no obstacle, its name is a former one."""
        source = self.make_customer(
            "成都被并贸易有限公司", self.rep, phone="028-87654321"
        )
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((source | self.huawei).ids, self.huawei)
        self.assertFalse(source.exists().filtered("active"))
        self.assertEqual(self.found("成都被并"), self.huawei)
        self.assertIn("成都被并贸易有限公司", self.huawei.former_names)
        self.assertIn(self.huawei, self.found("上海华玮测"))

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_nobody_finds_what_he_may_not_search(self):
        """# C17 G1: as every role, by every kind of text, in every way; counts too."""
        texts = [
            "华玮",
            "huawei",
            "hw",
            "6666",
            "5678",
            "sxx",
            "a_b@huawei",
            "华位",
            "KH",
        ]
        for role, user in self.roles.items():
            with self.calling_as(user) as env:
                partners = env["res.partner"]
                allowed = partners.search([])
                hits = env["res.partner"]
                for text in texts:
                    with self.subTest(role=role, text=text):
                        hits |= self.check_only_allowed(partners, allowed, text)
                # or nothing was asked that could have been refused
                self.assertTrue(hits, role)

    def check_only_allowed(self, partners, allowed, text):
        found = self.found(text, partners.env.user)
        self.assertLessEqual(found, allowed)
        for field in ("display_name", "customer_search"):
            listed = partners.search([(field, "ilike", text)])
            self.assertLessEqual(listed, allowed)
            count = partners.search_count([(field, "ilike", text)])
            self.assertEqual(count, len(listed))
        return found
        strict = search_query.any_of(s.node for s in search_query.stages(text))
        everybody = self.partners.search(self.partners._by(strict))
        mine = allowed.browse(everybody.ids) & allowed
        if mine:
            self.assertEqual(partners.search([("display_name", "ilike", text)]), mine)

    def test_a_hidden_customer_is_not_found_by_a_slip_or_its_contact(self):
        contact = self.make_contact(self.other, "王独一", phone="13700000001")
        self.env.flush_all()
        for text in ("王独一", "wdy", "13700000001", "13700000002", "王独伊"):
            self.assertFalse(self.found(text, self.rep), text)
            self.assertFalse(self.listed(text, self.rep), text)
            self.assertIn(contact, self.found(text, self.other_rep), text)

    def test_archived_ones_and_those_of_other_companies(self):
        """# C17: as in any other search."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_customer("异地独家", company_id=company.id)
        gone = self.make_customer("已归档独家", active=False)
        self.assertFalse(self.found("异地独家", self.crm_admin))
        self.assertFalse(self.found("已归档独家"))
        partners = self.partners.with_context(active_test=False)
        self.assertEqual(partners.name_search("已归档独家")[0][0], gone.id)
        both = self.partners.with_context(
            allowed_company_ids=(self.env.company | company).ids
        )
        self.assertIn(foreign.id, [id_ for id_, _n in both.name_search("异地独家")])

    def test_nobody_reads_the_keys(self):
        for user in self.roles.values():
            self.assertFalse(
                self.env["crm.partner.key"].with_user(user).has_access("read")
            )

    # ------------------------------------------------------------
    # BUILDING
    # ------------------------------------------------------------

    def test_while_keys_are_built_all_are_found_as_in_odoo(self):
        """# C17: and by the keys that are there."""
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_partner_key WHERE partner_id = %s", [self.huawei.id]
        )
        self.env["ir.config_parameter"].set_param(BUILT, "0")
        self.assertIn(self.huawei, self.found("华玮测试"))
        self.assertIn(self.contact, self.found("sxx"))
        self.assertFalse(self.found("100%玮"))
        self.env["crm.partner.key"]._cron_build()
        self.assertTrue(self.env["crm.partner.key"]._are_complete())
        self.assertIn(self.huawei, self.found("hwcs"))

    def test_of_many_partners_a_job_builds_the_keys(self):
        keys = self.env["crm.partner.key"]
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM crm_partner_key WHERE partner_id IN %s",
            [(self.huawei | self.other)._ids],
        )
        self.env["ir.config_parameter"].set_param(BUILT, "0")
        job = self.env.ref("crm_customer_center.ir_cron_search_keys")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        keys._build_now_or_later(most=1)
        self.assertFalse(keys._are_complete())
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before + 1)
        keys._build_now_or_later(most=10)
        self.assertTrue(keys._are_complete())

    def test_keys_of_an_older_version_are_made_anew_by_the_migration(self):
        path = Manifest.for_addon("crm_customer_center").path
        file = f"{path}/migrations/19.0.1.5.0/post-search_keys.py"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_partner_key SET version = version - 1, keys = '' WHERE"
            " partner_id = %s",
            [self.huawei.id],
        )
        found = self.partners.name_search("华玮")
        self.assertNotIn(self.huawei.id, [id_ for id_, _name in found])
        runpy.run_path(file)["migrate"](self.env.cr, "19.0.1.4.0")
        self.env.cr.execute(
            "SELECT version, keys @@ %s::tsquery FROM crm_partner_key"
            " WHERE partner_id = %s",
            ["'B上海'", self.huawei.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(VERSION, True)])
        self.assertTrue(self.env["crm.partner.key"]._are_complete())
        found = self.partners.name_search("华玮")
        self.assertIn(self.huawei.id, [id_ for id_, _name in found])

    def test_what_is_usually_read_so_comes_first(self):
        """# C17: 强 is read jiang in few names."""
        rare = [self.make_customer(f"氕强{char}") for char in "雪霄"]
        usual = self.make_customer("氕菊轩后来")
        found = self.partners.name_search("pjx", [("name", "like", "氕")])
        ids = [id_ for id_, _name in found]
        self.assertEqual(ids[0], usual.id)
        self.assertEqual({*ids[1:]}, {one.id for one in rare})

    def test_any_text_can_be_asked(self):
        """Odd bytes, quotes, operators of PostgreSQL's search language."""
        for text in (
            "'", "\\", "a'b", "a\\b", "& |", "!x", "a:*b", "((", "<->", "\x00",
            "\ud800", "𠮷", "\u202e张", "%_%", "x" * 5000, "张" * 500, "1" * 300,
            "é", "ß", "ﬁ",
        ):  # fmt: skip
            with self.subTest(text=text):
                self.found(text)
                self.listed(text)

    def test_a_condition_can_be_asked_of_records_in_memory(self):
        some = self.huawei | self.other | self.contact
        for text, wanted in (("hwcs", self.huawei), ("5678", self.contact)):
            words = self.partners._by(self.partners._meant(text)[0])
            self.assertEqual(some.filtered_domain(words), wanted)
        new = self.partners.new({"name": "北京新雅贸易", "is_company": True})
        words = search_query.any_of(s.node for s in search_query.stages("xymy"))
        self.assertTrue(new.filtered_domain(self.partners._by(words)))
