"""The customer master: codes, lifecycle, owner, team, region, contacts, merge."""

import re

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import HUB, CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomerCode(CustomerCommon):
    def _number(self, code):
        return int(code.removeprefix("C"))

    def test_customers_of_one_batch_get_consecutive_codes(self):
        """# C1: one draw for the batch, in the order of creation."""
        customers = self.env["res.partner"].create(
            [{"name": f"N{i}", "lifecycle_state": "potential"} for i in range(20)]
        )
        numbers = [self._number(code) for code in customers.mapped("customer_code")]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 20)))

    def test_typed_codes_are_kept_and_passed_over(self):
        """# C1: also when typed in the same batch, or by another company."""
        drawn = self._number(self.make_customer("First").customer_code)
        other = self.env["res.company"].create({"name": "Other"})
        self.make_customer("Typed", customer_code=f"C{drawn + 1:06d}", active=False)
        self.make_customer(
            "Elsewhere", customer_code=f"C{drawn + 2:06d}", company_id=other.id
        )
        batch = self.env["res.partner"].create(
            [
                {"name": "A", "lifecycle_state": "potential"},
                {
                    "name": "B",
                    "lifecycle_state": "potential",
                    "customer_code": f"C{drawn + 3:06d}",
                },
                {"name": "C", "lifecycle_state": "potential"},
            ]
        )
        self.assertEqual(
            batch.mapped("customer_code"),
            [f"C{drawn + 4:06d}", f"C{drawn + 3:06d}", f"C{drawn + 5:06d}"],
        )

    def test_one_company_has_no_code_twice(self):
        """# C1: unique per company; partners of all companies count as one more."""
        other = self.env["res.company"].create({"name": "Other"})
        self.make_customer("One", customer_code="K1")
        self.make_customer("Other's", customer_code="K1", company_id=other.id)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make_customer("Two", customer_code="K1")

    def test_plain_partners_and_contacts_have_no_code(self):
        """# C1"""
        contact = self.make_contact(self.make_customer("Acme"), "Person")
        self.assertFalse(contact.customer_code)
        self.assertFalse(self.make_plain_partner("Supplier").customer_code)

    def test_a_code_stays_for_good(self):
        """# C1: through lifecycle, archive and back."""
        customer = self.make_customer("Acme")
        code = customer.customer_code
        self.assertTrue(code)
        customer.lifecycle_state = "active"
        customer.action_archive()
        customer.action_unarchive()
        customer.lifecycle_state = "lost"
        self.assertEqual(customer.customer_code, code)

    def test_a_copy_gets_its_own_code(self):
        """# C1"""
        customer = self.make_customer("Acme", owner=self.rep)
        copy = customer.copy()
        self.assertEqual(copy.lifecycle_state, "potential")
        self.assertTrue(copy.customer_code)
        self.assertNotEqual(copy.customer_code, customer.customer_code)

    def test_a_form_that_is_not_saved_draws_no_number(self):
        """# C1: an onchange must not burn codes."""
        before = self._number(self.make_customer("Before").customer_code)
        partners = self.env["res.partner"].with_context(default_is_entry_whole=True)
        form = Form(partners, view=f"{HUB}.view_customer_form")
        form.name = "Given up"
        form.lifecycle_state = "active"
        form.lifecycle_state = "potential"
        after = self._number(self.make_customer("After").customer_code)
        self.assertEqual(after, before + 1)

    def test_codes_of_a_sequence_without_gaps_come_one_by_one(self):
        """# C1: an administrator may choose it; and prefix, padding, own series."""
        sequence = self.env.ref(f"{HUB}.seq_customer_code")
        sequence.copy(
            {
                "company_id": self.company.id,
                "implementation": "no_gap",
                "prefix": "KH-",
                "padding": 3,
                "number_next": 1,
            }
        )
        customers = self.env["res.partner"].create(
            [{"name": f"N{i}", "lifecycle_state": "potential"} for i in range(3)]
        )
        self.assertEqual(
            customers.mapped("customer_code"), ["KH-001", "KH-002", "KH-003"]
        )

    def test_a_changed_sequence_counts_at_once(self):
        """# C1: what is known of it is kept between transactions, until it changes."""
        self.make_customer("Before")
        sequence = self.env.ref(f"{HUB}.seq_customer_code")
        sequence.write({"prefix": "KH%(y)s-", "suffix": "/A", "padding": 2})
        self.assertRegex(self.make_customer("After").customer_code, r"^KH\d\d-\d+/A$")
        sequence.write({"code": "something.else"})
        with self.assertRaisesRegex(UserError, "res.partner.customer"):
            self.make_customer("None").flush_recordset()

    def test_without_a_sequence_the_message_says_how_to_get_one(self):
        """# C1"""
        self.env["ir.sequence"].search([("code", "=", "res.partner.customer")]).unlink()
        with self.assertRaisesRegex(UserError, "res.partner.customer"):
            self.make_customer("Acme").flush_recordset()

    def test_a_customer_is_found_by_its_whole_code(self):
        """# C1: wherever a customer is picked, in any case; before those whose code
        only begins so (C17)."""
        longer = self.make_customer("Longer", customer_code="KX00421")
        customer = self.make_customer("Acme", customer_code="KX0042")
        find = self.env["res.partner"].name_search
        ids = [id_ for id_, _name in find("kx0042 ")]
        self.assertEqual(ids, [customer.id, longer.id])
        exact = [id_ for id_, _name in find("KX0042", operator="=")]
        self.assertEqual(exact, customer.ids)


