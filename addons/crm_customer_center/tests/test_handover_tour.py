"""# C14: the work of a leaver handed over and taken back, in the browser."""

from odoo.tests import HttpCase, tagged

from .test_handover import HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverTour(HandoverCommon, HttpCase):
    def test_a_leaver_is_handed_over_and_taken_back(self):
        self.rep.name, self.colleague.name = "Leaver Lin", "Taker Tang"
        self.env.flush_all()
        path = "/odoo/action-crm_customer_center.action_handover/new"
        self.start_tour(path, "crm_handover", login=self.manager.login)
        self.env.invalidate_all()
        handover = self.env["crm.handover"].search([("person_id", "=", self.rep.id)])
        self.assertEqual(handover.state, "rolled_back")
        self.assertGreaterEqual(handover.restored, 6)
        self.assertEqual(self.customers.user_id, self.rep)
