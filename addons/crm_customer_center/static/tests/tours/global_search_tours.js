import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function openBox() {
    return [
        {
            content: "The first screen is there: its coming closes every dialog",
            trigger: ".o_action_manager > .o_action",
        },
        {
            content: "Open the box in the top bar",
            trigger: ".o_menu_systray .o_global_search_menu",
            run: "click",
        },
    ];
}

function type(text) {
    return {
        content: `Type ${text}`,
        trigger: ".o_command_palette_search input",
        // not "edit": it would press Enter on the first line
        run: `fill ${text}`,
    };
}

tours.add("crm_global_search", {
    steps: () => [
        ...openBox(),
        {
            content: "Something can be begun at once",
            trigger: ".o_command_palette .o_global_search_item:contains(New customer)",
        },
        type("hzxc"),
        {
            content: "The deal of the customer is there",
            trigger: ".o_global_search_item:contains(箱测设备采购)",
        },
        {
            content: "Who looks after it is said",
            trigger:
                ".o_global_search_item:contains(杭州箱测) .o_global_search_detail:contains(rep user)",
            run: "click",
        },
        {
            content: "The customer is open",
            trigger: ".o_form_view:contains(杭州箱测贸易有限公司)",
        },
    ],
});

tours.add("crm_global_search_phone", {
    steps: () => [
        ...openBox(),
        type("5550001"),
        {
            content: "The contact is found by its number",
            trigger: ".o_global_search_item:contains(解箱测)",
            run: "click",
        },
        {
            content: "The contact is open",
            trigger: ".o_form_view .o_field_widget[name=name] :value(解箱测)",
        },
    ],
});
