import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("crm_help_agent", {
    steps: () => [
        { trigger: ".nav-link[name='resolution']", run: "click" },
        { trigger: ".o_make_article", run: "click" },
        {
            content: "the customer's name is not in it",
            trigger: ".o_article_warning",
        },
        {
            trigger: ".o_field_widget[name='body']:contains('Hold SET'):not(:contains('Ms Li'))",
        },
        {
            trigger: ".o_field_widget[name='name'] textarea, .o_field_widget[name='name'] input",
            run: "edit Transmitter locked",
        },
        { trigger: ".o_article_ask:visible", run: "click" },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('In Review')",
        },
    ],
});

tours.add("crm_help_manager", {
    steps: () => [
        { trigger: ".o_article_publish", run: "click" },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Published')",
        },
        { trigger: "button[name='action_open_page']:visible" },
    ],
});

tours.add("crm_help_form", {
    steps: () => [
        { trigger: "#ticket_name", run: "edit Our transmitter is locked" },
        {
            trigger: ".o_help_suggestion summary:contains('Transmitter locked')",
            run: "click",
        },
        { trigger: ".o_help_suggestion[open] .o_help_text:contains('Hold SET')" },
        { trigger: ".o_help_suggestion[open] .o_help_solved", run: "click" },
        { trigger: ".o_help_thanks" },
        {
            content: "what was typed is still there",
            trigger: "#ticket_name:value('Our transmitter is locked')",
        },
    ],
});

tours.add("crm_help_pages", {
    steps: () => [
        { trigger: ".o_help_search input", run: "edit transmitter locked since monday" },
        {
            trigger: ".o_help_search button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_help_list a:contains('Transmitter locked')",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_help_no", run: "click", expectUnloadPage: true },
        { trigger: ".o_help_vote .o_help_ask", run: "click", expectUnloadPage: true },
        { trigger: "#ticket_name:value('transmitter locked since monday')" },
    ],
});

tours.add("crm_help_answer", {
    steps: () => [
        { trigger: ".nav-link[name='similar']", run: "click" },
        { trigger: ".o_put_into_answer:visible", run: "click" },
        {
            trigger: ".modal .o_field_widget[name='body'] textarea:value(/this should help/)",
        },
        { trigger: ".modal button[name='action_answer']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o-mail-Message:contains('this should help')" },
    ],
});
