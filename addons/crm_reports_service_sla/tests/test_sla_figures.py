import io
import unicodedata
from datetime import datetime, timedelta

from freezegun import freeze_time
from openpyxl import load_workbook
from pdfminer.high_level import extract_text

from odoo.tests import HttpCase, tagged

from odoo.addons.crm_reports.models.crm_measure import Scope
from odoo.addons.crm_reports.tools.periods import period
from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from ..models.crm_dashboard import DUE, KEYS

NOW = datetime(2026, 11, 24, 3, 0)
# (agent, clock, day of November it ended, seconds used of 3600)
RESULTS = (
    ("agent", "first_response", 5, 1800),
    ("agent", "first_response", 9, 7200),
    ("agent", "resolution", 9, 3000),
    ("other_agent", "first_response", 6, 900),
    ("other_agent", "resolution", 7, 9000),
    ("other_agent", "next_response", 8, 9000),
    # the month before
    ("agent", "first_response", -3, 9000),
)
# (agent, what it was spent on, day of November, seconds)
ENTRIES = (
    ("agent", "working", 5, 5400),
    ("agent", "customer", 6, 36000),
    ("other_agent", "working", 6, 9000),
    ("agent", "working", -3, 1800),
)
BY_HAND = {
    "service_manager": {
        "sla_response_met": 200 / 3,
        "sla_resolution_met": 50,
        "sla_breached": 3,
        "sla_hours": 4,
    },
    "agent": {
        "sla_response_met": 50,
        "sla_resolution_met": 100,
        "sla_breached": 1,
        "sla_hours": 1.5,
    },
}


