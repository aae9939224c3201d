"""The table of roles: who may do what with which record, through every door."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CustomerCommon

# Columns of the tables below.
ROLES = [
    "plain",
    "rep",
    "other_rep",
    "manager",
    "other_manager",
    "agent",
    "service_manager",
    "marketing",
    "crm_admin",
    "portal",
    "other_portal",
    "public",
]

# R: read, search, search_count, _read_group, formatted_read_group, export_data,
# name_search, web_search_read, web_read, and details through related records;
# W: write; C: create one like it; D: delete. "-": none, ".": there is no such case.
# All employees of the table have Odoo's contact creation and export rights.
# "portal" is a contact of the rep's customer, "other_portal" of the stranger's.
PARTNER_TABLE = """
kind                  plain rep  orep mgr  omgr agt  smgr mkt  adm  por opor pub
own                   RWCD  RWCD RWCD RWCD RWCD RWCD RWCD RWCD RWCD .   .    .
rep's                 RWCD  RWCD -    RWCD -    R    R    R    RWCD R   -    -
contact-rep's         RWCD  RWCD -    RWCD -    R    R    R    RWCD R   -    -
colleague's           RWCD  -    -    RWCD -    R    R    R    RWCD -   -    -
contact-colleague's   RWCD  -    -    RWCD -    R    R    R    RWCD -   -    -
stranger's            RWCD  -    RWCD -    RWCD R    R    R    RWCD -   R    -
contact-stranger's    RWCD  -    RWCD -    RWCD R    R    R    RWCD -   R    -
address-stranger's    RWCD  -    RWCD -    RWCD R    R    R    RWCD -   R    -
archived-stranger's   RWCD  -    RWCD -    RWCD R    R    R    RWCD -   -    -
person-stranger's     RWCD  -    RWCD -    RWCD R    R    R    RWCD -   -    -
branch-of-rep's       RWCD  -    RWCD -    RWCD R    R    R    RWCD R   -    -
unowned               RWCD  RWCD RWCD RWCD RWCD RWCD RWCD RWCD RWCD -   -    -
contact-unowned       RWCD  RWCD RWCD RWCD RWCD RWCD RWCD RWCD RWCD -   -    -
supplier              RWCD  RWCD RWCD RWCD RWCD RWCD RWCD RWCD RWCD -   -    -
user                  R     R    R    R    R    R    R    R    R    -   -    -
user-made-customer    R     R    R    R    R    R    R    R    R    -   -    -
own-company           RW    RW   RW   RW   RW   RW   RW   RW   RW   -   -    -
contact-own-company   RWCD  RWCD RWCD RWCD RWCD RWCD RWCD RWCD RWCD -   -    -
other-company         -     -    -    -    -    -    -    -    -    -   -    -
contact-other-company -     -    -    -    -    -    -    -    -    -   -    -
"""

# Odoo gives salespeople no right to delete leads, and unassigned ones to all.
LEAD_TABLE = """
kind                  plain rep  orep mgr  omgr agt  smgr mkt  adm  por opor pub
own                   -     RWC  RWC  RWC  RWC  -    -    -    RWCD .   .    .
rep's                 -     RWC  -    RWC  -    -    -    -    RWCD -   -    -
colleague's           -     -    -    RWC  -    -    -    -    RWCD -   -    -
stranger's            -     -    RWC  -    RWC  -    -    -    RWCD -   -    -
plain's-in-team       -     -    -    RWC  -    -    -    -    RWCD -   -    -
unassigned-in-team    -     RWC  RWC  RWC  RWC  -    -    -    RWCD -   -    -
unassigned            -     RWC  RWC  RWC  RWC  -    -    -    RWCD -   -    -
other-company         -     -    -    -    -    -    -    -    -    -   -    -
"""

# Kinds nobody can delete, or create one more of, for reasons other than access.
NOT_TRIED = {
    "user": "CD",
    "user-made-customer": "CD",
    "own-company": "CD",
    "archived-stranger's": "C",
    "branch-of-rep's": "C",
}

READS = {
    "read": lambda record: record.read(["name"]),
    "search": lambda record: record.search(by_id(record)),
    "search_count": lambda record: record.search_count(by_id(record)),
    "_read_group": lambda record: record._read_group(by_id(record), ["name"]),
    "formatted_read_group": lambda record: record.formatted_read_group(
        by_id(record), ["name"], ["__count"]
    ),
    "export_data": lambda record: record.export_data(["name"])["datas"],
    "name_search": lambda record: record.name_search(record.sudo().name, by_id(record)),
    "web_search_read": lambda record: record.web_search_read(
        by_id(record), {"name": {}}
    )["records"],
    "web_read": lambda record: record.web_read({"name": {}}),
}


def by_id(record):
    return [("id", "=", record.id)]


def parse_table(text):
    """:return: {(role, kind): letters or None where there is no such case}"""
    rows = [line.split() for line in text.strip().splitlines()[1:]]
    cells = {}
    for kind, *row in rows:
        assert len(row) == len(ROLES), kind
        for role, letters in zip(ROLES, row, strict=True):
            cells[role, kind] = None if letters == "." else letters.strip("-")
    return cells


class RoleTableCommon(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_unowned_access("write")
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.partners = cls._make_partners()
        cls.leads = cls._make_leads()
        cls.roles |= {
            "portal": cls.make_portal_user(
                "portal", cls.make_contact(cls.partners["rep's"], "Portal User")
            ),
            "other_portal": cls.make_portal_user(
                "other_portal",
                cls.make_contact(cls.partners["stranger's"], "Other Portal User"),
            ),
            "public": cls.env.ref("base.public_user"),
        }
        cls.own = {
            role: {
                "res.partner": cls.make_customer(f"Own of {role}", owner=user),
                "crm.lead": cls.make_lead(f"Own of {role}", owner=user),
            }
            for role, user in cls.roles.items()
            if not user.share
        }
        cls.secrets = {}
        everyone = [
            *cls.partners.values(),
            *(own["res.partner"] for own in cls.own.values()),
        ]
        for number, partner in enumerate(everyone):
            if not partner.user_ids and partner != cls.company.partner_id:
                partner.email = f"secret{number}@customer-{number}.example.com"
            cls.secrets[partner.id] = partner.email or partner.phone
        cls.env.flush_all()

    @classmethod
    def _make_partners(cls):
        rep, colleague, stranger = cls.rep, cls.colleague, cls.other_rep
        customers = {
            "rep's": cls.make_customer("Rep's Company", owner=rep),
            "colleague's": cls.make_customer("Colleague's Company", owner=colleague),
            "stranger's": cls.make_customer("Stranger's Company", owner=stranger),
            "unowned": cls.make_customer("Unowned Company"),
            "own-company": cls.company.partner_id,
            "other-company": cls.make_customer(
                "Elsewhere", owner=rep, company_id=cls.other_company.id
            ),
        }
        cls.company.partner_id.write(
            {
                "user_id": stranger.id,
                "lifecycle_state": "active",
                "email": "us@own-company.example.com",
            }
        )
        contacts = {
            f"contact-{kind}": cls.make_contact(
                customer, f"Contact of {kind}", company_id=customer.company_id.id
            )
            for kind, customer in customers.items()
        }
        employee = cls.make_user("employee", email="employee@own-company.example.com")
        seller = cls.make_user("seller", email="seller@own-company.example.com")
        seller.partner_id.write(
            {"user_id": stranger.id, "lifecycle_state": "potential"}
        )
        return {
            **customers,
            **contacts,
            "address-stranger's": cls.make_contact(
                customers["stranger's"], "Stranger's Warehouse", type="delivery"
            ),
            "archived-stranger's": cls.make_customer(
                "Archived Company", owner=stranger, active=False
            ),
            "person-stranger's": cls.make_customer(
                "Stranger's Person", owner=stranger, is_company=False
            ),
            "branch-of-rep's": cls.make_customer(
                "Branch", owner=stranger, parent_id=customers["rep's"].id
            ),
            "supplier": cls.make_plain_partner("Supplier", is_company=True),
            "user": employee.partner_id,
            "user-made-customer": seller.partner_id,
        }

    @classmethod
    def _make_leads(cls):
        elsewhere = cls.make_user(
            "elsewhere",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )
        return {
            "rep's": cls.make_lead("Rep's Lead", owner=cls.rep),
            "colleague's": cls.make_lead("Colleague's Lead", owner=cls.colleague),
            "stranger's": cls.make_lead("Stranger's Lead", owner=cls.other_rep),
            "plain's-in-team": cls.make_lead(
                "Plain's Lead", owner=cls.plain, team_id=cls.team.id
            ),
            "unassigned-in-team": cls.make_lead("Waiting", team_id=cls.team.id),
            "unassigned": cls.make_lead("Nobody's Lead"),
            "other-company": cls.make_lead(
                "Elsewhere's Lead", owner=elsewhere, company_id=cls.other_company.id
            ),
        }

    def record_of(self, model, role, kind):
        if kind == "own":
            return self.own[role][model]
        return (self.partners if model == "res.partner" else self.leads)[kind]

    def is_allowed(self, operation, record):
        """Whether the operation gives or does something; refusals are AccessErrors
        and, at export, Odoo's UserError about the missing right."""
        try:
            return bool(operation(record))
        except AccessError:
            return False
        except UserError as error:
            if "export" in str(error):
                return False
            raise

    def is_allowed_and_undone(self, operation, record):
        """The same of an operation that changes something."""

        def operate(record):
            done = operation(record)
            self.env.flush_all()
            return done

        savepoint = self.env.cr.savepoint(flush=False)
        try:
            return self.is_allowed(operate, record)
        finally:
            savepoint.rollback()
            self.env.transaction.clear()

    def walk(self, text, model, operations, undo=True):
        """Compute every cell of the table and compare.

        :param operations: {name: (letter, function(record))}
        :param undo: whether the operations change something
        """
        is_allowed = self.is_allowed_and_undone if undo else self.is_allowed
        wrong, walked = [], 0
        for (role, kind), letters in parse_table(text).items():
            if letters is None:
                continue
            user = self.roles[role]
            record = self.record_of(model, role, kind).with_user(user)
            record = record.with_context(active_test=False)
            self.set_caller(user)
            self.env.invalidate_all()
            for name, (letter, operation) in operations.items():
                if letter in NOT_TRIED.get(kind, ""):
                    continue
                expected = letter in letters
                if name == "export_data" and user.share:
                    expected = False
                allowed = is_allowed(operation, record)
                walked += 1
                if allowed != expected:
                    verb = "may" if allowed else "may not"
                    wrong.append(f"{role} {verb} {name} {model} {kind}")
            self.set_caller(self.env.user)
        self.assertGreater(walked, len(operations) * 50)
        self.assertFalse(wrong, "\n" + "\n".join(wrong))


