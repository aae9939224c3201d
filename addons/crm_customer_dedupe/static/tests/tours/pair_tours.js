import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_customer_dedupe_review", {
    steps: () => [
        {
            content: "Three wait, the surest first",
            trigger: ".o_pair_total:contains(3 to review)",
        },
        {
            content: "Phones are the same",
            trigger: ".o_pair_row[data-field=phone]:not(.o_differs)",
        },
        {
            content: "The second is to stay",
            trigger: ".o_pair_side[data-side='1'] input",
            run: "press 2",
        },
        {
            content: "It says so, and is to be merged",
            trigger: ".o_pair_side[data-side='1'].o_kept:contains(Stays)",
            run: "press m",
        },
        {
            content: "Once more, in words",
            trigger: ".modal:contains(It can be taken back) .btn-primary",
            run: "click",
        },
        {
            content: "The next pair is there at once, and differs in the phone",
            trigger:
                ".o_pair_review:has(.o_pair_total:contains(2 to review)) .o_pair_row.o_differs[data-field=phone]",
        },
        {
            content: "These are two",
            trigger: ".o_pair_different",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".o_pair_why",
            run: "edit Two shops",
        },
        {
            content: "Noted",
            trigger: ".o_pair_foot form .btn-primary",
            run: "click",
        },
        {
            content: "One is left, and can wait",
            trigger: ".o_pair_review:has(.o_pair_total:contains(1 to review)) .o_pair_later",
            run: "click",
        },
        {
            content: "It was put off",
            trigger: ".o_notification:contains(Put off)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_customer_dedupe_entry", {
    steps: () => [
        {
            content: "A name that is there already, with a slip",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit 上海恒测信息技术有限公司",
        },
        {
            content: "Leave the field",
            trigger: ".o_field_widget[name=entry_contact_name] input",
            run: "click",
        },
        {
            content: "Who it may be, whose it is, and why",
            trigger:
                ".o_possible_doubles:contains(上海恒策信息技术有限公司):contains(rep user):contains(Similar name) a[target=_blank]",
        },
        {
            content: "Give it up",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});

registry.category("web_tour.tours").add("crm_customer_dedupe_story", {
    steps: () => [
        {
            content: "Two customers, two phones: the second stays",
            trigger: ".o_pair_side[data-side='1'] input",
            run: "press 2",
        },
        {
            content: "With the phone of the first",
            trigger:
                ".o_pair_review:has(.o_pair_side[data-side='1'].o_kept) [data-field=phone] [data-side='0'] input",
            run: "click",
        },
        {
            content: "The other phone goes",
            trigger: "[data-field=phone] [data-side='1'].o_gone",
        },
        {
            content: "Merge",
            trigger: ".o_pair_merge",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Nothing is left to review; to the merges",
            trigger: ".o_pair_none",
        },
        {
            content: "Tools",
            trigger: ".o_menu_sections [data-menu-xmlid='crm_customer_center.menu_customer_tools']",
            run: "click",
        },
        {
            content: "Merges",
            trigger: ".dropdown-item[data-menu-xmlid='crm_customer_dedupe.menu_merge']",
            run: "click",
        },
        {
            content: "This one",
            trigger: ".o_data_row:contains(恒策) td[name=names]",
            run: "click",
        },
        {
            content: "What was taken over is said; back again",
            trigger:
                ".o_form_view:has(.o_field_widget[name=taken_over]:contains(Phone)) button[name=action_undo]",
            run: "click",
        },
        {
            content: "Really",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "Taken back",
            trigger:
                ".o_form_view:not(:has(button[name=action_undo])) .o_arrow_button_current:contains(Taken Back)",
        },
    ],
});
