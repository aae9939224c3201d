import { registry } from "@web/core/registry";

const ITEM = ".o_my_day_item:contains(Line 2)";

registry.category("web_tour.tours").add("crm_my_day_approval", {
    steps: () => [
        {
            content: "What is asked, and why",
            trigger: `${ITEM}:contains(Before Friday)`,
        },
        {
            content: "Refuse",
            trigger: `${ITEM} button:contains(Refuse)`,
            run: "click",
        },
        {
            content: "Say what has to change",
            trigger:
                ".modal .o_field_widget[name=note]:visible textarea, .modal .o_field_widget[name=note]:visible input",
            run: "edit Less discount",
        },
        {
            content: "That is it",
            trigger: ".modal footer button:contains(Refuse)",
            run: "click",
        },
        {
            content: "It waits no more",
            trigger: `.o_my_day:not(:has(${ITEM}))`,
        },
    ],
});
