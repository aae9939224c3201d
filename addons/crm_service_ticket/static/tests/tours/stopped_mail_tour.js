import { registry } from "@web/core/registry";

/** The service manager finds a mail that was stopped, and makes a ticket of it. */
registry.category("web_tour.tours").add("crm_service_ticket_stopped_mail", {
    steps: () => [
        {
            content: "What was stopped has a menu of its own",
            trigger: "[data-menu-xmlid='crm_service_ticket.menu_service_stopped']",
            run: "click",
        },
        {
            content: "It says why; open it",
            trigger:
                ".o_data_row:contains(Tour pump leaks):contains(Auto-Submitted) .o_data_cell[name=subject]",
            run: "click",
        },
        {
            content: "What it said can be read",
            trigger: ".o_form_view .o_field_widget[name=excerpt]:contains(Hall three)",
        },
        {
            content: "It should have been a ticket",
            trigger: ".o_form_view button[name=action_make_ticket]",
            run: "click",
        },
        {
            content: "It is one",
            trigger: ".o_form_view button[name=action_take]:visible",
        },
    ],
});

/** An agent gets spam: one button closes it and blocks who sent it. */
registry.category("web_tour.tours").add("crm_service_ticket_spam", {
    steps: () => [
        {
            content: "That is spam",
            trigger: "button[name=action_spam]:visible",
            run: "click",
        },
        {
            content: "Yes, block the sender",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Closed, and it can be taken back",
            trigger: "body:not(:has(.modal)) button[name=action_no_spam]:visible",
        },
        {
            content: "The stage says so",
            trigger: ".o-mail-Message-body:contains(is blocked)",
        },
    ],
});
