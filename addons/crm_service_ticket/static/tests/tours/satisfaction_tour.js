import { registry } from "@web/core/registry";

// The customer's tap in the mail has brought him here: chosen, but not yet sent.
registry.category("web_tour.tours").add("crm_service_ticket_score", {
    steps: () => [
        {
            content: "the tapped answer is chosen",
            trigger: ".o_satisfaction_choice:has(#score_2:checked)",
        },
        {
            content: "he thinks better of it: very dissatisfied",
            trigger: "label[for='score_1']",
            run: "click",
        },
        {
            trigger: "#satisfaction_comment",
            run: "edit Waited two days for a call",
        },
        {
            trigger: ".o_satisfaction_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "thanks, and the answer can still be changed",
            trigger: ".o_satisfaction_thanks",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_ticket_low_score", {
    steps: () => [
        {
            content: "the low score is on the list of answers",
            trigger: ".o_data_row .o_data_cell[name='comment']:contains('Waited two days for a call')",
            run: "click",
        },
        {
            content: "with whom it is about",
            trigger: ".o_form_view .o_field_widget[name='score']:contains('1')",
        },
    ],
});
