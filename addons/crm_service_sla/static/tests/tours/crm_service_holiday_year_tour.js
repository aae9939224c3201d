import { registry } from "@web/core/registry";

// A service manager takes over a year's holidays: looks, and saves what is shown.
registry.category("web_tour.tours").add("crm_service_holiday_year_tour", {
    steps: () => [
        {
            content: "the list of holidays offers a whole year",
            trigger: ".o_list_view .o_control_panel button:contains('Holidays of a Year')",
            run: "click",
        },
        {
            content: "the announced holidays are shown",
            trigger: ".modal .o_sla_holiday_row:contains('National Day'):contains('New')",
        },
        {
            content: "and what becomes of deadlines",
            trigger: ".modal .o_sla_holidays h5:contains('Deadlines of open tickets')",
        },
        {
            content: "one click",
            trigger: ".modal footer button[name=action_save]",
            run: "click",
        },
        {
            content: "it is done",
            trigger: ".o_notification:contains('Saved')",
        },
        {
            content: "and in the list",
            trigger: "body:not(:has(.modal)) .o_data_row:contains('National Day')",
        },
    ],
});
