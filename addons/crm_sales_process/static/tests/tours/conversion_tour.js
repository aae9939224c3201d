import { registry } from "@web/core/registry";

// An inquiry of somebody who is stored becomes a deal of the customer he works for.
registry.category("web_tour.tours").add("crm_sales_process_conversion", {
    steps: () => [
        {
            content: "Leads stand apart: the inquiry is in their list",
            trigger: ".o_data_row:contains(Tour inquiry) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Convert it",
            trigger: ".o_form_view .o_statusbar_buttons button:contains(Convert to Opportunity)",
            run: "click",
        },
        {
            content: "Who it is, and by what one knows",
            trigger: ".modal [name=match_hint]:contains(is stored already):contains(same mobile)",
        },
        {
            content: "Make the deal",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is a deal of the stored contact",
            trigger: "body:not(:has(.modal)) .o_form_view button[name=action_set_won_rainbowman]",
        },
        {
            content: "With the customer linked there is nothing to make",
            trigger: "body:not(:has(button[name=action_give_customer]))",
        },
    ],
});

// A deal that names a company and has no customer.
registry.category("web_tour.tours").add("crm_sales_process_give_customer", {
    steps: () => [
        {
            content: "One click beside the customer",
            trigger: ".o_form_view button[name=action_give_customer]",
            run: "click",
        },
        {
            content: "It is there, and why it is that one",
            trigger: ".o_notification:contains(is stored already: same company name)",
        },
        {
            content: "Nothing is left to click",
            trigger: ".o_form_view:not(:has(button[name=action_give_customer]))",
        },
    ],
});
