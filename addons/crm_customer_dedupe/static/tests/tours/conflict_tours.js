import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_customer_dedupe_conflict", {
    steps: () => [
        {
            content: "A whole name",
            trigger: ".o_conflict_page:has(.o_conflict_left:contains(5 of 5)) .o_conflict_text",
            run: "edit 上海恒策信息技术有限公司",
        },
        {
            content: "They rang up",
            trigger: ".o_conflict_purposes button:contains(They got in touch)",
            run: "click",
        },
        {
            content: "Whose is it?",
            trigger: ".o_conflict_ask",
            run: "click",
        },
        {
            content: "The owner, and that it cost a question",
            trigger:
                ".o_conflict_page:has(.o_conflict_left:contains(4 of 5)) [data-fact=owner]:contains(other_rep user)",
        },
        {
            content: "Ask the owner",
            trigger: "[data-act=ask]",
            run: "click",
        },
        {
            content: "Why",
            trigger: ".o_conflict_why",
            run: "edit They want a quote",
        },
        {
            content: "Off it goes",
            trigger: ".o_conflict_send:enabled",
            run: "click",
        },
        {
            content: "Asked once",
            trigger: ".o_conflict_answer:not(:has([data-act=ask])) .o_conflict_talk",
            run: "click",
        },
        {
            content: "The talk is there, the customer is not",
            trigger: ".o-mail-Chatter:contains(They want a quote)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_customer_dedupe_entered_again", {
    steps: () => [
        {
            content: "A colleague's customer once more",
            trigger: ".o_field_widget[name=name] input, .o_field_widget[name=name] textarea",
            run: "edit 上海恒策信息技术有限公司",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is there, and whose it is; back to the form",
            trigger: ".modal:has([data-fact=owner]:contains(other_rep user)) .o_conflict_back",
            run: "click",
        },
        {
            content: "Nothing was saved",
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "The same is told once more, for nothing; it is to be another one",
            trigger: ".modal:has(p:contains(left today: 4)) .o_conflict_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: ".o_field_widget[name=customer_code]:not(:empty)",
        },
    ],
});
