import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

function choose(field, text) {
    return [
        {
            content: `Type ${text}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item a:contains(${text})`,
            run: "click",
        },
    ];
}

tours.add("crm_customer_level_rule", {
    steps: () => [
        {
            content: "Name the rule",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour buys a lot",
        },
        ...choose("level_id", "Tour level"),
        {
            content: "What must be reached",
            trigger: ".o_field_widget[name=min_sales] input",
            run: "edit 1000",
        },
        ...stepUtils.saveForm(),
        {
            content: "First see whom it would move",
            trigger: "button[name=action_rehearse]:contains(Start)",
            run: "click",
        },
        {
            content: "The customer would move",
            trigger: ".modal .o_data_row:contains(Tour customer):contains(Tour level)",
        },
        {
            content: "Start it",
            trigger: ".modal button[name=action_start]",
            run: "click",
        },
        {
            content: "Do now what the night would do",
            trigger: "body:not(:has(.modal)) button[name=action_run_now]",
            run: "click",
        },
        {
            content: "The run says how many moved",
            trigger: ".o_form_view button[name=action_open_moves]:contains(1)",
            run: "click",
        },
        {
            content: "And whom",
            trigger: ".o_list_view .o_data_row:contains(Tour customer):contains(Tour level)",
        },
    ],
});

tours.add("crm_customer_level_locked", {
    steps: () => [
        {
            content: "Where states and levels stand",
            trigger: ".o_notebook a[name=states_and_levels]",
            run: "click",
        },
        {
            content: "Lock the level",
            trigger: "button[name=action_set_level_by_hand]",
            run: "click",
        },
        {
            content: "Another one than the rules give",
            trigger: ".modal .o_field_widget[name=level_id] .form-check:contains(Tour other) input",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".modal .o_field_widget[name=reason] :is(input, textarea)",
            run: "edit The owner is a friend of the house",
        },
        {
            content: "Set it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It is held",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=level_held]",
        },
        {
            content: "The story says who and why",
            trigger: ".o_notebook a[name=timeline]",
            run: "click",
        },
        {
            trigger:
                ".o_timeline_event[data-kind=lifecycle]:contains(Tour other):contains(friend of the house)",
        },
    ],
});
