from datetime import datetime

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
)
BY_HAND = {
    "service_manager": {
        "open_tickets": 3,
        "new_tickets": 5,
        "resolved_tickets": 2,
        "first_response": 4,
        "resolution": 36,
        "satisfaction": 3.5,
        "reopened": 20,
    },
    "agent": {
        "open_tickets": 2,
        "new_tickets": 3,
        "resolved_tickets": 1,
        "first_response": 3,
        "resolution": 24,
        "satisfaction": 5,
        "reopened": 100 / 3,
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
            cls._make(cls.roles[agent], *values)
        cls.env.invalidate_all()

    @classmethod
    def _make(cls, agent, state, day, answer, resolve, stars, reopened):
        team = cls.service if agent == cls.agent else cls.other_service
        ticket = cls.tickets.create(
            {"name": f"Ticket {day}", "team_id": team.id, "user_id": agent.id}
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
        self.assertEqual(values, [[0, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0]])
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
        self.assertEqual((tiles["open_tickets"], tiles["satisfaction"]), (3, 3.5))

    def test_people_of_service_can_be_chosen_there(self):
        """# A11: not those of sales, and no teams of sales."""
        setup = self.env["crm.dashboard"].with_user(self.service_manager).get_setup()
        [service] = [one for one in setup["dashboards"] if one["key"] == "service"]
        self.assertFalse(service["teams"])
        chosen = {one["id"] for one in service["people"]}
        self.assertLessEqual({self.agent.id, self.other_agent.id}, chosen)
        self.assertNotIn(self.rep.id, chosen)
