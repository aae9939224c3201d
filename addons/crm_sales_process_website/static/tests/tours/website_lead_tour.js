import { registry } from "@web/core/registry";

// A visitor asks for an offer: the page itself is made by the test.
registry.category("web_tour.tours").add("crm_sales_process_website_lead", {
    steps: () => [
        {
            content: "who asks",
            trigger: "input[name=contact_name]",
            run: "edit 王建国",
        },
        {
            content: "where to answer",
            trigger: "input[name=email_from]",
            run: "edit wang@visitor.example",
        },
        {
            content: "from where",
            trigger: "input[name=city]",
            run: "edit 苏州",
        },
        {
            content: "what about",
            trigger: "input[name=name]",
            run: "edit 压力传感器询价",
        },
        {
            content: "send it",
            trigger: ".s_website_form_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it has arrived",
            trigger: "#wrap:has(h1:contains('Thank You!'))",
        },
    ],
});
