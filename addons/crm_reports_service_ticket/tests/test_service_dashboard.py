from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.crm_reports.models.crm_measure import Scope
from odoo.addons.crm_reports.tools.periods import period
from odoo.addons.crm_service_ticket.tests.common import TicketCommon

NOW = datetime(2026, 11, 24, 3, 0)
# (agent, state, day opened, hours to answer, hours to resolve, stars, reopened)
TICKETS = (
    ("agent", "pending", 24, None, None, 0, 0),
    ("agent", "in_progress", 20, 2, None, 0, 1),
    ("agent", "closed", 10, 4, 24, 5, 0),
    ("other_agent", "closed", 12, 6, 48, 2, 0),
    ("other_agent", "waiting", 5, None, None, 0, 0),
    ("", "pending", 23, None, None, 0, 0),
)
# (agent, day of November a question was sent, or None; whether it was answered)
SURVEYS = (
    ("agent", 12, True),
    ("agent", 13, False),
    ("agent", -3, True),
    ("other_agent", 14, True),
    ("other_agent", 15, False),
    ("other_agent", 16, False),
    # answered on the portal, without having been sent
    ("agent", None, True),
)
BY_HAND = {
    "service_manager": {
        "unassigned_tickets": 1,
        "open_tickets": 4,
        "new_tickets": 6,
        "resolved_tickets": 2,
        "first_response": 4,
        "resolution": 36,
        "satisfaction": 3.5,
        "survey_response": 40,
        "reopened": 100 / 6,
    },
    "agent": {
        "unassigned_tickets": 1,
        "open_tickets": 3,
        "new_tickets": 4,
        "resolved_tickets": 1,
        "first_response": 3,
        "resolution": 24,
        "satisfaction": 5,
        "survey_response": 50,
        "reopened": 25,
    },
}


