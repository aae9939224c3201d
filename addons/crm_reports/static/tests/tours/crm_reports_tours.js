import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choosePeriod = (period) => [
    { content: "Open the periods", trigger: ".o_crm_period", run: "click" },
    { content: "Choose one", trigger: `.dropdown-item[data-period=${period}]`, run: "click" },
    {
        content: "It is counted anew",
        trigger: `.o_crm_loaded[data-loaded$=${period}]`,
    },
];

tours.add("crm_reports_dashboard", {
    steps: () => [
        { content: "Figures", trigger: ".o_crm_loaded .o_crm_tile[data-measure=won_revenue]" },
        { content: "The funnel", trigger: ".o_crm_panel[data-panel=funnel] .o_crm_funnel_row" },
        ...choosePeriod("this_year"),
        {
            content: "Open the records of a number",
            trigger: ".o_crm_tile[data-measure=won_deals]",
            run: "click",
        },
        { content: "Deals that are won", trigger: ".o_list_view .o_data_row" },
        { content: "Back", trigger: ".breadcrumb-item a, .o_back_button", run: "click" },
        { content: "The period is still chosen", trigger: ".o_crm_loaded[data-loaded$=this_year]" },
        ...choosePeriod("this_month"),
    ],
});

tours.add("crm_reports_marketing", {
    steps: () => [
        { content: "Customers", trigger: ".o_crm_loaded .o_crm_tile[data-measure=new_customers]" },
        { content: "By lifecycle", trigger: ".o_crm_panel[data-panel=lifecycle] canvas" },
        ...choosePeriod("last_month"),
        { content: "Nothing came", trigger: ".o_crm_panel[data-panel=sources] .o_crm_panel_empty" },
    ],
});
