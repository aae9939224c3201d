import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function choose(trigger, text) {
    return [
        { content: `Type ${text}`, trigger: `${trigger} input`, run: `edit ${text}` },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item a:contains(${text})`,
            run: "click",
        },
    ];
}

const confirm = {
    content: "Yes",
    trigger: ".modal .modal-footer .btn-primary",
    run: "click",
};

tours.add("crm_handover", {
    steps: () => [
        ...choose(".o_field_widget[name=person_id]", "Leaver Lin"),
        {
            content: "Say who takes over",
            trigger: ".o_field_widget[name=receiver_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...choose(
            ".o_field_widget[name=receiver_ids] .o_selected_row .o_field_widget[name=user_id]",
            "Taker Tang",
        ),
        {
            content: "What has this person?",
            trigger: "button[name=action_look]:contains(What Is There)",
            run: "click",
        },
        {
            content: "Customers are counted",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Customers):contains(6)",
        },
        {
            content: "Hand over",
            trigger: "button[name=action_start]",
            run: "click",
        },
        confirm,
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        {
            content: "Open the journal",
            trigger: "button[name=action_open_moves]",
            run: "click",
        },
        {
            content: "Each record says to whom it went",
            trigger: ".o_data_row:contains(Customer 0):contains(Taker Tang)",
        },
        {
            content: "Back to the hand-over",
            trigger: ".o_back_button, .breadcrumb-item:contains(Leaver Lin) a",
            run: "click",
        },
        {
            content: "Take it back",
            trigger: "button[name=action_rollback]",
            run: "click",
        },
        confirm,
        {
            content: "It is as before",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Taken Back)",
        },
    ],
});
