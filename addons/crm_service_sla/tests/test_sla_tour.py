from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaTour(SlaCommon, HttpCase):
    """# V4: the clock as people meet it."""

    def test_a_manager_sees_the_time_left_and_asks_why(self):
        """# V4: badge in the list and on the ticket, targets, bar and lines."""
        self.policy.hours = "always"
        ticket = self.make_ticket("Tour ticket", self.contact, user_id=self.agent.id)
        ticket.create_date  # noqa: B018 - read before it is set back
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_service_sla_clock SET start = %(at)s, since = %(at)s"
            " WHERE ticket_id = %(id)s",
            {"at": fields.Datetime.now() - timedelta(minutes=20), "id": ticket.id},
        )
        self.env.invalidate_all()
        self.start_tour(
            "/odoo/action-crm_service_sla.action_ticket_due",
            "crm_service_sla_tour",
            login=self.service_manager.login,
        )

    def test_a_manager_takes_over_the_holidays_in_one_click(self):
        """# V4: from the list of holidays; what is shown is saved."""
        leaves = self.env["resource.calendar.leaves"]
        domain = [
            ("company_id", "=", self.env.company.id),
            ("resource_id", "=", False),
        ]
        leaves.search(domain).unlink()
        with freeze_time("2026-03-02 02:00:00"):
            self.start_tour(
                "/odoo/action-crm_service_sla.action_holiday",
                "crm_service_holiday_year_tour",
                login=self.service_manager.login,
            )
        self.assertEqual(leaves.search_count(domain), 7)