@tagged("post_install", "-at_install")
class TestLifecycle(CustomerCommon):
    def test_whoever_gets_an_owner_becomes_a_customer(self):
        """# C1: in Odoo's own form too, so that record rules protect it."""
        with Form(self.env["res.partner"]) as form:
            form.name = "Acme"
            form.user_id = self.rep
        partner = form.record
        self.assertEqual(partner.lifecycle_state, "potential")
        self.assertTrue(partner.is_customer)
        self.assertEqual(partner.customer_owner_id, self.rep)
        self.assertTrue(partner.customer_code)

    def test_an_owner_does_not_change_a_lifecycle(self):
        """# C1"""
        customer = self.make_customer("Acme", lifecycle_state="dormant")
        customer.user_id = self.rep
        self.assertEqual(customer.lifecycle_state, "dormant")
        customer.user_id = False
        self.assertEqual(customer.lifecycle_state, "dormant")

    def test_a_partner_without_owner_is_no_customer(self):
        """# C1"""
        partner = self.make_plain_partner("Supplier", is_company=True)
        self.assertFalse(partner.lifecycle_state or partner.is_customer)

    def test_an_employees_partner_becomes_no_customer(self):
        """# G1"""
        self.plain.partner_id.user_id = self.rep
        self.assertFalse(self.plain.partner_id.lifecycle_state)
        self.assertFalse(self.plain.partner_id.is_customer)

    def test_contacts_have_no_lifecycle_of_their_own(self):
        """# C2: not by default of the screen, owner, or somebody's hand."""
        customer = self.make_customer("Acme", owner=self.rep)
        contacts = self.env["res.partner"].with_context(
            default_lifecycle_state="potential", default_user_id=self.rep.id
        )
        by_default = contacts.create({"name": "A", "parent_id": customer.id})
        by_context = contacts.with_context(default_parent_id=customer.id).create(
            {"name": "B"}
        )
        by_hand = self.make_contact(customer, "C", lifecycle_state="active")
        written = self.make_contact(customer, "D")
        written.write({"lifecycle_state": "active"})
        owned = self.make_contact(customer, "E")
        owned.user_id = self.other_rep
        for contact in by_default | by_context | by_hand | written | owned:
            with self.subTest(contact=contact.name):
                self.assertFalse(contact.lifecycle_state or contact.customer_code)
                self.assertTrue(contact.is_customer)
                self.assertEqual(contact.customer_owner_id, self.rep)

    def test_a_contact_of_a_person_follows_the_person(self):
        """# C2: a delivery address below a person who is a customer."""
        person = self.make_customer("Ms Li", owner=self.rep, is_company=False)
        address = self.make_contact(person, "Warehouse", type="delivery")
        self.assertEqual(address.commercial_partner_id, person)
        self.assertFalse(address.lifecycle_state)
        self.assertEqual(address.customer_owner_id, self.rep)

    def test_a_company_below_a_company_is_a_customer_of_its_own(self):
        """# C1: however it got there, it keeps state, code and owner."""
        holding = self.make_customer("Holding", owner=self.rep)
        by_flag = self.make_customer("A", self.other_rep, parent_id=holding.id)
        by_type = self.env["res.partner"].create(
            {
                "name": "B",
                "company_type": "company",
                "parent_id": holding.id,
                "user_id": self.other_rep.id,
                "lifecycle_state": "active",
            }
        )
        moved = self.make_customer("C", owner=self.other_rep)
        code = moved.customer_code
        moved.parent_id = holding
        self.assertEqual(moved.customer_code, code)
        for company in by_flag | by_type | moved:
            with self.subTest(company=company.name):
                self.assertTrue(company.lifecycle_state and company.customer_code)
                self.assertEqual(company.customer_owner_id, self.other_rep)

    def test_a_company_and_a_person_moved_together_each_keep_their_kind(self):
        """# C2: one write on records of both kinds."""
        holding = self.make_customer("Holding", owner=self.rep)
        company = self.make_customer("Company", owner=self.other_rep)
        person = self.make_customer("Person", owner=self.other_rep, is_company=False)
        (company | person).write({"parent_id": holding.id})
        self.assertTrue(company.lifecycle_state)
        self.assertFalse(person.lifecycle_state)
        self.assertEqual(person.customer_owner_id, self.rep)
        self.assertEqual(company.customer_owner_id, self.other_rep)

    def test_a_company_below_its_own_contact_is_refused(self):
        """# C1: Odoo says so; it must not look for contacts for ever."""
        company = self.make_customer("Company", owner=self.rep)
        person = self.make_contact(company, "Person")
        address = self.make_contact(person, "Address", type="delivery")
        for below in (person, address):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                company.parent_id = below
        self.assertEqual(address.customer_owner_id, self.rep)

    def test_contacts_of_contacts_follow_the_company(self):
        """# C2: however deep, through changes of owner, state and place."""
        company = self.make_customer("Company", owner=self.rep)
        person = self.make_contact(company, "Person")
        address = self.make_contact(person, "Address", type="delivery", active=False)
        company.user_id = self.other_rep
        self.assertEqual(address.customer_owner_id, self.other_rep)
        company.write({"user_id": False, "lifecycle_state": False})
        self.assertFalse(address.is_customer)
        company.write({"user_id": self.colleague.id, "lifecycle_state": "active"})
        self.assertEqual(address.customer_owner_id, self.colleague)
        person.parent_id = self.make_customer("Other", owner=self.rep)
        self.assertEqual(address.customer_owner_id, self.rep)

    def test_a_contact_who_leaves_is_no_customer_until_owned(self):
        """# C2"""
        customer = self.make_customer("Acme", owner=self.rep)
        contact = self.make_contact(customer, "Person", user_id=False)
        contact.write({"parent_id": False, "user_id": False})
        self.assertFalse(contact.is_customer or contact.customer_owner_id)
        contact.user_id = self.other_rep
        self.assertEqual(contact.lifecycle_state, "potential")
        self.assertEqual(contact.customer_owner_id, self.other_rep)

    def test_a_lead_becomes_a_customer_with_owner_source_and_state(self):
        """# C1: the company is the customer, the person its contact."""
        source = self.env["utm.source"].create({"name": "Fair"})
        lead = self.make_lead(
            "Fair",
            self.rep,
            partner_name="New Company",
            contact_name="Ms Li",
            source_id=source.id,
        )
        with self.calling_as(self.rep) as env:
            lead = env["crm.lead"].browse(lead.id)
            lead._handle_partner_assignment(create_missing=True)
        contact = lead.partner_id.sudo()
        company = contact.parent_id
        self.assertEqual((contact.name, company.name), ("Ms Li", "New Company"))
        self.assertEqual(company.lifecycle_state, "potential")
        self.assertEqual(company.customer_source_id, source)
        self.assertEqual(company.customer_owner_id, self.rep)
        self.assertFalse(contact.lifecycle_state or contact.customer_source_id)

    def test_an_address_made_to_write_a_mail_is_no_customer(self):
        """# C1"""
        lead = self.make_lead("Mail", email_from="ask@example.com")
        information = lead._get_customer_information()
        self.assertEqual(list(information), ["ask@example.com"])
        self.assertNotIn("lifecycle_state", information["ask@example.com"])


