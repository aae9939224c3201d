from odoo.tests import HttpCase, tagged

from odoo.addons.crm_sales_process import hooks

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestConversionTour(HttpCase, StageCommon):
    """An inquiry becomes a deal of who is stored. # S3 S11"""

    def test_an_inquiry_becomes_a_deal_of_the_stored_customer(self):
        hooks._turn_leads_on(self.env)
        customer = self.make_customer("Tour Works Ltd", owner=self.rep, is_company=True)
        contact = self.make_contact(customer, "Wang", phone="+86 138 0013 8000")
        lead = self.make_deal("Tour inquiry", type="lead", phone="138 0013 8000")
        deal = self.make_deal("Tour deal", partner_name="TOUR WORKS")
        self.rep.password = "a-password-for-the-tour"
        for path, tour in (
            ("action-crm.crm_lead_all_leads", "crm_sales_process_conversion"),
            (f"crm.lead/{deal.id}", "crm_sales_process_give_customer"),
        ):
            self.start_tour(f"/odoo/{path}", tour, login=self.rep.login)
        self.env.invalidate_all()
        self.assertEqual((lead.type, lead.partner_id), ("opportunity", contact))
        self.assertEqual(deal.partner_id, customer)
