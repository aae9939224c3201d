"""Builders for the tests of this and of other modules.

``CustomerCommon`` gives one user of every role, two sales teams and functions that
make customers, contacts and leads::

    class TestPool(CustomerCommon):
        def test_x(self):
            customer = self.make_customer("Acme", owner=self.rep)
            contact = self.make_contact(customer, "Ms Li")
            lead = self.make_lead("Fair", owner=self.rep, partner=customer)
            with self.calling_as(self.other_rep):
                ...
"""

from contextlib import contextmanager

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

HUB = "crm_customer_center"
# what an employee has beside a role; contact creation is given to all so that
# record rules, not the lack of Odoo's own rights, decide
EMPLOYEE = "base.group_user,base.group_allow_export,base.group_partner_manager"
ROLE_GROUPS = {
    "plain": "",
    "rep": f"{HUB}.group_sales_rep",
    "colleague": f"{HUB}.group_sales_rep",
    "other_rep": f"{HUB}.group_sales_rep",
    "manager": f"{HUB}.group_team_manager",
    "other_manager": f"{HUB}.group_team_manager",
    "agent": f"{HUB}.group_service_agent",
    "service_manager": f"{HUB}.group_service_manager",
    "marketing": f"{HUB}.group_marketing",
    "crm_admin": f"{HUB}.group_crm_admin",
}


class CustomerCommon(BaseCommon):
    """Users ``plain``, ``rep`` and ``colleague`` (team ``team``, led by ``manager``),
    ``other_rep`` (team ``other_team``, led by ``other_manager``), ``agent``,
    ``service_manager``, ``marketing``, ``crm_admin``. The company is in China."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.env.company.country_id = cls.china
        cls.roles = {}
        for role, groups in ROLE_GROUPS.items():
            cls.roles[role] = cls.make_user(role, groups)
            setattr(cls, role, cls.roles[role])
        cls.team = cls.make_team("Team A", cls.manager, cls.rep | cls.colleague)
        cls.other_team = cls.make_team("Team B", cls.other_manager, cls.other_rep)

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    @classmethod
    def make_user(cls, login, groups="", employee=EMPLOYEE, **values):
        """An internal user; ``groups`` are xml ids separated by commas."""
        return new_test_user(
            cls.env,
            f"crm_{login}",
            groups=",".join(filter(None, (employee, groups))),
            name=f"{login} user",
            **values,
        )

    @classmethod
    def make_portal_user(cls, login, partner):
        """A portal user who is the partner (a contact of a customer)."""
        return cls.env["res.users"].create(
            {
                "login": f"crm_{login}",
                "partner_id": partner.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def make_team(cls, name, leader, members):
        return cls.env["crm.team"].create(
            {
                "name": name,
                "user_id": leader.id,
                "member_ids": [Command.set(members.ids)],
                "company_id": False,
            }
        )

    @classmethod
    def make_customer(cls, name, owner=None, **values):
        """A customer company without or with an owner (``is_company=False``: a
        person)."""
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "lifecycle_state": "potential",
                "user_id": owner.id if owner else False,
                **values,
            }
        )

    @classmethod
    def make_contact(cls, customer, name, **values):
        """A person of the customer; ``type="delivery"`` makes an address."""
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": customer.id, **values}
        )

    @classmethod
    def make_plain_partner(cls, name, **values):
        """A partner who is no customer: a supplier, an author of mails."""
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def make_lead(cls, name, owner=None, partner=None, **values):
        """An opportunity."""
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "user_id": owner.id if owner else False,
                "partner_id": partner.id if partner else False,
                "team_id": False,
                **values,
            }
        )

    @classmethod
    def set_unowned_access(cls, policy):
        """What reps may do with unowned customers: none, read or write."""
        cls.env["ir.config_parameter"].set_param(
            f"{HUB}.unowned_customer_access", policy
        )

    @classmethod
    def set_caller(cls, user):
        """Make ``user`` the one who calls the server, as an RPC call does.

        Odoo runs commands of x2many fields as the user of the transaction; in a
        test that is the superuser unless it is said.
        """
        cls.env.transaction.default_env = cls.env(user=user)

    @contextmanager
    def calling_as(self, user):
        """Flush, forget the cache, and be ``user`` towards the server."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.set_caller(user)
        try:
            yield self.env(user=user)
        finally:
            self.set_caller(self.env.user)
            self.env.invalidate_all()
