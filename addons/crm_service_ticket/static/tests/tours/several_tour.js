import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains(Several tour ${name})`;
const choose = (name) => ({
    content: `Choose ${name}`,
    trigger: `${row(name)} .o_list_record_selector input`,
    run: "click",
});

/** Two customers answered with one text, one of the tickets put aside, a call. */
registry.category("web_tour.tours").add("crm_service_ticket_several", {
    steps: () => [
        choose("one"),
        choose("two"),
        {
            content: "Answer both",
            trigger: ".o_control_panel button:contains(Answer Customers)",
            run: "click",
        },
        {
            content: "One text",
            trigger: ".modal .o_several_answer textarea",
            run: "edit Dear {customer}, it is {ticket}.",
        },
        {
            content: "Two are answered",
            trigger: ".modal .o_field_widget[name=ticket_count]:contains(2)",
        },
        {
            content: "Send",
            trigger: ".modal button[name=action_answer]",
            run: "click",
        },
        {
            content: "It says how many",
            trigger: ".o_notification:contains(Answered: 2)",
        },
        {
            content: "One of them has to wait",
            trigger: `body:not(:has(.modal)) ${row("one")} .o_list_record_selector input:not(:checked)`,
            run: "click",
        },
        {
            content: "Put it aside",
            trigger: ".o_control_panel button:contains(Put Aside)",
            run: "click",
        },
        {
            content: "What for",
            trigger: ".modal [name=reason] input",
            run: "edit The part arrives",
        },
        {
            content: "Until tomorrow",
            trigger: ".modal button[name=action_tomorrow]",
            run: "click",
        },
        {
            content: "It is not in the list any more, the other is",
            trigger: `.o_list_view:not(:has(${row("one")})) ${row("two")}`,
        },
        {
            content: "Somebody calls",
            trigger: ".o_control_panel button:contains(Call)",
            run: "click",
        },
        {
            content: "The number on the display",
            trigger: ".modal [name=phone] input",
            run: "edit 138 1234 5678",
        },
        {
            content: "What it is about",
            trigger: ".modal [name=words] textarea",
            run: "edit The tour calls",
        },
        {
            content: "The number says who it is",
            trigger: ".modal [name=open_ticket_ids]:contains(Several tour two)",
        },
        {
            content: "That is it",
            trigger: ".modal button[name=action_take_down]",
            run: "click",
        },
        {
            content: "Taken down, with a link",
            trigger: ".o_notification a:contains(The tour calls)",
        },
        {
            content: "And in the list",
            trigger: "body:not(:has(.modal)) .o_data_row:contains(The tour calls)",
        },
    ],
});
