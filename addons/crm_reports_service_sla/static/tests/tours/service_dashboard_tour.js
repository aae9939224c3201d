import { registry } from "@web/core/registry";

const choosePeriod = (period) => [
    { content: "Open the periods", trigger: ".o_crm_period", run: "click" },
    { content: "Choose one", trigger: `.dropdown-item[data-period=${period}]`, run: "click" },
    { content: "It is counted anew", trigger: `.o_crm_loaded[data-loaded$=${period}]` },
];

registry.category("web_tour.tours").add("crm_reports_service", {
    steps: () => [
        { content: "Service", trigger: "button[data-dashboard=service]", run: "click" },
        { trigger: ".o_crm_loaded[data-loaded^=service] .o_crm_tile[data-measure=open_tickets]" },
        ...choosePeriod("last_month"),
        {
            content: "One was late",
            trigger: ".o_crm_tile[data-measure=sla_breached][data-value='1']",
        },
        ...choosePeriod("this_month"),
        { content: "By team", trigger: "[data-panel=sla_teams] td:contains(Service)" },
        {
            content: "Open what was breached",
            trigger: ".o_crm_tile[data-measure=sla_breached]",
            run: "click",
        },
        { content: "The promises", trigger: ".o_list_view .o_data_row" },
        { content: "Back", trigger: ".breadcrumb-item a, .o_back_button", run: "click" },
        { trigger: ".o_crm_loaded[data-loaded='service this_month']" },
    ],
});
