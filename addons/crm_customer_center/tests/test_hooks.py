"""Installation on a database in use, and leaving it."""

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
