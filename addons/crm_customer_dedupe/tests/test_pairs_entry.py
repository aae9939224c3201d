from odoo.tests import Form, tagged

from .common import PairsCommon


@tagged("post_install", "-at_install")
class TestPairsEntry(PairsCommon):
    """# C4: whoever enters a customer hears who may be the same, as far as the rules
    allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_unowned_access("read")
        cls.known = cls.make_customer(
            "上海恒策信息技术有限公司", cls.rep, phone="021 5888 1234"
        )
        cls.find()

    def heard_by(self, user, **values):
        partner = self.env["res.partner"].with_user(user)
        new = partner.new(
            {"is_company": True, "lifecycle_state": "potential", **values}
        )
        return new.possible_doubles or []

    def test_before_it_is_saved(self):
        (one,) = self.heard_by(self.rep, name="恒策信息", phone="021-58881234")
        self.assertEqual(
            one,
            {
                "id": self.known.id,
                "name": self.known.display_name,
                "owner": "rep user",
                "is_sure": True,
                "reasons": ["Similar name", "Same phone"],
            },
        )

    def test_by_another_door_than_the_name(self):
        for values in (
            {"name": "Shanghai Hengce Information Technology Co., Ltd."},
            {"name": "上海恒测信息技术有限公司"},
            {"name": "上海恆策信息技術有限公司"},
        ):
            with self.subTest(values=values):
                found = self.heard_by(self.rep, **values)
                self.assertEqual([one["id"] for one in found], self.known.ids)

    def test_nothing_of_whom_one_may_not_read(self):
        """Neither a name nor that there is somebody."""
        for user in (self.other_rep, self.colleague, self.other_manager):
            with self.subTest(user=user.name):
                found = self.heard_by(
                    user, name=self.known.name, phone=self.known.phone
                )
                self.assertEqual(found, [])

    def test_nothing_of_what_one_may_not_read(self):
        """A number of an identity card is no number to try out: an agent does not see
        it, and is not told either that it is the right one."""
        number = "11010519491231002X"
        person = self.make_customer("李国庆", is_company=False, id_number=number)
        self.find()
        for user, told in ((self.rep, person.ids), (self.agent, [])):
            with self.subTest(user=user.name):
                found = self.heard_by(user, name="赵一鸣", is_company=False, vat=number)
                self.assertEqual([one["id"] for one in found], told)

    def test_nobody_is_warned_of_who_is_two(self):
        one, other = self.make_double("上海恒策信息技术有限责任公司", owner=self.rep)
        self.assertIn(one.id, [found["id"] for found in other.possible_doubles])
        self.pair_of(one, other).say_different("Two shops")
        other.invalidate_recordset(["possible_doubles"])
        self.assertNotIn(
            one.id, [found["id"] for found in other.possible_doubles or []]
        )

    def test_who_is_no_customer_is_not_warned(self):
        for values in (
            {"lifecycle_state": False, "name": self.known.name},
            {"name": False},
            {"name": "有限公司"},
        ):
            with self.subTest(values=values):
                self.assertEqual(self.heard_by(self.rep, **values), [])

    def test_on_the_form_while_it_is_typed(self):
        view = "crm_customer_center.view_customer_form"
        partners = self.env["res.partner"].with_context(
            default_lifecycle_state="potential", default_is_company=True
        )
        with Form(partners, view=view) as form:
            form.name = "上海恒测信息技术有限公司"
            self.assertEqual(
                [one["id"] for one in form.possible_doubles], self.known.ids
            )
            form.name = "宁波海川塑业有限公司"
            self.assertFalse(form.possible_doubles)

    def test_numbers_of_a_switchboard_recognise_nobody(self):
        """# C4: the import asks for these; see crm_customer_import."""
        names = ("上海恒策信息技术有限公司", "上海恒策信息技术有限责任公司")
        one, other = (self.make_customer(n, phone="021 6000 0000") for n in names)
        keys = self.env["crm.partner.key"]
        self.find()
        self.assertEqual(keys._shared_numbers([one.id, other.id]), {})
        self.pair_of(one, other).say_different("One switchboard")
        shared = frozenset({"phone:+862160000000"})
        self.assertEqual(
            keys._shared_numbers([one.id, other.id]), {one.id: shared, other.id: shared}
        )
        other.is_company = False
        self.env.flush_all()
        self.assertEqual(keys._shared_numbers([one.id]), {})

    def test_by_the_number_of_a_person_there(self):
        """# C4: the small form of a new customer asks for a person: whose number is
        known is known by the customer, and only to who may read it."""
        self.make_contact(self.known, "王芳", phone="13912345678")
        typed = {"name": "海川塑业", "entry_contact_phone": "139 1234 5678"}
        (one,) = self.heard_by(self.rep, **typed)
        self.assertEqual(one["id"], self.known.id)
        self.assertEqual(one["reasons"], ["A contact there has this number"])
        self.assertEqual(self.heard_by(self.other_rep, **typed), [])

    def test_the_number_of_a_person_may_be_the_one_of_the_customer(self):
        """# C4: small firms have one number."""
        found = self.heard_by(
            self.rep, name="恒策信息", entry_contact_phone="021-58881234"
        )
        self.assertIn("Same phone", found[0]["reasons"])
