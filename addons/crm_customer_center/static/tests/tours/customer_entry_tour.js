import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_customer_entry", {
    steps: () => [
        {
            content: "Name the company",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Tour Plastics",
        },
        {
            content: "Whom one talks to",
            trigger: ".o_customer_entry .o_field_widget[name=entry_contact_name] input",
            run: "edit Wang Fang",
        },
        {
            content: "A number with a digit too few",
            trigger: ".o_field_widget[name=entry_contact_phone] input",
            run: "edit 1391234567",
        },
        {
            content: "Go on",
            trigger: ".o_field_widget[name=entry_contact_wechat] input",
            run: "edit wf88",
        },
        {
            content: "It is told at the field",
            trigger: ".o_value_problem:contains(1391234567)",
        },
        {
            content: "And not saved",
            trigger: ".o_customer_entry button[special=save]",
            run: "click",
        },
        {
            content: "It stays where it is",
            trigger: ".o_customer_entry .o_value_problem:contains(1391234567)",
        },
        {
            content: "The right one",
            trigger: ".o_field_widget[name=entry_contact_phone].o_field_invalid input",
            run: "edit 13912345678",
        },
        {
            content: "Leave the field",
            trigger: ".o_field_widget[name=entry_contact_wechat] input",
            run: "click",
        },
        {
            content: "The rest of the form",
            trigger:
                ".o_customer_entry:not(:has(.o_value_problem)) .o_widget_customer_entry_more button",
            run: "click",
        },
        {
            content: "What was typed is there",
            trigger:
                ".o_customer_page .o_field_widget[name=child_ids] .o_kanban_record:contains(13912345678)",
        },
        {
            content: "One more thing",
            trigger: ".o_customer_facts .o_field_widget[name=city] input",
            run: "edit Ningbo",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is a customer with a code",
            trigger: ".o_customer_badges .o_field_widget[name=customer_code]",
        },
    ],
});
