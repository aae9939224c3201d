import { registry } from "@web/core/registry";

const BODY = ".o-mail-Composer-input";
const CURRENT = ".o_statusbar_status .o_arrow_button_current";

/** Two tickets of a list, one answer each: the next one opens by itself. */
registry.category("web_tour.tours").add("crm_service_ticket_send_and_next", {
    steps: () => [
        {
            content: "The first of my list",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Reply tour one)",
            run: "click",
        },
        {
            content: "It is not yet said what kind it is",
            trigger: ".o_form_view:contains(Reply tour one) .o_field_widget[name=type_id]",
        },
        {
            content: "Answer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "Words of mine",
            trigger: BODY,
            run: "edit Which serial number does it have?",
        },
        {
            content: "Show me the next one afterwards",
            trigger: ".o_ticket_next input:not(:checked)",
            run: "click",
        },
        {
            content: "Sent, and we wait",
            trigger: ".o_ticket_send_waiting:enabled",
            run: "click",
        },
        {
            content: "The next one is there; nothing was said in it",
            trigger: ".o_form_view:contains(Reply tour two):not(:has(.o-mail-Composer))",
        },
        {
            content: "Answer that as well",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "My choice was kept",
            trigger: ".o_ticket_next input:checked",
        },
        {
            content: "Words of mine, and a key",
            trigger: BODY,
            run: "edit Turn it round.",
        },
        {
            content: "Sent, and solved",
            trigger: BODY,
            run: "press ctrl+alt+Enter",
        },
        {
            content: "It was the last one, and shows how it stands now",
            trigger: `.o_form_view:contains(Reply tour two) ${CURRENT}:contains(Resolved)`,
        },
        {
            content: "I am told",
            trigger: ".o_notification:contains(last ticket of your list)",
        },
        {
            content: "Nothing is left to be sent off",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "Only words",
            trigger: ".o-mail-Composer:has(.o_ticket_next):not(:has(.o_ticket_send_waiting))",
        },
    ],
});

/** On a phone the answer is in reach wherever one reads. */
registry.category("web_tour.tours").add("crm_service_ticket_reply_phone", {
    steps: () => [
        {
            content: "Answer, from the top of the page",
            trigger: ".o_form_view .o_ticket_answer:visible",
            run: "click",
        },
        {
            content: "Words of mine; the button is out of the way",
            trigger: `.o_form_view:not(:has(.o_ticket_answer)) ${BODY}`,
            run: "edit Which serial number does it have?",
        },
        {
            content: "Sent, and we wait",
            trigger: ".o_ticket_send_waiting:enabled",
            run: "click",
        },
        {
            content: "The answer stands in the ticket, which is in reach again",
            trigger:
                ".o_form_view:has(.o_ticket_answer) .o-mail-Message-body:contains(Which serial)",
        },
    ],
});

/** A canned answer fills itself in, brings its file, and moves the ticket. */
registry.category("web_tour.tours").add("crm_service_ticket_canned", {
    steps: () => [
        {
            content: "Answer",
            trigger: ".o_form_view:contains(Reply tour one) .o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "With a Chinese keyboard",
            trigger: BODY,
            run: "edit ：：",
        },
        {
            content: "The one of the team is the first",
            trigger:
                ".o-mail-NavigableList-item:first:contains(tour serial) .o-mail-Composer-suggestion, .o-mail-Composer-suggestion:first:contains(tour serial)",
            run: "click",
        },
        {
            content: "It is about this customer",
            trigger: `${BODY}:value(Hello Ms Li)`,
        },
        {
            content: "Its file is there",
            trigger: ".o-mail-Composer .o-mail-AttachmentContainer:contains(guide.txt)",
        },
        {
            content: "What it will do is said",
            trigger: ".o_ticket_macros:contains(Wait for the customer):contains(Fault)",
        },
        {
            content: "Sent, by the plain button",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "and done",
            trigger: `.o_form_view ${CURRENT}:contains(Waiting)`,
        },
    ],
});

/** Where the team needs a solution, a click on the stage asks for it. */
registry.category("web_tour.tours").add("crm_service_ticket_solution_needed", {
    steps: () => [
        {
            content: "Resolved, by the status bar",
            trigger: ".o_statusbar_status button:contains(Resolved)",
            run: "click",
        },
        {
            content: "Our last words are proposed",
            trigger: ".modal [name=solution] .odoo-editor-editable:contains(Turn the filter)",
        },
        {
            content: "That is it",
            trigger: ".modal button[name=action_resolve]",
            run: "click",
        },
        {
            content: "It is resolved, and says how",
            trigger: `body:not(:has(.modal)) .o_form_view:has(.o_form_status_indicator_buttons.invisible) ${CURRENT}:contains(Resolved)`,
        },
    ],
});
