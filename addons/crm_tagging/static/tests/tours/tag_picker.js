import { registry } from "@web/core/registry";

const PICKER = ".o_field_widget[name=category_id]";
const MENU = ".o_tag_picker_menu";

registry.category("web_tour.tours").add("crm_tagging_picker", {
    steps: () => [
        {
            content: "What the customer has",
            trigger: `${PICKER} .o_tag:contains(Pick Gold)`,
        },
        {
            content: "Its colour is not a rep's to change",
            trigger: `${PICKER} .o_tag:contains(Pick Gold)`,
            run: "click",
        },
        {
            content: "Open the choice",
            trigger: `body:not(:has(.o_tag_popover)) ${PICKER} .o_tag_picker_toggler`,
            run: "click",
        },
        {
            content: "By groups; one tag only is a radio button, and one's group is told",
            trigger: `${MENU}:has(.o_select_menu_group:contains(Pick Level)) .o_select_menu_item:contains(Pick Silver):has([role=radio]):contains(Pick Level)`,
            run: "click",
        },
        {
            content: "The last pick stays",
            trigger: `${PICKER}:not(:contains(Pick Gold)) .o_tag:contains(Pick Silver)`,
        },
        {
            content: "The choice is still open; search by the name of a group",
            trigger: `${MENU} input`,
            run: "edit Pick Need",
        },
        {
            content: "Only what is meant",
            trigger: `${MENU}:not(:contains(Pick Gold)) .o_select_menu_item:contains(Pick Pumps):has([role=checkbox])`,
        },
        { content: "Take it by key", trigger: `${MENU} input`, run: "press Enter" },
        {
            content: "Both are there",
            trigger: `${PICKER}:has(.o_tag:contains(Pick Silver)) .o_tag:contains(Pick Pumps)`,
        },
        { content: "A slip", trigger: `${MENU} input`, run: "edit Pick Nothing" },
        {
            content: "Is no tag, and nothing offers to make it one",
            trigger: `${MENU}:not(:has(.o_tag_picker_new)) p:contains(No results)`,
        },
        { content: "Close", trigger: `${MENU} input`, run: "press Escape" },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "Saved",
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});
