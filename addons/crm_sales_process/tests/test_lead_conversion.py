from lxml import etree

from odoo.tests import Form, tagged

from odoo.addons.crm_sales_process import hooks

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestLeadConversion(StageCommon):
    """Conversion knows who is stored already. # S3"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer(
            "杭州渡云智能装备有限公司", owner=cls.rep, is_company=True
        )
        cls.contact = cls.make_contact(
            cls.customer, "王建国", phone="+86 138 0013 8000"
        )

    def lead(self, **values):
        values = {"type": "lead", "partner_name": "渡云", **values}
        return self.make_deal("Inquiry", **values).with_user(self.rep)

    def wizard(self, lead):
        wizards = self.env["crm.lead2opportunity.partner"].with_user(self.rep)
        return wizards.with_context(
            active_model="crm.lead", active_ids=lead.ids
        ).create({"lead_id": lead.id})

    def found(self, **values):
        lead = self.lead(**values)
        customers = self.env["crm.lead.customer"].with_user(self.rep)
        found = customers._find(lead)
        return found.partner, customers._reason_in_words(lead, found)

    def test_by_mobile_mail_and_name_of_the_company(self):
        """A contact's mobile in any writing; the name without legal form."""
        self.contact.email = "wang@duyun.example"
        self.assertEqual(
            self.found(phone="138-0013-8000"), (self.contact, "same mobile")
        )
        self.assertEqual(
            self.found(email_from="Wang <WANG@duyun.example>"),
            (self.contact, "same e-mail"),
        )
        self.assertEqual(
            self.found(
                partner_name="（杭州）渡云智能装备有限责任公司".replace(
                    "（杭州）", "杭州"
                )
            ),
            (self.customer, "same company name"),
        )
        self.assertFalse(self.found(partner_name="别的公司")[0])
        self.assertFalse(self.found(contact_name="王建国")[0])

    def test_more_reasons_are_more(self):
        other = self.make_customer("Other", owner=self.rep, email="a@b.example")
        partner, words = self.found(
            email_from="a@b.example",
            phone="13800138000",
            contact_name="王 建国",
        )
        self.assertEqual((partner, words), (self.contact, "same mobile, same person"))
        self.assertNotEqual(partner, other)

    def test_whom_one_may_not_read_is_not_found(self):
        hidden = self.make_customer(
            "Hidden", owner=self.other_rep, phone="+86 139 0013 9000"
        )
        self.assertFalse(self.found(phone="+86 139 0013 9000")[0])
        hidden.user_id = self.rep
        self.assertEqual(self.found(phone="+86 139 0013 9000")[0], hidden)

    def test_a_switchboard_of_many_tells_nothing(self):
        for number in range(41):
            self.make_customer(
                f"Tenant {number}", owner=self.rep, phone="+86 571 8765 4321"
            )
        self.assertFalse(self.found(phone="+86 571 8765 4321")[0])

    def test_the_wizard_proposes_the_stored_one_and_says_why(self):
        """Never a new customer for one that is stored."""
        lead = self.lead(phone="13800138000", contact_name="王建国")
        wizard = self.wizard(lead)
        self.assertEqual(wizard.action, "exist")
        self.assertEqual(wizard.partner_id, self.contact)
        self.assertIn("same mobile, same person", wizard.match_hint)
        wizard.action_apply()
        self.assertEqual((lead.type, lead.partner_id), ("opportunity", self.contact))
        wizard = self.wizard(self.lead(partner_name="Nobody Ltd"))
        self.assertEqual(wizard.action, "create")
        self.assertFalse(wizard.match_hint)

    def test_a_new_person_of_a_stored_company_becomes_its_contact(self):
        """Customer found, contact made, deal: with the number the person gave."""
        lead = self.lead(
            partner_name="杭州渡云智能装备",
            contact_name="李小姐",
            phone="+86 139 5555 6666",
        )
        wizard = self.wizard(lead)
        self.assertEqual(wizard.partner_id, self.customer)
        wizard.action_apply()
        self.assertEqual(lead.partner_id.name, "李小姐")
        self.assertEqual(lead.partner_id.parent_id, self.customer)
        self.assertEqual(lead.partner_id.phone_sanitized, "+8613955556666")
        again = self.lead(partner_name="杭州渡云智能装备", contact_name="李小姐")
        self.wizard(again).action_apply()
        self.assertEqual(again.partner_id, lead.partner_id)

    def test_an_administrator_may_leave_it_to_odoo(self):
        self.env["ir.config_parameter"].set_param(
            "crm_sales_process.customers_by_keys", "False"
        )
        self.assertFalse(self.found(phone="13800138000")[0])

    def test_a_bad_number_of_a_visitor_stops_nobody(self):
        lead = self.lead(
            partner_name="杭州渡云智能装备", contact_name="陈工", phone="12"
        )
        self.wizard(lead).action_apply()
        self.assertEqual(lead.partner_id.parent_id, self.customer)
        self.assertFalse(lead.partner_id.phone)

    def test_one_click_gives_a_deal_its_customer(self):
        """The stored one where there is, with the reason; else a new one."""
        deal = self.lead(type="opportunity", phone="138 0013 8000")
        notice = deal.action_give_customer()
        self.assertEqual(deal.partner_id, self.contact)
        self.assertIn("same mobile", notice["params"]["message"])
        new = self.lead(
            type="opportunity", partner_name="宁波新客户有限公司", contact_name="赵"
        )
        notice = new.action_give_customer()
        self.assertIn("New customer", notice["params"]["message"])
        self.assertEqual(new.partner_id.parent_id.name, "宁波新客户有限公司")
        self.assertEqual(new.partner_id.parent_id.user_id, self.rep)
        with Form(new) as form:
            self.assertTrue(form.partner_id)


