import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_customer_back_by_order", {
    steps: () => [
        {
            content: "Confirm the quotation",
            trigger: ".o_form_view button[name=action_confirm]:enabled",
            run: "click",
        },
        {
            content: "It is an order; on to its customer",
            trigger: ".o_field_widget[name=partner_id] a.o_form_uri",
            run: "click",
        },
        {
            content: "The customer is back, and the order decided",
            trigger: ".o_timeline_event[data-kind=lifecycle]:contains(Dormant → Active)",
        },
        {
            content: "The order stands in the story",
            trigger: ".o_timeline_event[data-kind=order]",
        },
    ],
});
