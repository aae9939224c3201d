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

from collections.abc import Mapping
from contextlib import contextmanager
from types import MappingProxyType

from odoo import Command
from odoo.exceptions import AccessError, UserError

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


class AccessTable:
    """Walks a table of who may do what; to stand before a ``…Common`` class.

    ``ACCESS_ROLES``: keys of ``self.roles``, the columns; ``ACCESS_TABLE``: a line of
    titles, then a line for each kind of record with letters for every role or ``-``:
    R read, W change, C create one like it, D delete; ``ACCESS_UNSURE``: letters not
    tried, by (role, kind). ``self.records``: the record of each kind.
    """

    ACCESS_ROLES = ()
    ACCESS_TABLE = ""
    ACCESS_UNSURE: Mapping[tuple[str, str], str] = MappingProxyType({})

    def access_cells(self):
        """(role, kind, letters) of every cell."""
        for line in self.ACCESS_TABLE.strip().splitlines()[1:]:
            kind, *row = line.split()
            for role, letters in zip(self.ACCESS_ROLES, row, strict=True):
                yield role, kind, letters.strip("-")

    def access_doors(self, record, text, group, name):
        """The ways to read a record, by name.

        :param text, group: fields to read and to group by
        :param name: what to search for as its name
        """
        by_id = [("id", "=", record.id)]
        return {
            "read": lambda: record.read([text]),
            "search": lambda: record.search(by_id),
            "count": lambda: record.search_count(by_id),
            "group": lambda: record._read_group(by_id, [group]),
            "web_group": lambda: record.formatted_read_group(
                by_id, [group], ["__count"]
            ),
            "export": lambda: record.export_data([text])["datas"],
            "name_search": lambda: record.name_search(name),
        }

    def assert_reading_obeys(self, text, group, name):
        """Every role reads, through every door, what has an R.

        :param name: the field that a record is searched by; else see ``access_doors``
        """
        wrong = []
        for role, kind, letters in self.access_cells():
            user = self.roles[role]
            with self.calling_as(user):
                record = self.records[kind].with_user(user)
                doors = self.access_doors(record, text, group, record.sudo()[name])
                for door, function in doors.items():
                    # the portal exports nothing
                    expected = "R" in letters and not (door == "export" and user.share)
                    if self.shows(function) != expected:
                        wrong.append(f"{role} {kind} {door}: expected {expected}")
        self.assertFalse(wrong, "\n".join(wrong))

    def assert_changing_obeys(self, functions):
        """Every role does what has a letter, and nothing else.

        :param functions: by letter, called with the record of the role
        """
        wrong = []
        for role, kind, letters in self.access_cells():
            user = self.roles[role]
            record = self.records[kind].with_user(user)
            for letter, function in functions.items():
                if letter in self.ACCESS_UNSURE.get((role, kind), ""):
                    continue
                if self.may(user, record, function) != (letter in letters):
                    wrong.append(
                        f"{role} {kind} {letter}: expected {letter in letters}"
                    )
        self.assertFalse(wrong, "\n".join(wrong))

    def shows(self, function):
        """Whether a way to read shows anything."""
        try:
            return bool(function())
        except AccessError:
            return False
        except UserError as error:
            if "export" in str(error):
                return False
            raise

    def may(self, user, record, function):
        """Whether the user may do something with a record; it is undone."""
        savepoint = self.env.cr.savepoint(flush=False)
        self.set_caller(user)
        try:
            function(record)
            self.env.flush_all()
            return True
        except AccessError:
            return False
        finally:
            savepoint.rollback()
            self.set_caller(self.env.user)
            self.env.transaction.clear()


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
        cls.add_roles(ROLE_GROUPS)
        cls.team = cls.make_team("Team A", cls.manager, cls.rep | cls.colleague)
        cls.other_team = cls.make_team("Team B", cls.other_manager, cls.other_rep)

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    @classmethod
    def make_user(cls, login, groups="", employee=EMPLOYEE, **values):
        """An internal user; ``groups`` are xml ids separated by commas."""
        return cls.make_users({login: groups}, employee, **values)

    @classmethod
    def make_users(cls, groups, employee=EMPLOYEE, **values):
        """Internal users at once, which is much faster than one after the other.

        :param groups: by login
        :param values: the same for all
        """
        return cls.env["res.users"].create(
            [
                {
                    "login": f"crm_{login}",
                    "password": f"crm_{login}".ljust(8, "x"),
                    "name": f"{login} user",
                    "email": "c.c@example.com",
                    "group_ids": [
                        Command.set([cls.env.ref(name.strip()).id for name in names])
                    ],
                    **values,
                }
                for login, own in groups.items()
                if (names := [name for name in f"{employee},{own}".split(",") if name])
            ]
        )

    @classmethod
    def add_roles(cls, groups, **values):
        """Users whose names and logins are their roles; see ``make_users``."""
        users = cls.make_users(groups, **values)
        for role, user in zip(groups, users, strict=True):
            cls.roles[role] = user
            setattr(cls, role, user)

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
