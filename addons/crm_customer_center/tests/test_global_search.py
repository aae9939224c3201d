"""One box from anywhere: what it shows to whom."""

from odoo.tests import HttpCase, tagged

from .common import CustomerCommon


class GlobalSearchCase(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "杭州箱测贸易有限公司", cls.rep, phone="0571-87654321", city="杭州"
        )
        cls.contact = cls.make_contact(
            cls.customer, "解箱测", phone="13955550001", function="采购经理"
        )
        cls.deal = cls.make_lead("箱测设备采购", cls.rep, cls.customer)
        cls.lead = cls.make_lead("询价", cls.rep, type="lead", phone="13955550002")
        cls.hidden = cls.make_customer("宁波箱测贸易有限公司", cls.other_rep)
        cls.hidden_deal = cls.make_lead("箱测他人商机", cls.other_rep, cls.hidden)

    def lines(self, text, user=None):
        search = self.env["crm.global.search"].with_user(user or self.rep)
        return search.find(text)

    def found(self, text, user=None):
        return [(line["key"], line["id"]) for line in self.lines(text, user)]


@tagged("post_install", "-at_install")
class TestGlobalSearch(GlobalSearchCase):
    def test_it_finds_customers_contacts_deals_and_leads(self):
        """# C17: by name, by pinyin, by any number; deals of the customers found."""
        customer = ("customers", self.customer.id)
        contact = ("contacts", self.contact.id)
        deal = ("deals", self.deal.id)
        for text, wanted in (
            ("箱测", [customer, contact, deal]),
            ("hzxc", [customer, deal]),
            ("xiexiangce", [contact]),
            ("5550001", [contact]),
            ("0001", [contact]),
            ("采购", [deal]),
            ("13955550002", [("leads", self.lead.id)]),
        ):
            with self.subTest(text=text):
                found = self.found(text)
                for one in wanted:
                    self.assertIn(one, found)

    def test_a_line_tells_twins_apart(self):
        """# C17: code, city, owner and state; of a contact company, part and number."""
        lines = {line["key"]: line for line in self.lines("箱测")}
        detail = lines["customers"]["detail"]
        for part in (self.customer.customer_code, "杭州", self.rep.name, "Potential"):
            self.assertIn(part, detail)
        detail = lines["contacts"]["detail"]
        for part in (self.customer.name, "采购经理", "13955550001"):
            self.assertIn(part, detail)

    def test_everybody_sees_what_he_may_search(self):
        """# C17 G1: as every role; nothing of a hidden customer, nor by its deal."""
        records = {
            "customers": "res.partner",
            "contacts": "res.partner",
            "deals": "crm.lead",
            "leads": "crm.lead",
        }
        for role, user in self.roles.items():
            with self.calling_as(user):
                lines = self.lines("箱测", user)
                for line in lines:
                    model = self.env[line["model"]].with_user(user)
                    self.assertEqual(
                        line["model"], records.get(line["key"], line["model"])
                    )
                    self.assertTrue(
                        model.search([("id", "=", line["id"])]), (role, line)
                    )
        self.assertNotIn("宁波", str(self.lines("箱测", self.rep)))
        self.assertIn("宁波", str(self.lines("箱测", self.other_rep)))

    def test_a_deal_tells_no_more_of_a_hidden_customer_than_the_lead_itself(self):
        self.hidden.write({"phone": "0574-11112222", "customer_code": "HIDDEN1"})
        deal = self.make_lead("箱测混合", self.rep, self.hidden)
        for text in ("箱测混合", "HIDDEN1", "0574-11112222"):
            lines = self.lines(text)
            # the own deal is found by what it says itself: its name and its phone
            self.assertEqual(bool(lines), text != "HIDDEN1", text)
            for line in lines:
                self.assertEqual((line["model"], line["id"]), ("crm.lead", deal.id))
                self.assertNotIn("HIDDEN1", str(line))
                self.assertNotIn("11112222", str(line))

    def test_commands_are_those_one_may_do(self):
        """# C17: each says which field takes what was typed."""
        search = self.env["crm.global.search"]
        of_rep = {c["key"]: c for c in search.with_user(self.rep)._commands()}
        self.assertLessEqual({"new_customer", "new_deal"}, of_rep.keys())
        customer = of_rep["new_customer"]
        self.assertEqual(
            (customer["name_field"], customer["phone_field"]),
            ("name", "entry_contact_phone"),
        )
        of_agent = search.with_user(self.agent)._commands()
        models = {command["action"]["res_model"] for command in of_agent}
        self.assertNotIn("crm.lead", models)

    def test_nothing_typed_finds_nothing(self):
        for text in ("", "  ", None, 7, "%"):
            self.assertEqual(self.lines(text), [])

    def test_signs_are_characters(self):
        self.assertEqual(self.found("箱%测"), [])


@tagged("post_install", "-at_install")
class TestGlobalSearchTour(HttpCase, GlobalSearchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep.password = cls.rep.login

    def test_a_customer_is_opened_from_the_box(self):
        """# C17: from the top bar, by pinyin; and by the keyboard."""
        self.start_tour("/odoo", "crm_global_search", login=self.rep.login)

    def test_twenty_are_looked_up_by_their_sound(self):
        """# C17: surnames as surnames, heteronyms by the phrase, ü as v."""
        for name in (
            "重庆银桥机械有限公司",
            "厦门乐合食品有限公司",
            "中行齿轮厂",
            "绿城大地园林",
        ):
            self.make_customer(name, owner=self.rep)
        company = self.make_customer("音查集团", owner=self.rep)
        for name in (
            "单红梅", "仇月", "曾广成", "解玉亭", "区剑锋", "查良安", "朴智信", "盖琳",
        ):  # fmt: skip
            self.make_contact(company, name)
        self.env.flush_all()
        self.start_tour("/odoo", "crm_global_search_pinyin", login=self.rep.login)


@tagged("post_install", "-at_install")
class TestGlobalSearchTourPhone(TestGlobalSearchTour):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_customer_is_opened_from_the_box(self):
        """# C17: on the phone, by a contact's number."""
        self.start_tour("/odoo", "crm_global_search_phone", login=self.rep.login)
