import { registry } from "@web/core/registry";

// The rep asks from the banner of the opportunity: three steps.
registry.category("web_tour.tours").add("crm_sales_process_approval_ask", {
    steps: () => [
        {
            content: "the banner says that an approval is needed",
            trigger: ".alert-info button[name=action_ask_approval]",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit The customer signs this week",
        },
        {
            content: "ask",
            trigger: ".modal button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "it waits, and can be taken back",
            trigger: ".alert-warning button[name=action_withdraw_approval]",
        },
    ],
});

// The manager approves with one click on the list of what waits.
registry.category("web_tour.tours").add("crm_sales_process_approval_approve", {
    steps: () => [
        {
            content: "what waits, with the reason",
            trigger: ".o_data_row:contains(The customer signs this week)",
        },
        {
            content: "approve",
            trigger: ".o_data_row button[name=action_approve]",
            run: "click",
        },
        {
            content: "nothing waits any more",
            trigger: ".o_view_nocontent_smiling_face",
        },
    ],
});
