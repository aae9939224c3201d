from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaAttention(SlaCommon):
    """What is late calls for its agent, as what waits for an answer does."""

    def test_what_is_late_calls_and_what_is_due_later_does_not(self):
        attention = self.env["crm.service.attention"].with_user(self.agent)
        late = self.make_ticket("Late", user_id=self.agent.id)
        later = self.make_ticket("Later", user_id=self.agent.id)
        now = fields.Datetime.now()
        for ticket, hours in ((late, -1), (later, 1)):
            self.env.cr.execute(
                "UPDATE crm_service_ticket SET sla_deadline = %s WHERE id = %s",
                [now + timedelta(hours=hours), ticket.id],
            )
        self.env.invalidate_all()
        calling = attention._mine() & attention._calling()
        found = self.env["crm.service.ticket"].search(calling)
        self.assertIn(late, found)
        self.assertNotIn(later, found)
        self.assertEqual(attention._due_field(), "sla_deadline")
