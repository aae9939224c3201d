from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.crm_customer_pool.tests.common import PoolCommon


@tagged("post_install", "-at_install")
class TestMyDayPool(PoolCommon):
    """# C10: My Day names the customers that go to the pool next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_rule("zqr")
        cls.today = cls.env.company._today()
        cls.soon = cls.make_silent("zqr Soon")
        cls.later = cls.make_silent("zqr Later")
        cls.other = cls.make_silent("zqr Other", owner=cls.colleague)
        cls.env["crm.pool.engine"]._cron_night()
        cls.watch(cls.soon).lost_on = cls.today + timedelta(days=1)

    @classmethod
    def make_rule(cls, word, **values):
        rule = cls.env["crm.pool.rule"].create(
            {
                "name": word,
                "days": 10,
                "first_days": 5,
                "last_days": 2,
                "working_days": False,
                "domain": f"[('name', 'like', '{word}')]",
                **values,
            }
        )
        rule.action_start()
        return rule

    @classmethod
    def make_silent(cls, name, owner=None):
        """A customer that nobody has spoken to for very long."""
        customer = cls.make_customer(name, owner or cls.rep)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2024-01-01' WHERE id = %s",
            [customer.id],
        )
        customer.invalidate_recordset()
        return customer

    @classmethod
    def watch(cls, customer):
        return cls.env["crm.pool.watch"].search([("partner_id", "=", customer.id)])

    def items(self, user=None):
        with self.calling_as(user or self.rep) as env:
            sections = env["crm.my.day"].get_my_day()["sections"]
        found = {section["key"]: section for section in sections}
        return found.get("pool", {"items": []})["items"]

    def test_own_ones_with_day_and_what_keeps_them(self):
        items = self.items()
        self.assertEqual([one["name"] for one in items], ["zqr Soon", "zqr Later"])
        first = items[0]
        self.assertEqual(first["date"], str(self.today + timedelta(days=1)))
        self.assertRegex(first["reason"], "^Kept by a contact, an open deal, ")
        self.assertTrue(first["can_follow_up"])
        self.assertFalse(first["can_put_off"])
        (button,) = first["buttons"]
        self.assertEqual(
            (button["model"], button["res_id"], button["method"]),
            ("crm.pool.watch", self.watch(self.soon).id, "action_protect"),
        )
        self.assertEqual(
            [one["name"] for one in self.items(self.colleague)], ["zqr Other"]
        )
        self.assertEqual(self.items(self.manager), [])

    def test_a_follow_up_keeps_it_at_once(self):
        with self.calling_as(self.rep) as env:
            env["crm.followup"].create(
                {"partner_id": self.soon.id, "content": "Spoke to them"}
            )
        self.assertEqual([one["name"] for one in self.items()], ["zqr Later"])

    def test_so_does_a_deal(self):
        self.make_lead("Deal", self.rep, self.later)
        self.assertEqual([one["name"] for one in self.items()], ["zqr Soon"])

    def test_where_orders_count_a_contact_is_not_named(self):
        self.rule.counted = "order"
        self.assertRegex(self.items()[0]["reason"], "^Kept by an open deal(,| or) ")

    def test_a_new_owner_was_not_warned(self):
        self.soon.user_id = self.colleague
        self.assertEqual([one["name"] for one in self.items()], ["zqr Later"])
        self.assertEqual(len(self.items(self.colleague)), 1)
