"""The 360° page: sections, counts and rights."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..models.res_partner_customer_360 import CustomerSection
from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestCustomer360(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Acme", owner=cls.rep)
        cls.contact = cls.make_contact(cls.customer, "Person")

    def _sections(self, user):
        with self.calling_as(user) as env:
            sections = env["res.partner"].browse(self.customer.id).get_customer_360()
        return {section["key"]: section for section in sections}

    def test_the_page_counts_what_belongs_to_the_customer(self):
        """# C5: the customer's own and its contacts', not those of others."""
        self.make_lead("Of company", self.rep, self.customer)
        self.make_lead(
            "Of contact, late",
            self.rep,
            self.contact,
            date_deadline=date.today() - timedelta(days=2),
        )
        self.make_lead("Won", self.rep, self.contact).action_set_won()
        self.make_lead("Lost", self.rep, self.customer).action_set_lost()
        self.make_lead("Of another", self.rep, self.make_customer("Other", self.rep))
        self.customer.activity_schedule(
            "mail.mail_activity_data_call",
            user_id=self.rep.id,
            date_deadline=date.today() - timedelta(days=1),
        )
        sections = self._sections(self.rep)
        self.assertEqual(sections["contacts"]["count"], 1)
        self.assertEqual(sections["opportunities"]["count"], 2)
        self.assertEqual(sections["opportunities"]["alert_count"], 1)
        self.assertEqual(sections["won"]["count"], 1)
        self.assertEqual(sections["activities"]["count"], 1)
        self.assertEqual(sections["activities"]["alert_count"], 1)

    def test_the_page_counts_only_what_the_reader_may_read(self):
        """# C5 G1: a colleague's opportunity counts for the manager only."""
        self.make_lead("Rep's", self.rep, self.customer)
        self.make_lead("Stranger's", self.other_rep, self.customer)
        self.assertEqual(self._sections(self.rep)["opportunities"]["count"], 1)
        self.assertEqual(self._sections(self.crm_admin)["opportunities"]["count"], 2)

    def test_who_reads_no_leads_sees_no_section_of_them(self):
        """# C5 G1: a service agent reads the customer, not the pipeline."""
        self.make_lead("Rep's", self.rep, self.customer)
        sections = self._sections(self.agent)
        self.assertNotIn("opportunities", sections)
        self.assertNotIn("won", sections)
        self.assertEqual(sections["contacts"]["count"], 1)

    def test_the_page_of_a_hidden_customer_is_refused(self):
        """# C5 G1: the page, and the lists behind its tiles."""
        with self.calling_as(self.other_rep) as env:
            customer = env["res.partner"].browse(self.customer.id)
            with self.assertRaises(AccessError):
                customer.get_customer_360()
            with self.assertRaises(AccessError):
                customer.action_open_customer_360_section("contacts")

    def test_a_tile_opens_the_records_it_counts(self):
        """# C5: and new records begin with the customer."""
        self.make_lead("Rep's", self.rep, self.customer)
        with self.calling_as(self.rep) as env:
            customer = env["res.partner"].browse(self.customer.id)
            for section in customer.get_customer_360():
                with self.subTest(section=section["key"]):
                    action = customer.action_open_customer_360_section(section["key"])
                    found = env[action["res_model"]].search_count(action["domain"])
                    self.assertEqual(found, section["count"])
            action = customer.action_open_customer_360_section("opportunities")
            self.assertEqual(action["context"]["default_partner_id"], self.customer.id)

    def test_another_module_adds_a_section(self):
        """# C5: by appending to the registry; shown in order, to those who may."""
        sections = type(self.customer)._customer_360_sections

        def extended(partner):
            return sections(partner) + [
                CustomerSection(
                    key="users",
                    label="Users",
                    icon="fa-user",
                    model="res.users",
                    domain=Domain("partner_id", "=", partner.id),
                    sequence=1,
                ),
                CustomerSection(
                    key="parameters",
                    label="Parameters",
                    icon="fa-cog",
                    model="ir.config_parameter",
                    domain=Domain.TRUE,
                ),
            ]

        with patch.object(type(self.customer), "_customer_360_sections", extended):
            keys = list(self._sections(self.rep))
        self.assertEqual(keys[0], "users")
        self.assertNotIn("parameters", keys)

    def test_the_keys_of_sections_are_unique(self):
        """# C5: a tile is opened by its key."""
        keys = [section.key for section in self.customer._customer_360_sections()]
        self.assertEqual(len(keys), len(set(keys)))

    def test_the_cost_of_the_page_does_not_depend_on_its_records(self):
        """# C5: one count per section."""
        self.make_lead("One", self.rep, self.customer)
        few = self._queries()
        for number in range(20):
            self.make_lead(f"L{number}", self.rep, self.contact)
        self.assertEqual(self._queries(), few)

    def _queries(self):
        with self.calling_as(self.rep) as env:
            customer = env["res.partner"].browse(self.customer.id)
            customer.get_customer_360()
            env.invalidate_all()
            before = env.cr.sql_log_count
            customer.get_customer_360()
            return env.cr.sql_log_count - before
