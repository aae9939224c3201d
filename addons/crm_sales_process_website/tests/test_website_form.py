import json

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# a form as the website's editor saves it
PAGE = """
<t t-call="website.layout"><div id="wrap">
<section class="s_website_form" data-snippet="s_website_form"><form
    action="/website/form/" method="post" enctype="multipart/form-data"
    data-model_name="crm.lead" data-success-mode="redirect"
    data-success-page="/contactus-thank-you">
  <div class="s_website_form_rows">%s
    <div class="s_website_form_submit"><span id="s_website_form_result"/>
      <a href="#" role="button" class="btn s_website_form_send">Submit</a></div>
  </div></form></section>
</div></t>"""
FIELD = """
<div class="s_website_form_field"><label for="%(name)s">%(name)s</label>
<input type="text" class="s_website_form_input" id="%(name)s" name="%(name)s"/></div>"""


@tagged("post_install", "-at_install")
class TestWebsiteForm(CustomerCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.assignment.rule"].search([]).action_archive()
        cls.env["ir.config_parameter"].set_param(
            "crm_sales_process.assignment_by_rules", True
        )
        cls.env["crm.lead.assignment.rule"].create(
            {
                "name": "East",
                "domain": "[('city', '=', '苏州')]",
                "member_ids": [
                    Command.create({"user_id": user.id})
                    for user in cls.rep | cls.colleague
                ],
            }
        )
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.write(
            {"crm_default_team_id": cls.other_team.id, "crm_default_user_id": False}
        )

    @classmethod
    def make_page(cls, url, fnames):
        """Publish a page with a form of these fields."""
        rows = "".join(FIELD % {"name": fname} for fname in fnames)
        cls.env["website.page"].create(
            {
                "name": "Ask",
                "url": url,
                "type": "qweb",
                "key": "crm_sales_process_website.ask",
                "arch": PAGE % rows,
                "is_published": True,
            }
        )

    def submit(self, name, **values):
        """Fill the contact form in as a visitor."""
        data = {
            "name": name,
            "contact_name": "王先生",
            "email_from": f"{name}@visitor.example",
            "phone": "+86 512 6550 0199",
            "partner_name": "苏州客户有限公司",
            "description": "请报价",
            **values,
        }
        answer = self.url_open("/website/form/crm.lead", data=data)
        self.assertIn("id", json.loads(answer.text), answer.text)
        return self.env["crm.lead"].search([("name", "=", name)])

    def test_a_lead_by_web_form_reaches_the_right_person_at_once(self):
        """# S1, S2: in turn, with source and reason."""
        first, second = self.submit("a", city="苏州"), self.submit("b", city="苏州")
        self.assertEqual(first.user_id | second.user_id, self.rep | self.colleague)
        self.assertEqual(first.team_id, self.team)
        self.assertEqual(
            first.source_id, self.env.ref("crm_customer_center.source_website")
        )
        self.assertEqual(first.assignment_log_ids.origin, "website")
        self.assertIn("East", first.assignment_explanation)

    def test_an_inquiry_arrives_as_a_lead_with_what_it_brought(self):
        """# S1 S11: apart from the pipeline, where leads are on."""
        (self.team | self.other_team).use_leads = True
        lead = self.submit("g", city="苏州")
        self.assertRecordValues(
            lead,
            [
                {
                    "type": "lead",
                    "contact_name": "王先生",
                    "partner_name": "苏州客户有限公司",
                    "phone": "+86 512 6550 0199",
                    "email_from": "g@visitor.example",
                }
            ],
        )
        self.assertIn("请报价", lead.description)

    def test_a_visitor_in_a_browser_finds_the_right_rep(self):
        """# S1, S2: the form filled in; owner, source and notice are there at once."""
        self.make_page("/ask", ["contact_name", "email_from", "city", "name"])
        self.start_tour("/ask", "crm_sales_process_website_lead")
        lead = self.env["crm.lead"].search([("name", "=", "压力传感器询价")])
        self.assertEqual(lead.contact_name, "王建国")
        self.assertIn(lead.user_id, self.rep | self.colleague)
        source = self.env.ref("crm_customer_center.source_website")
        self.assertEqual(lead.source_id, source)
        # a notice to one person is no part of the lead's own messages
        notices = self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        )
        self.assertIn(lead.user_id.partner_id, notices.notified_partner_ids)

    def test_what_no_rule_takes_goes_where_the_website_says(self):
        """# S1, S2: to the leader of the website's team, as Odoo does it."""
        lead = self.submit("c", city="Berlin")
        self.assertEqual(lead.team_id, self.other_team)
        self.assertEqual(lead.user_id, self.other_manager)
        self.website.crm_default_user_id = self.crm_admin
        self.assertEqual(self.submit("d", city="Bonn").user_id, self.crm_admin)

    def test_the_source_of_a_campaign_stays(self):
        """# S1: a link with utm_source says where the visitor came from."""
        source = self.env.ref("crm_customer_center.source_douyin")
        self.url_open("/?utm_source=Douyin")
        self.opener.cookies.set("odoo_utm_source", source.name)
        self.assertEqual(self.submit("e", city="苏州").source_id, source)

    def test_switched_off_odoo_does_as_before(self):
        """# S2"""
        self.env["ir.config_parameter"].set_param(
            "crm_sales_process.assignment_by_rules", False
        )
        lead = self.submit("f", city="苏州")
        self.assertEqual(lead.user_id, self.other_manager)
        self.assertFalse(lead.assignment_log_ids)
