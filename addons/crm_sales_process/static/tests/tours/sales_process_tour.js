import { registry } from "@web/core/registry";

const column = (name) => `.o_kanban_group:has(.o_column_title:contains(${name}))`;
const card = ".o_kanban_record:contains(Tour deal)";

/** The column is read again after a drop; a card caught in between is let go. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 800));

/** Drag the deal from one column into another and see it there. */
function drag(from, to) {
    return [
        {
            content: `Drag the deal to ${to}`,
            trigger: `${column(from)} ${card}`,
            run: `drag_and_drop (${column(to)})`,
        },
        {
            content: `The deal is in ${to}`,
            trigger: `${column(to)} ${card}`,
            run: settle,
        },
    ];
}

registry.category("web_tour.tours").add("crm_sales_process_stages", {
    steps: () => [
        {
            content: "The pipeline",
            trigger: `${column("First Contact")} ${card}`,
        },
        ...drag("First Contact", "Needs Analysis"),
        {
            content: "The proposal needs an amount: dragged, and asked",
            trigger: `${column("Needs Analysis")} ${card}`,
            run: `drag_and_drop (${column("Proposal and Quotation")})`,
        },
        {
            content: "Just what is missing, and nothing else",
            trigger:
                ".modal:not(:has([name=date_deadline])) .o_field_widget[name=expected_revenue] input",
            run: "press Escape",
        },
        {
            content: "Thought better of it: the deal is where it was; once more",
            trigger: `body:not(:has(.modal)) ${column("Needs Analysis")} ${card}`,
            run: settle,
        },
        {
            content: "Dragged again",
            trigger: `${column("Needs Analysis")} ${card}`,
            run: `drag_and_drop (${column("Proposal and Quotation")})`,
        },
        {
            content: "Enter the amount",
            trigger: ".modal .o_field_widget[name=expected_revenue] input",
            run: "edit 5000",
        },
        {
            content: "Save and move",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The deal moved; open it",
            trigger: `body:not(:has(.modal)) ${column("Proposal and Quotation")} ${card}`,
            run: "click",
        },
        {
            content: "The form says what the next stage needs",
            trigger: ".o_stage_checklist:contains(Negotiation)",
        },
        {
            content: "Something is typed and not saved yet",
            trigger:
                ".o_form_view .o_field_widget[name=name] textarea, .o_form_view .o_field_widget[name=name] input",
            run: "edit Tour deal 2",
        },
        {
            content: "On by the status bar",
            trigger:
                ".o_statusbar_status button:contains(Negotiation):not(:visible), .o_statusbar_status button:contains(Negotiation)",
            run: "click",
        },
        {
            content: "It asks for the day",
            trigger:
                ".modal .o_field_widget[name=date_deadline] input, .modal .o_field_widget[name=date_deadline] button",
            run: "click",
        },
        {
            content: "Choose a day",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        {
            content: "Save and move",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The status bar says so, and what was typed is there",
            trigger:
                "body:not(:has(.modal)):has(.o_statusbar_status .o_arrow_button_current:contains(Negotiation)) .o_breadcrumb:contains(Tour deal 2)",
        },
        {
            content: "Back to the pipeline",
            trigger: ".breadcrumb-item a, .o_back_button",
            run: "click",
        },
        {
            content: "Drag it to the won column",
            trigger: `${column("Negotiation")} ${card}`,
            run: `drag_and_drop (${column("Won")})`,
        },
        {
            content: "Who is the customer?",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit Tour customer",
        },
        {
            content: "That one",
            trigger: ".o-autocomplete--dropdown-item a:contains(Tour customer)",
            run: "click",
        },
        {
            content: "For how much was it signed?",
            trigger: ".modal .o_field_widget[name=expected_revenue] input",
            run: "edit 4800",
        },
        {
            content: "Why was it won?",
            trigger: ".modal [name=won_reason_id] .o_selection_badge:contains(Delivery time)",
            run: "click",
        },
        {
            content: "Won",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The deal is in the won column",
            trigger: `body:not(:has(.modal)) ${column("Won")} ${card}`,
        },
    ],
});
