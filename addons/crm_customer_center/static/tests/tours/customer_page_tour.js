import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_customer_page", {
    steps: () => [
        {
            content: "What the open opportunities are worth",
            trigger: ".o_customer_fact[data-fact=open_amount]:contains(5,000)",
        },
        {
            content: "The note is told with its writer",
            trigger: ".o_timeline_event[data-kind=mail]:contains(Pump is loud):contains(rep user)",
        },
        {
            content: "A new owner of the company and its contacts is one line",
            trigger: ".o_timeline_event:contains(New owner) .o_timeline_behind:contains(2)",
            run: "click",
        },
        {
            content: "Which opens",
            trigger: ".o_timeline_followers li:contains(Ms Li)",
        },
        {
            content: "What the system wrote is folded",
            trigger: ".o_timeline_fold:contains(system change)",
            run: "click",
        },
        {
            content: "And opens",
            trigger: ".o_timeline_noise",
        },
        {
            content: "Only opportunities",
            trigger: ".o_timeline_chip[data-kind=opportunity]",
            run: "click",
        },
        {
            content: "The note is gone, the opportunity stays",
            trigger:
                ".o_customer_timeline:not(:has([data-kind=mail].o_timeline_event)) .o_timeline_event[data-kind=opportunity]:contains(Sensors)",
        },
        {
            content: "Everything again",
            trigger: ".o_timeline_chip[data-kind=opportunity].active",
            run: "click",
        },
        {
            content: "Look for words",
            trigger: ".o_timeline_search input",
            run: "edit nothing like that",
        },
        {
            content: "What does not match is said",
            trigger: ".o_timeline_empty button",
            run: "click",
        },
        {
            content: "All of it is back",
            trigger: ".o_timeline_event[data-kind=mail]:contains(Pump is loud)",
        },
        {
            content: "Odoo's conversation is a tab",
            trigger: ".o_notebook a[name=conversation]",
            run: "click",
        },
        {
            content: "And it is Odoo's",
            trigger:
                ".o_customer_conversation .o-mail-Chatter .o-mail-Message:contains(Pump is loud)",
        },
        {
            content: "There is no second one",
            trigger: "body:not(:has(.o-mail-Form-chatter))",
        },
        {
            content: "Back to the story",
            trigger: ".o_notebook a[name=timeline]",
            run: "click",
        },
        {
            content: "Open the opportunity",
            trigger: ".o_timeline_event[data-kind=opportunity] button.o_timeline_title",
            run: "click",
        },
        {
            content: "It is the opportunity",
            trigger: ".o_form_view .o_field_widget[name=expected_revenue]",
        },
    ],
});

registry.category("web_tour.tours").add("crm_customer_page_long", {
    steps: () => [
        {
            content: "The newest are there",
            trigger: ".o_timeline_event:contains(Note 69 )",
        },
        {
            content: "Older ones come while one scrolls",
            trigger: ".o_timeline_more",
            run: ({ anchor }) => anchor.scrollIntoView(),
        },
        {
            content: "Down to the first",
            trigger: ".o_customer_timeline",
            async run({ anchor }) {
                while (anchor.querySelector(".o_timeline_more")) {
                    anchor.querySelector(".o_timeline_more").scrollIntoView();
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        {
            content: "The first is there once",
            trigger: ".o_timeline_event:contains(Note 0 )",
        },
    ],
});
