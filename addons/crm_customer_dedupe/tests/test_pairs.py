from odoo.tests import tagged

from odoo.addons.crm_customer_center.tools.match_keys import MOST

from .common import PairsCommon

TABLES = ("crm_customer_match", "crm_customer_match_key", "crm_customer_pair")


@tagged("post_install", "-at_install")
class TestPairs(PairsCommon):
    """# C4: pairs are found once, kept true, and written only when they change."""

    def test_a_double_is_found_and_says_why(self):
        one, other = self.make_double(phone="021 5888 1234")
        pair = self.pair_of(one, other)
        self.assertEqual(pair.reasons, "similar_name,phone,city")
        self.assertEqual(pair.state, "open")
        self.assertTrue(pair.is_sure)
        self.assertEqual(pair.reason_words, "Similar name · Same phone · Same city")

    def test_of_nothing_new_nothing_is_written(self):
        self.make_double()
        before = {table: self.rows(table) for table in TABLES}
        self.assertTrue(before["crm_customer_pair"])
        self.assertEqual(self.pairs._cron_find(), 0)
        self.assertEqual({table: self.rows(table) for table in TABLES}, before)

    def test_only_who_changed_is_compared(self):
        one, other = self.make_double()
        third = self.make_customer("苏州明远精密机械有限公司")
        self.find()
        other.city = "上海"
        self.env.flush_all()
        # once for the keys, once for the pairs
        self.assertEqual(self.pairs._cron_find(), 2)
        self.assertTrue(self.pair_of(one, other))
        self.assertFalse(self.pair_of(one, third))

    def test_a_change_past_odoo_is_seen_too(self):
        one, other = self.make_double("宁波海川塑业有限公司")
        self.assertFalse(self.pair_of(one, other))
        self.env.cr.execute(
            "UPDATE res_partner SET name = %s WHERE id = %s", [one.name, other.id]
        )
        self.find()
        self.assertTrue(self.pair_of(one, other))

    def test_who_is_alike_no_longer_is_no_pair(self):
        for change in (
            {"name": "宁波海川塑业有限公司", "former_names": False},
            {"active": False},
            {"name": "上海恒策信息技术有限公司北京分公司", "former_names": False},
        ):
            one, other = self.make_double()
            self.assertTrue(self.pair_of(one, other))
            other.write(change)
            if "name" in change:
                other.former_names = False
            self.find()
            with self.subTest(change=change):
                self.assertFalse(self.pair_of(one, other))
            (one | other).active = False
            self.find()

    def test_a_renamed_customer_is_found_by_its_former_name(self):
        one, other = self.make_double()
        other.name = "上海拓野网络科技有限公司"
        self.find()
        self.assertEqual(self.pair_of(one, other).reasons, "former_name,city")

    def test_contacts_and_suppliers_are_not_compared(self):
        one = self.make_customer("上海恒策信息技术有限公司", phone="021 5888 1234")
        contact = self.make_contact(one, one.name, phone=one.phone)
        supplier = self.make_plain_partner(one.name, phone=one.phone, is_company=True)
        self.find()
        both = (contact | supplier).ids
        self.assertFalse(self.pairs.search([("other_id", "in", both)]))

    def test_each_company_has_its_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        one = self.make_customer("上海恒策信息技术有限公司", company_id=elsewhere.id)
        two = self.make_customer(one.name, company_id=self.env.company.id)
        shared = self.make_customer(one.name)
        self.find()
        self.assertFalse(self.pair_of(one, two))
        self.assertTrue(self.pair_of(one, shared))
        self.assertTrue(self.pair_of(two, shared))

    def test_a_switchboard_leads_to_nobody(self):
        """A number that more than MOST have is not followed; one less is."""
        brands = [f"{a}{b}" for a in "甲乙丙丁戊己庚" for b in "山水木火土石"]
        customers = [
            self.make_customer(f"{brand}餐饮有限公司", phone="021 5888 0000")
            for brand in brands[: MOST - 1]
        ]
        one, other = (
            self.make_customer(name, phone="021 5888 0000")
            for name in ("上海智策信息技术有限公司", "上海智信息技术")
        )
        keys = self.env["crm.customer.match.key"]
        self.find()
        self.assertEqual(keys._others(["p+862158880000"]), set())
        customers[0].active = False
        self.find()
        self.assertIn(other.id, keys._others(["p+862158880000"]))
        self.assertIn(one.id, keys._others(["p+862158880000"]))

    def test_what_was_broken_off_is_gone_on_with(self):
        """Keys were made and the server stopped: the pairs are found the next time,
        also those of two that had been compared with nobody yet."""
        one = self.make_customer("上海恒策信息技术有限公司")
        other = self.make_customer("上海恒测信息技术有限公司")
        self.env.flush_all()
        self.env["crm.job"]._work_off(self.pairs._key_step())
        self.assertFalse(self.pair_of(one, other))
        self.find()
        self.assertTrue(self.pair_of(one, other))

    def test_the_order_in_which_they_come_does_not_matter(self):
        for turn in (1, -1):
            names = ["上海恒策信息技术有限公司", "恒策", "上海恒测信息技术有限公司"]
            made = [self.make_customer(n, phone="021 5888 1234") for n in names[::turn]]
            for customer in made[::-turn]:
                self.env.flush_all()
                self.pairs._make_keys(customer.ids)
                self.pairs._make_pairs(customer.ids)
            first, second, third = made[::turn]
            found = [
                self.pair_of(a, b).score
                for a, b in ((first, second), (first, third), (second, third))
            ]
            with self.subTest(turn=turn):
                self.assertEqual(found, [92, 98, 78])
            for customer in made:
                customer.active = False
            self.find()

    def test_what_was_decided_stays(self):
        """# C4: “not the same” is respected by the batch, whatever changes."""
        one, other = self.make_double()
        pair = self.pair_of(one, other)
        pair.say_different("Two shops")
        (one | other).phone = "021 5888 1234"
        self.find()
        self.assertEqual((pair.state, pair.decision_reason), ("different", "Two shops"))
        other.name = "宁波海川塑业有限公司"
        self.find()
        self.assertEqual(pair.exists().state, "different")

    def test_it_is_found_in_few_queries(self):
        """A batch costs the same however many it has."""

        def queries_of(count, brand):
            customers = [
                self.make_customer(f"{brand}{number}信息技术有限公司")
                for number in range(count)
            ]
            ids = [customer.id for customer in customers]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.pairs._make_keys(ids)
            self.pairs._make_pairs(ids)
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries_of(3, "恒策"), queries_of(30, "明远"))
