import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_sales_process_customer_won", {
    steps: () => [
        {
            content: "Open the deal from the customer's story",
            trigger:
                ".o_timeline_event[data-kind=opportunity]:contains(Sensors) button.o_timeline_title",
            run: "click",
        },
        {
            content: "The deal is won",
            trigger: ".o_form_view button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            content: "By what",
            trigger: ".modal [name=won_reason_id] .o_selection_badge:contains(Delivery time)",
            run: "click",
        },
        {
            content: "Mark it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is won; back to the customer",
            trigger:
                "body:has(.o_form_view .ribbon:contains(Won)) .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "The story says what the customer became, and which deal decided",
            trigger:
                ".o_timeline_event[data-kind=lifecycle]:contains(Potential → Active):contains(Sensors)",
        },
    ],
});
