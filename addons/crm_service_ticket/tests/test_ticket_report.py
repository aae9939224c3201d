from freezegun import freeze_time

from odoo.tests import tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketReport(TicketCommon):
    """# V10: every measure, computed by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quick = cls.make_ticket("Quick", cls.customer)
        slow = cls.make_ticket("Slow", cls.customer)
        open_ = cls.make_ticket("Open", cls.customer)
        cls.all = quick | slow | open_
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_service_ticket SET create_date = '2026-03-02 08:00:00'"
            " WHERE id = ANY(%s)",
            [cls.all.ids],
        )
        cls.env.invalidate_all()
        with freeze_time("2026-03-02 09:00:00"):
            cls.answer(quick, cls.agent)
        with freeze_time("2026-03-02 11:00:00"):
            cls.answer(slow, cls.agent)
            quick.action_resolve()
        with freeze_time("2026-03-02 12:00:00"):
            slow.action_resolve()
            slow.action_reopen()
        with freeze_time("2026-03-02 18:00:00"):
            slow.action_resolve()
        quick.satisfaction_score = 5
        slow.satisfaction_score = 2
        cls.env.flush_all()
        cls.report = cls.env["crm.service.ticket.report"]

    def figures(self, *measures):
        domain = [("ticket_id", "in", self.all.ids)]
        return self.report._read_group(domain, [], list(measures))[0]

    def test_times_are_averages_of_those_that_have_them(self):
        """# V10: 1 h and 3 h; 3 h and 10 h."""
        response, resolution = self.figures(
            "response_hours:avg", "resolution_hours:avg"
        )
        self.assertAlmostEqual(response, 2.0)
        self.assertAlmostEqual(resolution, 6.5)

    def test_backlog_reopened_and_satisfaction(self):
        """# V10"""
        self.assertEqual(
            self.figures(
                "__count",
                "backlog:sum",
                "resolved:sum",
                "reopened:sum",
                "reopen_count:sum",
                "reopened_rate:avg",
                "satisfaction:avg",
                "scored:sum",
            ),
            (3, 1, 2, 1, 1, 50.0, 3.5, 2),
        )

    def test_merged_tickets_count_once(self):
        """# V10 V8"""
        self.env["crm.service.merge"]._merge(self.all[2], self.all[0])
        self.env.flush_all()
        self.assertEqual(self.figures("__count"), (2,))

    def test_the_figures_show_what_the_tickets_show(self):
        """# V10 G1"""
        domain = [("ticket_id", "in", self.all.ids)]
        for user, count in (
            (self.agent, 3),
            (self.other_agent, 0),
            (self.service_manager, 3),
        ):
            with self.subTest(user=user.login):
                report = self.report.with_user(user)
                self.assertEqual(report.search_count(domain), count)
