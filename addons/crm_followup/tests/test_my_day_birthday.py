from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 02:00:00")
class TestMyDayBirthdays(FollowupCommon):
    """# F3: birthdays of the people at own customers, on Wednesday 4 March 2026."""

    def items(self, user=None):
        with self.calling_as(user or self.rep) as env:
            env = env(context={"tz": "Asia/Shanghai"})
            sections = env["crm.my.day"].get_my_day()["sections"]
        return {s["key"]: s["items"] for s in sections}.get("birthdays", [])

    def make_person(self, name, birthday, customer=None):
        return self.make_contact(
            customer or self.customer,
            name,
            birthday=birthday,
            phone="+86 138 0013 8000",
        )

    def test_those_of_the_week_are_listed_the_next_first(self):
        """# F3: also those of the weekend that is over; none later, no one else's."""
        self.make_person("Soon", "1980-03-11")
        self.make_person("Today", "1975-03-04")
        self.make_person("Late", "1990-03-02")
        self.make_person("Too late", "1990-03-01")
        self.make_person("Later", "1990-03-12")
        foreign = self.make_customer("Foreign", self.other_rep)
        self.make_person("Not mine", "1990-03-04", foreign)
        found = [
            (item["name"].split(", ")[-1], item["date"], item["can_follow_up"])
            for item in self.items()
        ]
        self.assertEqual(
            found,
            [
                ("Late", "2026-03-02", True),
                ("Today", "2026-03-04", True),
                ("Soon", "2026-03-11", False),
            ],
        )
        self.assertFalse(any(item["can_put_off"] for item in self.items()))

    def test_who_was_congratulated_is_done(self):
        """# F3 F1: by a follow-up on the person from the day on; an earlier call, or
        one to a colleague, is no congratulation."""
        person = self.make_person("Ms Li", "1980-03-04")
        self.write_followup(person, date=datetime(2026, 3, 3, 2))
        self.write_followup(self.customer)
        self.assertEqual(len(self.items()), 1)
        with self.calling_as(self.rep) as env:
            action = person.with_env(env).action_follow_up()
            dialog = Form(env[action["res_model"]].with_context(**action["context"]))
            dialog.content = "Wished her well"
            dialog.save().action_save()
        self.assertEqual(self.items(), [])

    def test_a_birthday_is_not_for_outsiders(self):
        """# F3 G1"""
        person = self.make_person("Ms Li", "1980-03-04")
        portal = self.make_portal_user("li", person)
        with self.assertRaises(AccessError):
            person.with_user(portal).read(["birthday"])

    def test_a_person_who_buys_for_himself_is_reminded_of_too(self):
        """# F3"""
        self.make_customer(
            "Herr Klein", self.rep, is_company=False, birthday="1960-03-05"
        )
        self.assertEqual([item["name"] for item in self.items()], ["Herr Klein"])
