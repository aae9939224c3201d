from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, NOW, WEDNESDAY, FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupTruth(FollowupCommon):
    """# F4: stored figures stay true whatever is done to the records later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.lead = cls.new_lead("Fair visitor")

    @classmethod
    def new_lead(cls, name, day=datetime(2026, 3, 2, 1), **values):
        """A lead that arrived on Monday at nine."""
        lead = cls.make_lead(name, cls.rep, cls.customer, **values)
        cls.born_on(lead, day)
        return lead

    def first_of(self, lead):
        """(follow-up, hours) of the first contacts of a lead."""
        found = self.followups.search(
            [("lead_id", "=", lead.id), ("is_first_contact", "=", True)]
        )
        return [(one, round(one.response_hours, 2)) for one in found]

    def contact(self, hours, lead=None, **values):
        """A follow-up so many hours by the clock after Monday at nine."""
        moment = datetime(2026, 3, 2, 1) + timedelta(hours=hours)
        return self.write_followup(lead or self.lead, date=moment, **values)

    # ------------------------------------------------------------
    # RESPONSE
    # ------------------------------------------------------------

    def test_an_earlier_one_that_is_entered_later_is_the_first(self):
        """Seventeen working hours were shown, one was true."""
        late = self.contact(49)
        self.assertEqual(self.first_of(self.lead), [(late, 17)])
        early = self.contact(1)
        self.assertEqual(self.first_of(self.lead), [(early, 1)])
        self.assertIs(late.response_hours, False)

    def test_a_corrected_time_is_the_time(self):
        first, second = self.contact(1), self.contact(3)
        first.date = datetime(2026, 3, 2, 1, 30)
        self.assertEqual(self.first_of(self.lead), [(first, 0.5)])
        first.date = datetime(2026, 3, 3, 1)
        self.assertEqual(self.first_of(self.lead), [(second, 3)])

    def test_a_deleted_one_was_not_the_first(self):
        first, second = self.contact(1), self.contact(2)
        first.with_user(self.crm_admin).unlink()
        self.assertEqual(self.first_of(self.lead), [(second, 2)])
        second.with_user(self.crm_admin).unlink()
        self.assertEqual(self.first_of(self.lead), [])

    def test_one_that_moves_to_another_lead_counts_there(self):
        other = self.new_lead("Other", datetime(2026, 3, 2, 2))
        first, second = self.contact(2), self.contact(3)
        first.sudo().lead_id = other
        self.assertEqual(self.first_of(self.lead), [(second, 3)])
        self.assertEqual(self.first_of(other), [(first, 1)])

    def test_many_at_once(self):
        leads = [self.new_lead(f"Lead {number}") for number in range(3)]
        made = self.followups.create(
            [
                {
                    "lead_id": lead.id,
                    "date": datetime(2026, 3, 2, 1) + timedelta(hours=hours),
                    "content": "Talked about the order.",
                }
                for lead in leads
                for hours in (2, 1)
            ]
        )
        for lead, early in zip(leads, made[1::2], strict=True):
            self.assertEqual(self.first_of(lead), [(early, 1)])

    def test_what_sql_left_behind_is_corrected_at_night(self):
        """A merge of customers, or a customer deleted with its follow-ups."""
        first, second = self.contact(1), self.contact(2)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_followup WHERE id = %s", (first.id,))
        self.env.invalidate_all()
        self.followups._correct_first_contacts()
        self.assertEqual(self.first_of(self.lead), [(second, 2)])
        self.assertEqual(self.followups._correct_first_contacts(), 0)

    # ------------------------------------------------------------
    # MERGES
    # ------------------------------------------------------------

    def test_merged_leads_have_one_first_contact_and_one_next_step(self):
        """The earliest of all contacts, and the step that is due first."""
        other = self.new_lead("Same visitor")
        self.contact(3, next_date=date(2026, 3, 12), next_plan="Send the offer")
        early = self.contact(1, other, next_date=date(2026, 3, 10), next_plan="Call")
        head = (self.lead | other).merge_opportunity()
        self.env.flush_all()
        self.assertEqual(len(self.first_of(head)), 1)
        self.assertEqual(self.first_of(head)[0][0], early)
        task = self.open_tasks(head)
        self.assertEqual(task.mapped("date_due"), [date(2026, 3, 10)])
        activity = self.activities(head)
        self.assertEqual(activity.mapped("summary"), ["Call"])
        self.assertEqual(activity, task.activity_id)
        # what else was agreed on is not lost
        self.assertIn("Send the offer", activity.note)
        self.assertEqual(head.next_contact_date, date(2026, 3, 10))

    def test_merged_leads_keep_what_was_planned_and_done(self):
        """One follow-up per rule; what the other had done counts on."""
        rule = self.make_rule(model_name="crm.lead", days=1)
        other = self.new_lead("Same visitor")
        self.env.flush_all()
        rule._run_whole()
        self.contact(0.5, other)
        self.assertEqual(len(self.tasks.search([("rule_id", "=", rule.id)])), 2)
        done = self.tasks.search([("lead_id", "=", other.id), ("state", "=", "done")])
        head = (self.lead | other).merge_opportunity()
        self.env.flush_all()
        tasks = self.tasks.search([("rule_id", "=", rule.id)])
        self.assertEqual(tasks.lead_id, head)
        self.assertIn(done, tasks)
        self.assertLessEqual(len(tasks.filtered(lambda t: t.state == "open")), 1)
        self.assertEqual(
            self.activities(head),
            tasks.filtered(lambda t: t.state == "open").activity_id,
        )

    # ------------------------------------------------------------
    # PUT AWAY
    # ------------------------------------------------------------

    def test_of_an_archived_customer_nothing_is_due(self):
        """A step agreed and one of a rule; so for a lead. At once, and at night for
        those who were put away by other ways."""
        rule = self.make_rule(days=1)
        self.born_on(self.customer, MONDAY - timedelta(days=9))
        for record in (self.customer, self.lead):
            for way in ("archive", "night"):
                with self.subTest(record=record._name, way=way):
                    record._plan_contact(WEDNESDAY - timedelta(days=1))
                    rule._run_whole()
                    tasks = self.open_tasks(record)
                    self.assertTrue(tasks)
                    if way == "archive":
                        record.action_archive()
                    else:
                        record.flush_recordset()
                        self.env.cr.execute(
                            f"UPDATE {record._table} SET active = FALSE WHERE id = %s",
                            (record.id,),
                        )
                        self.env.invalidate_all()
                        self.tasks._withdraw_of_archived()
                    self.assertEqual(set(tasks.mapped("state")), {"withdrawn"})
                    self.assertFalse(self.activities(record))
                    record.action_unarchive()

    # ------------------------------------------------------------
    # COMPANIES
    # ------------------------------------------------------------

    def test_what_is_planned_belongs_to_the_company_of_its_record(self):
        """Of a rule, agreed, and after the record moved."""
        other = self.env["res.company"].create({"name": "Abroad"})
        self.crm_admin.company_ids |= other
        customer = self.make_customer("Foreign", self.crm_admin, company_id=other.id)
        lead = self.make_lead("Foreign", self.crm_admin, customer, company_id=other.id)
        rule = self.make_rule(days=1, company_id=other.id)
        self.born_on(customer, MONDAY - timedelta(days=9))
        rule._run_whole()
        lead._plan_contact(WEDNESDAY)
        tasks = self.open_tasks(customer) | self.open_tasks(lead)
        self.assertEqual(len(tasks), 2)
        self.assertEqual(tasks.company_id, other)
        mine = self.tasks.with_user(self.crm_admin)
        here = mine.with_context(allowed_company_ids=self.env.company.ids)
        there = mine.with_context(allowed_company_ids=other.ids)
        self.assertFalse(here.search([("id", "in", tasks.ids)]))
        self.assertEqual(there.search([("id", "in", tasks.ids)]), tasks)
        customer.company_id = False
        self.assertFalse(self.open_tasks(customer).company_id)

    # ------------------------------------------------------------
    # THE DAY
    # ------------------------------------------------------------

    def test_won_after_a_follow_up_by_the_day_of_the_company(self):
        """Four in the afternoon in Greenwich is the next day in Shanghai."""
        self.env["ir.config_parameter"].set_param("crm_followup.conversion_days", "2")
        self.contact(1)
        for closed, won in (
            ("2026-03-04 15:59:00", 100),  # the fourth in Shanghai
            ("2026-03-04 16:01:00", 0),  # the fifth
        ):
            with self.subTest(closed=closed):
                self.lead.action_set_won()
                self.lead.flush_recordset()
                self.env.cr.execute(
                    "UPDATE crm_lead SET date_closed = %s WHERE id = %s",
                    (closed, self.lead.id),
                )
                self.env.invalidate_all()
                [row] = self.env["crm.followup.report"].search(
                    [("kind", "=", "conversion"), ("lead_id", "=", self.lead.id)]
                )
                self.assertEqual(row.conversion_rate, won)

    def test_a_follow_up_is_of_the_day_of_the_company(self):
        """Whoever wrote it from wherever."""
        self.rep.tz = "America/New_York"
        followup = self.write_followup(
            self.lead, date=datetime(2026, 3, 3, 1), content="Called from New York."
        )
        [row] = self.env["crm.followup.report"].search(
            [("kind", "=", "record"), ("followup_id", "=", followup.id)]
        )
        self.assertEqual(row.date, date(2026, 3, 3))

    def test_unknown_is_not_zero(self):
        """# A9: an average in a list leaves out what there is not yet."""
        self.contact(1)
        self.contact(2)
        read = self.followups.search_read(
            [("lead_id", "=", self.lead.id)], ["response_hours"], order="date"
        )
        self.assertEqual([row["response_hours"] for row in read], [1.0, False])
        [group] = self.followups.formatted_read_group(
            [("lead_id", "=", self.lead.id)], [], ["response_hours:avg"]
        )
        self.assertEqual(group["response_hours:avg"], 1)
