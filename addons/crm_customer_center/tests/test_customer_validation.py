"""Only right values enter the customer master, and the message says what to write."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..tools.checks import PROBLEMS
from .common import HUB, CustomerCommon

# field, bad value, part of the message that says what to write instead
BAD_VALUES = [
    ("phone", "1380013800", "digits"),
    ("phone", "65529988", "010-65529988"),
    ("phone", "call me", "138"),
    ("email", "li.acme.example.com", "name@company.com"),
    ("email", "li@", "company.com"),
    ("email", "a@x.cn, b@x.cn", "others on contacts"),
    ("vat", "91110000600037341X", "business licence"),
    ("vat", "110000600037341", "18-character"),
    ("vat", "9111", "18 characters"),
    ("id_number", "11010519491231002A", "17 digits"),
    ("id_number", "110105194912310021", "ID card"),
    ("id_number", "110105194913310025", "birth date"),
]
GOOD_VALUES = {
    "phone": "13800138000",
    "email": "li@acme.example.com",
    "vat": "91110000600037341L",
    "id_number": "11010519491231002X",
}


@tagged("post_install", "-at_install")
class TestCustomerValidation(CustomerCommon):
    def test_bad_values_are_refused_at_creation(self):
        """# C3: by RPC; the message repeats the value and says what to write."""
        for field, value, advice in BAD_VALUES:
            with (
                self.subTest(field=field, value=value),
                self.assertRaises(ValidationError) as caught,
                self.env.cr.savepoint(),
            ):
                self.make_customer("Acme", **{field: value})
            message = str(caught.exception)
            self.assertIn(value, message)
            self.assertIn(advice, message)

    def test_bad_values_are_refused_at_change(self):
        """# C3: by RPC, and the former value stays."""
        customer = self.make_customer("Acme", **GOOD_VALUES)
        for field, value, advice in BAD_VALUES:
            with (
                self.subTest(field=field, value=value),
                self.assertRaisesRegex(ValidationError, advice),
                self.env.cr.savepoint(),
            ):
                customer.write({field: value})
        customer.invalidate_recordset()
        self.assertEqual(customer.email, GOOD_VALUES["email"])

    def test_bad_values_are_refused_in_the_form(self):
        """# C3: on saving, for customers and for contacts."""
        customer = self.make_customer("Acme")
        form = Form(customer, view=f"{HUB}.view_customer_form")
        form.phone = "123456789"
        with self.assertRaises(ValidationError):
            form.save()
        contact = Form(self.make_contact(customer, "Person"))
        contact.email = "person"
        with self.assertRaises(ValidationError):
            contact.save()

    def test_bad_values_are_refused_by_odoos_import(self):
        """# C3: load() names the row and the reason, good rows pass."""
        fields = ["name", "lifecycle_state", "phone"]
        rows = [["Good", "potential", "13800138000"], ["Bad", "potential", "123456789"]]
        result = self.env["res.partner"].load(fields, rows)
        self.assertFalse(result["ids"])
        # Odoo repeats the first error for the batch, above those of the rows
        message = result["messages"][-1]
        self.assertEqual(message["rows"]["from"], 1)
        self.assertIn("123456789", message["message"])
        result = self.env["res.partner"].load(fields, rows[:1])
        self.assertTrue(result["ids"], result["messages"])

    def test_good_values_enter(self):
        """# C3: mobile, landline with area code and extension, service number,
        foreign number, with and without separators."""
        for phone in (
            "13800138000",
            "+86 138 0013 8000",
            "010-65529988",
            "(010) 6552 9988 转801",
            "400-820-8820",
            "+49 30 901820",
            "0049 30 901820",
        ):
            with self.subTest(phone=phone):
                self.assertTrue(self.make_customer("Acme", phone=phone))
        self.assertTrue(self.make_customer("Acme", **GOOD_VALUES))

    def test_one_phone_written_in_several_ways_is_one_number(self):
        """# C3: Odoo's sanitised number is the same, so duplicates are found."""
        numbers = {
            self.make_customer("Acme", phone=phone).phone_sanitized
            for phone in ("13800138000", "+86 138-0013-8000", "１３８００１３８０００")
        }
        self.assertEqual(numbers, {"+8613800138000"})

    def test_a_number_follows_the_rules_of_its_country(self):
        """# C3: a national number of a foreign customer, and of its contacts."""
        germany = self.env.ref("base.de")
        customer = self.make_customer("GmbH", country_id=germany.id, phone="030 901820")
        contact = self.make_contact(customer, "Person", country_id=False)
        contact.phone = "0151 12345678"
        with self.assertRaises(ValidationError):
            contact.phone = "13800138000"

    def test_full_width_input_becomes_plain(self):
        """# C3: what a Chinese keyboard writes; also on partners who are none."""
        values = {
            "phone": "１３８００１３８０００",
            "email": "li＠acme。example．com".replace("。", "．"),
            "vat": "９１１１００００６０００３７３４１Ｌ",
        }
        plain = {
            "phone": "13800138000",
            "email": "li@acme.example.com",
            "vat": "91110000600037341L",
        }
        customer = self.make_customer("Acme", **values)
        supplier = self.make_plain_partner("Supplier")
        supplier.write(values)
        for name, value in plain.items():
            self.assertEqual(customer[name], value)
            self.assertEqual(supplier[name], value)
        self.assertNotEqual(values, plain, "the caller's own values stay")

    def test_a_phone_sent_as_a_number_is_understood(self):
        """# C3: an RPC client that sends 13800138000 without quotes."""
        self.assertEqual(
            self.make_customer("Acme", phone=13800138000).phone, "13800138000"
        )

    def test_partners_who_are_no_customers_keep_odoos_leniency(self):
        """# C3: mail gateways and web shops create them unattended."""
        supplier = self.make_plain_partner(
            "Supplier", is_company=True, phone="123", email="nonsense", vat="1"
        )
        supplier.write({"phone": "4", "comment": "x"})
        contact = self.make_contact(supplier, "Seller", phone="call me")
        self.assertEqual(contact.phone, "call me")
        self.plain.partner_id.phone = "1-2-3"

    def test_old_bad_values_do_not_block_other_changes(self):
        """# C3: a customer from before keeps its bad phone until somebody types one."""
        customer = self.make_customer("Acme")
        contact = self.make_contact(customer, "Person")
        self._smuggle(customer, phone="123", email="nonsense")
        self._smuggle(contact, phone="123")
        customer.write({"comment": "called", "user_id": self.rep.id, "street": "1"})
        contact.write({"function": "Buyer"})
        self.assertEqual(customer.customer_owner_id, self.rep)
        with self.assertRaises(ValidationError):
            customer.phone = "1234"

    def test_a_partner_with_bad_values_cannot_become_a_customer(self):
        """# C3: the message says what to write first."""
        supplier = self.make_plain_partner("Supplier", phone="123")
        with self.assertRaisesRegex(ValidationError, "123"), self.env.cr.savepoint():
            supplier.lifecycle_state = "potential"
        supplier.write({"lifecycle_state": "potential", "phone": "13800138000"})
        self.assertTrue(supplier.is_customer)

    def test_an_owner_is_refused_for_a_partner_with_bad_values(self):
        """# C3: whoever gets an owner becomes a customer."""
        supplier = self.make_plain_partner("Supplier", phone="123")
        with self.assertRaisesRegex(ValidationError, "123"), self.env.cr.savepoint():
            supplier.user_id = self.rep

    def test_only_companies_in_china_have_a_credit_code(self):
        """# C3: a foreign tax ID, a person's, and Odoo's "none" pass."""
        self.make_customer("GmbH", country_id=self.env.ref("base.de").id, vat="DE1")
        self.make_customer("Person", is_company=False, vat="1")
        self.make_customer("None", vat="/")
        with self.assertRaises(ValidationError):
            self.make_customer("Acme", country_id=False, vat="DE1")

    def test_an_id_number_is_seen_by_few(self):
        """# C3 G1: not by service agents, marketing and plain users."""
        person = self.make_customer(
            "Ms Li", is_company=False, id_number=GOOD_VALUES["id_number"]
        )
        for role, expected in (
            ("rep", True),
            ("service_manager", True),
            ("agent", False),
            ("marketing", False),
            ("plain", False),
        ):
            with self.subTest(role=role):
                model = person.with_user(self.roles[role])
                field = model._fields["id_number"]
                self.assertEqual(model._has_field_access(field, "read"), expected)

    def test_every_problem_has_a_message_with_the_value(self):
        """# C3: a very long value is cut."""
        for code in PROBLEMS:
            with self.subTest(code=code):
                message = self.env["res.partner"]._customer_problem_message(
                    code, "X" * 500
                )
                self.assertIn("X" * 60, message)
                self.assertLess(len(message), 400)

    def _smuggle(self, partner, **values):
        """Put values of before the installation into the table."""
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE res_partner SET {name} = %s WHERE id = %s",
                [value, partner.id],
            )
        partner.invalidate_recordset()