@tagged("post_install", "-at_install")
class TestLeadsApart(StageCommon):
    """Leads are on where nobody has chosen, and nothing is sold. # S1 S11"""

    def test_a_fresh_database_has_leads(self):
        group = self.env.ref("crm.group_use_lead")
        everybody = self.env.ref("base.group_user")
        everybody._remove_group(group)
        self.teams.use_leads = False
        hooks._turn_leads_on(self.env)
        self.assertIn(group, everybody.implied_ids)
        self.assertEqual(self.teams.mapped("use_leads"), [True, True])
        self.assertTrue(self.env["crm.team"].create({"name": "New"}).use_leads)
        everybody._remove_group(group)
        self.env.invalidate_all()
        self.assertFalse(self.env["crm.team"].create({"name": "Later"}).use_leads)

    def test_what_odoo_sells_is_off(self):
        """The job that sends addresses out, its buttons, its menu."""
        offers = self.env["ir.model.data"].search(
            [("module", "in", hooks.PAID_MODULES), ("model", "=", "ir.cron")]
        )
        self.assertTrue(offers, "Odoo's CRM brings them")
        hooks.switch_paid_offers(self.env, on=True)
        jobs = self.env["ir.cron"].browse(offers.mapped("res_id"))
        self.assertTrue(all(jobs.mapped("active")))
        self.assertIn("iap_enrich", self.arch("form"))
        hooks.switch_paid_offers(self.env, on=False)
        self.assertFalse(any(jobs.mapped("active")))
        for view in ("form", "list", "kanban"):
            self.assertNotIn("iap_enrich", self.arch(view))
            self.assertNotIn("action_generate_leads", self.arch(view))
        actions = self.env["ir.actions.actions"].get_bindings("crm.lead")["action"]
        self.assertNotIn("Enrich", [action["name"] for action in actions])
        setting = self.env["ir.config_parameter"].get_param(
            "crm.iap.lead.enrich.setting"
        )
        self.assertEqual(setting, "manual")

    def arch(self, view):
        leads = self.env["crm.lead"].with_user(self.crm_admin)
        return etree.tostring(leads._get_view(view_type=view)[0], encoding="unicode")
