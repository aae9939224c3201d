from counting import DIALOG, ROW, CountedDay, Hands

from odoo.tests import tagged

BOARD = "/odoo/tickets"
LIST = "/odoo/action-crm_service_ticket.action_ticket?view_type=list"
CARD = ".o_kanban_record"
COMPOSER = ".o-mail-Composer-input"
REPLY = ".o-mail-Chatter-sendMessage"
STATE = ".o_statusbar_status .o_arrow_button_current"


class Agent(Hands):
    """Writes to customers."""

    def writes(self, text):
        """Begin an answer: the composer opens with the cursor in it."""
        self.click(REPLY)
        self.sees(COMPOSER)
        self.type(text)


@tagged("post_install", "-at_install")
class TestDailyWork(CountedDay):
    """# V7: what a service agent does all day, and how many clicks it takes."""

    person_class = Agent

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.with_password(cls.agent)
        cls.at = {
            name: cls.make_ticket(name, cls.contact, user_id=cls.agent.id)
            for name in cls.acts
        }
        cls.doubled = cls.make_ticket("Doubled", cls.contact, user_id=cls.agent.id)
        free = cls.at["act_take"] | cls.at["act_open"]
        free.user_id = False
        cls.at["act_find_by_phone"].partner_phone = "+86 139-0000-1111"
        for ticket in cls.at.values():
            ticket.message_post(
                body="It drifts.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=cls.contact.id,
            )
        cls.answer(cls.at["act_resolve"], cls.agent, "The cable was loose.")
        cls.env["crm.tag"].create({"name": "Loose cable"})
        cls.env["mail.canned.response"].create(
            {
                "source": "serial number",
                "substitution": "Which serial number does it have?",
                "group_ids": cls.env.ref("crm_customer_center.group_service_agent").ids,
                "ticket_state": "waiting",
            }
        )

    def act_open(self, me):
        me.opens(BOARD, CARD, "act_open")
        me.click(CARD, "act_open")
        me.sees(".o_form_view", "act_open")

    def act_take(self, me):
        self._form(me, "act_take")
        me.click("button[name=action_take]")
        me.sees("button.o_ticket_resolve")

    def act_answer(self, me):
        self._form(me, "act_answer")
        me.writes("We look into it.")
        me.click(".o-mail-Composer-send:enabled")
        me.sees(".o-mail-Message-body", "We look into it.")

    def act_answer_and_wait(self, me):
        self._form(me, "act_answer_and_wait")
        me.writes("Which firmware?")
        me.click(".o_ticket_send_waiting:enabled")
        me.sees(STATE, "Waiting")

    def act_answer_and_resolve(self, me):
        self._form(me, "act_answer_and_resolve")
        me.writes("Turn it round.")
        me.click(".o_ticket_send_resolved:enabled")
        me.sees(STATE, "Resolved")

    def act_canned_answer(self, me):
        self._form(me, "act_canned_answer")
        me.writes("::serial")
        me.click(".o-mail-Composer-suggestion", "serial number")
        me.sees(".o_ticket_macros")
        me.click(".o-mail-Composer-send:enabled")
        me.sees(STATE, "Waiting")

    def act_note(self, me):
        self._form(me, "act_note")
        me.click(".o-mail-Chatter-logNote")
        me.sees(COMPOSER)
        me.type("He calls back tomorrow.")
        me.click(".o-mail-Composer-send:enabled")
        me.sees(".o-mail-Message-body", "He calls back tomorrow.")

    def act_hand_over(self, me):
        self._form(me, "act_hand_over")
        me.click("button[name=action_hand_over]")
        me.sees(f"{DIALOG} [name=note] textarea")
        me.ask(f"{me.found(f'{DIALOG} [name=note] textarea')}[0].focus()")
        me.type("Restarted twice, still drifts.")
        me.click(f"{DIALOG} button[name=action_hand_over]")
        me.sees(".o_form_view [name=level]", "Technician")

    def act_resolve(self, me):
        self._form(me, "act_resolve")
        me.click("button.o_ticket_resolve")
        me.sees(f"{DIALOG} [name=solution]", "The cable was loose.")
        me.click(f"{DIALOG} button[name=action_resolve]")
        me.sees(STATE, "Resolved")

    def act_find_by_phone(self, me):
        me.opens(BOARD, CARD)
        me.click(".o_menu_systray .o_global_search_menu")
        me.sees(".o_command_palette_search input")
        me.type("139 0000 1111")
        me.click(".o_global_search_item", "act_find_by_phone")
        me.sees(".o_form_view", "act_find_by_phone")

    def act_priority(self, me):
        self._form(me, "act_priority")
        last = ".o_field_widget[name=priority] .o_priority_star:last-child"
        me.click(last)
        me.sees(f"{last}.fa-star")

    def act_tag(self, me):
        self._form(me, "act_tag")
        me.click(".o_field_widget[name=tag_ids] .o_tag_picker_toggler")
        # the cursor is in the search already
        me.sees(".o_tag_picker_menu input")
        me.type("loose")
        me.click(".o_tag_picker_menu .o_select_menu_item", "Loose cable")
        me.sees(".o_field_widget[name=tag_ids]", "Loose cable")

    def act_merge(self, me):
        me.opens(LIST, ROW, "act_merge")
        me.selects("act_merge", "Doubled")
        me.click(".o_control_panel button[name=action_merge]")
        me.click(f"{DIALOG} button[name=action_merge]")
        me.sees_no(DIALOG)

    def act_answer_several(self, me):
        me.opens(LIST, ROW, "act_answer_several")
        me.selects("act_answer_several", "act_note")
        me.click(".o_control_panel button", "Answer Customers")
        me.write_in(
            f"{DIALOG} .o_several_answer textarea", "The works are closed today."
        )
        me.click(f"{DIALOG} button[name=action_answer]")
        me.sees_no(DIALOG)

    def act_call(self, me):
        me.opens(BOARD, CARD)
        me.click(".o_control_panel button", "Call")
        phone = f"{DIALOG} [name=phone] input"
        me.sees(phone)
        me.waits_for(f"document.activeElement.matches({phone!r})")
        me.type("13812345678")
        me.write_in(f"{DIALOG} [name=words] textarea", "The lamp is out.")
        me.sees(f"{DIALOG} [name=open_ticket_ids]", "act_")
        me.click(f"{DIALOG} button[name=action_take_down]")
        me.sees_no(DIALOG)

    def _form(self, me, name):
        me.opens(f"{BOARD}/{self.at[name].id}", ".o_form_view", name)
        # what is clicked before the conversation has come is forgotten
        me.sees(".o-mail-Chatter:has(.o-mail-Followers-counter) .o-mail-Message")

    def test_the_acts_take_as_many_clicks_as_the_pages_say(self):
        self.count(self.agent, BOARD, CARD)
