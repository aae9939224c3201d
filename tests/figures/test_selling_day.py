from datetime import timedelta

from counting import DIALOG, ROW, CountedDay

from odoo.tests import tagged

from odoo.addons.crm_followup.tests.common import FollowupCommon
from odoo.addons.crm_sales_process import hooks
from odoo.addons.crm_sales_process.tests.stage_common import StageCommon

MY_DAY = "/odoo/my-day"
CUSTOMERS = "/odoo/action-crm_customer_center.action_customer"
LEADS = "/odoo/action-crm.crm_lead_all_leads"
DEALS = "/odoo/action-crm.crm_lead_action_pipeline"
ITEM, FORM = ".o_my_day_item", ".o_form_view"
SAVED = ".o_form_status_indicator_buttons.invisible"
STAGE = ".o_statusbar_status .o_arrow_button_current"


@tagged("post_install", "-at_install")
class TestSellingDay(CountedDay, FollowupCommon, StageCommon):
    """# S6 F1: what a sales rep does all day, and how many clicks it takes."""

    table = 1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hooks._turn_leads_on(cls.env)
        cls.env["crm.lead.approval.rule"].search([]).active = False
        cls.with_password(cls.rep)
        today = cls.env.company._today()
        for name in ("act_follow_up", "act_put_off", "act_no_answer"):
            customer = cls.make_customer(name, cls.rep)
            cls.plan(customer, today - timedelta(days=1), summary="Regular call")
        cls.at = {
            name: cls.make_customer(name, cls.rep, is_company=True) for name in cls.acts
        }
        cls.make_contact(cls.at["act_find"], "Ms Li", phone="+86 139 0000 1111")
        cls.write_followup(cls.at["act_story"], content="Asked for a price.")
        cls.make_contact(cls.at["act_convert"], "Mr Wang", phone="+86 138 0013 8000")
        cls.inquiry = cls.make_deal("act_convert", type="lead", phone="138 0013 8000")
        cls.deals = {
            name: cls.make_deal(
                name,
                cls.needs,
                partner_id=cls.at[name].id,
                expected_revenue=1000,
                date_deadline=today,
            )
            for name in ("act_stage", "act_amount", "act_win", "act_lose")
        }
        cls.deals["act_customer"] = cls.make_deal(
            "act_customer", partner_name="Unknown Works Ltd"
        )
        cls.env["res.partner.category"].create({"name": "Fair guest"})

    def act_follow_up(self, me):
        me.opens(MY_DAY, ITEM, "act_follow_up")
        self._item(me, "act_follow_up", ".o_my_day_follow_up")
        me.sees(f"{DIALOG} .o_followup_content textarea:focus")
        me.type("The order comes on Friday.")
        me.click(f"{DIALOG} .o_followup_save")
        me.sees_no(ITEM, "act_follow_up")

    def act_put_off(self, me):
        me.opens(MY_DAY, ITEM, "act_put_off")
        self._item(me, "act_put_off", "[data-choice]")
        me.sees_no("[data-section=overdue]", "act_put_off")

    def act_no_answer(self, me):
        me.opens(MY_DAY, ITEM, "act_no_answer")
        self._item(me, "act_no_answer", ".o_my_day_follow_up")
        me.click(f"{DIALOG} .o_followup_outcome .o_selection_badge", "No Answer")
        me.click(f"{DIALOG} .o_followup_save")
        me.sees_no(ITEM, "act_no_answer")

    def act_find(self, me):
        me.opens(MY_DAY, ".o_my_day")
        me.click(".o_menu_systray .o_global_search_menu")
        me.sees(".o_command_palette_search input")
        me.type("139 0000 1111")
        me.click(".o_global_search_item", "act_find")
        me.sees(FORM, "act_find")

    def act_story(self, me):
        me.opens(CUSTOMERS, ROW, "act_story")
        me.click(f"{ROW} .o_data_cell", "act_story")
        me.sees(".o_timeline_event", "Asked for a price.")

    def act_plan(self, me):
        self._customer(me, "act_plan")
        me.click(".o_customer_action[data-action=plan]")
        me.write_in(f"{DIALOG} [name=summary] input", "Send the data sheet")
        me.click(f"{DIALOG} .modal-footer .btn-primary:not(.d-none)")
        me.sees_no(DIALOG)

    def act_new_deal(self, me):
        self._customer(me, "act_new_deal")
        me.click(".o_customer_action[data-action=opportunity]")
        me.sees(f"{FORM} [name=name] textarea:focus, {FORM} [name=name] input:focus")
        me.type("Ten sensors")
        me.click(".o_form_button_save")
        me.sees(SAVED)

    def act_customer(self, me):
        self._deal(me, "act_customer")
        me.click(f"{FORM} button[name=action_give_customer]")
        me.sees_no(f"{FORM} button[name=action_give_customer]")

    def act_convert(self, me):
        me.opens(f"{LEADS}/{self.inquiry.id}", FORM, "act_convert")
        me.click(f"{FORM} .o_statusbar_buttons button", "Convert")
        me.click(f"{DIALOG} button[name=action_apply]")
        me.sees(f"{FORM} button[name=action_set_won_rainbowman]")

    def act_stage(self, me):
        self._deal(me, "act_stage")
        me.click(".o_statusbar_status button", "Offer")
        me.sees(STAGE, "Offer")

    def act_amount(self, me):
        self._deal(me, "act_amount")
        amount = f"{FORM} [name=expected_revenue] input"
        me.write_in(amount, "2500")
        me.click(".o_form_button_save")
        me.sees(SAVED)

    def act_win(self, me):
        self._deal(me, "act_win")
        me.click(f"{FORM} button[name=action_set_won_rainbowman]")
        me.click(f"{DIALOG} [name=won_reason_id] .o_selection_badge", "Best product")
        me.click(f"{DIALOG} .o_form_button_save")
        me.sees(f"{FORM} .ribbon", "Won")

    def act_lose(self, me):
        self._deal(me, "act_lose")
        me.click(f"{FORM} .o_statusbar_buttons button", "Lost")
        me.click(f"{DIALOG} [name=lost_reason_id] .o_selection_badge", "Too late")
        me.click(f"{DIALOG} button[name=action_lost_reason_apply]")
        me.sees(f"{FORM} .ribbon", "Lost")

    def act_tag(self, me):
        self._customer(me, "act_tag")
        me.click(".o_field_widget[name=category_id] .o_tag_picker_toggler")
        me.sees(".o_tag_picker_menu input")
        me.type("fair")
        me.click(".o_tag_picker_menu .o_select_menu_item", "Fair guest")
        me.sees(".o_field_widget[name=category_id]", "Fair guest")

    def act_new_customer(self, me):
        me.opens(CUSTOMERS, ROW, "act_")
        me.click(".o_list_button_add")
        me.sees(".o_field_widget[name=name] :is(input, textarea):focus")
        me.type("Lingchuan Pumps Ltd")
        me.write_in(".o_field_widget[name=entry_contact_name] input", "Mr Zhao")
        me.write_in(".o_field_widget[name=entry_contact_phone] input", "13700001111")
        me.click(".o_customer_entry button[special=save]")
        me.sees(".o_timeline_ready")

    def _item(self, me, name, button):
        """Press a button of an item of My Day."""
        me.clicks += 1
        me.sees(ITEM, name)
        me.ask(f"{me.found(ITEM, name)}[0].querySelector('{button}').click()")

    def _customer(self, me, name):
        me.opens(f"{CUSTOMERS}/{self.at[name].id}", ".o_timeline_ready", "")

    def _deal(self, me, name):
        me.opens(f"{DEALS}/{self.deals[name].id}", FORM, name)

    def test_the_acts_take_as_many_clicks_as_the_pages_say(self):
        self.count(self.rep, MY_DAY, ITEM)
        [made] = self.at["act_new_deal"].opportunity_ids
        self.assertIn("Ten sensors", made.name)
        new = self.env["res.partner"].search([("name", "=", "Lingchuan Pumps Ltd")])
        self.assertEqual(new.child_ids.mapped("name"), ["Mr Zhao"])
        self.assertEqual(self.deals["act_amount"].expected_revenue, 2500)
        [planned] = self.at["act_plan"].activity_ids
        self.assertIn("Send the data sheet", planned.summary)
