"""What the module costs: queries per batch, never per record."""

from odoo.tests import tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerQueries(CustomerCommon):
    """Odoo itself spends a constant number of queries on each new partner (parent
    trees, mail, followers); that number is measured with plain partners, which our
    module leaves alone, in the same database."""

    def _queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _create(self, count, **values):
        partners = self.env["res.partner"].with_user(self.crm_admin)
        return self._queries(
            lambda: partners.create(
                [
                    {"name": f"Partner {n}", "phone": "13800138000", **values}
                    for n in range(count)
                ]
            )
        )

    def test_customers_cost_no_query_each(self):
        """# C1: a hundred customers cost as many queries more than a hundred plain
        partners as one customer does more than one plain partner."""
        values = {
            "lifecycle_state": "potential",
            "is_company": True,
            "user_id": self.rep.id,
        }
        self._create(1, **values)  # warms the caches of rules and access rights
        self._create(1)
        one = self._create(1, **values) - self._create(1)
        hundred = self._create(100, **values) - self._create(100)
        self.assertLessEqual(one, 5)
        self.assertLessEqual(hundred, one + 2)

    def test_plain_partners_cost_no_query_each_by_us(self):
        """# C1: a hundred plain partners as one, but for Odoo's own inserts."""
        self._create(1)
        self.assertLessEqual(self._create(100) - self._create(1), 12)

    def test_contacts_cost_no_query_each(self):
        """# C2: guard, lifecycle and primary contact of a hundred contacts; as a rep,
        whose rights are checked."""
        customers = self.env["res.partner"].create(
            [
                {"name": f"C{n}", "lifecycle_state": "active", "user_id": self.rep.id}
                for n in range(111)
            ]
        )
        suppliers = self.env["res.partner"].create(
            [{"name": f"S{n}", "is_company": True} for n in range(111)]
        )
        self._contacts(customers[:1])
        self._contacts(suppliers[:1])
        few, many = self._contacts(customers[1:11]), self._contacts(customers[11:])
        core = self._contacts(suppliers[1:11]), self._contacts(suppliers[11:])
        self.assertLessEqual(few - core[0], 4)
        self.assertLessEqual(many - few, core[1] - core[0] + 2)
        self.assertTrue(all(customer.primary_contact_id for customer in customers))

    def _contacts(self, companies):
        """Queries of one contact for each of the companies, created by a rep."""
        partners = self.env["res.partner"].with_user(self.rep)
        return self._queries(
            lambda: partners.create(
                [{"name": "P", "parent_id": company.id} for company in companies]
            )
        )

    def test_a_write_on_many_customers_costs_no_query_each(self):
        """# C1: new owner and new state of a hundred customers."""
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "lifecycle_state": "active"} for n in range(120)]
        )
        for values in (
            {"user_id": self.rep.id},
            {"lifecycle_state": "dormant"},
            {"customer_level_id": self.env["crm.customer.level"].search([])[:1].id},
        ):
            with self.subTest(values=values):
                few = self._queries(lambda v=values: customers[:10].write(v))
                many = self._queries(lambda v=values: customers[10:110].write(v))
                plain = self._plain_write_queries()
                self.assertLessEqual(many - few, 90 * plain + 4)

    def _plain_write_queries(self):
        """Odoo's own queries per record of a write on partners."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}"} for n in range(110)]
        )
        few = self._queries(lambda: partners[:10].write({"function": "X"}))
        many = self._queries(lambda: partners[10:].write({"function": "X"}))
        return max(0, (many - few) / 90)

    def test_contacts_are_left_alone_by_a_write_that_does_not_concern_them(self):
        """# C1: the name of a hundred companies with a contact each; the contacts are
        neither looked at one by one nor written."""
        companies = self._companies_with_contact(110)
        contacts = companies.child_ids
        long_ago = "2020-01-01 00:00:00"
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s WHERE id IN %s",
            [long_ago, contacts._ids],
        )
        few = self._queries(lambda: companies[:10].write({"comment": "X"}))
        many = self._queries(lambda: companies[10:].write({"comment": "X"}))
        self.assertLessEqual(many - few, 4)
        self.env.invalidate_all()
        self.assertEqual(
            {str(date) for date in contacts.mapped("write_date")}, {long_ago}
        )

    def test_contacts_still_follow_what_they_share_with_their_company(self):
        """# C1: Odoo's tax ID and our size class reach the contacts, and those of a
        department below the company as well; the address reaches the contacts."""
        company = self._companies_with_contact(1)
        contact = company.child_ids
        below = self.env["res.partner"].create(
            {"name": "Below", "parent_id": contact.id, "type": "other"}
        )
        size = self.env["res.partner"]._fields["size_class"].get_values(self.env)[0]
        company.write({"vat": "/", "size_class": size, "street": "解放路 8 号"})
        self.assertEqual((contact | below).mapped("vat"), ["/", "/"])
        self.assertEqual((contact | below).mapped("size_class"), [size, size])
        self.assertEqual(contact.street, "解放路 8 号")
        company.write({"vat": False})
        self.assertEqual((contact | below).mapped("vat"), [False, False])

    def _companies_with_contact(self, count):
        companies = self.env["res.partner"].create(
            [
                {
                    "name": f"C{number}",
                    "is_company": True,
                    "lifecycle_state": "active",
                    "child_ids": [(0, 0, {"name": f"P{number}"})],
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()
        return companies

    def test_the_phone_of_the_primary_contact_is_not_tracked_a_second_time(self):
        """# C2: each write of a customer would look up its primary contact."""
        tracked = self.env["res.partner"]._track_get_fields()
        self.assertIn("phone", tracked)
        self.assertNotIn("primary_contact_phone", tracked)

    def test_the_list_costs_the_same_for_one_and_for_eighty(self):
        """# C1: read as a rep, with every column of the list."""
        customers = self.env["res.partner"].create(
            [
                {
                    "name": f"C{n}",
                    "lifecycle_state": "active",
                    "user_id": self.rep.id,
                    "phone": "13800138000",
                }
                for n in range(80)
            ]
        )
        self.env.flush_all()
        view = self.env.ref("crm_customer_center.view_customer_list")
        partners = self.env["res.partner"].with_user(self.rep)
        views = partners.get_views([(view.id, "list")])
        names = views["models"]["res.partner"]["fields"]
        specification = {
            name: {"fields": {"display_name": {}}}
            if partners._fields[name].type == "many2one"
            else {}
            for name in names
            if name in partners._fields
        }

        def read(ids):
            return self._queries(
                lambda: partners.web_search_read([("id", "in", ids)], specification)
            )

        read(customers.ids)
        few, many = read(customers.ids[:1]), read(customers.ids)
        self.assertLessEqual(many, few + 2)

    def test_the_rules_of_a_team_manager_cost_no_query_each_time(self):
        """# G1: members of led teams are cached in the rule."""
        self.make_customer("Acme", self.rep)
        costs = {}
        for user in (self.crm_admin, self.manager, self.rep):
            partners = self.env["res.partner"].with_user(user)
            partners.search([], limit=1)
            costs[user.name] = self._queries(lambda p=partners: p.search([], limit=1))
        self.assertEqual(len({*costs.values()}), 1, costs)