@tagged("post_install", "-at_install")
class TestClassification(CustomerCommon):
    def test_the_region_follows_from_province_and_country(self):
        """# C1: 上海 → 华东; the province goes before the country; abroad the
        country."""
        east = self.env.ref(f"{HUB}.region_east")
        abroad = self.env["crm.customer.region"].create(
            {
                "name": "Abroad",
                "country_ids": [Command.set(self.env.ref("base.de").ids)],
            }
        )
        customer = self.make_customer(
            "Acme",
            state_id=self.env.ref("base.state_cn_SH").id,
            country_id=self.china.id,
        )
        self.assertEqual(customer.customer_region_id, east)
        customer.write({"state_id": False, "country_id": self.env.ref("base.de").id})
        self.assertEqual(customer.customer_region_id, abroad)
        customer.country_id = self.env.ref("base.fr")
        self.assertFalse(customer.customer_region_id)

    def test_a_province_moved_to_another_region_moves_its_customers(self):
        """# C1"""
        customer = self.make_customer(
            "Acme", state_id=self.env.ref("base.state_cn_SH").id
        )
        region = self.env["crm.customer.region"].create({"name": "Delta"})
        region.state_ids = self.env.ref("base.state_cn_SH")
        self.assertEqual(customer.customer_region_id, region)

    def test_the_team_follows_the_owner_and_can_be_chosen(self):
        """# C1"""
        customer = self.make_customer("Acme", owner=self.rep)
        self.assertEqual(customer.team_id, self.team)
        customer.user_id = self.other_rep
        self.assertEqual(customer.team_id, self.other_team)
        customer.team_id = self.team
        self.assertEqual(customer.team_id, self.team)
        customer.user_id = False
        self.assertEqual(customer.team_id, self.team)

    def test_the_name_key_folds_what_names_differ_in(self):
        """# C1: legal form, width, script; kept up to date; only for customers."""
        keys = {
            self.make_customer(name).name_key
            for name in ("華為技術有限公司", "华为技术（有限公司）", "华为技术")
        }
        self.assertEqual(len(keys), 1)
        customer = self.make_customer("Acme Co., Ltd.")
        key = customer.name_key
        customer.name = "Other Ltd"
        self.assertNotEqual(customer.name_key, key)
        self.assertFalse(self.make_plain_partner("Supplier").name_key)

    def test_one_level_code_is_used_by_one_active_level(self):
        """# C1"""
        levels = self.env["crm.customer.level"]
        first = levels.create({"name": "Test", "code": "Zz"})
        first.active = False
        first.flush_recordset()
        levels.create({"name": "Successor", "code": "zZ"})
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            levels.create({"name": "Third", "code": "ZZ"})

    def test_a_source_shows_its_label(self):
        """# C1: people read the label, links keep the name; both are searched."""
        source = self.env["utm.source"].create({"name": "key-x", "label": "展会X"})
        self.assertEqual(source.display_name, "展会X")
        for text in ("key-x", "展会X"):
            found = [id_ for id_, _name in source.name_search(text)]
            self.assertIn(source.id, found)


