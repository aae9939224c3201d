from odoo.tests import tagged

from .common import SlaCommon, moment


@tagged("post_install", "-at_install")
class TestSlaQueries(SlaCommon):
    """# V4: the number of queries does not grow with that of tickets."""

    def make_many(self, number):
        return self.tickets.create(
            [
                {
                    "name": f"Ticket {index}",
                    "priority": str(index % 3),
                    "partner_id": self.contact.id,
                    "team_id": self.service.id,
                }
                for index in range(number)
            ]
        )

    def queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def measure(self, action):
        """Queries of an action on 10 and on 60 tickets."""
        found = []
        for number in (10, 60):
            with moment(2, 9):
                tickets = self.make_many(number)
            with moment(2, 10):
                # the first time fills caches that stay
                action(self.make_many(2))
                found.append(self.queries(lambda tickets=tickets: action(tickets)))
        return found

    def test_evaluating(self):
        """# V4: nothing happened; and all are late."""
        few, many = self.measure(lambda tickets: tickets._sla_sync())
        self.assertEqual(few, many)
        self.assertLess(few, 30)

    def test_a_change_of_many(self):
        """# V4: priority, which decides about the policy."""
        few, many = self.measure(lambda tickets: tickets.write({"priority": "1"}))
        self.assertEqual(few, many)

    def test_showing_the_badges(self):
        """# V4: a page of the list."""

        def show(tickets):
            return tickets.read(["sla_label", "sla_tooltip", "sla_state"])

        few, many = self.measure(show)
        self.assertEqual(few, many)
        self.assertLess(few, 25)

    def test_nothing_changed_writes_nothing(self):
        """# V4: looked at twice, no row is written the second time."""
        with moment(2, 9):
            tickets = self.make_many(20)
        with moment(2, 9, 10):
            tickets._sla_sync()
            self.env.flush_all()
            written = self.written_rows()
            tickets._sla_sync()
            self.env.flush_all()
            self.assertEqual(self.written_rows(), written)

    def written_rows(self):
        self.env.cr.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)"
            " FROM pg_stat_xact_user_tables"
        )
        return self.env.cr.fetchone()[0]
