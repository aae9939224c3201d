import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

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
            content: "The proposal needs an amount: dragged, and refused",
            trigger: `${column("Needs Analysis")} ${card}`,
            run: `drag_and_drop (${column("Proposal and Quotation")})`,
        },
        {
            content: "The refusal says what is missing",
            trigger: ".modal .modal-body:contains(Expected Revenue)",
        },
        {
            content: "Understood",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "The deal is where it was; open it",
            trigger: `body:not(:has(.modal)) ${column("Needs Analysis")} ${card}`,
            run: "click",
        },
        {
            content: "The form says what the next stage needs",
            trigger: ".o_stage_checklist:contains(Proposal and Quotation)",
        },
        {
            content: "Enter the amount",
            trigger: "[name=expected_revenue] input",
            run: "edit 5000",
        },
        {
            content: "Enter the day",
            trigger: "[name=date_deadline] input, button[name=date_deadline], [name=date_deadline] button",
            run: "click",
        },
        {
            content: "Choose a day",
            trigger: ".o_datetime_picker .o_today",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "All there",
            trigger: ".o_stage_checklist .fa-check-circle",
        },
        {
            content: "Back to the pipeline",
            trigger: ".breadcrumb-item a, .o_back_button",
            run: "click",
        },
        ...drag("Needs Analysis", "Proposal and Quotation"),
        ...drag("Proposal and Quotation", "Negotiation"),
        {
            content: "Drag it to the won column",
            trigger: `${column("Negotiation")} ${card}`,
            run: `drag_and_drop (${column("Won")})`,
        },
        {
            content: "Why was it won?",
            trigger: ".modal [name=won_reason_id] .o_selection_badge:contains(Delivery time)",
            run: "click",
        },
        {
            content: "Won",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The deal is in the won column",
            trigger: `body:not(:has(.modal)) ${column("Won")} ${card}`,
        },
    ],
});