class SlaFiguresCommon(TicketCommon):
    """A company whose clocks write nothing but what ``_fill`` says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        for user in cls.roles.values():
            user.tz = "Asia/Shanghai"
        cls.env["crm.service.sla.policy"].search([]).active = False
        cls.tickets.with_context(active_test=False).search([]).unlink()
        cls.policy = cls.env["crm.service.sla.policy"].create(
            {
                "name": "All",
                "state": "ok",
                "first_response_minutes": 60,
                "resolution_minutes": 60,
            }
        )
        cls._fill()

    @classmethod
    def _ticket(cls, role):
        team = cls.service if role == "agent" else cls.other_service
        ticket = cls.make_ticket(user_id=cls.roles[role].id, team_id=team.id)
        cls.env.flush_all()
        for table in ("crm_service_sla_result", "crm_service_sla_entry"):
            # only what the test writes shall count
            cls.env.cr.execute(
                f"DELETE FROM {table} WHERE ticket_id = %s", (ticket.id,)
            )
        return ticket

    @staticmethod
    def _whose(ticket):
        return ticket.team_id.id, ticket.user_id.id, ticket.company_id.id

    @staticmethod
    def day(number):
        return datetime(2026, 10, 31, 2) + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestSlaFigures(HttpCase, SlaFiguresCommon):
    """# V10 V4: promises and time, by hand, with the reader's rights."""

    @classmethod
    def _fill(cls):
        """Lines as the clock writes them; a ticket each, as the ledger adds up."""
        results, entries = [], []
        for agent, clock, day, used in RESULTS:
            ticket, ended = cls._ticket(agent), cls.day(day)
            results.append(
                (ticket.id, cls.policy.id, clock, 1, ended - timedelta(seconds=used))
                + (ended, 3600, used, used > 3600)
                + (*cls._whose(ticket), ticket.type_id.id, "1")
            )
        for agent, bucket, day, seconds in ENTRIES:
            ticket, began = cls._ticket(agent), cls.day(day)
            team, user, company = cls._whose(ticket)
            ended = began + timedelta(seconds=seconds)
            entries.append(
                (ticket.id, began, ended, seconds, bucket, "in_progress")
                + (team, user, cls.policy.id, company)
            )
        cls.env["crm.service.sla.result"]._append(results)
        cls.env["crm.service.sla.entry"]._append(entries)

    def data(self, role):
        dashboards = self.env["crm.dashboard"].with_user(self.roles[role])
        return dashboards.get_dashboard("service", {"period": "this_month"})

    def test_tile_list_and_pivot_agree_with_what_is_counted_by_hand(self):
        """# A9 G1: an agent's figures are those of the own team."""
        for role, by_hand in BY_HAND.items():
            env = self.env(user=self.roles[role])
            tiles = {tile["key"]: tile for tile in self.data(role)["tiles"]}
            self.assertEqual(set(by_hand), set(KEYS))
            for key, figure in by_hand.items():
                with self.subTest(role=role, figure=key):
                    self.assertAlmostEqual(tiles[key]["value"], figure)
                    self._check_records(env, key, tiles[key]["domain"], figure)

    def _check_records(self, env, key, domain, figure):
        measure = env["crm.measure"]._get_measure(key)
        action = env["crm.dashboard"].open_records(key, domain)
        model = env[action["res_model"]]
        rows = model.search(action["domain"])
        if measure.aggregate == "share":
            part = rows.filtered_domain(measure.numerator)
            self.assertAlmostEqual(100 * len(part) / len(rows), figure)
            # what the module's own analysis shows for the same lines
            aggregate = "met_rate:avg"
        else:
            aggregate = measure.aggregate
        (group,) = model.formatted_read_group(domain, [], [aggregate])
        self.assertAlmostEqual(group[aggregate], figure)

    # ------------------------------------------------------------
    # THE DESK NOW
    # ------------------------------------------------------------

    def due_tickets(self):
        """Of the agent: one late, two due today, one tomorrow, one paused, one late
        and resolved; of the other agent one late."""
        hours = (-1, 1, 12.9, 13.1, None, -1)
        agents = [("agent", number) for number in hours] + [("other_agent", -30)]
        for place, (agent, number) in enumerate(agents):
            ticket = self._ticket(agent)
            self.env.cr.execute(
                "UPDATE crm_service_ticket SET sla_deadline = %s, state = %s"
                " WHERE id = %s",
                (
                    number and NOW + timedelta(hours=number),
                    "resolved" if place == 5 else "in_progress",
                    ticket.id,
                ),
            )
        self.env.invalidate_all()

    def test_what_is_due_and_late_now(self):
        """# V4 V10: by hand, as a tile, in the list, with the reader's rights."""
        self.env.cr.execute("UPDATE crm_service_ticket SET sla_deadline = NULL")
        self.due_tickets()
        for role, by_hand in (("service_manager", (2, 2)), ("agent", (2, 1))):
            env = self.env(user=self.roles[role])
            tiles = {tile["key"]: tile for tile in self.data(role)["tiles"]}
            for key, figure in zip(DUE, by_hand, strict=True):
                with self.subTest(role=role, figure=key):
                    self.assertEqual(tiles[key]["value"], figure)
                    action = env["crm.dashboard"].open_records(
                        key, tiles[key]["domain"]
                    )
                    self.assertEqual(action["res_model"], "crm.service.ticket")
                    opened = env["crm.service.ticket"].search(action["domain"])
                    counted = env["crm.service.ticket.report"].search(
                        tiles[key]["domain"]
                    )
                    self.assertEqual(len(opened), figure)
                    self.assertEqual(set(opened.ids), set(counted.ids))

    def test_what_is_to_be_done_now_stands_first(self):
        """# V10: and what agents have, with what of it is due and late."""
        self.env.cr.execute("UPDATE crm_service_ticket SET sla_deadline = NULL")
        self.due_tickets()
        data = self.data("service_manager")
        first = ["unassigned_tickets", *DUE, "open_tickets"]
        self.assertEqual([tile["key"] for tile in data["tiles"]][:4], first)
        panel = data["panels"][0]
        self.assertEqual(panel["key"], "ticket_load")
        rows = {row["label"]: row["values"] for row in panel["rows"]}
        self.assertEqual(rows[self.agent.name][1:], [2, 1])
        self.assertEqual(rows[self.other_agent.name][1:], [0, 1])

    def test_promises_are_drawn_as_rates(self):
        panels = {one["key"]: one for one in self.data("service_manager")["panels"]}
        panel = panels["sla_teams"]
        units = {panel["columns"][place]["unit"] for place in panel["chart"]["series"]}
        self.assertEqual(units, {"percent"})

    def test_workbook_and_pdf_show_the_same_figures(self):
        """# A9"""
        for role in BY_HAND:
            data = self.data(role)
            tiles = [tile for tile in data["tiles"] if tile["key"] in KEYS]
            self.assertEqual({tile["key"] for tile in tiles}, set(KEYS), role)
            dashboards = self.env["crm.dashboard"].with_user(self.roles[role])
            book = load_workbook(io.BytesIO(dashboards._workbook(data)))
            rows = book.worksheets[0].iter_rows(min_row=6, values_only=True)
            cells = {row[0]: row[1] for row in rows}
            printer = dashboards.with_context(force_report_rendering=True)
            text = extract_text(io.BytesIO(printer._pdf(data)))
            text = unicodedata.normalize("NFKC", text)
            for tile in tiles:
                with self.subTest(role=role, figure=tile["key"]):
                    self.assertAlmostEqual(cells[tile["name"]], tile["value"])
                    self.assertIn(tile["text"], text)

    def test_teams_are_shown_side_by_side(self):
        """# V10: who used the time, and who kept what was promised."""
        panels = {one["key"]: one for one in self.data("service_manager")["panels"]}
        rows = {row["label"]: row["values"] for row in panels["sla_teams"]["rows"]}
        self.assertEqual(rows["Service"], [50, 100, 1, 1.5])
        self.assertEqual(rows["Other Service"], [100, 0, 2, 2.5])
        [panel] = [p for p in self.data("agent")["panels"] if p["key"] == "sla_teams"]
        self.assertEqual([row["label"] for row in panel["rows"]], ["Service"])

    def test_snapshots_keep_them(self):
        """# A10: for the service manager to read all, for an agent the own."""
        company = self.env.company
        snapshots = self.env["crm.report.snapshot"]
        month = period("this_month", company._today())
        snapshots._take(company, month.start, snapshots._yesterday(company))
        measure = self.env["crm.measure"]._measures()["sla_breached"]
        for role, total in (("service_manager", 3), ("agent", 1), ("rep", 0)):
            mine = snapshots.with_user(self.roles[role])
            curve, _before = mine._trends([measure], Scope(), month)[measure.key]
            self.assertEqual(sum(point or 0 for point in curve), total, role)

    def test_a_sales_rep_does_not_read_them(self):
        """# G1"""
        readable = self.env["crm.measure"].with_user(self.rep)._readable_measures()
        self.assertFalse(set(KEYS) & set(readable))

    def test_agent_and_service_manager_open_their_dashboard(self):
        """# A8 V10: in the browser; another period, the records behind a number."""
        for role in BY_HAND:
            user = self.roles[role]
            user.password = user.login
            with self.subTest(role):
                self.start_tour(
                    "/odoo/crm-dashboards", "crm_reports_service", login=user.login
                )
