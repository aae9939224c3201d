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

const takeFile = (kind) => [
    { content: `Ask for ${kind}`, trigger: `.o_crm_${kind}:enabled`, run: "click" },
    { content: "It is being made", trigger: `.o_crm_${kind}:disabled .fa-spinner` },
    { content: "It has come", trigger: `.o_crm_${kind}:enabled`, timeout: 60000 },
];

const field = (name) => `.o_field_widget[name=${name}]`;

const select = (name, text) => [
    {
        content: `Choices of ${name}`,
        trigger: `${field(name)} .o_select_menu_toggler`,
        run: "click",
    },
    { content: text, trigger: `.o_select_menu_item:contains(${text})`, run: "click" },
];

tours.add("crm_reports_files", {
    steps: () => [
        { trigger: ".o_crm_loaded .o_crm_tile[data-measure=won_revenue]" },
        ...takeFile("xlsx"),
        ...takeFile("pdf"),
        { content: "Nothing went wrong", trigger: "body:not(:has(.modal))" },
    ],
});

tours.add("crm_reports_own", {
    steps: () => [
        { content: "A new report", trigger: ".o_list_button_add", run: "click" },
        { trigger: `${field("name")} input`, run: "edit Won by source" },
        ...select("group_by", "Source"),
        { content: "A figure", trigger: ".o_field_x2many_list_row_add a", run: "click" },
        ...select("measure", "Amount Won"),
        { content: "Share it", trigger: ".nav-link[name=sharing]", run: "click" },
        { trigger: `${field("group_ids")} input`, run: "edit Sales Rep" },
        { trigger: ".o-autocomplete--dropdown-item a:contains(Sales Rep)", run: "click" },
        { content: "Show it", trigger: "button[name=action_open]", run: "click" },
        { trigger: ".o_crm_loaded .o_crm_tile[data-measure=won_revenue][data-value='1500']" },
        { content: "As a table", trigger: ".o_crm_table_toggle", run: "click" },
        { content: "From which source", trigger: "[data-panel=report] td:contains(Fair)" },
        { content: "By mail", trigger: ".o_crm_subscribe", run: "click" },
        { content: "Send it", trigger: "button[name=action_send_now]", run: "click" },
        {
            content: "It waits for the job",
            trigger: `${field("delivery_ids")} .o_data_row:contains(Waiting)`,
        },
    ],
});

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
