from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PoolCommon


@tagged("post_install", "-at_install")
class TestPool(PoolCommon):
    """# C10: customers go into pools, and out of them."""

    # ------------------------------------------------------------
    # INTO THE POOL
    # ------------------------------------------------------------

    def test_release_ends_the_ownership_of_the_whole_family(self):
        customer = self.make_customer("Acme", self.rep, city="苏州")
        contact = self.make_contact(customer, "Ms Li")
        contact.user_id = self.rep
        activity = customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.rep.id
        )
        theirs = customer.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id
        )
        customer.message_subscribe(self.rep.partner_id.ids)
        with self.calling_as(self.rep):
            wizard = self.env["crm.pool.release"].with_user(self.rep)
            wizard = wizard.with_context(
                active_model="res.partner", active_ids=customer.ids
            ).create({"pool_id": self.pool.id, "reason": "No budget"})
            wizard.action_release()
        self.assertFalse(customer.user_id | contact.user_id)
        self.assertFalse(customer.customer_owner_id | contact.customer_owner_id)
        self.assertTrue(contact.is_customer)
        self.assertFalse(activity.exists())
        self.assertTrue(theirs.exists())
        self.assertNotIn(self.rep.partner_id, customer.message_partner_ids)
        row = self.row(customer)
        self.assertEqual(
            (row.pool_id, row.former_owner_id, row.note, row.city),
            (self.pool, self.rep, "No budget", "苏州"),
        )
        move = self.moves(customer)[-1]
        self.assertEqual(
            (move.cause, move.owner_id, move.user_id, move.lifecycle_state),
            ("release", self.rep, self.rep, "potential"),
        )
        self.assertEqual(move.reason, "Released: No budget")

    def test_without_a_choice_it_goes_where_it_fits(self):
        customer = self.make_customer("Acme", self.other_rep)
        customer._release_to(self.env["crm.customer.pool"], "Closed")
        self.assertEqual(self.row(customer).pool_id, self.other_pool)

    def test_where_no_pool_fits_it_says_so(self):
        customer = self.make_customer("Acme", self.marketing)
        with self.assertRaisesRegex(UserError, "No pool takes"):
            customer._release_to(self.env["crm.customer.pool"], "Closed")
        self.assertTrue(customer.user_id)

    def test_an_owner_removed_by_hand_is_a_release(self):
        customer = self.make_customer("Acme", self.rep)
        customer.user_id = False
        move = self.moves(customer)[-1]
        self.assertEqual((move.cause, move.owner_id), ("release", self.rep))
        self.assertEqual(self.row(customer).pool_id, self.pool)
        customer.user_id = self.colleague
        self.assertFalse(self.row(customer))
        self.assertEqual(self.moves(customer)[-1].to_user_id, self.colleague)

    def test_new_customers_without_owner_go_in(self):
        default = self.make_pool("All", self.env["crm.team"], self.rep, is_default=True)
        customer = self.make_customer("Acme")
        supplier = self.make_plain_partner("Supplier")
        self.assertEqual(self.row(customer).pool_id, default)
        self.assertEqual(self.moves(customer).cause, "entered")
        self.assertFalse(self.row(supplier))
        contact = self.make_contact(customer, "Ms Li")
        self.assertFalse(self.row(contact))
        customer.lifecycle_state = False
        self.assertFalse(self.row(customer))

    def test_those_from_before_are_gathered(self):
        pools = self.pool | self.other_pool
        pools.active = False
        customer = self.make_customer("Acme", team_id=self.team.id)
        self.assertFalse(self.row(customer))
        pools.active = True
        self.pool.action_gather()
        self.assertEqual(self.row(customer).pool_id, self.pool)
        self.assertFalse(self.env["res.partner"]._gather_unowned() & customer)

    def test_a_pool_that_closes_hands_over(self):
        customer = self.make_released("Acme")
        default = self.make_pool("All", self.env["crm.team"], self.rep, is_default=True)
        self.pool.active = False
        self.assertEqual(self.row(customer).pool_id, default)
        (default | self.other_pool).active = False
        self.assertFalse(self.row(customer))

    # ------------------------------------------------------------
    # OUT OF IT
    # ------------------------------------------------------------

    def test_claim(self):
        customer = self.make_released("Acme")
        contact = self.make_contact(customer, "Ms Li")
        with self.calling_as(self.rep):
            self.assertFalse(
                self.env["res.partner"]
                .with_user(self.rep)
                .search([("id", "=", customer.id)])
            )
        action = self.claim(customer, self.rep)
        self.assertEqual(action["res_id"], customer.id)
        page = self.env.ref("crm_customer_center.view_customer_form")
        self.assertEqual(action["views"], [(page.id, "form")])
        self.assertEqual(customer.customer_owner_id, self.rep)
        self.assertEqual(contact.user_id, self.rep)
        self.assertFalse(self.row(customer))
        move = self.moves(customer)[-1]
        self.assertEqual((move.cause, move.to_user_id), ("claim", self.rep))
        with self.calling_as(self.rep):
            self.assertTrue(contact.with_user(self.rep).name)

    def test_who_is_late_is_told(self):
        customer = self.make_released("Acme")
        row = self.row(customer)
        self.claim(customer, self.rep)
        with (
            self.calling_as(self.colleague),
            self.assertRaisesRegex(UserError, "Somebody was faster"),
        ):
            row.with_user(self.colleague).action_claim()
        self.assertEqual(customer.user_id, self.rep)

    def test_members_of_other_pools_claim_nothing(self):
        customer = self.make_released("Acme")
        row = self.row(customer)
        for user in (self.other_rep, self.agent, self.plain):
            with self.calling_as(user), self.assertRaises(AccessError):
                row.with_user(user).action_claim()
            with self.calling_as(user), self.assertRaises(AccessError):
                row.with_user(user).action_look()
        # the leader sees the pool, and gives; to claim one is a member
        with (
            self.calling_as(self.manager),
            self.assertRaisesRegex(AccessError, "no member"),
        ):
            row.with_user(self.manager).action_claim()

    def test_capacity_with_customers_that_do_not_count(self):
        vip = self.env["crm.customer.level"].create({"name": "Big"})
        self.pool.write({"capacity": 1, "uncounted_level_ids": vip.ids})
        self.make_customer("Big", self.rep, customer_level_id=vip.id)
        first, second = self.make_released("One"), self.make_released("Two")
        self.claim(first, self.rep)
        with self.assertRaisesRegex(UserError, "may own 1 customers"):
            self.claim(second, self.rep)
        first.lifecycle_state = "active"
        self.pool.uncounted_active = True
        self.claim(second, self.rep)
        third = self.make_released("Three")
        with self.assertRaises(UserError):
            self.claim(third, self.rep)
        self.pool.member_ids.filtered(lambda m: m.user_id == self.rep).capacity = 2
        self.claim(third, self.rep)

    def test_the_claims_of_a_day_are_those_of_the_log(self):
        """Claimed and given back is claimed."""
        self.pool.claims_per_day = 2
        one = self.make_released("One")
        others = self.make_released("Two") | self.make_released("Three")
        self.claim(one, self.rep)
        one._release_to(self.pool, "No")
        with self.assertRaisesRegex(UserError, "1 are left today"):
            self.claim(others, self.rep)
        self.assertFalse(others.user_id)
        self.claim(one, self.rep)
        with self.assertRaisesRegex(UserError, "0 are left today"):
            self.claim(others[0], self.rep)
        self.claim(others[0], self.colleague)

    def test_any_owner_of_before_waits(self):
        """Who had it, gave it to a colleague and wants it back waits too."""
        self.pool.cool_down_days = 30
        with freeze_time("2026-03-01 08:00:00"):
            customer = self.make_customer("Acme", self.rep)
        with freeze_time("2026-04-01 08:00:00"):
            customer.user_id = self.colleague
        with freeze_time("2026-04-10 08:00:00"):
            customer._release_to(self.pool, "No")
        with freeze_time("2026-04-20 08:00:00"):
            for user in (self.rep, self.colleague):
                with self.assertRaisesRegex(UserError, "within the last 30 days"):
                    self.claim(customer, user)
        with freeze_time("2026-05-02 08:00:00"):
            with self.assertRaisesRegex(UserError, "05/10/2026"):
                self.claim(customer, self.colleague)
            self.pool.cool_down_team = True
            with self.assertRaises(UserError):
                self.claim(customer, self.rep)
            self.pool.cool_down_team = False
            self.claim(customer, self.rep)

    def test_a_manager_gives(self):
        self.pool.write({"capacity": 1, "claims_per_day": 1, "cool_down_days": 9})
        customer = self.make_released("Acme", self.rep)
        with self.calling_as(self.manager):
            wizard = self.env["crm.pool.assign"].with_user(self.manager)
            wizard = wizard.create(
                {"row_ids": self.row(customer).ids, "user_id": self.rep.id, "note": "x"}
            )
            self.assertEqual(wizard.people_ids, self.rep | self.colleague)
            wizard.action_assign()
        self.assertEqual(customer.user_id, self.rep)
        move = self.moves(customer)[-1]
        self.assertEqual((move.cause, move.user_id), ("assign", self.manager))
        second = self.make_released("Two")
        row = self.row(second)
        with (
            self.calling_as(self.manager),
            self.assertRaisesRegex(UserError, "may own 1"),
        ):
            row.with_user(self.manager)._assign(self.rep)
        with (
            self.calling_as(self.manager),
            self.assertRaisesRegex(AccessError, "no member"),
        ):
            row.with_user(self.manager)._assign(self.other_rep)
        with self.calling_as(self.rep), self.assertRaises(AccessError):
            row.with_user(self.rep)._assign(self.rep)

    # ------------------------------------------------------------
    # LOOKING
    # ------------------------------------------------------------

    def test_details_show_to_who_looks(self):
        self.pool.looks_per_day = 1
        customer = self.make_released(
            "Acme",
            phone="+86 512 1234 5678",
            email="a@acme.example",
            city="苏州",
            country_id=self.env.ref("base.cn").id,
        )
        self.make_contact(customer, "Ms Li", phone="+86 138 0000 0000")
        second = self.make_released("Two", phone="+86 512 1111 1111")
        row, other = self.row(customer), self.row(second)
        names = ["phone", "email", "address", "contacts"]
        with self.calling_as(self.rep):
            row, other = row.with_user(self.rep), other.with_user(self.rep)
            self.assertFalse(any(row.read(names)[0][name] for name in names))
            row.action_look()
            self.assertEqual(row.phone, "+86 512 1234 5678")
            self.assertEqual(row.email, "a@acme.example")
            self.assertIn("138 0000 0000", row.contacts)
            self.assertEqual(row.address, "China, 苏州")
            row.action_look()
            with self.assertRaisesRegex(UserError, "looked at 1 customers"):
                other.action_look()
            self.assertFalse(other.phone)
        with self.calling_as(self.colleague):
            self.assertFalse(row.with_user(self.colleague).phone)
        # who reads the customer anyway needs no look
        with self.calling_as(self.manager):
            self.assertTrue(other.with_user(self.manager).phone)
        with freeze_time("2099-01-01"), self.calling_as(self.rep):
            self.assertFalse(row.with_user(self.rep).phone)

    def test_hidden_details_cannot_be_guessed(self):
        customer = self.make_released("Acme", phone="+86 512 1234 5678")
        row = self.row(customer)
        with self.calling_as(self.rep):
            rows = row.with_user(self.rep)
            self.assertTrue(rows.search([("name", "=", "Acme")]))
            self.assertFalse(rows.search([("partner_id.phone", "like", "512")]))
            for name in ("phone", "email", "address", "contacts"):
                with self.assertRaises(ValueError):
                    rows.search([(name, "like", "512")])

    # ------------------------------------------------------------
    # MERGED
    # ------------------------------------------------------------

    def test_merged_into_an_owned_one_it_leaves_the_pool(self):
        customer = self.make_released("Acme")
        owned = self.make_customer("Acme Ltd", self.rep)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((customer | owned).ids, owned)
        self.assertFalse(self.row(owned))
        self.assertEqual(self.moves(owned)[:1].cause, "release")
        two = self.make_released("Two") | self.make_released("Two Ltd")
        wizard._merge(two.ids, two[0])
        self.assertEqual(len(self.row(two[0])), 1)

    def test_what_members_have_costs_as_much_for_many_as_for_one(self):
        """# C10"""
        strangers = self.make_pool("Many", self.other_team, self.other_rep)
        active = self.make_customer("Bought", self.rep, lifecycle_state="active")
        self.pool.uncounted_active = True
        self.make_customer("Not yet", self.rep)
        self.claim(self.make_released("Claimed"), self.rep)
        self.env.flush_all()
        one = self.other_pool.member_ids
        many = self.pool.member_ids | one | strangers.member_ids
        counts = []
        for members in (one, many):
            self.env.invalidate_all()
            members.mapped("user_id.company_id.partner_id.tz")
            members.mapped("pool_id.uncounted_active")
            members.mapped("pool_id.uncounted_level_ids")
            before = self.env.cr.sql_log_count
            members.mapped("owned_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        member = self.pool.member_ids.filtered(lambda one: one.user_id == self.rep)
        self.assertEqual((member.owned_count, member.claimed_count), (2, 1))
        self.pool.uncounted_active = False
        self.assertEqual(active.user_id, self.rep)
        self.assertEqual(member.owned_count, 3)
