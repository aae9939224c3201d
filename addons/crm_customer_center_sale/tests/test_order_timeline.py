"""Orders and invoices on the customer's timeline and in its headline."""

from odoo import Command
from odoo.tests import tagged

from .test_customer_orders import OrderCommon


@tagged("post_install", "-at_install")
class TestOrderTimeline(OrderCommon):
    def orders(self, role):
        with self.calling_as(self.roles[role]) as env:
            partner = env["res.partner"].browse(self.customer.id)
            page = partner.get_customer_timeline(kinds=["order"])
            facts = partner.get_customer_headline()["facts"]
        return (
            {event["title"] for event in page["events"]},
            {fact["key"]: fact for fact in facts},
        )

    def test_each_sees_the_orders_he_may_read(self):
        """# C5 G1: sales by Odoo's rights, an agent in short, others none."""
        mine, colleagues = f"Order {self.mine.name}", f"Order {self.colleagues.name}"
        self.assertEqual(self.orders("rep")[0], {mine})
        self.assertEqual(self.orders("crm_admin")[0], {mine, colleagues})
        self.assertEqual(self.orders("agent")[0], {mine, colleagues})
        self.assertEqual(self.orders("plain")[0], set())

    def test_the_headline_tells_the_last_order_one_may_read(self):
        """# C5: of the whole family."""
        money = self.mine.currency_id
        self.assertEqual(
            self.orders("rep")[1]["last_order"]["value"], money.format(1000)
        )
        self.assertEqual(
            self.orders("agent")[1]["last_order"]["value"], money.format(200)
        )
        self.assertNotIn("last_order", self.orders("plain")[1])

    def test_an_invoice_stands_on_its_day(self):
        """# C5: an event without a time, whatever the reader's zone."""
        accounts = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if not accounts:
            self.env["account.chart.template"].try_loading(
                "generic_coa", company=self.env.company, install_demo=False
            )
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.contact.id,
                "invoice_date": "2026-02-03",
                "invoice_user_id": self.crm_admin.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Sensor",
                            "price_unit": 7,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.crm_admin.tz = "America/Los_Angeles"
        with self.calling_as(self.crm_admin) as env:
            page = (
                env["res.partner"]
                .browse(self.customer.id)
                .get_customer_timeline(kinds=["order"])
            )
        [event] = [e for e in page["events"] if e["id"] == f"invoices:{invoice.id}"]
        self.assertEqual((event["day"], event["time"]), ("2026-02-03", ""))