@tagged("post_install", "-at_install")
class TestPrimaryContact(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Acme", owner=cls.rep)

    def test_the_first_person_is_the_primary_contact(self):
        """# C2: not an address, not the second person, not of plain partners."""
        self.make_contact(self.customer, "Warehouse", type="delivery")
        self.assertFalse(self.customer.primary_contact_id)
        first = self.make_contact(self.customer, "First")
        second = self.make_contact(self.customer, "Second")
        self.assertEqual(self.customer.primary_contact_id, first)
        self.assertTrue(first.is_primary_contact)
        self.assertFalse(second.is_primary_contact)
        supplier = self.make_plain_partner("Supplier", is_company=True)
        self.make_contact(supplier, "Seller")
        self.assertFalse(supplier.primary_contact_id)

    def test_another_contact_takes_over(self):
        """# C2: by the box on the contact, and it can be taken off."""
        first = self.make_contact(self.customer, "First", phone="+86 138 0013 8000")
        second = self.make_contact(self.customer, "Second")
        self.assertEqual(self.customer.primary_contact_phone, "+86 138 0013 8000")
        second.is_primary_contact = True
        self.assertEqual(self.customer.primary_contact_id, second)
        self.assertFalse(first.is_primary_contact)
        second.is_primary_contact = False
        self.assertFalse(self.customer.primary_contact_id)

    def test_contacts_entered_with_the_customer_count(self):
        """# C2: one form, one save."""
        customer = self.make_customer(
            "New", child_ids=[Command.create({"name": n}) for n in ("One", "Two")]
        )
        self.assertIn(customer.primary_contact_id.name, ("One", "Two"))

    def test_a_stranger_is_no_primary_contact(self):
        """# C2: and the message says what to do."""
        stranger = self.make_contact(self.make_customer("Other"), "Stranger")
        with self.assertRaisesRegex(ValidationError, "add the person there first"):
            self.customer.primary_contact_id = stranger

    def test_who_moves_to_another_company_is_primary_there(self):
        """# C2: and no longer at the former, be it archived or another's."""
        contact = self.make_contact(self.customer, "Person")
        self.customer.action_archive()
        self.customer.user_id = self.other_rep
        other = self.make_customer("Other", owner=self.rep)
        contact.parent_id = other
        self.assertFalse(self.customer.primary_contact_id)
        self.assertEqual(other.primary_contact_id, contact)
        self.assertEqual(contact.customer_owner_id, self.rep)

    def test_a_deleted_contact_leaves_the_place_empty(self):
        """# C2"""
        contact = self.make_contact(self.customer, "Person")
        contact.unlink()
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.primary_contact_id)


