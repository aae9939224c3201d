from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import AGENT, TicketCommon

KINDS = ("consult", "complaint", "suggestion", "fault")
ORDER_FIELD = {"name": "order_no", "string": "Order number", "type": "char"}


@tagged("post_install", "-at_install")
class TestTicketTypes(TicketCommon):
    """# V15: types are data; the contract's four kinds go on meaning what they did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env["crm.service.ticket.type"]
        cls.hardware = cls.make_type("Hardware", cls.type("fault"))
        cls.screen = cls.make_type("Screen", cls.hardware)
        cls.returns = cls.make_type("Return", ticket_type="complaint")
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})

    # ------------------------------------------------------------
    # THE KINDS OF THE CONTRACT
    # ------------------------------------------------------------

    def test_who_knows_only_the_kinds_writes_and_reads_them(self):
        """# V1 V15: as an agent's program does, with a new ticket and an old one."""
        tickets = self.tickets.with_user(self.agent)
        for kind in KINDS:
            with self.subTest(kind=kind):
                ticket = tickets.create({"name": kind, "ticket_type": kind})
                self.assertEqual(ticket.type_id, self.type(kind))
                self.assertEqual(ticket.read(["ticket_type"])[0]["ticket_type"], kind)
                found = tickets.search([("ticket_type", "=", kind)])
                self.assertIn(ticket, found)
        ticket.write({"ticket_type": "consult"})
        self.assertEqual(ticket.type_id, self.type("consult"))

    def test_nobody_said_is_a_question(self):
        """# V1 V15: or what the caller's context says."""
        self.assertEqual(self.make_ticket().ticket_type, "consult")
        asked = self.tickets.with_context(default_ticket_type="fault")
        self.assertEqual(asked.create({"name": "x"}).type_id, self.type("fault"))
        own = asked.create({"name": "x", "type_id": self.returns.id})
        self.assertEqual(own.ticket_type, "complaint")
        self.type("consult").active = False
        self.assertEqual(self.make_ticket().type_id, self.types.search([], limit=1))
        told = self.make_ticket(ticket_type="consult")
        self.assertEqual(told.type_id, self.type("consult"))

    def test_a_type_says_the_kind(self):
        """# V15: never one without the other, whatever comes along."""
        ticket = self.make_ticket(type_id=self.screen.id, ticket_type="consult")
        self.assertEqual(ticket.ticket_type, "fault")
        ticket.type_id = self.returns
        self.assertEqual(ticket.ticket_type, "complaint")
        ticket.write({"type_id": self.screen.id, "ticket_type": "suggestion"})
        self.assertEqual(ticket.ticket_type, "fault")

    def test_the_same_kind_again_leaves_the_finer_type(self):
        """# V15: and of several tickets each its own."""
        fine = self.make_ticket(type_id=self.screen.id)
        other = self.make_ticket(ticket_type="consult")
        (fine | other).write({"ticket_type": "fault", "priority": "2"})
        self.assertEqual(fine.type_id, self.screen)
        self.assertEqual(other.type_id, self.type("fault"))
        self.assertEqual((fine | other).mapped("priority"), ["2", "2"])

    def test_no_kind_is_refused(self):
        """# V15: odd input, as before there were types."""
        ticket = self.make_ticket()
        for value in ("bomb", 7, "\x00"):
            with self.subTest(value=value), self.assertRaises(ValueError):
                ticket.write({"ticket_type": value})
            with self.subTest(value=value), self.assertRaises(ValueError):
                self.make_ticket(ticket_type=value)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            ticket.type_id = False
            ticket.flush_recordset()

    # ------------------------------------------------------------
    # THE TREE
    # ------------------------------------------------------------

    def test_a_finer_type_is_called_by_the_way_to_it_in_each_language(self):
        """# V15: and found by it, by import too."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for type_, name in (
            (self.type("fault"), "故障"),
            (self.hardware, "硬件"),
            (self.screen, "屏幕"),
        ):
            type_.with_context(lang="zh_CN").name = name
        self.assertEqual(self.screen.display_name, "Fault / Hardware / Screen")
        chinese = self.types.with_context(lang="zh_CN")
        self.assertEqual(
            chinese.browse(self.screen.id).display_name, "故障 / 硬件 / 屏幕"
        )
        for typed in ("屏幕", "故障 / 硬件 / 屏幕"):
            found = chinese.name_search(typed, operator="=")
            self.assertEqual([one[0] for one in found], self.screen.ids)
        branch = [one[0] for one in chinese.name_search("硬件")]
        self.assertEqual(branch, [self.hardware.id, self.screen.id])
        self.assertFalse(chinese.name_search("投诉 / 屏幕", operator="="))

    def test_branches_stand_together(self):
        """# V15: a finer one below its own, by the sequence."""
        first = self.make_type("Cable", self.hardware, sequence=1)
        mine = self.type("fault") | self.hardware | first | self.screen
        self.assertEqual(
            self.types.search([("id", "child_of", self.type("fault").id)]).ids,
            [self.type("fault").id, self.hardware.id, first.id, self.screen.id],
        )
        self.hardware.sequence = 99
        order = self.types.search([("id", "in", mine.ids)])
        self.assertEqual(order[1:], self.hardware | first | self.screen)

    def test_a_branch_is_of_one_kind(self):
        """# V15"""
        self.assertEqual(self.screen.ticket_type, "fault")
        refused = self.assertRaisesRegex(ValidationError, "of its kind")
        with refused, self.env.cr.savepoint():
            self.screen.ticket_type = "consult"
        self.screen.parent_id = self.returns
        self.assertEqual(self.screen.ticket_type, "complaint")
        with self.assertRaises(UserError):
            self.hardware.parent_id = self.hardware

    def test_the_kind_of_a_type_in_use_stays(self):
        """# V15: also of one below, also where an archived ticket uses it."""
        self.make_ticket(type_id=self.screen.id, active=False)
        for type_ in (self.hardware, self.screen):
            refused = self.assertRaisesRegex(UserError, "Screen")
            with refused, self.env.cr.savepoint():
                type_.with_user(self.service_manager).parent_id = self.returns
        self.make_ticket(type_id=self.returns.id)
        with self.assertRaises(UserError):
            self.returns.ticket_type = "consult"
        self.screen.parent_id = self.type("fault")

    def test_the_four_shipped_ones_stay_what_they_are(self):
        """# V15: by any name."""
        fault = self.type("fault").with_user(self.service_manager)
        fault.name = "Breakdown"
        self.assertEqual(self.make_ticket(ticket_type="fault").type_id, fault)
        for values in (
            {"parent_id": self.returns.id},
            {"ticket_type": "consult"},
            {"company_id": self.env.company.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                fault.write(values)
        with self.assertRaisesRegex(UserError, "Archive"):
            fault.unlink()
        with self.assertRaises(AccessError):
            self.returns.with_user(self.service_manager).key = "fault"

    def test_archiving_closes_the_branch(self):
        """# V15: tickets keep their type; a caller of the kind is served."""
        ticket = self.make_ticket(type_id=self.screen.id)
        self.hardware.active = False
        self.assertFalse(self.screen.active)
        self.assertEqual(ticket.type_id, self.screen)
        self.assertNotIn(self.screen, self.types.search([]))

    def test_a_used_type_is_archived_not_deleted(self):
        """# V15: whatever holds it, and whoever may see that."""
        manager = self.types.with_user(self.service_manager)
        skill = self.env["crm.service.skill"].create(
            {"name": "Returns", "type_id": self.returns.id}
        )
        with self.assertRaisesRegex(UserError, "skills.*Archive"):
            manager.browse(self.returns.id).unlink()
        skill.unlink()
        self.make_ticket(type_id=self.returns.id, active=False)
        with self.assertRaisesRegex(UserError, "“Return” is used by tickets"):
            manager.browse(self.returns.id).unlink()
        with self.assertRaisesRegex(UserError, "finer types"):
            manager.browse(self.hardware.id).unlink()
        manager.browse((self.hardware | self.screen).ids).unlink()
        self.assertFalse(self.screen.exists())

    def test_open_tickets_of_the_branch_are_counted(self):
        """# V15: those the reader sees."""
        self.make_ticket(type_id=self.screen.id)
        self.make_ticket(type_id=self.hardware.id)
        self.make_ticket(type_id=self.screen.id).action_resolve()
        self.assertEqual(
            (self.type("fault") | self.hardware | self.screen).mapped("ticket_count"),
            [2, 2, 1],
        )
        self.assertEqual(self.hardware.with_user(self.other_agent).ticket_count, 0)
        action = self.hardware.action_open_tickets()
        self.assertEqual(self.tickets.search_count(action["domain"]), 3)

    # ------------------------------------------------------------
    # WHAT A TYPE BRINGS
    # ------------------------------------------------------------

    def test_a_new_ticket_goes_where_its_type_says(self):
        """# V15: unless somebody chose; an old one stays."""
        self.hardware.write(
            {"default_team_id": self.other_service.id, "default_priority": "2"}
        )
        vals = {"name": "x", "type_id": self.hardware.id}
        ticket = self.tickets.create(vals)
        self.assertEqual(ticket.team_id, self.other_service)
        self.assertEqual(ticket.priority, "2")
        chosen = self.tickets.create(
            {**vals, "team_id": self.service.id, "priority": "0"}
        )
        self.assertEqual(chosen.team_id, self.service)
        self.assertEqual(chosen.priority, "0")
        chosen.type_id = self.type("fault")
        chosen.type_id = self.hardware
        self.assertEqual(chosen.team_id, self.service)
        of_team = self.tickets.with_context(default_team_id=self.service.id)
        self.assertEqual(of_team.create(vals).team_id, self.service)
        self.other_service.active = False
        self.assertNotEqual(self.tickets.create(vals).team_id, self.other_service)

    def test_the_form_shows_it_at_once(self):
        """# V15: the agent sees where a new ticket will go."""
        self.hardware.default_team_id = self.other_service
        self.hardware.default_priority = "1"
        with Form(self.tickets.with_user(self.service_manager)) as form:
            form.name = "Broken"
            form.type_id = self.hardware
            self.assertEqual(form.team_id, self.other_service)
            self.assertEqual(form.priority, "1")
        with Form(self.make_ticket().with_user(self.agent)) as form:
            form.type_id = self.hardware
            self.assertEqual(form.team_id, self.service)
        of_team = self.tickets.with_context(default_team_id=self.service.id)
        with Form(of_team.with_user(self.service_manager)) as form:
            form.name = "On this team's board"
            form.type_id = self.hardware
            self.assertEqual(form.team_id, self.service)

    def test_a_type_asks_its_own_fields(self):
        """# V15 C9: a finer one those of the type above, until it says otherwise."""
        self.returns.ticket_properties_definition = [ORDER_FIELD]
        wrong = self.make_type("Wrong goods", self.returns)
        self.assertEqual(wrong.further_fields, "Order number")
        ticket = self.make_ticket(
            type_id=self.returns.id, type_properties={"order_no": "SO7"}
        )
        self.assertEqual(
            self.tickets.search([("type_properties.order_no", "=", "SO7")]), ticket
        )
        ticket.with_user(self.agent).type_id = wrong
        self.assertEqual(ticket.type_properties["order_no"], "SO7")
        ticket.type_id = self.hardware
        self.assertFalse(dict(ticket.type_properties or {}))

    def test_a_skill_is_needed_for_the_branch(self):
        """# V7 V15"""
        skill = self.env["crm.service.skill"].create(
            {"name": "Hardware", "type_id": self.hardware.id}
        )
        needs = {
            type_: bool(self.make_ticket(type_id=type_.id)._needed_skills(skill))
            for type_ in (self.type("fault"), self.hardware, self.screen)
        }
        self.assertEqual(list(needs.values()), [False, True, True])

    def test_a_canned_answer_sets_a_fine_type(self):
        """# V16 V15"""
        canned = self.env["mail.canned.response"].create(
            {
                "source": "hw",
                "group_ids": self.env.ref(AGENT).ids,
                "substitution": "Hello",
                "ticket_type_id": self.screen.id,
            }
        )
        ticket = self.make_ticket(partner=self.contact)
        self.answer(ticket, self.agent, canned_ids=canned.ids)
        self.assertEqual((ticket.type_id, ticket.ticket_type), (self.screen, "fault"))

    # ------------------------------------------------------------
    # WHO AND WHERE
    # ------------------------------------------------------------

    def test_managers_grow_the_tree_others_read_it(self):
        """# G1 V15"""
        for role, letters in (
            ("agent", ""),
            ("rep", ""),
            ("marketing", ""),
            ("plain", ""),
            ("service_manager", "CWD"),
            ("crm_admin", "CWD"),
        ):
            user = self.roles[role]
            with self.subTest(role=role):
                mine = self.screen.with_user(user)
                self.assertEqual(mine.display_name, "Fault / Hardware / Screen")
                for letter, operation in zip(
                    "CWD", ("create", "write", "unlink"), strict=True
                ):
                    self.assertEqual(mine.has_access(operation), letter in letters)

    def test_a_company_has_its_own_types(self):
        """# G1 V15: seen and chosen there only."""
        own = self.make_type("Own", company_id=self.elsewhere.id)
        mine = self.types.with_user(self.service_manager)
        self.assertNotIn(own.id, mine.search([]).ids)
        with self.assertRaises(UserError):
            self.make_ticket(type_id=own.id)
        foreign = self.make_service_team("Foreign", company_id=self.elsewhere.id)
        ticket = self.make_ticket(team_id=foreign.id, type_id=own.id)
        self.assertEqual(ticket.type_id, own)
        # back here the kind is what both know
        ticket.team_id = self.make_service_team("Ours", company_id=self.env.company.id)
        self.assertEqual(ticket.company_id, self.env.company)
        self.assertEqual(ticket.type_id, self.type("consult"))
        with self.assertRaisesRegex(ValidationError, "other companies"):
            self.make_ticket(type_id=self.returns.id)
            self.returns.company_id = self.elsewhere

    def test_default_team_is_of_the_company(self):
        """# G1 V15: a team elsewhere takes no ticket of ours."""
        self.returns.default_team_id = self.make_service_team(
            "Foreign", company_id=self.elsewhere.id
        )
        ticket = self.tickets.create({"name": "x", "type_id": self.returns.id})
        self.assertEqual(ticket.company_id, self.env.company)