@tagged("post_install", "-at_install")
class TestAccessRoles(RoleTableCommon):
    """# G1: each role reaches its records and no others, through every door."""

    def test_every_way_of_reading_customers_obeys_the_table(self):
        """# G1: search, count, groups, export and names show what reading shows."""
        operations = {name: ("R", function) for name, function in READS.items()}
        self.walk(PARTNER_TABLE, "res.partner", operations, undo=False)

    def test_writing_customers_obeys_the_table(self):
        """# G1: write, create and delete of customers, contacts and other partners."""
        self.walk(
            PARTNER_TABLE,
            "res.partner",
            {
                "write": ("W", lambda partner: partner.write({"comment": "Seen."})),
                "create": ("C", self._create_partner_like),
                "unlink": ("D", lambda partner: partner.unlink()),
            },
        )

    def test_every_way_of_reading_leads_obeys_the_table(self):
        """# G1: leads likewise."""
        operations = {name: ("R", function) for name, function in READS.items()}
        self.walk(LEAD_TABLE, "crm.lead", operations, undo=False)

    def test_writing_leads_obeys_the_table(self):
        """# G1: leads likewise."""
        self.walk(
            LEAD_TABLE,
            "crm.lead",
            {
                "write": ("W", lambda lead: lead.write({"description": "Seen."})),
                "create": ("C", self._create_lead_like),
                "unlink": ("D", lambda lead: lead.unlink()),
            },
        )

    def test_related_records_show_no_more_than_the_name(self):
        """# G1: a lead's customer, a company's contacts and followers show details of
        a customer to those only who may read it."""
        self._prepare_doors()
        self.walk(
            PARTNER_TABLE,
            "res.partner",
            {
                "child_ids": ("R", self._secret_through_parent),
                "followers": ("R", self._secret_through_followers),
                "category": ("R", self._secret_through_category),
                "message": ("R", self._secret_through_message),
            },
            undo=False,
        )

    def test_a_lead_shows_no_more_of_its_customer_than_the_name(self):
        """# G1: the name of a hidden customer shows in an own lead, nothing else."""
        cells = parse_table(PARTNER_TABLE)
        salespeople = ["rep", "other_rep", "manager", "other_manager", "crm_admin"]
        for role in salespeople:
            lead = self.own[role]["crm.lead"]
            for kind, partner in self.partners.items():
                if kind.endswith("other-company"):
                    continue
                with self.subTest(role=role, kind=kind):
                    lead.partner_id = partner
                    self._check_lead_door(
                        lead, self.roles[role], partner, "R" in cells[role, kind]
                    )

    def _check_lead_door(self, lead, user, partner, readable):
        secret = self.secrets[partner.id]
        name_only = {"partner_id": {"fields": {"display_name": {}}}}
        details = {"partner_id": {"fields": {"display_name": {}, "email": {}}}}
        oracle = [("id", "=", lead.id), ("partner_id.email", "=", secret)]
        with self.calling_as(user):
            lead = lead.with_user(user)
            (shown,) = lead.web_read(name_only)
            self.assertEqual(
                shown["partner_id"]["display_name"], partner.sudo().display_name
            )
            self.assertEqual(
                self.is_allowed(lambda r: secret in str(r.web_read(details)), lead),
                readable,
            )
            export = self.is_allowed(
                lambda r: secret in str(r.export_data(["partner_id/email"])), lead
            )
            self.assertEqual(export, readable)
            found = lead.with_context(active_test=False).search_count(oracle)
            self.assertEqual(bool(found), readable, "a search must not guess")

    # ------------------------------------------------------------
    # OPERATIONS
    # ------------------------------------------------------------

    def _create_partner_like(self, partner):
        origin = partner.sudo()
        if origin.parent_id:
            return partner.create(
                {
                    "name": "New",
                    "parent_id": origin.parent_id.id,
                    "type": origin.type,
                    "company_id": origin.company_id.id,
                }
            )
        return partner.create(
            {
                "name": "New",
                "is_company": origin.is_company,
                "lifecycle_state": origin.lifecycle_state,
                "user_id": origin.user_id.id,
                "company_id": origin.company_id.id,
            }
        )

    def _create_lead_like(self, lead):
        origin = lead.sudo()
        return lead.create(
            {
                "name": "New",
                "user_id": origin.user_id.id,
                "team_id": origin.team_id.id,
                "company_id": origin.company_id.id,
            }
        )

    def _prepare_doors(self):
        """Records everybody may read, each related to one of the partners."""
        everybody = self.roles["plain"].partner_id
        self.doors = {}
        for partner in [
            *self.partners.values(),
            *(own["res.partner"] for own in self.own.values()),
        ]:
            self.doors[partner.id] = {
                "parent": partner.parent_id or self._make_parent(partner),
                "follower": self.env["mail.followers"].create(
                    {
                        "res_model": "res.partner",
                        "res_id": everybody.id,
                        "partner_id": partner.id,
                    }
                ),
                "tag": self.env["res.partner.category"].create(
                    {"name": "Tag", "partner_ids": [(4, partner.id)]}
                ),
                "message": everybody.message_post(
                    body="Hello",
                    author_id=partner.id,
                    email_from="somebody@example.com",
                ),
            }
        self.env.flush_all()

    def _make_parent(self, partner):
        """A company above the partner, by SQL: its computed columns stay."""
        parent = self.make_plain_partner("Above", is_company=True)
        self.env.cr.execute(
            "UPDATE res_partner SET parent_id = %s WHERE id = %s",
            [parent.id, partner.id],
        )
        partner.invalidate_recordset()
        return parent

    def _door(self, partner, name):
        return self.doors[partner.id][name].with_env(partner.env)

    def _secret_through_parent(self, partner):
        """Details read through the one2many of a company."""
        company = self._door(partner, "parent")
        if partner.env.user.share or not partner.sudo().active:
            return partner.has_access("read")
        if not company.has_access("read"):
            return partner.has_access("read")
        shown = company.web_read(
            {"child_ids": {"fields": {"display_name": {}, "email": {}}}}
        )
        return self.secrets[partner.id] in str(shown)

    def _secret_through_followers(self, partner):
        """Details read through the followers of a document."""
        if partner.env.user.share:
            return partner.has_access("read")
        (shown,) = self._door(partner, "follower").read(["email", "display_name"])
        self.assertEqual(shown["display_name"], partner.sudo().display_name)
        return shown["email"] == self.secrets[partner.id]

    def _secret_through_category(self, partner):
        """Details read through a many2many and by a dotted search."""
        if partner.env.user.share:
            return partner.has_access("read")
        tag = self._door(partner, "tag")
        secret = self.secrets[partner.id]
        found = tag.search([("id", "=", tag.id), ("partner_ids.email", "=", secret)])
        shown = tag.web_read({"partner_ids": {"fields": {"email": {}}}})
        self.assertEqual(bool(found), secret in str(shown))
        return found

    def _secret_through_message(self, partner):
        """Details of the author of a message."""
        if partner.env.user.share:
            return partner.has_access("read")
        message = self._door(partner, "message")
        (shown,) = message.web_read({"author_id": {"fields": {"display_name": {}}}})
        self.assertEqual(
            shown["author_id"]["display_name"], partner.sudo().display_name
        )
        details = message.web_read({"author_id": {"fields": {"email": {}}}})
        return self.secrets[partner.id] in str(details)
