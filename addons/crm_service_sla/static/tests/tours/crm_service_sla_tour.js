import { registry } from "@web/core/registry";

// A service manager looks at an urgent ticket, asks why, and tries a policy on the past.
registry.category("web_tour.tours").add("crm_service_sla_tour", {
    steps: () => [
        {
            content: "the list shows how much time is left",
            trigger: ".o_data_row:contains('Tour ticket') .o_sla_badge.text-bg-success",
        },
        {
            content: "open the ticket",
            trigger: ".o_data_row:contains('Tour ticket') td[name=name]",
            run: "click",
        },
        {
            content: "the badge is beside the number",
            trigger: ".o_form_view .o_sla_badge",
        },
        {
            content: "ask why",
            trigger: ".o_notebook .nav-link[name=sla]",
            run: "click",
        },
        {
            content: "the targets, and what became of the time",
            trigger: ".o_sla_explanation .o_sla_target:contains('Resolution')",
        },
        {
            content: "the bar has a piece for the time worked",
            trigger: ".o_sla_explanation .o_sla_bar .o_sla_working",
        },
        {
            content: "line by line",
            trigger: ".o_sla_explanation summary",
            run: "click",
        },
        {
            content: "a line says who had it",
            trigger: ".o_sla_explanation td:contains('agent user')",
        },
    ],
});
