import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** Open an entry of the configuration menu of CRM. */
function openMenu(xmlid) {
    return [
        {
            content: "Open the configuration menu",
            trigger: "button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            content: `Choose ${xmlid}`,
            trigger: `.dropdown-item[data-menu-xmlid='${xmlid}']`,
            run: "click",
        },
    ];
}

/** Choose a tag in a field of tags. */
function chooseTag(name, text) {
    return [
        {
            content: `Type ${text}`,
            trigger: `.o_field_widget[name=${name}] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item a:contains(${text})`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("crm_tagging_rule", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open CRM",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        // an exclusive group
        ...openMenu("crm_tagging.menu_tag_group"),
        { trigger: ".o_breadcrumb :contains(Tag Groups)" },
        { content: "A new group", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Its name",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour Level",
        },
        {
            content: "One tag only",
            trigger: ".o_field_widget[name=exclusive] input",
            run: "click",
        },
        {
            content: "The form has taken it: a line added before that would be lost",
            trigger: ".o_field_widget[name=exclusive] input:checked",
            run: () => new Promise((resolve) => setTimeout(resolve, 500)),
        },
        {
            content: "A tag",
            trigger: ".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Gold",
        },
        ...stepUtils.saveForm(),
        // a rule
        ...openMenu("crm_tagging.menu_tag_rule"),
        { trigger: ".o_breadcrumb :contains(Tag Rules)" },
        { content: "A new rule", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Its name",
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tourtown is Gold",
        },
        ...chooseTag("add_tag_ids", "Tour Level-Gold"),
        {
            content: "Without a condition it is about everybody, and says so",
            trigger: ".o_condition_sentence:contains(No condition: all customers)",
        },
        { content: "A condition", trigger: ".o_condition_add", run: "click" },
        {
            content: "About which field",
            trigger: ".o_condition_row .o_condition_field .o_select_menu_toggler",
            run: "click",
        },
        {
            content: "Fields stand below headings",
            trigger: ".o_condition_fields .o_select_menu_group:contains(Address)",
        },
        {
            content: "The city",
            trigger: ".o_condition_fields .o_select_menu_item:contains(City)",
            run: "click",
        },
        { content: "Save what is not finished", trigger: ".o_form_button_save", run: "click" },
        {
            content: "It is refused: nobody is found by chance",
            trigger:
                ".o_notification:contains(Condition), .o_field_widget[name=domain].o_field_invalid",
        },
        {
            content: "It lacks a value",
            trigger: ".o_condition_row.o_condition_open .o_condition_value input",
            run: "edit Tourtown && press Tab",
        },
        {
            content: "It is said in words",
            trigger: ".o_condition_sentence:contains(City contains “Tourtown”)",
        },
        {
            content: "One customer meets it, and is named",
            trigger: ".o_condition_found:contains(1 customers):contains(Tour Customer)",
        },
        { content: "A second one", trigger: ".o_condition_add", run: "click" },
        {
            content: "About which field",
            trigger: ".o_condition_row:eq(1) .o_condition_field .o_select_menu_toggler",
            run: "click",
        },
        {
            content: "When it was created",
            trigger: ".o_condition_fields .o_select_menu_item:contains(Created On)",
            run: "click",
        },
        {
            content: "Days that move along",
            trigger: ".o_condition_row:eq(1) .o_condition_comparison",
            run: "select last",
        },
        {
            content: "So many days",
            trigger: ".o_condition_row:eq(1) .o_condition_span",
            run: "edit 7 && press Tab",
        },
        {
            content: "The sentence follows",
            trigger: ".o_condition_sentence:contains(and Created On is within the last 7 days)",
        },
        // rehearse
        {
            content: "Rehearse",
            trigger: "button[name=action_rehearse]:enabled",
            run: "click",
        },
        {
            content: "The customer would gain the tag",
            trigger:
                ".o_field_widget[name=line_ids] .o_data_row:contains(Tour Customer):contains(Gains)",
        },
        // run
        {
            content: "Run it",
            trigger: "button[name=action_run]:enabled",
            run: "click",
        },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        {
            content: "It is done; open the customer",
            trigger:
                ".o_form_view:has(button[name=action_rollback]) .o_data_row:contains(Tour Customer) button[name=action_open]",
            run: "click",
        },
        {
            content: "Why these tags?",
            trigger: ".o_crm_tag_why",
            run: "click",
        },
        {
            content: "The rule is named",
            trigger: ".o_crm_tag_reasons:contains(Tourtown is Gold)",
        },
        // roll back
        {
            content: "Back to the run",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "Roll it back",
            trigger: "button[name=action_rollback]:enabled",
            run: "click",
        },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        { content: "It says so", trigger: ".o_notification:contains(as before)" },
        { trigger: ".o_arrow_button_current:contains(Rolled Back)" },
    ],
});
