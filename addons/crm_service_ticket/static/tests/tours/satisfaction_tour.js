import { registry } from "@web/core/registry";

// The customer's tap in the mail has brought him here: chosen, but not yet sent.
registry.category("web_tour.tours").add("crm_service_ticket_score", {
    steps: () => [
        {
            content: "the tapped answer is chosen",
            trigger: ".o_satisfaction_choice:has(#score_2:checked)",
        },
        {
            content: "he thinks better of it, and again",
            trigger: "label[for='score_1']",
            run: "click",
        },
        {
            trigger: "label[for='score_2']",
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

// The manager hears of it, reads it, has talked to the customer, and finds it on the
// list of all answers.
registry.category("web_tour.tours").add("crm_service_ticket_low_score", {
    steps: () => [
        {
            content: "there is a task",
            trigger: ".o-mail-ActivityMenu-counter",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityGroup[data-model_name='crm.service.ticket']",
            run: "click",
        },
        {
            content: "it is about this ticket, closed as it is",
            trigger:
                ".o_data_row:contains(Tour sensor drifts) [name=name], .o_kanban_record:contains(Tour sensor drifts)",
            run: "click",
        },
        {
            content: "the score stands in the task, and what the customer says",
            trigger: ".o-mail-Activity:contains('Score 2 of 5'):contains('Waited two days')",
        },
        {
            content: "done: the customer was called",
            trigger: ".o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[aria-label='Done']",
            run: "click",
        },
        {
            content: "on to the list of all answers",
            trigger: "body:not(:has(.o-mail-Activity))",
            run: () => {
                window.location = "/odoo/service-satisfaction";
            },
            expectUnloadPage: true,
        },
        {
            content: "the low score is on it, with its words",
            trigger:
                ".o_data_row .o_data_cell[name='comment']:contains('Waited two days for a call')",
            run: "click",
        },
        {
            content: "with whom it is about",
            trigger: ".o_form_view .o_field_widget[name='score']:contains('2')",
        },
    ],
});
