import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("crm_followup_service_ticket_ask", {
    steps: () => [
        {
            content: "Step 1: ask",
            trigger: "button[name=action_ask_owner]",
            run: "click",
        },
        {
            content: "Who is asked stands there",
            trigger: ".modal [name=user_id]:contains(rep user)",
        },
        {
            content: "Step 2: one line",
            trigger: ".modal [name=words] input",
            run: "edit Wants two more sensors",
        },
        {
            content: "Step 3: send it",
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            content: "The ticket says who was asked",
            trigger: ".o_ticket_owner_request:contains(rep user):contains(Wants two more sensors)",
        },
        {
            content: "Nobody asks twice",
            trigger: ".o_form_statusbar:not(:has(button[name=action_ask_owner]))",
        },
    ],
});

tours.add("crm_followup_service_ticket_answer", {
    steps: () => [
        {
            content: "It stands in My Day",
            trigger: ".o_my_day_item:contains(Wants two more sensors) button.o_my_day_follow_up",
            run: "click",
        },
        {
            content: "Write what came of it",
            trigger: ".o_followup_dialog .o_followup_content textarea",
            run: "edit Quotation is sent",
        },
        {
            trigger: ".modal button.o_followup_save",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_my_day:not(:contains(Wants two more sensors))",
        },
    ],
});
