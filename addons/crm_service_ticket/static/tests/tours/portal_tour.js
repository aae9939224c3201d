import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_ticket_portal_acme", {
    steps: () => [
        {
            trigger: "a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a colleague's ticket shows, another company's does not",
            trigger: ".o_ticket_list:contains('Valve of Acme'):not(:contains('Globex'))",
        },
        {
            trigger: ".o_ticket_new",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#ticket_ticket_type", run: "select fault" },
        { trigger: "#ticket_name", run: "edit Pump is loud" },
        { trigger: "#ticket_description", run: "edit Since this morning" },
        { trigger: ".o_ticket_send", run: "click", expectUnloadPage: true },
        {
            trigger: ".o_ticket_thanks a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_ticket_list a:contains('Pump is loud')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                "#chatterRoot:shadow .o-mail-Composer-input, #discussion:shadow .o-mail-Composer-input",
            run: "edit It stopped by itself",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger:
                "#chatterRoot:shadow .o-mail-Message:contains('It stopped by itself')",
        },
        { trigger: ".o_ticket_close", run: "click", expectUnloadPage: true },
        { trigger: ".alert-info" },
    ],
});

registry.category("web_tour.tours").add("crm_service_ticket_portal_globex", {
    steps: () => [
        {
            trigger: "a[href='/my/tickets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger:
                ".o_ticket_list:contains('Valve of Globex'):not(:contains('Acme')):not(:contains('Pump'))",
        },
    ],
});
