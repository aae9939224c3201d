from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

MILESTONE_ROLES = {
    "plain": "",
    "rep": "RWCD",
    "colleague": "",
    "other_rep": "",
    "manager": "RWCD",
    "other_manager": "",
    "agent": "",
    "service_manager": "",
    "marketing": "",
    "crm_admin": "RWCD",
}


class MilestoneCommon(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.make_lead("Line 2", owner=cls.rep, team_id=cls.team.id)
        cls.today = fields.Date.context_today(cls.env.user)

    def make_milestone(self, days, lead=None, user=None, **values):
        """A milestone so many days from today."""
        return self.env["crm.lead.milestone"].create(
            {
                "name": "方案评审",
                "lead_id": (lead or self.lead).id,
                "date": self.today + timedelta(days=days),
                "user_id": (user or self.rep).id,
                **values,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_sales_process.cron_remind_milestones"
            ).method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMilestones(MilestoneCommon):
    def test_the_owner_is_reminded_once_in_time(self):
        """# S6: days before, as an activity of the owner with the milestone's date."""
        milestone = self.make_milestone(10, remind_days=3)
        self.run_cron()
        self.assertFalse(self.lead.activity_ids)
        milestone.date = self.today + timedelta(days=3)
        self.assertRecordValues(
            self.lead.activity_ids,
            [
                {
                    "user_id": self.rep.id,
                    "summary": "方案评审",
                    "date_deadline": milestone.date,
                }
            ],
        )
        self.run_cron()
        self.assertEqual(len(self.lead.activity_ids), 1)
        self.lead.activity_ids.unlink()
        self.run_cron()
        self.assertFalse(self.lead.activity_ids, "discarded, it does not come back")

    def test_the_nightly_job_reminds_when_the_day_has_come(self):
        """# S6"""
        milestone = self.make_milestone(10, remind_days=3)
        # eight days pass
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_milestone SET date = date - 8, "
            "remind_date = remind_date - 8 WHERE id = %s",
            (milestone.id,),
        )
        self.env.invalidate_all()
        self.run_cron()
        self.assertEqual(milestone.activity_id.user_id, self.rep)

    def test_done_closes_the_activity_and_the_other_way_round(self):
        """# S6: doing either does both."""
        one, two = self.make_milestone(1), self.make_milestone(2)
        one.with_user(self.rep).action_done()
        self.assertFalse(one.activity_id.active)
        self.assertEqual(one.done_date, self.today)
        two.activity_id.with_user(self.rep).action_feedback(feedback="Went well")
        self.assertRecordValues(
            two, [{"done": True, "done_date": self.today, "note": "Went well"}]
        )

    def test_the_activity_follows_date_and_owner(self):
        """# S6"""
        milestone = self.make_milestone(1)
        milestone.write(
            {"date": self.today + timedelta(days=5), "user_id": self.manager.id}
        )
        self.assertEqual(milestone.activity_id.date_deadline, milestone.date)
        self.assertEqual(milestone.activity_id.user_id, self.manager)
        activity = milestone.activity_id
        milestone.unlink()
        self.assertFalse(activity.exists())

    def test_the_lead_shows_the_next_one_and_whether_it_is_late(self):
        """# S6: on the card, found by a filter."""
        self.make_milestone(20, name="Decision")
        late = self.make_milestone(-2, name="Survey")
        self.assertEqual(self.lead.next_milestone_name, "Survey")
        self.assertTrue(self.lead.milestone_overdue)
        found = self.env["crm.lead"].search([("milestone_overdue", "=", True)])
        self.assertIn(self.lead, found)
        late.done = True
        self.assertEqual(late.done_date, self.today)
        self.env.invalidate_all()
        self.assertEqual(self.lead.next_milestone_name, "Decision")
        self.assertFalse(self.lead.milestone_overdue)
        found = self.env["crm.lead"].search([("milestone_overdue", "=", True)])
        self.assertNotIn(self.lead, found)

    def test_a_page_of_leads_costs_no_query_of_its_own(self):
        """# S6: the next one stands on the lead."""
        leads = self.lead
        for number in range(20):
            leads |= self.make_lead(f"L{number}", owner=self.rep)
        for lead in leads:
            self.make_milestone(40, lead=lead)
        self.env.flush_all()
        self.env.invalidate_all()
        leads.mapped("name")
        fields.Date.context_today(leads)  # asks for the user's time zone
        with self.assertQueryCount(0):
            self.assertEqual(leads.mapped("next_milestone_name"), ["方案评审"] * 21)
            self.assertFalse(any(leads.mapped("milestone_overdue")))

    def test_the_next_one_is_kept_whatever_happens_to_milestones(self):
        """# S6: moved to another lead, renamed, brought forward, deleted."""
        other = self.make_lead("Other", owner=self.rep)
        first, second = self.make_milestone(10, name="A"), self.make_milestone(20)
        first.lead_id = other
        second.write({"name": "B", "date": self.today + timedelta(days=5)})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRecordValues(
            self.lead | other,
            [
                {"next_milestone_name": "B", "next_milestone_date": second.date},
                {"next_milestone_name": "A", "next_milestone_date": first.date},
            ],
        )
        (first | second).unlink()
        self.assertEqual((self.lead | other).mapped("next_milestone_name"), [False] * 2)

    def test_a_template_adds_what_is_missing(self):
        """# S6: the team's before the general one; twice changes nothing."""
        Template = self.env["crm.lead.milestone.template"]
        Template.search([]).action_archive()
        with self.assertRaises(UserError):
            self.lead.action_add_template_milestones()
        line = Command.create
        Template.create(
            [
                {"name": "All", "line_ids": [line({"name": "General", "days": 1})]},
                {
                    "name": "Team",
                    "team_id": self.team.id,
                    "line_ids": [
                        line({"name": "Survey", "days": 7}),
                        line({"name": "Decision", "days": 60, "remind_days": 7}),
                    ],
                },
                {
                    "name": "Other team",
                    "team_id": self.other_team.id,
                    "line_ids": [line({"name": "Other", "days": 1})],
                },
                {
                    "name": "Leads",
                    "lead_type": "lead",
                    "line_ids": [line({"name": "Qualify", "days": 1})],
                },
            ]
        )
        mine = self.lead.with_user(self.rep)
        mine.action_add_template_milestones()
        mine.action_add_template_milestones()
        self.assertEqual(mine.milestone_ids.mapped("name"), ["Survey", "Decision"])
        self.assertEqual(mine.milestone_ids[1].date, self.today + timedelta(days=60))
        self.assertEqual(mine.milestone_ids.user_id, self.rep)
        lead = self.make_lead("L", owner=self.other_manager, type="lead")
        lead.team_id = False
        lead.action_add_template_milestones()
        self.assertEqual(lead.milestone_ids.name, "Qualify")

    def test_the_template_of_the_module_is_in_the_users_language(self):
        """# S6, U1: what is added to an opportunity reads as if written there."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["crm_sales_process"], ["zh_CN"], overwrite=True
        )
        template = self.env.ref("crm_sales_process.milestone_template_project")
        (self.env["crm.lead.milestone.template"].search([]) - template).active = False
        self.lead.with_context(lang="zh_CN").action_add_template_milestones()
        self.assertEqual(
            self.lead.milestone_ids.mapped("name"),
            ["现场勘测", "提交方案", "方案评审", "定标"],
        )

    def test_lines_of_before_get_their_external_ids_and_no_double(self):
        """# S6, O5: an update from 19.0.1.0.0, where one line had been renamed."""
        lines = {
            key: self.env.ref(f"crm_sales_process.milestone_template_project_{key}")
            for key in ("survey", "proposal", "review", "decision")
        }
        lines["review"].with_context(lang="en_US").name = "Our own review"
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "crm_sales_process"),
                ("model", "=", "crm.lead.milestone.template.line"),
            ]
        )
        self.assertEqual(len(data), 4)
        data.unlink()
        self.env.flush_all()
        script = load_script(
            file_path(
                "crm_sales_process/migrations/19.0.1.0.1/pre-name_template_lines.py"
            ),
            "name_template_lines",
        )
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.registry.clear_cache()
        for key, line in lines.items():
            found = self.env.ref(
                f"crm_sales_process.milestone_template_project_{key}",
                raise_if_not_found=False,
            )
            self.assertEqual(found, None if key == "review" else line)

    def test_merged_leads_bring_their_milestones(self):
        """# S6"""
        milestone = self.make_milestone(5)
        other = self.make_lead("Same", owner=self.rep, team_id=self.team.id)
        moved = self.make_milestone(9, lead=other)
        merged = (self.lead | other)._merge_opportunity()
        self.assertEqual(merged.milestone_ids, milestone | moved)

    def test_the_owner_must_be_able_to_see_the_opportunity(self):
        """# S6"""
        with self.assertRaises(ValidationError):
            self.make_milestone(5, user=self.other_rep)


