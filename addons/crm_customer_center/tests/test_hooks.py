"""Installation on a database in use, and leaving it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import hooks
from .common import HUB, CustomerCommon


@tagged("post_install", "-at_install")
class TestHooks(CustomerCommon):
    def test_salespeople_of_before_get_their_role(self):
        """# G1: own documents → rep, administrator → administrator, and who sees all
        documents is no rep, for the rep's rules would be idle."""
        salesman = self.make_user("salesman", "sales_team.group_sale_salesman")
        everything = self.make_user(
            "everything", "sales_team.group_sale_salesman_all_leads"
        )
        administrator = self.make_user("sales_admin", "sales_team.group_sale_manager")
        hooks.post_init_hook(self.env)
        self.env.invalidate_all()
        for user, role in (
            (salesman, "group_sales_rep"),
            (everything, None),
            (administrator, "group_crm_admin"),
            (self.plain, None),
        ):
            with self.subTest(user=user.login):
                roles = {
                    name
                    for name in ("group_sales_rep", "group_crm_admin")
                    if self.env.ref(f"{HUB}.{name}") in user.group_ids
                }
                self.assertEqual(roles, {role} - {None})

    def test_industries_in_use_stay_and_others_step_back(self):
        """# C1: and come back when the module goes."""
        core = hooks._core_industries(self.env)
        self.assertEqual(len(core), 21)
        hooks.uninstall_hook(self.env)
        self.assertTrue(all(core.mapped("active")))
        used = core[:1]
        self.make_plain_partner("Old", industry_id=used.id, active=False)
        hooks.post_init_hook(self.env)
        self.assertTrue(used.active)
        self.assertFalse(any((core - used).mapped("active")))
        hooks.uninstall_hook(self.env)
        self.assertTrue(all(core.mapped("active")))

    def test_customers_of_before_are_numbered(self):
        """# C1: archived ones too, in the order they came; codes stay."""
        former = self.make_customer("Former")
        code = former.customer_code
        customers = (
            self.make_customer("A")
            | self.make_customer("B", active=False)
            | self.make_customer("C")
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET customer_code = NULL WHERE id = ANY(%s)",
            [customers.ids],
        )
        self.env.invalidate_all()
        hooks.post_init_hook(self.env)
        codes = customers.mapped("customer_code")
        self.assertEqual(codes, sorted({*codes} - {code, False}))
        self.assertEqual(len(codes), 3)
        self.assertEqual(former.customer_code, code)

    def test_codes_wait_for_their_sequence_during_installation(self):
        """# C1: Odoo fills columns before it reads data files; afterwards a missing
        sequence is an administrator's deed and told."""
        self.env["ir.sequence"].search([("code", "=", "res.partner.customer")]).unlink()
        with patch.object(self.env.registry, "ready", False):
            customer = self.make_customer("Before", owner=self.rep)
            self.env.flush_all()
        self.assertFalse(customer.customer_code)
        with self.assertRaises(UserError):
            self.make_customer("After", owner=self.rep).flush_recordset()

    def test_hooks_can_run_twice(self):
        """# O3: an interrupted installation is repeated."""
        hooks.post_init_hook(self.env)
        groups = self.env.ref(f"{HUB}.group_sales_rep").user_ids
        hooks.post_init_hook(self.env)
        self.assertEqual(self.env.ref(f"{HUB}.group_sales_rep").user_ids, groups)

    def test_the_administrators_of_the_database_administer_the_centre(self):
        """# G1"""
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin.has_group(f"{HUB}.group_crm_admin"))
