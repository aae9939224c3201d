from datetime import date, timedelta

from odoo.tests import tagged

from .common import NOW, FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupMerge(FollowupCommon):
    """# B3 C4: two customers, or two leads, with rows of every kind become one, and
    nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_customer("Acme twice", cls.other_rep)
        cls.third = cls.make_customer("Acme thrice", cls.rep)
        cls.all = cls.customer | cls.other | cls.third
        cls.rule = cls.env["crm.followup.rule"].create(
            {"name": "Monthly", "days": 30, "activity_type_id": cls.call.id}
        )
        cls.birthday = cls.rule.copy({"name": "Birthday"})
        cls.day = date(2026, 3, 2)

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(self.all.ids, self.customer, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()

    def plan(self, record, rule=None, summary="", **values):
        activity = record.activity_schedule(
            act_type_xmlid="mail.mail_activity_data_call",
            summary=summary,
            user_id=self.rep.id,
        )
        key = "lead_id" if record._name == "crm.lead" else "partner_id"
        return self.tasks.create(
            {
                "rule_id": rule.id if rule else False,
                key: record.id,
                "user_id": self.rep.id,
                "activity_id": activity.id,
                "date_due": self.day,
                **values,
            }
        )

    def write(self, partner, **values):
        return self.followups.create(
            {
                "partner_id": partner.id,
                "content": f"With {partner.name}",
                "date": NOW,
                "user_id": self.rep.id,
                **values,
            }
        )

    def test_the_dates_of_contact_are_those_of_all(self):
        """Each has a state; the unique index let no merge through."""
        for days, partner in enumerate(self.all):
            self.write(partner, date=NOW - timedelta(days=days))
        self.assertEqual(len(self.all.followup_state_ids), 3)
        self.merge()
        self.assertEqual(self.customer.followup_count, 3)
        self.assertEqual(self.customer.last_contact_date, self.day + timedelta(days=2))

    def test_of_what_a_rule_planned_for_each_one_stays(self):
        tasks = self.tasks.union(*(self.plan(one, self.rule) for one in self.all))
        self.merge()
        self.assertEqual(tasks.partner_id, self.customer)
        self.assertEqual(tasks.mapped("state"), ["open", "withdrawn", "withdrawn"])
        self.assertEqual(self.customer.activity_ids, tasks[0].activity_id)

    def test_without_one_of_its_own_the_target_gets_the_older_one(self):
        second = self.plan(self.other, self.rule)
        third = self.plan(self.third, self.rule)
        self.merge()
        self.assertEqual((second.state, third.state), ("open", "withdrawn"))
        self.assertEqual(second.partner_id, self.customer)

    def test_what_people_agreed_on_is_never_lost(self):
        """Two next steps: the second goes on as a plain activity."""
        mine = self.plan(self.customer, summary="Send the offer")
        other = self.plan(self.other, summary="Visit the works")
        self.merge()
        self.assertEqual((mine.state, other.state), ("open", "withdrawn"))
        self.assertEqual(
            set(self.customer.activity_ids.mapped("summary")),
            {"Send the offer", "Visit the works"},
        )

    def test_what_was_done_stays_done(self):
        """Of the same event for each: done twice, planned once more."""
        event = {"event_date": self.day}
        done = self.plan(
            self.other, self.birthday, state="done", date_done=self.day, **event
        )
        mine = self.plan(
            self.customer, self.birthday, state="done", date_done=self.day, **event
        )
        planned = self.plan(self.third, self.birthday, **event)
        self.merge()
        self.assertEqual((done.state, mine.state), ("done", "done"))
        self.assertEqual(planned.state, "withdrawn")
        self.assertEqual((done | mine | planned).partner_id, self.customer)

    def test_one_meeting_recorded_with_each_is_kept_with_each_text(self):
        source = {"source_model": "calendar.event", "source_id": 4711}
        records = self.followups.union(
            *(self.write(one, origin="meeting", **source) for one in self.all)
        )
        self.merge()
        self.assertEqual(records.partner_id, self.customer)
        self.assertEqual(records[0].source_id, 4711)
        self.assertFalse(any(records[1:].mapped("source_id")))
        self.assertEqual(len(set(records.mapped("content"))), 3)

    def test_planned_follow_ups_of_merged_leads_stay(self):
        """Odoo deletes the doubles, and their rows with them."""
        leads = self.make_lead("A", self.rep) | self.make_lead("B", self.rep)
        for lead in leads:
            self.plan(lead, self.rule)
        step = self.plan(leads[1], summary="Send the offer")
        kept = leads.merge_opportunity()
        self.assertEqual(step.lead_id, kept)
        tasks = self.tasks.search([("lead_id", "=", kept.id)])
        self.assertEqual(sorted(tasks.mapped("state")), ["open", "open", "withdrawn"])

    def test_a_lead_without_customer_joins_one_that_knows_its_meeting(self):
        """Of one mail, the customer has its follow-up already."""
        lead = self.make_lead("Web form", self.rep)
        source = {"source_model": "mail.message", "source_id": 12, "origin": "mail"}
        known = self.write(self.customer, **source)
        joining = self.write(self.customer.browse(), lead_id=lead.id, **source)
        lead.partner_id = self.customer
        self.assertEqual((known | joining).partner_id, self.customer)
        self.assertEqual(known.source_id, 12)