@tagged("post_install", "-at_install")
class TestMilestoneAccess(MilestoneCommon):
    def test_the_table_of_roles(self):
        """# S6: a milestone is as visible as its opportunity."""
        milestone = self.make_milestone(5)
        operations = {"R": "read", "W": "write", "C": "create", "D": "unlink"}
        for role, expected in MILESTONE_ROLES.items():
            with self.subTest(role):
                mine = milestone.with_user(self.roles[role])
                may = "".join(
                    letter
                    for letter, operation in operations.items()
                    if mine.has_access(operation)
                )
                self.assertEqual(may, expected)

    def test_templates_are_the_managers(self):
        """# S6"""
        template = self.env.ref("crm_sales_process.milestone_template_project")
        for role, may_write in (("rep", False), ("manager", True), ("crm_admin", True)):
            mine = template.with_user(self.roles[role])
            self.assertTrue(mine.has_access("read"), role)
            self.assertEqual(mine.has_access("write"), may_write, role)
            self.assertEqual(mine.line_ids.has_access("write"), may_write, role)

    def test_a_milestone_is_no_way_into_a_strangers_opportunity(self):
        """# S6: over RPC."""
        stranger = self.make_lead("Stranger's", owner=self.other_rep)
        values = {
            "name": "In",
            "lead_id": stranger.id,
            "date": self.today,
            "user_id": self.rep.id,
        }
        with self.calling_as(self.rep) as env, self.assertRaises(UserError):
            env["crm.lead.milestone"].create(values)
        mine = self.make_milestone(5)
        with self.calling_as(self.rep) as env, self.assertRaises(UserError):
            env["crm.lead.milestone"].browse(mine.id).lead_id = stranger.id

    def test_the_reminder_cannot_be_swapped_to_delete_another_activity(self):
        """# S6: over RPC."""
        foreign = self.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        )
        mine = self.make_milestone(50)
        with self.calling_as(self.rep) as env, self.assertRaises(AccessError):
            env["crm.lead.milestone"].browse(mine.id).activity_id = foreign.id
        with self.calling_as(self.rep) as env, self.assertRaises(AccessError):
            env["crm.lead.milestone"].create(
                {
                    "name": "x",
                    "lead_id": self.lead.id,
                    "date": self.today,
                    "activity_id": foreign.id,
                }
            )
