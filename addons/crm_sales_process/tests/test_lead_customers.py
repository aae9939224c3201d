from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon


@tagged("post_install", "-at_install")
class TestLeadCustomers(CustomerCommon):
    """One opportunity, several customers. # C11 and the data contract"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.approval.rule"].search([]).action_archive()
        cls.buyer = cls.make_customer("Buyer", owner=cls.rep)
        cls.contractor = cls.make_customer("General contractor", owner=cls.rep)
        cls.hidden = cls.make_customer("Of somebody else", owner=cls.other_rep)
        cls.lead = cls.make_lead(
            "Plant",
            owner=cls.rep,
            partner=cls.buyer,
            team_id=cls.team.id,
            type="opportunity",
        )

    def tiles(self, customer, user):
        customer = customer.with_user(user)
        return {tile["key"]: tile["count"] for tile in customer.get_customer_360()}

    def test_an_opportunity_concerns_further_customers(self):
        """# C11: entered in the form, found by the customer, kept by RPC."""
        with Form(self.lead.with_user(self.rep)) as form:
            form.partner_ids.add(self.contractor)
        self.assertEqual(self.lead.partner_ids, self.contractor)
        found = self.env["crm.lead"].with_user(self.rep)
        domain = [("partner_ids", "child_of", self.contractor.id)]
        self.assertEqual(found.search(domain), self.lead)

    def test_the_customer_itself_is_not_one_of_the_others(self):
        """# C11: whichever of the two is entered last."""
        mine = self.lead.with_user(self.rep)
        mine.partner_ids = self.contractor | self.buyer
        self.assertEqual(mine.partner_ids, self.contractor)
        mine.partner_id = self.contractor
        self.assertFalse(mine.partner_ids)
        new = self.lead.copy({"partner_ids": [Command.set(self.contractor.ids)]})
        self.assertFalse(new.partner_ids)

    def test_the_page_of_a_further_customer_shows_it(self):
        """# C5, C11: to those who may read the opportunity, and only where there is
        one."""
        self.assertNotIn("shared_opportunities", self.tiles(self.contractor, self.rep))
        self.lead.partner_ids = self.contractor | self.hidden
        self.assertEqual(
            self.tiles(self.contractor, self.rep)["shared_opportunities"], 1
        )
        self.assertNotIn("shared_opportunities", self.tiles(self.buyer, self.rep))
        self.assertNotIn(
            "shared_opportunities", self.tiles(self.hidden, self.other_rep)
        )
        section = next(
            section
            for section in self.contractor._customer_360_sections()
            if section.key == "shared_opportunities"
        )
        self.assertEqual(self.env["crm.lead"].search(section.domain), self.lead)

    def test_a_customer_one_may_not_see_stays_unseen(self):
        """# G1: linked by somebody else, it is neither shown nor lost."""
        self.lead.partner_ids = self.contractor | self.hidden
        with self.calling_as(self.rep) as env:
            mine = env["crm.lead"].browse(self.lead.id)
            self.assertEqual(mine.partner_ids.ids, self.contractor.ids)
            self.assertFalse(env["crm.lead"].search([("partner_ids.name", "=", "Of")]))
            mine.partner_ids = [Command.unlink(self.contractor.id)]
            mine.expected_revenue = 7
        self.env.invalidate_all()
        self.assertEqual(self.lead.partner_ids, self.hidden)

    def test_merged_opportunities_keep_all_customers(self):
        """# C11: the customer of what is merged away becomes one of the others; a
        colleague of the buyer does not."""
        colleague = self.make_contact(self.buyer, "Ms Li")
        self.lead.partner_ids = self.hidden
        second = self.make_lead("Same plant", owner=self.rep, partner=self.contractor)
        third = self.make_lead("Call", owner=self.rep, partner=colleague)
        # the first keeps its customer
        self.lead.probability = 60
        merged = (self.lead | second | third).with_user(self.rep)._merge_opportunity()
        self.assertEqual(merged, self.lead)
        self.assertEqual(merged.partner_id, self.buyer)
        self.assertEqual(merged.sudo().partner_ids, self.hidden | self.contractor)

    def test_writing_many_costs_no_query_each(self):
        """Two further customers in 30 leads: as many queries as in 3."""
        counts = []
        for size in (3, 30):
            leads = self.env["crm.lead"].create(
                [{"name": f"Lead {number}"} for number in range(size)]
            )
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            leads.write({"partner_ids": [Command.link(self.contractor.id)]})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