@tagged("post_install", "-at_install")
class TestServiceDashboard(TicketCommon):
    """# V10 A5: figures of service, by hand, with the reader's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.tickets.with_context(active_test=False).search([]).unlink()
        for agent, *values in TICKETS:
            cls._make(cls.roles.get(agent), *values)
        for number, values in enumerate(SURVEYS):
            cls._ask(number, *values)
        cls.env.invalidate_all()

    @classmethod
    def _make(cls, agent, state, day, answer, resolve, stars, reopened):
        team = cls.other_service if agent == cls.other_agent else cls.service
        ticket = cls.tickets.create(
            {"name": f"Ticket {day}", "team_id": team.id, "user_id": agent and agent.id}
        )
        ticket.flush_recordset()
        cls.env.cr.execute(
            """
            UPDATE crm_service_ticket
               SET state = %(state)s, create_date = %(day)s,
                   satisfaction_score = %(stars)s, reopen_count = %(reopened)s,
                   first_response_date =
                       %(day)s::timestamp + %(answer)s * interval '1 hour',
                   resolved_date =
                       %(day)s::timestamp + %(resolve)s * interval '1 hour',
                   closed_date =
                       %(day)s::timestamp + %(resolve)s * interval '1 hour'
             WHERE id = %(id)s
            """,
            {
                "state": state,
                "day": datetime(2026, 11, day, 2),
                "answer": answer,
                "resolve": resolve,
                "stars": stars,
                "reopened": reopened,
                "id": ticket.id,
            },
        )

    @classmethod
    def _ask(cls, number, agent, day, is_answered):
        team = cls.service if agent == "agent" else cls.other_service
        ticket = cls.tickets.search([("team_id", "=", team.id)], limit=1)
        cls.env["crm.service.survey"].create(
            {
                "ticket_id": ticket.id,
                "closing": number,
                "team_id": team.id,
                "user_id": cls.roles[agent].id,
                "company_id": ticket.company_id.id,
                "state": "answered" if is_answered else "sent",
                "score": 4 if is_answered else 0,
                "sent_date": day and datetime(2026, 10, 31, 2) + timedelta(days=day),
            }
        )

    def test_tile_list_and_pivot_agree_with_what_is_counted_by_hand(self):
        """# A9 G1"""
        for role, by_hand in BY_HAND.items():
            env = self.env(user=self.roles[role])
            data = env["crm.dashboard"].get_dashboard("service", {})
            tiles = {tile["key"]: tile for tile in data["tiles"]}
            for key, figure in by_hand.items():
                with self.subTest(role=role, figure=key):
                    self.assertAlmostEqual(tiles[key]["value"], figure)
                    self._check_records(env, key, tiles[key]["domain"], figure)

    def _check_records(self, env, key, domain, figure):
        measure = env["crm.measure"]._get_measure(key)
        rows = env[measure.model].search(domain)
        aggregate = measure.aggregate
        # what a click opens: the same, and with what can be done to it
        action = env["crm.dashboard"].open_records(key, domain)
        opened = env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(opened.ids), set(rows.ids))
        if aggregate == "share":
            part = rows.filtered_domain(measure.numerator)
            self.assertAlmostEqual(100 * len(part) / len(rows), figure)
        else:
            (group,) = env[measure.model].formatted_read_group(domain, [], [aggregate])
            self.assertAlmostEqual(group[aggregate], figure)
            if aggregate == "__count":
                self.assertEqual(len(rows), figure)

    def test_open_tickets_by_state_and_age(self):
        """# V10: each number opens what it counts."""
        env = self.env(user=self.service_manager)
        panels = env["crm.dashboard"].get_dashboard("service", {})["panels"]
        self.assertFalse([panel for panel in panels if panel["error"]])
        panel = next(one for one in panels if one["key"] == "ticket_age")
        values = sorted(row["values"] for row in panel["rows"])
        self.assertEqual(values, [[0, 0, 0, 1], [0, 0, 1, 0], [1, 1, 0, 0]])
        for row in panel["rows"]:
            for count, drill in zip(row["values"], row["drills"], strict=True):
                found = env["crm.service.ticket.report"].search(drill["domain"])
                self.assertEqual(len(found), count)

    def test_snapshots_keep_them(self):
        """# A10: for the service manager to read, not for a sales rep."""
        company = self.env.company
        snapshots = self.env["crm.report.snapshot"]
        month = period("this_month", company._today())
        snapshots._take(company, month.start, snapshots._yesterday(company))
        measure = self.env["crm.measure"]._measures()["resolved_tickets"]
        for role, total in (("service_manager", 2), ("agent", 1), ("rep", 0)):
            mine = snapshots.with_user(self.roles[role])
            curve, _before = mine._trends([measure], Scope(), month)[measure.key]
            self.assertEqual(sum(point or 0 for point in curve), total, role)

    def test_the_company_sees_service_among_its_figures(self):
        """# A8"""
        env = self.env(user=self.crm_admin)
        data = env["crm.dashboard"].get_dashboard("owner", {})
        tiles = {tile["key"]: tile["value"] for tile in data["tiles"]}
        self.assertEqual((tiles["open_tickets"], tiles["satisfaction"]), (4, 3.5))

    def test_people_of_service_can_be_chosen_there(self):
        """# A11: not those of sales, and no teams of sales."""
        setup = self.env["crm.dashboard"].with_user(self.service_manager).get_setup()
        [service] = [one for one in setup["dashboards"] if one["key"] == "service"]
        self.assertFalse(service["teams"])
        chosen = {one["id"] for one in service["people"]}
        self.assertLessEqual({self.agent.id, self.other_agent.id}, chosen)
        self.assertNotIn(self.rep.id, chosen)

    # ------------------------------------------------------------
    # THE DESK NOW
    # ------------------------------------------------------------

    def data(self, role):
        dashboards = self.env["crm.dashboard"].with_user(self.roles[role])
        return dashboards.get_dashboard("service", {})

    def panel(self, role, key):
        [panel] = [one for one in self.data(role)["panels"] if one["key"] == key]
        return panel

    def test_what_is_to_be_done_now_stands_first(self):
        """# V10"""
        data = self.data("service_manager")
        keys = [tile["key"] for tile in data["tiles"]]
        self.assertEqual(keys[0], "unassigned_tickets")
        self.assertLess(keys.index("open_tickets"), keys.index("new_tickets"))
        self.assertEqual(data["panels"][0]["key"], "ticket_load")

    def test_open_tickets_per_agent_open_in_the_list(self):
        """# V10: where several are handed over at once; merged ones are not there."""
        manager = self.env(user=self.service_manager)
        panel = self.panel("service_manager", "ticket_load")
        rows = {row["label"]: row for row in panel["rows"]}
        by_hand = {self.agent.name: 2, self.other_agent.name: 1, "Nobody": 1}
        self.assertEqual({k: row["values"][0] for k, row in rows.items()}, by_hand)
        for name, count in by_hand.items():
            drill = rows[name]["drills"][0]
            action = manager["crm.dashboard"].open_records(
                drill["measure"], drill["domain"], name
            )
            self.assertEqual(action["res_model"], "crm.service.ticket")
            self.assertEqual(action["views"][0][1], "list")
            found = manager["crm.service.ticket"].search(action["domain"])
            self.assertEqual(len(found), count, name)
        merged = self.tickets.search(
            [("user_id", "=", self.agent.id), ("state", "=", "in_progress")]
        )
        merged.merged_into_id = self.tickets.search([("state", "=", "closed")], limit=1)
        self.env.flush_all()
        panel = self.panel("service_manager", "ticket_load")
        [row] = [row for row in panel["rows"] if row["label"] == self.agent.name]
        action = manager["crm.dashboard"].open_records(
            row["drills"][0]["measure"], row["drills"][0]["domain"]
        )
        found = manager["crm.service.ticket"].search(action["domain"])
        self.assertEqual((row["values"][0], len(found)), (1, 1))

    def test_the_answered_share_of_surveys_is_drawn_as_a_rate(self):
        """# V9 V10"""
        panel = self.panel("service_manager", "surveys")
        rows = {row["label"]: row["values"] for row in panel["rows"]}
        self.assertEqual(rows["Service"], [2, 1, 50])
        self.assertEqual(rows["Other Service"][:2], [3, 1])
        self.assertEqual(
            panel["columns"][panel["chart"]["series"][0]]["unit"], "percent"
        )
        self.assertFalse(self.env["crm.measure"].with_user(self.rep)._readable_measures()
                         .keys() & {"surveys_sent", "survey_response"})  # fmt: skip

    def test_a_rate_is_drawn_against_the_whole_on_paper_too(self):
        dashboards = self.env["crm.dashboard"]
        panel = self.panel("service_manager", "surveys")
        self.assertEqual(sorted(dashboards._bars(panel)), [33, 50])
        load = self.panel("service_manager", "ticket_load")
        self.assertEqual(sorted(dashboards._bars(load)), [50, 50, 100])
        dashboards._workbook(self.data("service_manager"))
