from odoo.tests import HttpCase, tagged

from .common import PairsCommon


@tagged("post_install", "-at_install")
class TestPairsTour(PairsCommon, HttpCase):
    """# C4: doubles in the browser: entered, reviewed, decided by keys."""

    def test_a_manager_reviews(self):
        self.pairs.search([]).unlink()
        customers = {}
        for name in ("恒策", "明远", "海川"):
            customers[name] = [
                self.make_customer(f"上海{name}信息技术有限公司", self.rep, phone=phone)
                for phone in ("021 5888 1234", "021 5888 1234")
            ]
            customers[name][1].phone = (
                "021 5888 5678" if name != "恒策" else "021 5888 1234"
            )
        self.find()
        self.assertEqual(self.pairs.search_count([("state", "=", "open")]), 3)
        self.start_tour(
            "/odoo/duplicates", "crm_customer_dedupe_review", login=self.manager.login
        )
        pairs = self.pairs.search([])
        self.assertEqual(sorted(pairs.mapped("state")), ["different", "merged", "open"])
        different = pairs.filtered(lambda pair: pair.state == "different")
        self.assertEqual(different.decision_reason, "Two shops")
        self.assertEqual(different.decided_by_id, self.manager)
        self.assertTrue(pairs.filtered(lambda p: p.state == "open").later_date)

    def test_a_rep_is_warned_before_saving(self):
        self.make_customer("上海恒策信息技术有限公司", self.rep)
        self.find()
        self.start_tour(
            "/odoo/customer-centre/new",
            "crm_customer_dedupe_entry",
            login=self.rep.login,
        )

    def test_merged_value_by_value_and_taken_back(self):
        self.pairs.search([]).unlink()
        self.env["crm.customer.merge"].search([]).unlink()
        one, other = (
            self.make_customer("上海恒策信息技术有限公司", self.rep, phone=phone)
            for phone in ("021 5888 1234", "021 5888 5678")
        )
        phones = [one.phone, other.phone]
        self.find()
        self.start_tour(
            "/odoo/duplicates", "crm_customer_dedupe_story", login=self.manager.login
        )
        self.env.invalidate_all()
        merge = self.env["crm.customer.merge"].search([])
        self.assertEqual((merge.survivor_id, merge.state), (other, "undone"))
        self.assertIn("phone", merge.decisions)
        self.assertTrue(one.active)
        self.assertEqual([one.phone, other.phone], phones)
        pair = self.pair_of(one, other)
        self.assertEqual(pair.state, "different")
