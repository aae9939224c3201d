"""A new customer in a small form."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common import HUB, CustomerCommon

VIEW = f"{HUB}.view_customer_form"


@tagged("post_install", "-at_install")
class TestCustomerEntry(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["utm.source"].create({"name": "Tour fair"})
        cls.env["res.lang"]._activate_lang("zh_CN")

    def entry(self, user=None, **defaults):
        user = user or self.rep
        defaults = {
            "lifecycle_state": "potential",
            "is_company": True,
            "user_id": user.id,
            **defaults,
        }
        context = {f"default_{name}": value for name, value in defaults.items()}
        partners = self.env["res.partner"].with_user(user).with_context(**context)
        return Form(partners, view=VIEW)

    def test_a_company_and_a_person_in_one_save(self):
        """# C1 # C2"""
        form = self.entry()
        form.name = "海川塑业有限公司"
        form.entry_contact_name = "王芳"
        form.entry_contact_phone = "１３９ 1234 5678"
        form.entry_contact_wechat = "wangfang88"
        form.customer_source_id = self.source
        customer = form.save()
        self.assertEqual(customer.user_id, self.rep)
        self.assertEqual(customer.customer_source_id, self.source)
        self.assertFalse(customer.phone)
        contact = customer.child_ids
        self.assertRecordValues(
            contact,
            [
                {
                    "name": "王芳",
                    "phone": "139 1234 5678",
                    "wechat": "wangfang88",
                    "type": "contact",
                    "is_company": False,
                    "lifecycle_state": False,
                    "lang": customer.lang,
                }
            ],
        )
        self.assertEqual(customer.primary_contact_id, contact)

    def test_more_loses_nothing(self):
        """# C1: the whole form is the same record."""
        with self.assertRaises(AssertionError):
            self.entry().email = "not shown yet"
        partners = self.env["res.partner"].with_user(self.rep)
        view = self.env.ref(VIEW)
        spec = Form(partners, view=view)._view["fields_spec"]
        typed = {
            "name": "海川塑业有限公司",
            "lifecycle_state": "potential",
            "is_company": True,
            "entry_contact_name": "王芳",
            "entry_contact_phone": "13912345678",
            "child_ids": [],
            "is_entry_whole": True,
        }
        change = partners.onchange(typed, ["is_entry_whole"], spec)["value"]
        (child,) = [c for c in change["child_ids"] if c[0] == Command.CREATE]
        self.assertEqual(child[2]["name"], "王芳")
        self.assertEqual(child[2]["phone"], "13912345678")
        self.assertFalse(change["entry_contact_name"])

    def test_a_number_of_nobody_is_the_companys(self):
        """# C1: and a person's own is the person's."""
        form = self.entry()
        form.name = "海川塑业有限公司"
        form.entry_contact_phone = "13912345678"
        self.assertEqual(form.save().phone, "13912345678")
        self.env.company.country_id = self.env.ref("base.cn")
        form = self.entry(entry_contact_phone="13912345679")
        form.company_type = "person"
        form.name = "王芳"
        form.wechat = "wf"
        person = form.save()
        self.assertEqual(person.phone_sanitized, "+8613912345679")
        self.assertEqual(person.wechat, "wf")
        self.assertFalse(person.child_ids)

    def test_what_is_wrong_stands_at_the_field_before_saving(self):
        """# C3: all of it at once; of what was changed only."""
        form = self.entry(is_entry_whole=True)
        form.name = "海川塑业有限公司"
        form.phone = "123456789"
        form.email = "li@"
        form.vat = "9111"
        problems = (form.phone_problem, form.email_problem, form.vat_problem)
        self.assertTrue(all(problems), problems)
        self.assertIn("123456789", form.phone_problem)
        form.phone = "13800138000"
        self.assertFalse(form.phone_problem)
        small = self.entry()
        small.name = "海川塑业有限公司"
        small.entry_contact_phone = "1391234"
        self.assertIn("1391234", small.entry_phone_problem)
        old = self.make_customer("Old")
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '12' WHERE id = %s", [old.id]
        )
        old.invalidate_recordset()
        with Form(old, view=VIEW) as form:
            self.assertFalse(form.phone_problem)
            form.city = "Ningbo"

    def test_a_contact_is_checked_in_its_dialog(self):
        """# C2 # C3: also one of a customer that is not saved yet."""
        for customer in (self.make_customer("Acme", self.rep), None):
            form = (
                Form(customer.with_user(self.rep), view=VIEW)
                if customer
                else self.entry(is_entry_whole=True)
            )
            if not customer:
                form.name = "New"
            with form.child_ids.new() as contact:
                contact.name = "王芳"
                contact.phone = "123456789"
                contact.second_phone = "12"
                contact.email = "wang"
                self.assertTrue(contact.phone_problem)
                self.assertTrue(contact.second_phone_problem)
                self.assertTrue(contact.email_problem)
                contact.phone = "13912345678"
                contact.second_phone = "13912345679"
                contact.email = "wang@acme.example.com"
                contact.wechat = "wf"
                self.assertFalse(contact.phone_problem)

    def test_a_second_phone_is_checked_and_finds(self):
        """# C2 # C3 # C17"""
        customer = self.make_customer("Acme", self.rep)
        contact = self.make_contact(customer, "王芳")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            contact.second_phone = "123456789"
        contact.write({"second_phone": "１３７12345678", "wechat": "wangfang88"})
        self.assertEqual(contact.second_phone, "13712345678")
        for text in ("13712345678", "5678", "wangfang88"):
            found = self.env["res.partner"].name_search(text)
            self.assertIn(contact.id, [id_ for id_, _name in found], text)

    def test_a_new_customer_speaks_the_language_of_our_country(self):
        """# C1: Odoo's default is the language the database was made in."""
        self.env["ir.default"].set("res.partner", "lang", "en_US")
        self.env.company.country_id = self.env.ref("base.cn")
        self.rep.lang = "en_US"
        for lang in ("zh_CN", "en_US"):
            partners = (
                self.env["res.partner"]
                .with_user(self.rep)
                .with_context(lang=lang, default_lifecycle_state="potential")
            )
            self.assertEqual(partners.default_get(["lang"])["lang"], "zh_CN", lang)
        self.env.company.country_id = self.env.ref("base.us")
        self.assertEqual(partners.default_get(["lang"])["lang"], "en_US")
        self.env.company.country_id = self.env.ref("base.ke")
        partners = partners.with_context(lang="zh_CN")
        self.assertEqual(partners.default_get(["lang"])["lang"], "zh_CN")
        chosen = partners.with_context(default_lang="en_US")
        self.assertEqual(chosen.default_get(["lang"])["lang"], "en_US")


@tagged("post_install", "-at_install")
class TestCustomerEntryTour(CustomerCommon, HttpCase):
    def test_a_rep_adds_a_customer(self):
        """# C1 # U2: what is wrong stands at the field, "More" keeps what was typed."""
        self.env.company.country_id = self.env.ref("base.cn")
        self.env.flush_all()
        self.start_tour(
            "/odoo/customer-centre/new", "crm_customer_entry", login=self.rep.login
        )
        customer = self.env["res.partner"].search([("name", "=", "Tour Plastics")])
        self.assertEqual(customer.city, "Ningbo")
        self.assertEqual(customer.child_ids.phone, "13912345678")
