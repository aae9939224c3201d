from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# R read, W write, C create, D delete of: threshold, request of the rep's lead
APPROVAL_ROLES = {
    "plain": ("", ""),
    "rep": ("R", "R"),
    "colleague": ("R", ""),
    "other_rep": ("R", ""),
    "manager": ("R", "R"),
    "other_manager": ("R", ""),
    "agent": ("", ""),
    "service_manager": ("", ""),
    "marketing": ("", ""),
    "crm_admin": ("RWCD", "R"),
}


class ApprovalCommon(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.is_closing_reason_required = False
        cls.env["crm.lead.approval.rule"].search([]).action_archive()
        Stage = cls.env["crm.stage"]
        cls.early, cls.middle, cls.late, cls.won = Stage.create(
            [
                {"name": "Early", "sequence": 500},
                {"name": "Middle", "sequence": 501},
                {"name": "Late", "sequence": 502},
                {"name": "Signed", "sequence": 503, "is_won": True},
            ]
        )
        cls.limit = cls.env["crm.lead.approval.rule"].create(
            {"name": "Large", "amount": 100000, "discount": 20, "company_id": False}
        )
        cls.lead = cls.make_lead(
            "Big deal",
            owner=cls.rep,
            team_id=cls.team.id,
            stage_id=cls.early.id,
            expected_revenue=150000,
        )
        cls.mine = cls.lead.with_user(cls.rep)

    def ask(self, lead=None, amount=None, discount=None):
        """The rep asks through the dialog."""
        lead = lead or self.mine
        action = lead.action_ask_approval()
        context = action["context"]
        if amount is not None:
            context |= {"default_amount": amount}
        if discount is not None:
            context |= {"default_discount": discount}
        wizard = self.env(user=lead.env.user)["crm.lead.approval.wizard"]
        with Form(wizard.with_context(**context)) as form:
            form.note = "Large customer"
        form.record.action_confirm()
        return lead.sudo().approval_ids[:1].sudo(False)

    def approve(self, request=None, user=None):
        request = request or self.ask()
        request.with_user(user or self.manager).action_approve()
        return request


@tagged("post_install", "-at_install")
class TestApprovalFlow(ApprovalCommon):
    def test_ask_approve_win(self):
        """# S9: the whole way, with activity, history and notices."""
        self.assertTrue(self.mine.approval_needed)
        request = self.ask()
        self.assertEqual(request.approver_id, self.manager)
        self.assertEqual(self.lead.activity_ids.user_id, self.manager)
        self.assertEqual(self.mine.approval_state, "pending")
        self.approve(request)
        self.assertEqual(self.mine.approval_state, "approved")
        self.assertFalse(self.mine.approval_needed)
        self.assertFalse(self.lead.activity_ids.filtered("active"))
        self.mine.stage_id = self.won
        self.assertRecordValues(
            self.lead.approval_ids,
            [
                {
                    "state": "approved",
                    "requester_id": self.rep.id,
                    "decided_by_id": self.manager.id,
                    "amount": 150000,
                    "request_note": "Large customer",
                }
            ],
        )
        self.assertEqual(self.lead.won_status, "won")

    def test_refuse_needs_a_reason_and_the_rep_reads_it(self):
        """# S9"""
        request = self.ask()
        action = request.with_user(self.manager).action_refuse()
        wizard = self.env(user=self.manager)["crm.lead.approval.wizard"]
        wizard = wizard.with_context(**action["context"]).create({})
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.note = "Discount first"
        wizard.action_confirm()
        self.assertEqual(request.state, "refused")
        self.assertIn("Discount first", self.mine.approval_hint)
        with self.assertRaises(UserError):
            self.mine.stage_id = self.won

    def test_take_back_to_change(self):
        """# S9"""
        self.ask()
        with self.assertRaises(UserError):
            self.mine.expected_revenue = 160000
        self.mine.action_withdraw_approval()
        self.mine.expected_revenue = 160000
        self.assertFalse(self.lead.approval_state)

    def test_the_deputy_or_an_administrator_when_the_leader_is_the_owner(self):
        """# S9: nobody approves an own request or an own deal."""
        lead = self.make_lead(
            "Leader's own",
            owner=self.manager,
            team_id=self.team.id,
            stage_id=self.early.id,
            expected_revenue=150000,
        )
        request = self.ask(lead.with_user(self.manager))
        self.assertTrue(
            request.approver_id.has_group("crm_customer_center.group_crm_admin")
        )
        with self.assertRaises(AccessError):
            request.with_user(self.manager).action_approve()
        request.with_user(self.manager).action_withdraw()
        self.team.deputy_user_id = self.colleague
        request = self.ask(lead.with_user(self.manager))
        self.assertEqual(request.approver_id, self.colleague)
        # who is asked can open the opportunity
        self.assertTrue(lead.with_user(self.colleague).has_access("read"))
        request.with_user(self.colleague).action_approve()
        lead.with_user(self.manager).stage_id = self.won

    def test_an_own_request_for_a_colleagues_deal_is_not_approved_by_oneself(self):
        """# S9: the leader asks for the rep's deal, and may not agree himself."""
        request = self.ask(self.lead.with_user(self.manager))
        self.assertNotEqual(request.approver_id, self.manager)
        self.assertFalse(request.with_user(self.manager).can_decide)
        with self.assertRaises(AccessError):
            request.with_user(self.manager).action_approve()
        request.with_user(self.crm_admin).action_approve()

    def test_the_screen_of_what_waits_for_me(self):
        """# S9: search and flag agree for every role."""
        request = self.ask()
        for role, decides in (
            ("rep", False),
            ("colleague", False),
            ("manager", True),
            ("other_manager", False),
            ("crm_admin", True),
        ):
            with self.subTest(role):
                Approval = self.env(user=self.roles[role])["crm.lead.approval"]
                found = Approval.search([("can_decide", "=", True)])
                self.assertEqual(request in found, decides)
                if request.with_user(self.roles[role]).has_access("read"):
                    mine = request.with_user(self.roles[role])
                    self.assertEqual(mine.can_decide, decides)

    def test_several_are_approved_with_one_click(self):
        """# S9: and a request is decided once."""
        other = self.lead.copy({"name": "Second", "user_id": self.rep.id})
        requests = self.ask() | self.ask(other.with_user(self.rep))
        requests.with_user(self.manager).action_approve()
        self.assertEqual(set(requests.mapped("state")), {"approved"})
        with self.assertRaises(UserError):
            requests.with_user(self.manager).action_approve()

    def test_a_copy_is_not_approved(self):
        """# S9"""
        self.approve()
        copy = self.mine.copy()
        self.assertFalse(copy.approval_state)
        self.assertTrue(copy.approval_needed)

    def test_a_threshold_needs_a_figure(self):
        """# S9"""
        with self.assertRaises(ValidationError):
            self.env["crm.lead.approval.rule"].create({"name": "Nothing"})

    def test_without_thresholds_nothing_is_asked(self):
        """# S9: and a threshold of another team does not concern us."""
        self.limit.team_id = self.other_team
        self.assertFalse(self.mine.approval_needed)
        self.mine.stage_id = self.won


@tagged("post_install", "-at_install")
class TestApprovalBypass(ApprovalCommon):
    """Every way round it that we could think of, as the rep and over RPC."""

    def refused(self, error=UserError):
        """An AccessError is a UserError as well."""
        return self.assertRaises(error)

    def rpc(self, user, record, method, *args, **kwargs):
        """A call as it comes over RPC."""
        with self.calling_as(user) as env, mute_logger("odoo.sql_db"):
            result = getattr(env[record._name].browse(record.ids), method)(
                *args, **kwargs
            )
            env.flush_all()
            return result

    def test_winning_by_every_door(self):
        """# S9: drag and form, the button, RPC, mass edit, import."""
        other = self.lead.copy({"name": "Second", "user_id": self.rep.id})
        other.stage_id = self.early
        ways = {
            "drag": lambda: self.rpc(
                self.rep, self.lead, "write", {"stage_id": self.won.id}
            ),
            "button": lambda: self.rpc(self.rep, self.lead, "action_set_won"),
            "mass edit": lambda: self.rpc(
                self.rep, self.lead | other, "write", {"stage_id": self.won.id}
            ),
            "web_save": lambda: self.rpc(
                self.rep, self.lead, "web_save", {"stage_id": self.won.id}, {"id": {}}
            ),
            "sudo in code": lambda: self.mine.sudo().write({"stage_id": self.won.id}),
            "admin": lambda: self.rpc(
                self.crm_admin, self.lead, "write", {"stage_id": self.won.id}
            ),
        }
        for name, way in ways.items():
            with self.subTest(name), self.refused(UserError):
                way()
        self.env.invalidate_all()
        self.assertEqual((self.lead | other).stage_id, self.early)

    def test_an_import_is_refused_row_by_row(self):
        """# S9: update of an existing deal, and a new one that is won at once."""
        Lead = self.env(user=self.crm_admin)["crm.lead"].with_context(import_file=True)
        for fields, row in (
            ([".id", "stage_id"], [str(self.lead.id), "Signed"]),
            (["name", "stage_id", "expected_revenue"], ["New", "Signed", "500000"]),
        ):
            with self.subTest(fields):
                result = Lead.load(fields, [row])
                self.assertFalse(result["ids"])
                self.assertIn("Ask for Approval", result["messages"][0]["message"])

    def test_created_in_the_won_stage(self):
        """# S9"""
        with self.refused(UserError), self.calling_as(self.rep) as env:
            env["crm.lead"].create(
                {
                    "name": "At once",
                    "type": "opportunity",
                    "stage_id": self.won.id,
                    "expected_revenue": 999999,
                }
            )

    def test_smaller_then_won_then_larger(self):
        """# S9: the amount of a deal past the gate does not grow past the threshold."""
        self.mine.expected_revenue = 50000
        self.mine.stage_id = self.won
        for values in (
            {"expected_revenue": 150000},
            {"recurring_revenue": 150000},
            {"discount": 30},
        ):
            with self.subTest(values), self.refused(UserError):
                self.rpc(self.rep, self.lead, "write", values)

    def test_larger_after_the_approval(self):
        """# S9: up to what was agreed to; beyond, asked again."""
        self.approve()
        self.mine.expected_revenue = 140000
        self.mine.expected_revenue = 150000
        self.mine.expected_revenue = 150001
        self.assertTrue(self.mine.approval_needed)
        with self.refused(UserError):
            self.mine.stage_id = self.won
        self.approve(self.ask())
        self.mine.stage_id = self.won
        with self.refused(UserError):
            self.mine.discount = 25
        # a deal past the gate grows after the larger amount was agreed to
        self.approve(self.ask(amount=200000, discount=25))
        self.mine.write({"expected_revenue": 200000, "discount": 25})

    def test_nothing_changes_while_it_waits(self):
        """# S9: nor by the leader, nor by archiving, losing, converting."""
        self.ask()
        for values in (
            {"expected_revenue": 1},
            {"discount": 5},
            {"stage_id": self.middle.id},
            {"team_id": self.other_team.id},
            {"user_id": self.colleague.id},
            {"active": False},
            {"partner_id": self.make_customer("Other").id},
            {"type": "lead"},
        ):
            for user in (self.rep, self.manager, self.crm_admin):
                with self.subTest(values=values, user=user.login), self.refused():
                    self.rpc(user, self.lead, "write", values)
        with self.refused(UserError):
            self.rpc(self.rep, self.lead, "action_archive")
        # what was not asked about, and what does not change, may be written
        self.rpc(
            self.rep,
            self.lead,
            "write",
            {"description": "Call", "expected_revenue": 150000},
        )

    def test_into_another_team_or_other_hands(self):
        """# S9: a team without threshold wins it no sooner."""
        self.limit.team_id = self.team
        for values in (
            {"team_id": self.other_team.id, "stage_id": self.won.id},
            {"team_id": False, "stage_id": self.won.id},
            {"team_id": self.other_team.id, "user_id": False},
            {"user_id": self.other_rep.id},
            {"team_id": self.other_team.id, "user_id": self.other_rep.id},
        ):
            with self.subTest(values), self.refused(UserError):
                self.rpc(self.rep, self.lead, "write", values)
        # the leader may move it: then the other team's rules hold
        self.rpc(
            self.manager,
            self.lead,
            "write",
            {"team_id": self.other_team.id, "user_id": self.other_rep.id},
        )
        self.assertEqual(self.lead.team_id, self.other_team)

    def test_lost_restored_and_won(self):
        """# S9: archiving and restoring opens no door."""
        self.rpc(self.rep, self.lead, "action_archive")
        with self.refused(UserError):
            self.rpc(
                self.rep, self.lead, "write", {"active": True, "stage_id": self.won.id}
            )
        with self.refused(UserError):
            self.rpc(self.rep, self.lead, "write", {"stage_id": self.won.id})
        self.rpc(self.rep, self.lead, "action_unarchive")
        with self.refused(UserError):
            self.rpc(self.rep, self.lead, "write", {"stage_id": self.won.id})

    def test_the_approval_itself_is_not_written(self):
        """# S9: no fields, no rows, no requests of others, by RPC or import."""
        request = self.ask()
        for user in (self.rep, self.manager, self.crm_admin):
            with self.subTest(user.login):
                with self.refused(AccessError):
                    self.rpc(user, request, "write", {"state": "approved"})
                with self.refused(AccessError):
                    self.rpc(user, request, "unlink")
                with self.refused(AccessError):
                    self.rpc(user, self.lead, "write", {"approval_state": "approved"})
                with self.refused(AccessError):
                    self.rpc(user, self.lead, "write", {"approver_id": user.id})
                rows = [Command.create({"state": "approved", "amount": 1e9})]
                with self.refused(AccessError):
                    self.rpc(user, self.lead, "write", {"approval_ids": rows})
        with self.refused(AccessError):
            self.rpc(self.rep, request, "action_approve")
        with self.refused(AccessError):
            self.rpc(self.colleague, request, "action_approve")
        with self.refused(AccessError):
            self.rpc(self.other_manager, request, "action_approve")
        with self.refused(AccessError), self.calling_as(self.rep) as env:
            env["crm.lead"].create(
                {"name": "Born approved", "approval_state": "approved"}
            )

    def test_the_dialog_decides_nothing_for_who_may_not(self):
        """# S9: its fields can be set by anybody over RPC."""
        request = self.ask()
        with self.refused(AccessError), self.calling_as(self.rep) as env:
            env["crm.lead.approval.wizard"].create(
                {
                    "kind": "refuse",
                    "approval_id": request.id,
                    "lead_id": self.lead.id,
                    "note": "x",
                }
            ).action_confirm()
        stranger = self.make_lead("Stranger's", owner=self.other_rep)
        with self.refused(AccessError), self.calling_as(self.rep) as env:
            env["crm.lead.approval.wizard"].create(
                {"kind": "ask", "lead_id": stranger.id, "amount": 1}
            ).action_confirm()

    def test_asking_for_less_than_the_deal_has_is_no_help(self):
        """# S9: it would be approved and still not be won."""
        self.mine.discount = 12
        with self.refused(UserError):
            self.ask(amount=149999)
        with self.refused(UserError):
            self.ask(discount=11)
        self.assertFalse(self.lead.approval_ids)
        # the deal may be let grow a little
        self.approve(self.ask(amount=160000, discount=15))
        self.mine.write({"expected_revenue": 160000, "stage_id": self.won.id})
        self.assertEqual(self.mine.won_status, "won")

    def test_merging_brings_the_discount_along(self):
        """# S9: nobody loses a discount, and the approval it needs, by merging."""
        small = self.make_lead("Small", owner=self.rep, team_id=self.team.id)
        other = self.make_lead("Other", owner=self.rep, team_id=self.team.id)
        other.discount = 30
        merged = (small | other)._merge_opportunity()
        self.assertEqual(merged.discount, 30)
        self.assertTrue(merged.with_user(self.rep).approval_needed)

    def test_merging_with_an_approved_deal_approves_nothing(self):
        """# S9: an approval was given to one deal."""
        self.approve()
        big = self.make_lead(
            "Bigger",
            owner=self.rep,
            team_id=self.team.id,
            stage_id=self.middle.id,
            expected_revenue=150000,
        )
        merged = (big | self.lead)._merge_opportunity(auto_unlink=False)
        other = (big | self.lead) - merged
        self.assertIn(merged, big | self.lead)
        if merged == big:
            self.assertTrue(merged.with_user(self.rep).approval_needed)
            self.assertEqual(merged.approval_ids.mapped("state"), ["withdrawn"])
        self.assertFalse(other.approval_ids)

    def test_a_stage_as_gate(self):
        """# S9: past the stage means into it or a later one, also by skipping it."""
        self.limit.stage_id = self.middle
        for stage in (self.middle, self.late, self.won):
            with self.subTest(stage.name), self.refused(UserError):
                self.rpc(self.rep, self.lead, "write", {"stage_id": stage.id})
        self.approve()
        self.rpc(self.rep, self.lead, "write", {"stage_id": self.late.id})

    def test_deals_won_before_the_threshold_are_left_in_peace(self):
        """# S9: they can be handed over, but do not grow."""
        self.limit.active = False
        self.mine.stage_id = self.won
        self.limit.active = True
        self.rpc(self.crm_admin, self.lead, "write", {"user_id": self.colleague.id})
        with self.refused(UserError):
            self.rpc(self.crm_admin, self.lead, "write", {"expected_revenue": 900000})

    def test_a_page_of_the_pipeline_is_read_once(self):
        """# S9: the rule for approvers does not have the page read a second time."""
        fnames = ["name", "user_id"]
        leads = self.env["crm.lead"].with_user(self.rep)
        leads.search_read([], fnames, limit=1)
        self.env.invalidate_all()
        page = leads.search_fetch([("id", "=", self.lead.id)], fnames)
        self.env.user.mapped("name")
        with self.assertQueryCount(0):
            page.check_access("read")

    def test_moving_many_costs_no_query_more_for_each(self):
        """# S9: the gate is checked in sets."""
        counts = {}
        for size in (5, 40):
            leads = self.env["crm.lead"].create(
                [
                    {
                        "name": f"L{number}",
                        "type": "opportunity",
                        "user_id": self.rep.id,
                        "team_id": self.team.id,
                        "stage_id": self.early.id,
                        "expected_revenue": 150000,
                    }
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            thresholds = self.env["crm.lead.approval.rule"]._thresholds()
            before = {lead: lead._as_deal() for lead in leads}
            count = self.env.cr.sql_log_count
            leads._check_gate(before, set(), thresholds)
            counts[size] = self.env.cr.sql_log_count - count
        self.assertLessEqual(counts[40], counts[5] + 1)


@tagged("post_install", "-at_install")
class TestApprovalAccess(ApprovalCommon):
    def test_the_table_of_roles(self):
        """# S9: who sees and changes thresholds and requests."""
        request = self.ask()
        operations = {"R": "read", "W": "write", "C": "create", "D": "unlink"}
        for role, letters in APPROVAL_ROLES.items():
            for record, expected in zip((self.limit, request), letters, strict=True):
                with self.subTest(role=role, model=record._name):
                    mine = record.with_user(self.roles[role])
                    may = "".join(
                        letter
                        for letter, operation in operations.items()
                        if mine.has_access(operation)
                    )
                    self.assertEqual(may, expected)

    def test_another_company_sees_nothing(self):
        """# S9"""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user(
            "stranger",
            "crm_customer_center.group_crm_admin",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        request = self.ask()
        self.limit.company_id = self.env.company
        self.assertEqual(self.lead.company_id, self.env.company)
        for record in (request, self.limit):
            self.assertFalse(record.with_user(stranger).has_access("read"))