@tagged("post_install", "-at_install")
class TestMergeAndArchive(CustomerCommon):
    def _merge(self, target, *sources):
        partners = target.union(*sources)
        with self.calling_as(self.crm_admin) as env:
            env["base.partner.merge.automatic.wizard"].create(
                {
                    "partner_ids": [Command.set(partners.ids)],
                    "dst_partner_id": target.id,
                }
            ).action_merge()

    def test_two_customers_become_one(self):
        """# C1: the target keeps code, state and owner; contacts and leads move and
        belong to the target's owner."""
        target = self.make_customer("Acme", self.rep, email="a@acme.example.com")
        source = self.make_customer("ACME", self.other_rep, email=target.email)
        contact = self.make_contact(source, "Person")
        lead = self.make_lead("Lead", self.other_rep, source)
        code = target.customer_code
        self._merge(target, source)
        self.assertFalse(source.exists().filtered("active"))
        self.assertEqual(target.customer_code, code)
        self.assertEqual(target.user_id, self.rep)
        self.assertEqual(lead.partner_id, target)
        self.assertEqual(contact.parent_id, target)
        self.assertEqual(contact.customer_owner_id, self.rep)
        self.assertTrue(contact.with_user(self.rep).has_access("read"))
        self.assertFalse(contact.with_user(self.other_rep).has_access("read"))

    def test_a_customer_merged_into_a_plain_partner_stays_a_customer(self):
        """# C1: code, state, owner and team come along; Odoo would lose them and
        show the customer to everybody."""
        target = self.make_plain_partner(
            "Acme", is_company=True, email="a@acme.example.com"
        )
        source = self.make_customer(
            "ACME", self.rep, email=target.email, lifecycle_state="active"
        )
        code, contact = source.customer_code, self.make_contact(source, "Person")
        self._merge(target, source)
        self.assertRecordValues(
            target,
            [
                {
                    "customer_code": code,
                    "lifecycle_state": "active",
                    "user_id": self.rep.id,
                    "team_id": self.team.id,
                    "customer_owner_id": self.rep.id,
                    "primary_contact_id": contact.id,
                }
            ],
        )
        self.assertFalse(contact.with_user(self.other_rep).has_access("read"))

    def test_an_archived_customer_stays_hidden_from_others(self):
        """# G1"""
        customer = self.make_customer("Acme", owner=self.other_rep)
        contact = self.make_contact(customer, "Person")
        customer.action_archive()
        for partner in customer | contact:
            self.assertFalse(partner.with_user(self.rep).has_access("read"))
            self.assertTrue(partner.with_user(self.other_rep).has_access("read"))

    def test_customers_of_a_deleted_user_are_unowned(self):
        """# G1: nobody's customers, not everybody's secrets forgotten."""
        leaver = self.make_user("leaver", f"{HUB}.group_sales_rep")
        customer = self.make_customer("Acme", owner=leaver)
        contact = self.make_contact(customer, "Person")
        leaver.unlink()
        for partner in customer | contact:
            partner.invalidate_recordset()
            self.assertTrue(partner.is_customer)
            self.assertFalse(partner.customer_owner_id)
        self.set_unowned_access("none")
        self.assertFalse(customer.with_user(self.rep).has_access("read"))

    def test_a_customer_opens_in_the_customer_form(self):
        """# C1: wherever it is clicked; others open as Odoo wants."""
        form = self.env.ref(f"{HUB}.view_customer_form")
        customer = self.make_customer("Acme")
        self.assertEqual(customer.get_formview_id(), form.id)
        supplier = self.make_plain_partner("Supplier")
        self.assertNotEqual(supplier.get_formview_id(), form.id)

    def test_guard_columns_are_indexed(self):
        """# G1: rules compare one indexed column."""
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'res_partner'"
        )
        definitions = [definition for (definition,) in self.env.cr.fetchall()]
        for column in ("customer_owner_id", "phone_sanitized", "email_normalized"):
            self.assertTrue([d for d in definitions if f"btree ({column}" in d], column)


@tagged("post_install", "-at_install")
class TestNumberDraw(CustomerCommon):
    def test_a_code_somebody_typed_is_passed_over(self):
        """# C1: at creation or later, even in the same transaction."""
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "res.partner.customer")], limit=1
        )
        for implementation in ("standard", "no_gap"):
            with self.subTest(implementation):
                sequence.implementation = implementation
                (drawn,) = sequence._next_many(1)
                coming = [self.after(drawn, by) for by in range(1, 5)]
                self.make_customer("First", customer_code=coming[0])
                self.make_customer("Second").customer_code = coming[2]
                customers = self.env["res.partner"].create(
                    [{"name": n, "lifecycle_state": "potential"} for n in ("A", "B")]
                )
                # one number went to the second customer before its code was typed
                codes = [coming[3], self.after(drawn, 5)]
                self.assertEqual(customers.mapped("customer_code"), codes)

    def after(self, code, by):
        """The code that is drawn so many numbers later."""
        digits = re.search(r"\d+$", code).group()
        return f"{code[: -len(digits)]}{int(digits) + by:0{len(digits)}d}"
