"""# A2: meetings, which everybody reads, do not tell how to reach a customer."""

import runpy

from odoo import Command
from odoo.modules import Manifest
from odoo.tests import tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestMeetings(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.make_plain_partner(
            "Ms Li", email="li@a.example", phone="+86 21 5555 0001"
        )
        cls.before = cls.make_meeting(cls.person)

    @classmethod
    def make_meeting(cls, partner, **values):
        return cls.env["calendar.event"].create(
            {
                "name": "Meeting",
                "description": "<p>Bring the plan</p>",
                "start": "2099-01-01 10:00:00",
                "stop": "2099-01-01 11:00:00",
                "user_id": cls.rep.id,
                "partner_ids": [Command.set((cls.rep.partner_id | partner).ids)],
                **values,
            }
        )

    def assert_clean(self, meeting):
        text = str(meeting.description)
        self.assertIn("Bring the plan", text)
        self.assertIn(self.rep.email, text, "colleagues are no secret")
        self.assertNotIn("Ms Li", text)
        self.assertNotIn("li@a.example", text)
        self.assertNotIn("5555", text)

    def become_customer(self):
        self.assertIn("li@a.example", self.before.description)
        self.person.write({"lifecycle_state": "potential", "user_id": self.rep.id})

    def test_new_ones_tell_nothing(self):
        self.become_customer()
        self.assert_clean(self.make_meeting(self.person))

    def test_a_customer_of_today_is_forgotten_at_night(self):
        self.become_customer()
        archived = self.before.copy({"active": False})
        private = self.before.copy({"privacy": "private"})
        self.env["calendar.event"]._gc_contact_details()
        self.assertIn("Bring the plan", private.with_user(self.rep).description)
        self.assert_clean(self.before)
        self.assert_clean(archived)

    def test_old_ones_are_cleaned_by_the_migration(self):
        """Also after the customer was taken off the meeting; once is enough."""
        self.become_customer()
        self.before.partner_ids = self.rep.partner_id
        other = self.make_meeting(self.make_plain_partner("Bo", email="bo@b.example"))
        told = other.description
        self.env.flush_all()
        path = Manifest.for_addon("crm_customer_center").path
        migrate = runpy.run_path(f"{path}/migrations/19.0.1.2.0/post-meetings.py")
        migrate["migrate"](self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assert_clean(self.before)
        self.assertEqual(other.description, told, "who is no customer stays")
        last = self.before.write_date
        migrate["migrate"](self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(self.before.write_date, last)

    def test_a_changed_address_is_the_customers_too(self):
        self.become_customer()
        self.person.write({"email": "new@a.example", "phone": False})
        self.env["calendar.event"]._forget_contact_details()
        self.assert_clean(self.before)
