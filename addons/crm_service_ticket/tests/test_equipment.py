from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestEquipment(TicketCommon):
    """# V14: the customer's devices beside the tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.devices = cls.env["crm.customer.equipment"]
        cls.other = cls.make_customer("Other Instruments")
        cls.device = cls.make_device("HC-200", "0417", warranty_until="2026-03-02")
        cls.foreign = cls.make_device("HC-200", "0999", cls.other)

    @classmethod
    def make_device(cls, name, serial=False, partner=None, **values):
        partner = partner or cls.customer
        return cls.devices.create(
            {"name": name, "serial": serial, "partner_id": partner.id, **values}
        )

    def test_a_serial_number_is_there_once(self):
        """# V14: of a product, in a company, however it is typed; a device without
        number as often as one likes."""
        for name, serial in (("HC-200", "0417"), (" hc-200", "０４１７ ")):
            with (
                self.subTest(serial=serial),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.make_device(name, serial)
        self.make_device("HC-300", "0417")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.make_device("HC-200", "0417", company_id=elsewhere.id)
        self.make_device("HC-200")
        self.make_device("HC-200", "  ")

    def test_the_warranty_goes_by_the_company_s_day(self):
        """# V14: shown on the ticket, and searched."""
        ticket = self.make_ticket(partner=self.contact, equipment_id=self.device.id)
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        for moment, state in (
            ("2026-03-02 15:59:00", "in"),
            ("2026-03-02 16:01:00", "over"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(ticket.warranty_state, state)
                for wanted in ("in", "over", "unknown"):
                    found = self.devices.search([("warranty_state", "=", wanted)])
                    self.assertEqual(self.device in found, wanted == state)
        self.assertEqual(self.foreign.warranty_state, "unknown")
        known = self.devices.search([("warranty_state", "!=", "unknown")])
        self.assertIn(self.device, known)
        self.assertNotIn(self.foreign, known)

    def test_the_ticket_is_about_a_device_of_its_customer(self):
        """# V14: by a contact of the company; not about another's."""
        ticket = self.make_ticket(partner=self.contact, equipment_id=self.device.id)
        with self.assertRaises(ValidationError):
            ticket.equipment_id = self.foreign
        ticket.partner_id = self.other
        self.assertFalse(ticket.equipment_id)

    def test_the_form_follows(self):
        """# V14: a serial number says who it is; another customer has other devices."""
        with Form(self.tickets.with_user(self.agent)) as form:
            form.name = "Drift"
            form.equipment_id = self.device
            self.assertEqual(form.partner_id, self.customer)
            form.partner_id = self.other
            self.assertFalse(form.equipment_id)
            form.equipment_id = self.foreign

    def test_a_ticket_is_found_by_the_serial_number(self):
        """# V14 V12: in the one box."""
        ticket = self.make_ticket(partner=self.contact, equipment_id=self.device.id)
        for typed in ("0417", "41"):
            with self.subTest(typed=typed):
                mine = self.tickets.with_user(self.agent)
                self.assertIn(ticket, mine.search([("ticket_search", "ilike", typed)]))
        found = self.devices.name_search("0417")
        self.assertEqual(found, [(self.device.id, "HC-200 · 0417")])

    def test_the_customer_s_page_has_the_devices(self):
        """# V14 C5: for service; each with its tickets."""
        self.make_ticket(partner=self.contact, equipment_id=self.device.id)
        device = self.device.with_user(self.agent)
        self.assertEqual(device.ticket_count, 1)
        action = device.action_open_tickets()
        self.assertEqual(self.tickets.search_count(action["domain"]), 1)
        for role, shown in (("agent", True), ("rep", False)):
            customer = self.customer.with_user(self.roles[role])
            with self.subTest(role=role):
                tiles = customer.get_customer_360()
                keys = [tile["key"] for tile in tiles]
                self.assertEqual("equipment" in keys, shown)

    def test_a_device_with_tickets_is_archived_not_deleted(self):
        """# V14"""
        ticket = self.make_ticket(
            partner=self.contact, equipment_id=self.device.id, active=False
        )
        with self.assertRaisesRegex(UserError, "Archive"):
            self.device.with_user(self.service_manager).unlink()
        ticket.equipment_id = False
        self.device.with_user(self.service_manager).unlink()
        self.assertFalse(self.device.exists())

    def test_a_ticket_split_off_is_about_the_same_device(self):
        """# V8 V14"""
        ticket = self.make_ticket(partner=self.contact, equipment_id=self.device.id)
        self.assertEqual(
            ticket._prepare_split_vals("x")["equipment_id"], self.device.id
        )

    def test_who_keeps_the_list(self):
        """# G1 V14: agents keep it, managers delete; nobody else reads it."""
        for role, letters in (
            ("agent", "RCW"),
            ("service_manager", "RCWD"),
            ("crm_admin", "RCWD"),
            ("rep", ""),
            ("marketing", ""),
            ("plain", ""),
        ):
            mine = self.device.with_user(self.roles[role])
            for letter, operation in zip(
                "RCWD", ("read", "create", "write", "unlink"), strict=True
            ):
                with self.subTest(role=role, operation=operation):
                    self.assertEqual(mine.has_access(operation), letter in letters)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        far = self.make_device("HC-1", company_id=elsewhere.id)
        with self.assertRaises(AccessError):
            far.with_user(self.agent).read(["serial"])
        with self.assertRaises(UserError):
            self.make_ticket(partner=self.contact, equipment_id=far.id)

    def test_a_salesperson_still_opens_the_ticket(self):
        """# V5 V14: the form asks for nothing that sales may not read."""
        ticket = self.make_ticket(partner=self.customer, equipment_id=self.device.id)
        with self.calling_as(self.rep) as env:
            self.assertEqual(Form(ticket.with_env(env)).name, "Drift")
