import { registry } from "@web/core/registry";

/** The daily path of an agent: open, take, answer, and hand over. */
registry.category("web_tour.tours").add("crm_service_ticket_agent", {
    steps: () => [
        {
            content: "The new ticket is on the board, among those nobody has",
            trigger: ".o_kanban_record:contains(Tour sensor drifts)",
            run: "click",
        },
        {
            content: "The customer is beside it",
            trigger: ".o_customer_360_tile[data-section=tickets]",
        },
        {
            content: "Take it",
            trigger: "button[name=action_take]:visible",
            run: "click",
        },
        {
            content: "It is mine now; answer the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "Write the answer",
            trigger: ".o-mail-Composer-input",
            run: "edit Which serial number does it have?",
        },
        {
            content: "Send it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The answer stands in the ticket",
            trigger: ".o-mail-Message-body:contains(Which serial number)",
        },
        {
            content: "It needs a technician",
            trigger: "button[name=action_hand_over]:visible",
            run: "click",
        },
        {
            content: "Say what was tried",
            trigger: ".modal [name=note] textarea",
            run: "edit Restarted twice, still drifts.",
        },
        {
            content: "Hand over",
            trigger: ".modal button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "The technician has it",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=level]:contains(Technician)",
        },
    ],
});

/** The technician finds it in his list, solves it and closes it. */
registry.category("web_tour.tours").add("crm_service_ticket_technician", {
    steps: () => [
        {
            content: "It is on his board, and the customer has answered",
            trigger: ".o_kanban_record:contains(Tour sensor drifts):contains(Awaits answer)",
            run: "click",
        },
        {
            content: "What was tried is in the history",
            trigger: ".o-mail-Message-body:contains(Restarted twice)",
        },
        {
            content: "and what the customer answered",
            // mails are shown apart from the page's own styles
            trigger:
                ".o-mail-Message-body > .overflow-x-auto:not(.o-mail-Message-richBody):shadow *:contains(Serial 4711)",
        },
        {
            content: "Solved",
            trigger: "button.o_ticket_resolve:visible",
            run: "click",
        },
        {
            content: "How it was solved",
            trigger: ".modal [name=solution] .odoo-editor-editable",
            run: "editor The cable was loose.",
        },
        {
            content: "That is it",
            trigger: ".modal button[name=action_resolve]",
            run: "click",
        },
        {
            content: "Nothing is open any more",
            trigger: "button[name=action_close]:visible",
            run: "click",
        },
        {
            content: "It can be opened again",
            trigger: "button[name=action_reopen]:visible",
        },
    ],
});
